import CLuma
import Foundation
import Testing

/// The hashes in C against imagehash and against plain loops.
@Suite struct HashKernelTests {
  /// Width, height, and [dhash, phash] of `picture(width, height, seed: 11)` and of a texture of
  /// seed 7, as imagehash 4.3.2 over Pillow 12.0.0 prints them.
  static let oracle: [(Int, Int, [String], [String])] = [
    (
      1, 1, ["0000000000000000", "8000000000000000"], ["0000000000000000", "8000000000000000"]
    ),
    (
      2, 3, ["c7fffffec1808000", "c3bc6952ad522d5a"], ["ffffffffffffffff", "8aa9566d502d47f5"]
    ),
    (
      9, 8, ["efbe7df7edbb76db", "acf6e1e4428d2ad6"], ["ffffffffffffffff", "aaaa8382adaac5f6"]
    ),
    (
      32, 32, ["0ba54a8b92cd69a6", "a2539e03fd0375a5"], ["c70e0f0703333333", "ff63890343819d67"]
    ),
    (
      31, 33, ["4d950a8993cd6aa2", "a2fa9e02e917217d"], ["c3c1c1f0f0f8fc3e", "c16326053f152f6f"]
    ),
    (
      64, 48, ["4c2c3a33916c28f5", "8a3dc6c708becd19"], ["8ec76456969226b7", "e4363a31319e5a9e"]
    ),
    (
      88, 72, ["52746cc7d2cd2464", "e69976d949a5330c"], ["6367d5a7e64e6ed4", "856a3b9f9c785341"]
    ),
    (
      135, 240, ["459356515511d350", "89a9e5eed60f1c05"], ["42124a499d2c1945", "f34dcc9aa6634613"]
    ),
    (
      240, 135, ["a6dc125a94524946", "85f8e60626ebcd58"], ["acb1ea6b6d353aaf", "ae83d07a26a5c51f"]
    ),
    (
      320, 240, ["892ae8899913a589", "c217eef9b2045396"], ["6c2ad9846539bab9", "d0c7195fe690ca0f"]
    ),
    (
      480, 270, ["29568529294a8431", "e426bb77fa905508"], ["3298c20923435869", "fb5490bc0e79cc85"]
    ),
    (
      9, 200, ["91da4ab05555e08d", "81b1e0a8fa04aeff"], ["550000ff000000ff", "ffddaa5520807654"]
    ),
  ]

  @Test("both hashes equal imagehash's", arguments: oracle)
  func equalsImagehash(width: Int, height: Int, polynomial: [String], texture: [String]) {
    #expect(hashes(of: picture(width, height, seed: 11), width: width) == polynomial)
    let hills = Texture(width: width, height: height, seed: 7)
    let pixels = hills.window(x: 0, y: 0, width: width, height: height)
    #expect(hashes(of: pixels, width: width) == texture)
  }

  @Test("both hashes equal plain loops", arguments: 0..<40)
  func equalsPlainLoops(seed: Int) {
    var noise = Noise(seed: UInt64(seed))
    let (width, height) = (noise.next(in: 1...300), noise.next(in: 1...200))
    let texture = Texture(width: width, height: height, seed: UInt64(seed))
    let pixels = texture.window(x: 0, y: 0, width: width, height: height)
    let plain = PlainHashes(pixels, width: width)
    #expect(hashes(of: pixels, width: width, gap: 7) == [hex(plain.dhash), hex(plain.phash)])
  }

  @Test("a flat picture has no slopes and no frequency but the mean", arguments: [1, 126, 255])
  func flat(level: UInt8) {
    // imagehash says the same; black, without a mean, has no bit at all.
    let pixels = [UInt8](repeating: level, count: 240 * 135)
    #expect(hashes(of: pixels, width: 240) == ["0000000000000000", "8000000000000000"])
  }

  @Test("black has no bit set")
  func black() {
    let pixels = [UInt8](repeating: 0, count: 240 * 135)
    #expect(hashes(of: pixels, width: 240) == ["0000000000000000", "0000000000000000"])
  }

  @Test("halving averages 2x2 pixels as OpenCV does")
  func halving() {
    // cv2.resize(texture, (15, 11), interpolation=cv2.INTER_AREA)[3:5] of OpenCV 4.14.0.
    let expected: [[UInt8]] = [
      [167, 186, 206, 225, 233, 202, 172, 142, 114, 92, 69, 46, 34, 53, 72],
      [192, 206, 221, 235, 239, 216, 192, 168, 143, 115, 86, 57, 40, 57, 75],
    ]
    let pixels = Texture(width: 30, height: 22, seed: 7).window(x: 0, y: 0, width: 30, height: 22)
    let half = halved(pixels, width: 30)
    #expect(half.count == 15 * 11)
    #expect(Array(half[45..<75]) == expected.flatMap { $0 })
  }

  @Test(
    "halving equals plain loops; the last pixel of an odd side stands for two",
    arguments: [(1, 1), (1, 4), (5, 1), (7, 5), (101, 33), (480, 270)])
  func halvingEqualsPlainLoops(width: Int, height: Int) {
    var noise = Noise(seed: UInt64(width))
    let pixels = (0..<width * height).map { _ in UInt8(noise.next(in: 0...255)) }
    let plain = (0..<(height + 1) / 2).flatMap { y in
      (0..<(width + 1) / 2).map { x in
        var sum = 2
        for row in [2 * y, min(2 * y + 1, height - 1)] {
          for column in [2 * x, min(2 * x + 1, width - 1)] {
            sum += Int(pixels[row * width + column])
          }
        }
        return UInt8(sum / 4)
      }
    }
    #expect(halved(pixels, width: width) == plain)
  }

  private func halved(_ pixels: [UInt8], width: Int) -> [UInt8] {
    let height = pixels.count / width
    var half = [UInt8](repeating: 0, count: (width + 1) / 2 * ((height + 1) / 2))
    unsafe cluma_halve(pixels, width, width, height, &half)
    return half
  }

  private func hex(_ bits: UInt64) -> String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// [dhash, phash] by the C kernel, of rows with a `gap` of white between them.
  private func hashes(of pixels: [UInt8], width: Int, gap: Int = 0) -> [String] {
    let height = pixels.count / width
    let padded = padded(pixels, width: width, gap: gap)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: cluma_hash_size(width, height), alignment: 64)
    defer { unsafe memory.deallocate() }
    unsafe cluma_hash_start(memory, width, height)
    var (dhash, phash) = (UInt64(0), UInt64(0))
    unsafe cluma_hash(memory, padded, width + gap, &dhash, &phash)
    return [hex(dhash), hex(phash)]
  }
}

/// The hashes of one picture, the slow and obvious way.
private struct PlainHashes {
  var dhash: UInt64 = 0
  var phash: UInt64 = 0

  init(_ pixels: [UInt8], width: Int) {
    let rows = (0..<pixels.count / width).map {
      pixels[$0 * width..<($0 + 1) * width].map(Int.init)
    }
    let small = Self.reduce(rows, columns: 9, rows: 8)
    for row in small {
      for (level, next) in zip(row, row.dropFirst()) { dhash = dhash << 1 | (next > level ? 1 : 0) }
    }
    let levels = Self.reduce(rows, columns: 32, rows: 32)
    func wave(_ k: Int, _ i: Int) -> Double { cos(Double.pi * Double(k * (2 * i + 1)) / 64) }
    let frequencies = (0..<64).map { bit in
      var sum = 0.0
      for y in 0..<32 {
        for x in 0..<32 { sum += Double(levels[y][x]) * wave(bit / 8, y) * wave(bit % 8, x) }
      }
      // What cancels out leaves rounding behind.
      return abs(sum) < 1e-8 ? 0 : sum
    }
    let sorted = frequencies.sorted()
    let median = (sorted[31] + sorted[32]) / 2
    for frequency in frequencies { phash = phash << 1 | (frequency > median ? 1 : 0) }
  }

  private static func reduce(_ picture: [[Int]], columns: Int, rows: Int) -> [[Int]] {
    let narrow = picture.map { reduce($0, to: columns) }
    let tall = (0..<columns).map { x in reduce(narrow.map { $0[x] }, to: rows) }
    return (0..<rows).map { y in tall.map { $0[y] } }
  }

  /// Lanczos over three lobes, in whole numbers of 2^-22.
  private static func reduce(_ line: [Int], to count: Int) -> [Int] {
    let scale = Double(line.count) / Double(count), stretch = max(1, scale)
    return (0..<count).map { i in
      let middle = (Double(i) + 0.5) * scale
      let first = max(0, Int(middle - 3 * stretch + 0.5))
      let last = min(line.count, Int(middle + 3 * stretch + 0.5))
      let weights = (first..<last).map { lanczos((Double($0) - middle + 0.5) / stretch) }
      let sum = weights.reduce(0, +)
      var level = 1 << 21
      for (weight, place) in zip(weights, first..<last) {
        level += Int((weight / sum * Double(1 << 22)).rounded()) * line[place]
      }
      return min(255, max(0, level >> 22))
    }
  }

  private static func lanczos(_ x: Double) -> Double {
    guard abs(x) < 3 else { return 0 }
    func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(Double.pi * x) / (Double.pi * x) }
    return sinc(x) * sinc(x / 3)
  }
}
