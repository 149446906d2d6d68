import CLuma
import Testing

/// The C loop against plain Swift loops that say the same, sum by sum.
@Suite struct LumaKernelTests {
  static let sizes: [(Int, Int)] = [
    (1, 1), (2, 2), (1, 9), (9, 1), (3, 2), (11, 11), (12, 12), (16, 8), (17, 31), (64, 48),
    (255, 20), (2047, 3), (2049, 4), (4100, 13),
  ]

  @Test("every sum equals plain loops", arguments: sizes, [(0, 255, 25), (16, 235, 37)])
  func sumsEqualPlainLoops(size: (Int, Int), levels: (Int, Int, Int)) {
    let (width, height) = size
    let stride = width + 5
    var noise = Noise(seed: UInt64(width * 1000 + height))
    let padded = (0..<stride * height).map { _ in UInt8(noise.next(in: 0...255)) }
    let rows = (0..<height).map { Array(padded[$0 * stride..<$0 * stride + width]) }
    let previous = (0..<width * height).map { _ in UInt8(noise.next(in: 0...255)) }
    let reference = (0..<width * height).map { _ in UInt8(noise.next(in: 0...255)) }

    var sums = cluma_sums()
    var copy = [UInt8](repeating: 0, count: width * height)
    var scratch = [UInt64](repeating: .max, count: cluma_scratch_size(width) / 8 + 1)
    unsafe scratch.withUnsafeMutableBytes { scratch in
      unsafe cluma_measure(
        padded, stride, width, height, UInt8(levels.0), UInt8(levels.1), UInt8(levels.2), previous,
        reference, &copy, scratch.baseAddress, &sums)
    }

    let plain = PlainSums(rows: rows, low: levels.0, high: levels.1, black: levels.2)
    #expect(Int(sums.sum) == plain.sum)
    #expect(Int(sums.sum_of_squares) == plain.sumOfSquares)
    #expect(Int(sums.laplacian) == plain.laplacian)
    #expect(Int(sums.laplacian_squares) == plain.laplacianSquares)
    #expect(Int(sums.gradient_squares) == plain.gradientSquares)
    #expect(Int(sums.black) == plain.black)
    let before = PlainDifference(rows: rows, to: previous)
    #expect(Int(sums.absolute_difference) == before.sum)
    #expect(sums.largest_block == before.largestBlock)
    #expect(
      sums.largest_block_to_reference == PlainDifference(rows: rows, to: reference).largestBlock)
    #expect(copy == rows.flatMap { $0 })
  }

  @Test("extreme levels do not overflow, however wide the row")
  func extremesDoNotOverflow() {
    let (width, height) = (70_001, 3)
    // Columns two wide, and rows, alternate between black and white: the steepest edges there are.
    let pixels = (0..<width * height).map { UInt8(($0 % width / 2) % 2 == 0 ? 0 : 255) }
    var sums = cluma_sums()
    var scratch = [UInt64](repeating: 0, count: cluma_scratch_size(width) / 8 + 1)
    let inverse = pixels.map { 255 - $0 }
    unsafe scratch.withUnsafeMutableBytes { scratch in
      unsafe cluma_measure(
        pixels, width, width, height, 0, 255, 25, inverse, nil, nil, scratch.baseAddress, &sums)
    }
    let rows = (0..<height).map { Array(pixels[$0 * width..<($0 + 1) * width]) }
    let plain = PlainSums(rows: rows, low: 0, high: 255, black: 25)
    #expect(Int(sums.gradient_squares) == plain.gradientSquares)
    #expect(Int(sums.laplacian_squares) == plain.laplacianSquares)
    #expect(Int(sums.absolute_difference) == 255 * width * height)
    #expect(sums.largest_block == 255)
  }
}

/// The sums of one plane, the slow and obvious way.
private struct PlainSums {
  var sum = 0, sumOfSquares = 0, laplacian = 0, laplacianSquares = 0, gradientSquares = 0, black = 0

  init(rows: [[UInt8]], low: Int, high: Int, black blackLevel: Int) {
    let (height, width) = (rows.count, rows[0].count)
    let levels = rows.map { $0.map { min(high, max(low, Int($0))) } }
    func mirror(_ i: Int, _ count: Int) -> Int {
      if count == 1 { return 0 }
      return i < 0 ? -i : (i >= count ? 2 * count - 2 - i : i)
    }
    for y in 0..<height {
      for x in 0..<width {
        func at(_ dx: Int, _ dy: Int) -> Int {
          levels[mirror(y + dy, height)][mirror(x + dx, width)]
        }
        sum += at(0, 0)
        sumOfSquares += at(0, 0) * at(0, 0)
        black += Int(rows[y][x]) <= blackLevel ? 1 : 0
        let edge = at(0, -1) + at(0, 1) + at(-1, 0) + at(1, 0) - 4 * at(0, 0)
        laplacian += edge
        laplacianSquares += edge * edge
        let right = at(1, -1) + 2 * at(1, 0) + at(1, 1)
        let left = at(-1, -1) + 2 * at(-1, 0) + at(-1, 1)
        let below = at(-1, 1) + 2 * at(0, 1) + at(1, 1)
        let above = at(-1, -1) + 2 * at(0, -1) + at(1, -1)
        gradientSquares += (right - left) * (right - left) + (below - above) * (below - above)
      }
    }
  }
}

/// The difference of two planes, the slow and obvious way.
private struct PlainDifference {
  var sum = 0
  var largestBlock = 0.0

  init(rows: [[UInt8]], to other: [UInt8]) {
    let (height, width) = (rows.count, rows[0].count)
    for vertical in Self.blocks(height) {
      for horizontal in Self.blocks(width) {
        var block = 0
        for y in vertical {
          for x in horizontal { block += abs(Int(rows[y][x]) - Int(other[y * width + x])) }
        }
        sum += block
        largestBlock = max(largestBlock, Double(block) / Double(vertical.count * horizontal.count))
      }
    }
  }

  /// Eights from the start; a rest of fewer than four belongs to the last of them.
  static func blocks(_ length: Int) -> [Range<Int>] {
    var starts = Array(stride(from: 0, to: length, by: 8))
    if starts.count > 1, let last = starts.last, length - last < 4 { starts.removeLast() }
    return starts.indices.map {
      starts[$0]..<($0 + 1 < starts.count ? starts[$0 + 1] : length)
    }
  }
}
