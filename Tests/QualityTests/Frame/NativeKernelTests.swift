import CLuma
import Testing

/// The C loops over native pixels against plain Swift loops that say the same.
@Suite struct NativeKernelTests {
  /// Among them pictures seen whole and in part, across and down.
  static let sizes: [(Int, Int)] = [
    (1, 1), (2, 9), (9, 2), (3, 3), (8, 8), (31, 6), (32, 5), (32, 6), (67, 20), (176, 144),
    (257, 255), (400, 300), (40, 2000), (5000, 40), (70_001, 9),
  ]

  @Test("noise equals plain loops", arguments: sizes)
  func noise(width: Int, height: Int) {
    let plane = Plane(width: width, height: height)
    let noise = unsafe cluma_measure_noise(plane.pixels, plane.stride, width, height)
    let plain = plane.noise()
    #expect(Int(noise.sum) == plain.sum)
    #expect(Int(noise.count) == plain.count)
  }

  @Test("blockiness equals plain loops", arguments: sizes)
  func blockiness(width: Int, height: Int) {
    let plane = Plane(width: width, height: height)
    var scratch = [Float](repeating: .nan, count: max(width, height))
    let blockiness = unsafe cluma_measure_blockiness(
      plane.pixels, plane.stride, width, height, &scratch)
    #expect(blockiness == plane.blockiness())
  }

  @Test("combing equals plain loops", arguments: sizes)
  func combing(width: Int, height: Int) {
    let plane = Plane(width: width, height: height)
    let combing = unsafe cluma_measure_combing(plane.pixels, plane.stride, width, height)
    #expect(combing == plane.combing() ?? -1)
  }

  @Test("extreme levels do not overflow, however wide the row")
  func extremes() {
    let (width, height) = (70_001, 9)
    // A chessboard has the strongest edges there are, in every pixel.
    let plane = Plane(width: width, height: height) { x, y in (x + y) % 2 == 0 ? 0 : 255 }
    let noise = unsafe cluma_measure_noise(plane.pixels, plane.stride, width, height)
    #expect(Int(noise.sum) == 16 * 255 * Int(noise.count) / 2)
    // Alternating rows: 2b - a - c is 510 between neighbours and 0 within a field.
    let stripes = Plane(width: width, height: height) { _, y in y % 2 == 0 ? 0 : 255 }
    let combing = unsafe cluma_measure_combing(stripes.pixels, stripes.stride, width, height)
    #expect(combing == 1023.0 / 64)
  }

  @Test("a flat picture has no noise, no grid and no comb")
  func flat() {
    let plane = Plane(width: 64, height: 64) { _, _ in 126 }
    var scratch = [Float](repeating: 0, count: 64)
    #expect(unsafe cluma_measure_noise(plane.pixels, plane.stride, 64, 64).sum == 0)
    #expect(unsafe cluma_measure_blockiness(plane.pixels, plane.stride, 64, 64, &scratch) == 0)
    #expect(unsafe cluma_measure_combing(plane.pixels, plane.stride, 64, 64) == 0)
  }
}

/// A plane whose rows lie apart, and what the kernels measure, the slow and obvious way.
private struct Plane {
  let width, height, stride: Int
  let pixels: [UInt8]

  /// Noise in blocks of eight, so that there is a grid to find.
  init(width: Int, height: Int) {
    var noise = Noise(seed: UInt64(width * 1000 + height))
    let blocks = (0..<97).map { _ in noise.next(in: 0...155) }
    var details = Noise(seed: 5)
    self.init(width: width, height: height) { x, y in
      UInt8(blocks[(x / 8 * 31 + y / 8 * 17) % 97] + details.next(in: 0...100))
    }
  }

  init(width: Int, height: Int, level: (Int, Int) -> UInt8) {
    (self.width, self.height, stride) = (width, height, width + 5)
    var pixels = [UInt8](repeating: 0xAA, count: stride * height)
    for y in 0..<height {
      for x in 0..<width { pixels[y * stride + x] = level(x, y) }
    }
    self.pixels = pixels
  }

  func noise() -> (sum: Int, count: Int) {
    guard width >= 3, height >= 3 else { return (0, 0) }
    let rows = Self.sample(height - 2, rowSize: width)
    let mask = [[1, -2, 1], [-2, 4, -2], [1, -2, 1]]
    var sum = 0
    for y in rows {
      for x in 0..<width - 2 {
        var value = 0
        for down in 0..<3 {
          for across in 0..<3 { value += mask[down][across] * at(x + across, y + down) }
        }
        sum += abs(value)
      }
    }
    return (sum, rows.count * (width - 2))
  }

  func combing() -> Double? {
    guard width >= 32, height >= 6 else { return nil }
    var ratios: [Int] = []
    for band in Self.sample((height - 4) / 2, rowSize: 2 * width) {
      for segment in 0..<width / 32 {
        var between = 0
        var within = 0
        for y in 2 + 2 * band..<4 + 2 * band {
          for x in 32 * segment..<32 * (segment + 1) {
            between += abs(2 * at(x, y) - at(x, y - 1) - at(x, y + 1))
            within += abs(2 * at(x, y) - at(x, y - 2) - at(x, y + 2))
          }
        }
        ratios.append(min(64 * between / (within + 4 * 64), 1023))
      }
    }
    ratios.sort(by: >)
    return Double(ratios[max(1, ratios.count / 100) - 1]) / 64
  }

  func blockiness() -> Double {
    var across = [Float](repeating: 0, count: width)
    for y in Self.sample(height - 1, rowSize: width) {
      for x in inner(width) { across[x] += step(x, y + 1, 1, 0) }
    }
    var down = [Float](repeating: 0, count: height)
    for y in inner(height) {
      var strips = [1..<width]
      let wanted = max(1, 65536 / height)
      if wanted < width - 1 {
        let strip = min(64, width)
        let count = max(1, min(width / strip, (wanted + strip / 2) / strip))
        strips = (0..<count).map { i in
          let start = i * (width / strip) / count
          let end = (i + 1) * (width / strip) / count
          let left = strip * (start + Self.goldenPlace((y - 3) / 64, of: end - start))
          return left..<left + strip
        }
      }
      for columns in strips {
        // Sixteen sums side by side: floats do not add up alike in another order.
        var lanes = [Float](repeating: 0, count: 16)
        for x in columns { lanes[(x - columns.lowerBound) % 16] += step(x, y, 0, 1) }
        for lane in lanes { down[y] += lane }
      }
    }
    return max(
      height >= 2 ? strongestGrid(across) : 0, width >= 2 ? strongestGrid(down) : 0)
  }

  private func step(_ x: Int, _ y: Int, _ dx: Int, _ dy: Int) -> Float {
    func difference(_ i: Int) -> Int {
      abs(at(x + i * dx, y + i * dy) - at(x + (i + 1) * dx, y + (i + 1) * dy))
    }
    let around = [-3, -2, -1, 1, 2, 3].reduce(0) { $0 + difference($1) }
    return Float(difference(0)) / Float(max(1, around))
  }

  private func strongestGrid(_ steps: [Float]) -> Double {
    var strongest = 0.0
    for period in 3...24 {
      let (on, off) = (
        inner(steps.count).filter { $0 % period == period - 1 },
        inner(steps.count).filter { $0 % period != period - 1 }
      )
      // The others as all but those on the grid, which rounds as the kernel does.
      let all = inner(steps.count).reduce(0) { $0 + Double(steps[$1]) }
      let others = all - on.reduce(0) { $0 + Double(steps[$1]) }
      if on.isEmpty || off.isEmpty || others <= 0 { continue }
      let most = on.reduce(0) { $0 + Double(max(steps[$1], steps[$1 + 1], steps[$1 - 1])) }
      strongest = max(strongest, most / Double(on.count) / (others / Double(off.count)))
    }
    return strongest
  }

  /// The places with three steps before and three after.
  private func inner(_ count: Int) -> Range<Int> { 3..<max(3, count - 4) }

  private func at(_ x: Int, _ y: Int) -> Int { Int(pixels[y * stride + x]) }

  /// The rows that are seen out of `count`: as many as 65536 pixels hold, one in each equal share.
  private static func sample(_ count: Int, rowSize: Int) -> [Int] {
    let chosen = min(count, max(1, 65536 / rowSize))
    return (0..<max(0, chosen)).map { i in
      let start = i * count / chosen
      let end = (i + 1) * count / chosen
      return start + goldenPlace(i, of: end - start)
    }
  }

  private static func goldenPlace(_ i: Int, of count: Int) -> Int {
    count * (i * 40503 % 65536) / 65536
  }
}
