import CLuma
import Testing

/// The C loops against plain Swift loops that say the same, entry by entry.
@Suite struct ChangeKernelTests {
  static let sizes = [(1, 1), (3, 2), (16, 5), (511, 3), (512, 4), (513, 5), (1300, 9)]

  private func pictures(_ count: Int, _ size: Int) -> [[UInt8]] {
    var noise = Noise(seed: UInt64(size))
    return (0..<count).map { _ in (0..<size).map { _ in UInt8(noise.next(in: 0...255)) } }
  }

  private func table(_ width: Int, _ height: Int, of level: (Int) -> Int) -> [UInt32] {
    var sums = [UInt32](repeating: 0, count: (width + 1) * (height + 1))
    for y in 0..<height {
      for x in 0..<width {
        let place = (y + 1) * (width + 1) + x + 1
        sums[place] =
          UInt32(level(y * width + x)) &+ sums[place - 1] &+ sums[place - width - 1]
          &- sums[place - width - 2]
      }
    }
    return sums
  }

  @Test(arguments: sizes) func `Sums of two-sided changes equal plain loops`(size: (Int, Int)) {
    let (width, height) = size
    let p = pictures(3, width * height)
    var sums = [UInt32](repeating: .max, count: (width + 1) * (height + 1))
    unsafe cluma_two_sided_sums(p[0], p[1], p[2], width, height, &sums)
    let plain = table(width, height) {
      min(abs(Int(p[1][$0]) - Int(p[0][$0])), abs(Int(p[2][$0]) - Int(p[1][$0])))
    }
    #expect(sums == plain)
  }

  @Test(arguments: sizes, [0, 3, 90, 255])
  func `Sums of changes above a floor equal plain loops`(size: (Int, Int), floor: Int) {
    let (width, height) = size
    let p = pictures(2, width * height)
    var sums = [UInt32](repeating: .max, count: (width + 1) * (height + 1))
    unsafe cluma_change_sums(p[0], p[1], width, height, UInt8(floor), &sums)
    #expect(
      sums == table(width, height) { max(0, abs(Int(p[0][$0]) - Int(p[1][$0])) - floor) })
  }

  @Test(arguments: sizes) func `The median change equals that of sorted levels`(size: (Int, Int)) {
    let (width, height) = size
    let p = pictures(2, width * height)
    let levels = (0..<width * height).filter { $0 / width % 4 == 0 }
      .map { abs(Int(p[0][$0]) - Int(p[1][$0])) }.sorted()
    let median = unsafe cluma_median_change(p[0], p[1], width, height)
    #expect(Int(median) == levels[(levels.count - 1) / 2])
  }
}
