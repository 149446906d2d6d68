import Annotations
import Foundation
import Testing

/// Files that are not as they should be.
struct CVATDamageTests {
  private func failure(_ text: String) throws -> LabelError {
    try #require(throws: LabelError.self) { try CVATText.read(text) }
  }

  @Test(arguments: [0.3, 0.5, 0.7, 0.9])
  func `A file cut off is damaged and the line is named`(share: Double) throws {
    let text = CVATText.task((0..<50).map { CVATText.track(id: "\($0)", "KX") + "\n" }.joined())
    let cut = String(text.prefix(Int(Double(text.count) * share)))
    let error = try failure(cut)
    #expect(error.code == .damaged)
    #expect(error.line == cut.split(separator: "\n", omittingEmptySubsequences: false).count)
  }

  @Test func `A tag closed by another is damaged`() throws {
    let error = try failure(CVATText.task("<track id=\"0\" label=\"a\"></box></track>"))
    #expect(error.code == .damaged && error.reason.contains("closing tag"))
  }

  @Test(arguments: [
    "frame,id,x,y\n1,2,3,4\n", "<annotation></annotation>", "<osm version=\"1\"/>", "   ",
    "{\"images\": []}", "\u{0}\u{1}\u{2}",
  ])
  func `Another format is refused as such`(text: String) throws {
    #expect(try failure(text).code == .wrongFormat)
  }

  @Test func `A zip archive that is cut off is refused`() throws {
    let error = try #require(throws: LabelError.self) {
      try CVATText.read(Data([0x50, 0x4b, 3, 4]) + Data("....annotations.xml".utf8), format: nil)
    }
    #expect(error.code == .damaged && error.reason.contains("zip archive is damaged"))
  }

  @Test func `Entities that expand without end are refused`() throws {
    let entities = (1...9).map { level in
      let inner = String(repeating: level == 1 ? "lol" : "&e\(level - 1);", count: 10)
      return "<!ENTITY e\(level) \"\(inner)\">"
    }
    let error = try failure(
      "<?xml version=\"1.0\"?>\n<!DOCTYPE annotations [\(entities.joined())]>\n"
        + "<annotations><version>&e9;</version></annotations>")
    #expect(error.code == .wrongFormat && error.reason.contains("entities"))
  }

  @Test func `External entities are not fetched`() throws {
    let secret = FileManager.default.temporaryDirectory
      .appendingPathComponent("continuity-\(UUID().uuidString).txt")
    try Data("secret".utf8).write(to: secret)
    defer { try? FileManager.default.removeItem(at: secret) }
    let text =
      "<?xml version=\"1.0\"?>\n<!DOCTYPE annotations "
      + "[<!ENTITY x SYSTEM \"file://\(secret.path)\">]>\n"
      + "<annotations><meta><task><source>&x;</source></task></meta></annotations>"
    #expect(try failure(text).reason.contains("entities"))
  }

  @Test(arguments: [
    ("frame=\"0\"", "frame=\"zero\""), ("frame=\"0\"", "frame=\"-1\""),
    ("frame=\"0\"", "frame=\"99999999999999999999\""), ("frame=\"0\"", "frame=\"2000000000\""),
    ("frame=\"0\"", ""), ("xtl=\"0\"", "xtl=\"nan\""), ("xtl=\"0\"", "xtl=\"inf\""),
    ("xtl=\"0\"", "xtl=\"1e300\""), ("xtl=\"0\"", "xtl=\"\""), ("xtl=\"0\"", ""),
    ("outside=\"0\"", "outside=\"maybe\""),
  ])
  func `A bad value costs its shape only and is named with its line`(
    good: String, bad: String
  ) throws {
    let track = CVATText.track("KX").replacing(good, with: bad, maxReplacements: 1)
    let text = CVATText.task(track)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.contains("<track") }) + 1
    let report = try CVATText.read(text).report
    #expect(report.rowCount == 2)
    #expect(report.badRowCount == 1)
    #expect(report.badRows.first?.line == line)
  }

  @Test(arguments: [
    "<mask rle=\"0, 3\" left=\"0\" top=\"0\" width=\"4\" height=\"3\" FLAGS/>",
    "<mask rle=\"0, x\" left=\"0\" top=\"0\" width=\"1\" height=\"1\" FLAGS/>",
    "<mask rle=\"-1, 2\" left=\"0\" top=\"0\" width=\"1\" height=\"1\" FLAGS/>",
    "<mask rle=\"1\" left=\"0\" top=\"0\" width=\"1e9\" height=\"1e9\" FLAGS/>",
    "<polygon points=\"\" FLAGS/>", "<polygon points=\"1,2;3\" FLAGS/>",
    "<polygon points=\"1,2;3,4,5\" FLAGS/>", "<polygon FLAGS/>", "<skeleton FLAGS/>",
    "<ellipse cx=\"1\" cy=\"2\" rx=\"3\" FLAGS/>", "<cuboid xtl1=\"1\" FLAGS/>",
    "<skeleton FLAGS><points points=\"1,2\" outside=\"0\" occluded=\"0\"/></skeleton>",
  ])
  func `A shape that cannot be read leaves no instance and is counted`(element: String) throws {
    let flags = "frame=\"0\" keyframe=\"1\" outside=\"0\" occluded=\"0\""
    let text = CVATText.task(
      "<track id=\"0\" label=\"a\">\(element.replacing("FLAGS", with: flags))</track>")
    let data = try CVATText.read(text)
    #expect(data.report.badRowCount >= 1)
    #expect(data.videos.first?.instanceCount == 0)
  }

  @Test func `Deep nesting does not crash`() throws {
    let deep = String(repeating: "<a>", count: 200_000)
    #expect(throws: LabelError.self) { try CVATText.read("<annotations>" + deep) }
  }

  @Test func `Flipped bytes are read or refused, never more`() throws {
    let labels = """
      <label><name>man</name><attributes><attribute><name>a</name><mutable>True</mutable>
      </attribute></attributes></label><label><name>head</name><parent>man</parent></label>
      """
    let flags = "keyframe=\"1\" outside=\"0\" occluded=\"0\""
    let shapes = """
      <track id="1" label="man"><skeleton frame="0" keyframe="1">
      <points label="head" \(flags) points="1.0,2.0"/></skeleton></track>
      <track id="2" label="man"><mask frame="2" \(flags) rle="0, 3, 8, 1" left="1" top="0"
      width="4" height="3"/><polygon frame="5" \(flags) points="1,2;3,4;5,6"/></track>
      """
    let source = Data(
      CVATText.task(
        start: 1, stop: 8, filter: "step=1", labels: labels,
        CVATText.track("KKKo..KK") + shapes
      ).utf8)
    // A fixed linear congruential generator: the same damage on every run.
    var state: UInt64 = 42
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let digits = source.indices.filter { (0x30...0x39).contains(source[$0]) }
    var outcomes = (read: 0, refused: 0)
    for round in 0..<500 {
      var damaged = source
      if round % 2 == 0 {
        // Any byte at all: most of these break the XML.
        for _ in 0...next(4) { damaged[next(damaged.count)] = UInt8(next(256)) }
      } else {
        // Digits only: the XML holds, the numbers do not.
        let letters = Array("0123456789-.;,ex".utf8)
        for _ in 0...next(8) { damaged[digits[next(digits.count)]] = letters[next(letters.count)] }
      }
      do {
        _ = try CVATText.read(damaged)
        outcomes.read += 1
      } catch is LabelError {
        outcomes.refused += 1
      }
    }
    #expect(outcomes.read > 0 && outcomes.refused > 0)
  }
}
