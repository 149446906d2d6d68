import CLuma
import Testing

/// The C loop over chroma against plain Swift loops that say the same.
@Suite struct ChromaKernelTests {
  @Test(
    "every sum equals plain loops",
    arguments: [(1, 1), (3, 5), (16, 4), (31, 7), (240, 135), (2049, 3), (5000, 2)])
  func sumsEqualPlainLoops(width: Int, height: Int) {
    let (strideU, strideV) = (width + 7, width + 2)
    var noise = Noise(seed: UInt64(width))
    let u = (0..<strideU * height).map { _ in UInt8(noise.next(in: 0...255)) }
    let v = (0..<strideV * height).map { _ in UInt8(noise.next(in: 0...255)) }
    var sums = cluma_chroma()
    unsafe cluma_measure_chroma(u, strideU, v, strideV, width, height, &sums)

    var plain = [0, 0, 0, 0, 0, 0]
    for y in 0..<height {
      for x in 0..<width {
        let (a, b) = (Int(u[y * strideU + x]) - 128, Int(v[y * strideV + x]) - 128)
        // The largest whole number whose square is not above.
        let root = (0...182).last { $0 * $0 <= a * a + b * b } ?? 0
        for (i, value) in [a, b, a * a, b * b, a * b, root].enumerated() { plain[i] += value }
      }
    }
    let measured = [sums.u, sums.v, sums.u_u, sums.v_v, sums.u_v, sums.saturation]
    #expect(measured.map { Int($0) } == plain)
  }

  @Test("the root of every possible pixel is rounded down")
  func everyPixel() {
    // One row per U with all V; the oracle is whole-number arithmetic.
    let v = (0...255).map { UInt8($0) }
    for level in 0...255 {
      let u = [UInt8](repeating: UInt8(level), count: 256)
      var sums = cluma_chroma()
      unsafe cluma_measure_chroma(u, 256, v, 256, 256, 1, &sums)
      var plain = 0
      var root = 0
      for offset in (-128...127).map({ $0 * $0 + (level - 128) * (level - 128) }) {
        while root * root > offset { root -= 1 }
        while (root + 1) * (root + 1) <= offset { root += 1 }
        plain += root
      }
      #expect(Int(sums.saturation) == plain)
    }
  }
}
