import CLuma
import Testing

/// The C loop against plain Swift loops that say the same, sum by sum.
@Suite struct LumaKernelTests {
  static let sizes: [(Int, Int)] = [
    (1, 1), (2, 2), (1, 9), (9, 1), (3, 2), (11, 11), (12, 12), (16, 8), (17, 31), (64, 48),
    (255, 20), (2047, 3), (2049, 4), (4100, 13),
  ]

  @Test("every sum equals plain loops", arguments: sizes, [(0, 255), (16, 235)])
  func sumsEqualPlainLoops(size: (Int, Int), levels: (Int, Int)) {
    let (width, height) = size
    let stride = width + 5
    var noise = Noise(seed: UInt64(width * 1000 + height))
    let padded = (0..<stride * height).map { _ in UInt8(noise.next(in: 0...255)) }
    let rows = (0..<height).map { Array(padded[$0 * stride..<$0 * stride + width]) }
    let previous = (0..<width * height).map { _ in UInt8(noise.next(in: 0...255)) }
    let (low, high) = (UInt8(levels.0), UInt8(levels.1))

    var counts = [UInt32](repeating: .max, count: 256)
    unsafe cluma_histogram(padded, stride, width, height, &counts)
    var plainCounts = [UInt32](repeating: 0, count: 256)
    for level in rows.joined() { plainCounts[Int(level)] += 1 }
    #expect(counts == plainCounts)

    var edges = cluma_edges()
    unsafe withScratch(width) { scratch in
      unsafe cluma_measure_edges(padded, stride, width, height, low, high, scratch, &edges)
    }
    let plain = PlainEdges(rows: rows, low: levels.0, high: levels.1)
    #expect(Int(edges.laplacian) == plain.laplacian)
    #expect(Int(edges.laplacian_squares) == plain.laplacianSquares)
    #expect(Int(edges.gradient_squares) == plain.gradientSquares)
    #expect(Int(edges.inner_squares) == plain.innerSquares)
    #expect(Int(edges.inner_magnitude) == plain.innerMagnitude)

    for block in [1, 2, 3, 4, 6, 8] {
      var change = cluma_change()
      unsafe withScratch(width) { scratch in
        unsafe cluma_measure_change(
          rows.flatMap { $0 }, previous, width, height, low, high, block, scratch, &change)
      }
      let before = PlainChange(
        rows: rows, to: previous, low: levels.0, high: levels.1, block: block)
      #expect(Int(change.absolute) == before.absolute)
      #expect(Int(change.sum) == before.sum)
      #expect(Int(change.squares) == before.squares)
      #expect(change.largest_block == before.largestBlock)
    }
  }

  @Test("extreme levels do not overflow, however wide the row")
  func extremesDoNotOverflow() {
    let (width, height) = (70_001, 3)
    // Columns two wide, and rows, alternate between black and white: the steepest edges there are.
    let pixels = (0..<width * height).map { UInt8(($0 % width / 2) % 2 == 0 ? 0 : 255) }
    let inverse = pixels.map { 255 - $0 }
    var edges = cluma_edges()
    var change = cluma_change()
    unsafe withScratch(width) { scratch in
      unsafe cluma_measure_edges(pixels, width, width, height, 0, 255, scratch, &edges)
      unsafe cluma_measure_change(
        pixels, inverse, width, height, 0, 255, 8, scratch, &change)
    }
    let rows = (0..<height).map { Array(pixels[$0 * width..<($0 + 1) * width]) }
    let plain = PlainEdges(rows: rows, low: 0, high: 255)
    #expect(Int(edges.gradient_squares) == plain.gradientSquares)
    #expect(Int(edges.laplacian_squares) == plain.laplacianSquares)
    #expect(Int(edges.inner_magnitude) == plain.innerMagnitude)
    #expect(Int(change.absolute) == 255 * width * height)
    #expect(Int(change.squares) == 255 * 255 * width * height)
    #expect(change.largest_block == 255)
  }

  @Test(
    "shrinking equals exact area means",
    arguments: [
      (1, 1, 1, 1), (8, 8, 2, 2), (9, 6, 3, 2), (12, 4, 3, 4), (7, 5, 3, 2), (100, 37, 33, 12),
      (64, 48, 16, 6), (40, 30, 20, 15), (1366, 19, 480, 7), (854, 48, 480, 27), (2, 2000, 1, 3),
      (1920, 16, 480, 4), (1280, 16, 480, 6), (31, 400, 31, 1),
    ])
  func shrinkEqualsAreaMeans(width: Int, height: Int, outWidth: Int, outHeight: Int) {
    let stride = width + 3
    var noise = Noise(seed: UInt64(width * 1000 + height))
    let pixels = (0..<stride * height).map { _ in UInt8(noise.next(in: 0...255)) }
    var out = [UInt8](repeating: 0, count: outWidth * outHeight)
    var scratch = [UInt64](repeating: .max, count: cluma_shrink_scratch_size(width) / 8 + 1)
    unsafe scratch.withUnsafeMutableBytes { scratch in
      unsafe cluma_shrink(
        pixels, stride, width, height, outWidth, outHeight, &out, scratch.baseAddress)
    }
    // In whole numbers: one pixel of the result spans `width` by `height` units, one of the picture
    // `outWidth` by `outHeight`.
    func overlaps(_ i: Int, _ length: Int, _ outLength: Int) -> [(Int, Int)] {
      (i * length / outLength...((i + 1) * length - 1) / outLength).map { place in
        (place, min((place + 1) * outLength, (i + 1) * length) - max(place * outLength, i * length))
      }
    }
    let plain = (0..<outHeight).flatMap { y in
      (0..<outWidth).map { x in
        var sum = 0
        for (row, tall) in overlaps(y, height, outHeight) {
          for (column, wide) in overlaps(x, width, outWidth) {
            sum += tall * wide * Int(pixels[row * stride + column])
          }
        }
        return UInt8((2 * sum + width * height) / (2 * width * height))
      }
    }
    #expect(out == plain)
  }

  private func withScratch(_ width: Int, _ body: (UnsafeMutableRawPointer) -> Void) {
    let size = cluma_scratch_size(width)
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    defer { unsafe scratch.deallocate() }
    unsafe body(scratch)
  }
}

/// The sums over edges of one plane, the slow and obvious way.
private struct PlainEdges {
  var laplacian = 0, laplacianSquares = 0, gradientSquares = 0
  var innerSquares = 0, innerMagnitude = 0

  init(rows: [[UInt8]], low: Int, high: Int) {
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
        let edge = at(0, -1) + at(0, 1) + at(-1, 0) + at(1, 0) - 4 * at(0, 0)
        laplacian += edge
        laplacianSquares += edge * edge
        let right = at(1, -1) + 2 * at(1, 0) + at(1, 1)
        let left = at(-1, -1) + 2 * at(-1, 0) + at(-1, 1)
        let below = at(-1, 1) + 2 * at(0, 1) + at(1, 1)
        let above = at(-1, -1) + 2 * at(0, -1) + at(1, -1)
        let square = (right - left) * (right - left) + (below - above) * (below - above)
        gradientSquares += square
        if y > 0, y < height - 1, x > 0, x < width - 1 {
          innerSquares += square
          innerMagnitude += Int(Float(square).squareRoot() * 16 + 0.5)
        }
      }
    }
  }
}

/// The difference of two planes, the slow and obvious way.
private struct PlainChange {
  var absolute = 0, sum = 0, squares = 0
  var largestBlock = 0.0

  init(rows: [[UInt8]], to other: [UInt8], low: Int, high: Int, block side: Int) {
    let (height, width) = (rows.count, rows[0].count)
    func clamped(_ level: UInt8) -> Int { min(high, max(low, Int(level))) }
    for vertical in Self.blocks(height, side) {
      for horizontal in Self.blocks(width, side) {
        var block = 0
        for y in vertical {
          for x in horizontal {
            let (new, old) = (rows[y][x], other[y * width + x])
            block += abs(Int(new) - Int(old))
            sum += clamped(new) - clamped(old)
            squares += (clamped(new) - clamped(old)) * (clamped(new) - clamped(old))
          }
        }
        absolute += block
        largestBlock = max(largestBlock, Double(block) / Double(vertical.count * horizontal.count))
      }
    }
  }

  /// Blocks from the start; a rest of less than half a block belongs to the last of them.
  static func blocks(_ length: Int, _ side: Int) -> [Range<Int>] {
    var starts = Array(stride(from: 0, to: length, by: side))
    if starts.count > 1, let last = starts.last, (length - last) * 2 < side {
      starts.removeLast()
    }
    return starts.indices.map {
      starts[$0]..<($0 + 1 < starts.count ? starts[$0 + 1] : length)
    }
  }
}
