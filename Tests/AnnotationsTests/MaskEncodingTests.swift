import Foundation
import Testing

@testable import Annotations

/// One mask in the four encodings of the field: row 0 columns 1 to 3 and row 2 column 4 of 3 rows
/// times 5 columns. COCO's two forms are what pycocotools 2.0.11 makes of it, the others follow the
/// formats' own descriptions (section 0.4 of the format notes).
struct MaskEncodingTests {
  private func mask(_ rows: [String]) throws -> Mask { try PixelRows.mask(rows) }

  private let vector = [".###.", ".....", "....#"]

  @Test func `COCO counts column by column`() throws {
    let runs = try #require(COCORuns(try mask(vector), width: 5, height: 3))
    #expect(runs.counts == [3, 1, 2, 1, 2, 1, 4, 1])
    #expect(runs.mask(width: 5, height: 3) == (try mask(vector)))
  }

  @Test func `COCO compresses counts`() throws {
    let runs = try #require(COCORuns(try mask(vector), width: 5, height: 3))
    #expect(runs.compressed == "31200020")
    var read = COCORuns()
    let isRead = Array("31200020".utf8).withUnsafeBufferPointer { read.read(compressed: $0) }
    #expect(isRead && read.counts == runs.counts)
  }

  @Test func `Encord counts row by row in the same text`() throws {
    let runs = RowRuns(try mask(vector), width: 5, height: 3)
    #expect(runs.counts == [1, 3, 10, 1])
    #expect(COCORuns(counts: runs.counts).compressed == "13:N")
    #expect(runs.mask == (try mask(vector)))
  }

  @Test func `CVAT counts row by row within a crop`() throws {
    let mask = try mask(vector)
    #expect(mask.left == 1 && mask.top == 0 && mask.width == 4 && mask.height == 3)
    #expect(mask.runs == [0, 3, 8, 1])
  }

  @Test func `Darwin pairs values with lengths`() throws {
    let counts = RowRuns(try mask(vector), width: 5, height: 3).counts
    let pairs = counts.enumerated().flatMap { [$0.offset % 2, $0.element] }
    #expect(pairs == [0, 1, 1, 3, 0, 10, 1, 1])
  }

  /// Compressed texts by pycocotools 2.0.11.
  @Test(arguments: [
    (["###", "###", "###", "###"], "0<"), (["...", "...", "...", "..."], "<"),
    (["#"], "01"), (["#..", "..#"], "0140"), ([".#.", "#.#", ".#."], "111000000"),
  ])
  func `compressed texts are those of pycocotools`(_ rows: [String], _ text: String) throws {
    let (width, height) = (rows[0].count, rows.count)
    let mask = try mask(rows)
    let runs = try #require(COCORuns(mask, width: width, height: height))
    #expect(runs.compressed == text)
    #expect(runs.mask(width: width, height: height) == mask)
    #expect(RowRuns(mask, width: width, height: height).mask == mask)
  }

  @Test func `what lies outside the frame is left out`() throws {
    let mask = try #require(Mask(left: -1, top: 1, width: 3, height: 2, runs: [0, 6]))
    #expect(RowRuns(mask, width: 2, height: 2).counts == [2, 2])
    #expect(COCORuns(mask, width: 2, height: 2)?.counts == [1, 1, 1, 1])
    #expect(mask.clipped(frameWidth: 2, frameHeight: 2).area == 2)
  }

  @Test func `a loose crop and a tight one are the same pixels`() throws {
    let loose = try #require(
      Mask(left: 3, top: 4, width: 4, height: 3, runs: [5, 2, 0, 0, 5]))
    let tight = try #require(Mask(left: 4, top: 5, width: 2, height: 1, runs: [0, 2]))
    #expect(loose.tightened == tight)
    #expect(loose.bounds == tight.bounds)
  }

  @Test func `runs that do not fill the frame, or a frame that fills the memory, are no mask`() {
    #expect(RowRuns(width: 5, height: 3, counts: [1, 3, 10]).mask == nil)
    #expect(RowRuns(width: 5, height: 3, counts: [1, 3, -10, 21]).mask == nil)
    #expect(RowRuns(width: .max, height: .max, counts: [1]).mask == nil)
    #expect(Mask(left: 0, top: 0, width: .max, height: 2, runs: [0]) == nil)
    #expect(Mask(left: .max, top: 0, width: 1, height: 1, runs: [0, 1]) == nil)
    #expect(COCORuns(counts: [1 << 26, 1]).mask(width: 1 << 13, height: 1 << 13) == nil)
  }

  @Test func `a comb of columns is refused before it fills the memory row by row`() throws {
    let columns = 1 << 13
    let comb = [0] + (0..<columns).map { _ in columns }
    #expect(COCORuns(counts: comb).mask(width: columns, height: columns) == nil)
  }

  @Test func `a hundred thousand lone pixels in a frame of 2^26 take no time`() throws {
    let (width, height) = (1 << 13, 1 << 13)
    var runs: [Int32] = []
    for row in 0..<25 {
      // Every other row begins one pixel further right, so that pixels touch at corners only.
      runs.append(row == 0 ? 0 : row % 2 == 1 ? 194 : 192)
      runs.append(1)
      for _ in 1..<4000 { runs += [1, 1] }
    }
    runs.append(Int32(width * height - runs.reduce(0) { $0 + Int($1) }))
    let mask = try #require(Mask(left: 0, top: 0, width: width, height: height, runs: runs))
    #expect(mask.area == 100_000)
    var coded: COCORuns?
    let time = ContinuousClock().measure {
      coded = COCORuns(mask, width: width, height: height)
      #expect(mask.outline.parts.count == 100_000)
    }
    #expect(coded?.counts.count == 200_001)
    #expect(time < .seconds(20), "a debug build takes less than a second, quadratic work for ever")
  }
}
