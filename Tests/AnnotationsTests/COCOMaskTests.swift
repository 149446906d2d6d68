import Annotations
import Testing

/// Compressed strings, areas and boxes come from pycocotools 2.0.11 (`encode`, `area`, `toBbox`) on
/// arrays made with numpy 2.4.6; row runs from the same arrays by numpy.
struct COCOMaskTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var size: [Int]
    var counts: String
    var compressed: String
    var area: Int
    /// Left, top, width, height; nil for an empty mask.
    var box: Box?
    var rowRuns: [Int32]
  }

  static let cases = [
    // Row 0 columns 1-3 and row 2 column 4 of 3 x 5.
    Case(
      testDescription: "two parts", size: [3, 5], counts: "3, 1, 2, 1, 2, 1, 4, 1",
      compressed: "31200020", area: 4, box: Box(left: 1, top: 0, width: 4, height: 3),
      rowRuns: [0, 3, 8, 1]),
    Case(
      testDescription: "full", size: [4, 3], counts: "0, 12", compressed: "0<", area: 12,
      box: Box(left: 0, top: 0, width: 3, height: 4), rowRuns: [0, 12]),
    Case(
      testDescription: "empty", size: [4, 3], counts: "12", compressed: "<", area: 0, box: nil,
      rowRuns: []),
    Case(
      testDescription: "two corners of a full-HD frame", size: [1080, 1920],
      counts: "0, 1, 2073598, 1", compressed: "01noXo10", area: 2,
      box: Box(left: 0, top: 0, width: 1920, height: 1080), rowRuns: [0, 1, 2_073_598, 1]),
  ]

  private func mask(_ size: [Int], _ counts: String) throws -> Mask {
    let dataset = try LabelText.read(
      #"{"images": [{"id": 1, "frame_id": 0}], "annotations": [{"image_id": 1, "category_id": 1,"#
        + #" "segmentation": {"counts": \#(counts), "size": \#(size)}}]}"#, as: COCO.self)
    let shape = try #require(dataset.videos.first?.tracks.first?.instances.first?.shape)
    guard case .mask(let mask) = shape else {
      throw LabelError(.wrongFormat, path: "", "the shape is a \(shape.kind)")
    }
    return mask
  }

  @Test(arguments: cases)
  func `both run-length codes give the mask of pycocotools`(_ item: Case) throws {
    for counts in ["[\(item.counts)]", "\"\(item.compressed)\""] {
      let mask = try mask(item.size, counts)
      #expect(mask.area == item.area)
      #expect(mask.bounds == item.box)
      #expect(mask.runs == item.rowRuns)
    }
  }

  @Test func `a ring with a hole over many columns`() throws {
    // ((x - 160.5) / 90)^2 + ((y - 100) / 55)^2 <= 1 without (x - 150)^2 + (y - 95)^2 <= 400.
    let text =
      #"_g`0;Q78I6J6K4M2M4M2M4M2N2N2N2N2N2N2N2N2N2N2O0O2N2N2O0O2O0O2N2O0O2O0O2O0O2O0O2O0O2O000O2O"#
      + #"0O2O000O2O000O2O00000O2O000O2O0000WNhK:X4@TL:k3EYL:f3D^L:b3DbL:^3EdL:\\3EfL:Y3FiL:V3ElL"#
      + #":T3FlL:T3EnL:R3FnL:R3EPM:P3FPM:o2FSM:l2FTM:l2FTM:l2FTM:l2FTM:l2FTM:l2EVM:j2GTM:l2FTM:l"#
      + #"2FTM:l2FTM:l2FTM:l2FTM:l2GRM:n2FRM:n2GPM:P3FPM:P3GnL:R3FnL:R3GlL:T3GjL:V3GhL:X3GfL:Z3H"#
      + #"bL:^3H^L:b3HZL:f3LnK:R4b10000000000001N1000000000001N100000001N100000001N10001N1000001"#
      + #"N10001N10001N101N10001N101N101N101N101N101N2N101N101N2N2N101N2N2N2N2N2N2N2N2N2N2N3L3N3"#
      + #"L3N3L5J6J7HeR`0"#
    let mask = try mask([240, 320], "\"\(text)\"")
    #expect(mask.area == 14_263)
    #expect(mask.bounds == Box(left: 71, top: 46, width: 180, height: 109))
    #expect(mask.runs.count == 281)
    #expect(Array(mask.runs.prefix(6)) == [73, 34, 139, 48, 127, 58])
    // What Python's str() makes of the bytes, with every backslash doubled once more.
    let escaped = text.replacing(#"\\"#, with: #"\\\\"#)
    #expect(try self.mask([240, 320], "\"b'\(escaped)'\"") == mask)
  }

  @Test func `noise of single pixels`() throws {
    let mask = try mask(
      [16, 16],
      #""21160J1000O0000032OON00O11O00O0210ON132MO1NO031NOO00110O01OO31M31L20O1OOO01030M0O13OO2O"#
        + #"O20M29NGO0031NOO0213OK60K1OO42LN0011OO13O""#)
    #expect(mask.area == 120)
    #expect(mask.bounds == Box(left: 0, top: 0, width: 16, height: 16))
    #expect(mask.runs.count == 124)
    #expect(Array(mask.runs.prefix(6)) == [3, 2, 1, 1, 2, 5])
  }
}
