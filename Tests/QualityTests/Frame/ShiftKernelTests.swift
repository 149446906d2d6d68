import CLuma
import Foundation
import Testing

/// The global shift in C against plain transforms, numpy, OpenCV and shifts that are known.
@Suite struct ShiftKernelTests {
  /// Width, height and the shift in pixels of windows of one texture, with the shift and response
  /// of the definition in numpy 2.4.6 (fft2, double precision) over the cells of cv2.resize with
  /// INTER_AREA, and those of cv2.phaseCorrelate of OpenCV 4.14.0 over the same cells.
  static let oracle: [(Int, Int, Int, Int, [Double], [Double])] = [
    (
      256, 128, 6, -4, [0.046649, -0.030540, 0.905218], [0.046544, -0.030060, 1.067648]
    ),
    (
      256, 128, -20, 2, [-0.155545, 0.014940, 0.875333], [-0.154756, 0.014300, 0.924782]
    ),
    (
      128, 256, 4, -8, [0.030494, -0.062396, 0.909004], [0.029431, -0.062425, 1.059503]
    ),
    (
      256, 128, 0, 0, [0, 0, 1], [0, 0, 1]
    ),
    (
      240, 135, 3, -2, [0.021701, -0.014173, 0.912517], [0.020948, -0.014523, 1.044098]
    ),
    (
      135, 240, -7, 5, [-0.050759, 0.036247, 0.818521], [-0.045995, 0.035650, 1.092703]
    ),
    (
      320, 240, -20, 24, [-0.083099, 0.099412, 0.857120], [-0.083008, 0.104618, 0.809560]
    ),
    (
      176, 144, 5, 0, [0.034246, -0.000031, 0.892915], [0.033737, -0.000197, 0.987261]
    ),
    (
      200, 200, 6, 6, [0.029996, 0.029787, 0.890163], [0.028938, 0.027123, 0.962059]
    ),
  ]
  private static let texture = Texture(width: 400, height: 400, seed: 1)

  private static func pair(_ width: Int, _ height: Int, _ dx: Int, _ dy: Int) -> [[UInt8]] {
    [
      texture.window(x: 60, y: 60, width: width, height: height),
      texture.window(x: 60 - dx, y: 60 - dy, width: width, height: height),
    ]
  }

  @Test("shift and response equal the definition in numpy", arguments: oracle)
  func equalsNumpy(
    width: Int, height: Int, dx: Int, dy: Int, expected: [Double], _: [Double]
  ) throws {
    let shift = try #require(
      ShiftRun(width: width, height: height).shifts(of: Self.pair(width, height, dx, dy))[1])
    // Single precision: a thousandth of a cell and less.
    #expect(abs(shift.dx - expected[0]) < 2e-5)
    #expect(abs(shift.dy - expected[1]) < 2e-5)
    #expect(abs(shift.response - expected[2]) < 2e-4)
  }

  @Test("a known shift is found within 0.1 cells, OpenCV's within 0.5", arguments: oracle)
  func equalsTruth(
    width: Int, height: Int, dx: Int, dy: Int, _: [Double], opencv: [Double]
  ) throws {
    let shift = try #require(
      ShiftRun(width: width, height: height).shifts(of: Self.pair(width, height, dx, dy))[1])
    let shorter = Double(min(width, height))
    let (columns, rows) = width >= height ? (128.0, 64.0) : (64.0, 128.0)
    let (across, down) = (columns * shorter / Double(width), rows * shorter / Double(height))
    #expect(abs(shift.dx - Double(dx) / shorter) * across < 0.1)
    #expect(abs(shift.dy - Double(dy) / shorter) * down < 0.1)
    #expect(abs(shift.dx - opencv[0]) * across < 0.5)
    #expect(abs(shift.dy - opencv[1]) * down < 0.5)
  }

  @Test(
    "every frame equals plain transforms",
    arguments: [(128, 64), (64, 128), (480, 270), (97, 131), (20, 9), (9, 20), (1, 1), (600, 17)])
  func equalsPlainTransforms(width: Int, height: Int) throws {
    let stride = width + 3
    let texture = Texture(width: width + 40, height: height + 40, seed: 5)
    let pictures = [(12, 9), (14, 8), (10, 20), (10, 20)].map {
      texture.window(x: $0.0, y: $0.1, width: width, height: height)
    }
    let shifts = ShiftRun(width: width, height: height).shifts(of: pictures, stride: stride)
    #expect(shifts[0] == nil)
    for k in 1..<pictures.count {
      let shift = try #require(shifts[k])
      let plain = PlainShift(from: pictures[k - 1], to: pictures[k], width: width, height: height)
      #expect(abs(shift.dx - plain.dx) < 2e-5 * Double(width) / Double(min(width, height)))
      #expect(abs(shift.dy - plain.dy) < 2e-5 * Double(height) / Double(min(width, height)))
      #expect(abs(shift.response - plain.response) < 2e-4)
    }
  }

  @Test("content that moves right and down has positive shifts")
  func sign() throws {
    func square(_ x: Int, _ y: Int) -> [UInt8] {
      (0..<96 * 160).map { x..<x + 30 ~= $0 % 160 && y..<y + 20 ~= $0 / 160 ? 200 : 50 }
    }
    let run = ShiftRun(width: 160, height: 96)
    let shift = try #require(run.shifts(of: [square(60, 40), square(64, 43)])[1])
    #expect(abs(shift.dx - 4.0 / 96) < 0.1 * 160 / 128 / 96)
    #expect(abs(shift.dy - 3.0 / 96) < 0.1 * 96 / 64 / 96)
  }

  @Test("a flat frame has no shift and no response, before and after it too")
  func flat() {
    let flat = [UInt8](repeating: 126, count: 240 * 135)
    let texture = Self.texture.window(x: 0, y: 0, width: 240, height: 135)
    let shifts = ShiftRun(width: 240, height: 135).shifts(
      of: [flat, flat, texture, flat, texture, texture])
    #expect(shifts[0] == nil)
    for shift in shifts[1..<5] {
      #expect(shift?.dx == 0 && shift?.dy == 0 && shift?.response == 0)
    }
    #expect(abs((shifts[5]?.response ?? 0) - 1) < 1e-3)
  }

  @Test("pictures that have nothing in common have a response below 0.1")
  func unrelated() throws {
    let pictures = (10..<20).map {
      Texture(width: 256, height: 144, seed: $0).window(x: 0, y: 0, width: 256, height: 144)
    }
    for shift in ShiftRun(width: 256, height: 144).shifts(of: pictures).dropFirst() {
      #expect(try #require(shift).response < 0.1)
    }
  }
}

/// Smooth random hills that numpy can compute too: random levels on a grid of 8 pixels, and bilinear
/// whole numbers between them.
struct Texture {
  private let width: Int
  private let pixels: [UInt8]

  init(width: Int, height: Int, seed: UInt64) {
    self.width = width
    let (columns, rows) = (width / 8 + 2, height / 8 + 2)
    var noise = Noise(seed: seed)
    let grid = (0..<columns * rows).map { _ in noise.next(in: 0...255) }
    pixels = (0..<height).flatMap { y in
      (0..<width).map { x in
        let (corner, right, down) = (y / 8 * columns + x / 8, x % 8, y % 8)
        let top = grid[corner] * (8 - right) + grid[corner + 1] * right
        let bottom = grid[corner + columns] * (8 - right) + grid[corner + columns + 1] * right
        return UInt8((top * (8 - down) + bottom * down) / 64)
      }
    }
  }

  /// The pixels of a part of the texture, row after row.
  func window(x: Int, y: Int, width: Int, height: Int) -> [UInt8] {
    (y..<y + height).flatMap { pixels[$0 * self.width + x..<$0 * self.width + x + width] }
  }
}

/// The rows of a picture with a gap of white after each.
func padded(_ pixels: [UInt8], width: Int, gap: Int) -> [UInt8] {
  let white = [UInt8](repeating: 255, count: gap)
  return (0..<pixels.count / width).flatMap { y -> [UInt8] in
    Array(pixels[y * width..<(y + 1) * width]) + white
  }
}

/// The C kernel over pictures of one size.
private struct ShiftRun {
  let width: Int
  let height: Int

  /// The shift of every picture; `nil` for the first.
  func shifts(of pictures: [[UInt8]], stride: Int? = nil) -> [cluma_shift?] {
    let stride = stride ?? width
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: cluma_shift_size(width, height), alignment: 64)
    defer { unsafe memory.deallocate() }
    unsafe cluma_shift_start(memory, width, height)
    return pictures.map { picture in
      let padded = padded(picture, width: width, gap: stride - width)
      var shift = cluma_shift()
      return unsafe cluma_shift_next(memory, padded, stride, &shift) == 0 ? nil : shift
    }
  }
}

/// The shift between two pictures, the slow and obvious way and in double precision.
private struct PlainShift {
  var dx = 0.0, dy = 0.0, response = 0.0

  init(from before: [UInt8], to now: [UInt8], width: Int, height: Int) {
    let (columns, rows) = width >= height ? (128, 64) : (64, 128)
    let shorter = Double(min(width, height))
    func spectrum(_ pixels: [UInt8]) -> Grid {
      var grid = Grid(columns: columns, rows: rows)
      grid.fill(with: pixels, width: width, height: height)
      return grid.transformed()
    }
    let (a, b) = (spectrum(before), spectrum(now))
    var phases = Grid(columns: columns, rows: rows)
    var whole = 0.0
    for i in phases.re.indices {
      let re = a.re[i] * b.re[i] + a.im[i] * b.im[i]
      let im = a.re[i] * b.im[i] - a.im[i] * b.re[i]
      let u = Double(min(i % columns, columns - i % columns)) / Double(columns)
      let v = Double(min(i / columns, rows - i / columns)) / Double(rows)
      let weight = exp(-2 * Double.pi * Double.pi * (u * u + v * v))
      whole += weight
      // Exchanged, so that the transform is the inverse one.
      let size = (re * re + im * im).squareRoot()
      if size > 0 { (phases.im[i], phases.re[i]) = (re / size * weight, im / size * weight) }
    }
    let surface = phases.transformed().im
    guard let peak = surface.indices.max(by: { surface[$0] < surface[$1] }), surface[peak] > 0
    else { return }
    let (x, y) = (peak % columns, peak / columns)
    func top(_ before: Double, _ after: Double) -> (Double, Double) {
      let lowest = surface[peak] * 1e-6
      let left = log(max(lowest, before)), right = log(max(lowest, after))
      let bend = left + right - 2 * log(surface[peak]), slope = (right - left) / 2
      return bend < 0 ? (-slope / bend, -slope * slope / bend / 2) : (0, 0)
    }
    let across = top(
      surface[y * columns + (x + columns - 1) % columns], surface[y * columns + (x + 1) % columns])
    let down = top(
      surface[(y + rows - 1) % rows * columns + x], surface[(y + 1) % rows * columns + x])
    func cells(_ place: Double, _ count: Int) -> Double {
      place < Double(count) / 2 ? place : place - Double(count)
    }
    dx = cells(Double(x) + across.0, columns) * Double(width) / Double(columns) / shorter
    dy = cells(Double(y) + down.0, rows) * Double(height) / Double(rows) / shorter
    response = min(1, surface[peak] * exp(across.1 + down.1) / whole)
  }
}

/// Complex numbers in rows.
private struct Grid {
  let columns: Int
  let rows: Int
  var re: [Double]
  var im: [Double]

  init(columns: Int, rows: Int) {
    (self.columns, self.rows) = (columns, rows)
    re = Array(repeating: 0, count: columns * rows)
    im = re
  }

  /// Averages pixels over cells, takes the mean away and applies the window.
  mutating func fill(with pixels: [UInt8], width: Int, height: Int) {
    // How much of every pixel lies in a cell, in parts of which a cell has `length`.
    func shares(_ cell: Int, _ count: Int, _ length: Int) -> [(pixel: Int, share: Double)] {
      (0..<length).compactMap { pixel in
        let overlap =
          min((pixel + 1) * count, (cell + 1) * length) - max(pixel * count, cell * length)
        return overlap > 0 ? (pixel, Double(overlap) / Double(length)) : nil
      }
    }
    let across = (0..<columns).map { shares($0, columns, width) }
    let down = (0..<rows).map { shares($0, rows, height) }
    for y in 0..<rows {
      for x in 0..<columns {
        for (row, part) in down[y] {
          for (column, share) in across[x] {
            re[y * columns + x] += Double(pixels[row * width + column]) * part * share
          }
        }
      }
    }
    let mean = re.reduce(0, +) / Double(re.count)
    func window(_ i: Int, _ count: Int) -> Double {
      (0.5 - 0.5 * cos(2 * Double.pi * Double(i) / Double(count - 1))).squareRoot()
    }
    let (windowX, windowY) = (
      (0..<columns).map { window($0, columns) }, (0..<rows).map { window($0, rows) }
    )
    for i in re.indices { re[i] = (re[i] - mean) * windowX[i % columns] * windowY[i / columns] }
  }

  /// The discrete Fourier transform, by its definition, along rows and then along columns.
  func transformed() -> Grid {
    var along = Grid(columns: columns, rows: rows)
    for y in 0..<rows { Self.transform(self, y * columns, 1, columns, &along) }
    var result = Grid(columns: columns, rows: rows)
    for x in 0..<columns { Self.transform(along, x, columns, rows, &result) }
    return result
  }

  private static func transform(
    _ grid: Grid, _ start: Int, _ step: Int, _ count: Int, _ result: inout Grid
  ) {
    let turns = (0..<count).map { 2 * Double.pi * Double($0) / Double(count) }
    let (re, im) = (turns.map { cos($0) }, turns.map { -sin($0) })
    for k in 0..<count {
      var sum = (0.0, 0.0)
      for i in 0..<count {
        let (place, turn) = (start + i * step, i * k % count)
        sum.0 += grid.re[place] * re[turn] - grid.im[place] * im[turn]
        sum.1 += grid.re[place] * im[turn] + grid.im[place] * re[turn]
      }
      (result.re[start + k * step], result.im[start + k * step]) = sum
    }
  }
}
