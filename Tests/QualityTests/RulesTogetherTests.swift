import Annotations
import Quality
import Testing
import Timeline

extension Drawing {
  /// What every rule of the catalog finds, as `level rule cause range` in the order of reports.
  func everything() -> [String] {
    let findings = Rules.all.flatMap { rule in
      let inputs =
        switch rule.info.scope {
        case .video: [RuleInput(video: video)]
        case .source: [input]
        case .videoAndSource: [input, RuleInput(video: video)]
        }
      return inputs.flatMap { rule.findings(in: $0, settings: RuleSettings(rule.info)) }
    }
    return findings.sorted(by: Finding.reportOrder).map {
      "\($0.level) \($0.rule) \($0.cause.rawValue) \($0.range)"
    }
  }
}

/// What all rules together say about one event: each is reported once, by the rule it belongs to.
struct RulesTogetherTests {
  /// Objects 40 pixels wide; `a` and `b` share a place, all others stand elsewhere.
  private func moving(_ text: String, by step: Double) -> Drawing {
    Drawing(text, rate: 25) { track, frame in
      ["a", "b"].contains(track)
        ? Box(left: 100 + step * Double(frame), top: 500, width: 40, height: 80) : nil
    }
  }

  @Test("a class flip under one id and an id flip under one class are told apart, also in motion")
  func flips() {
    for step in [0.0, 12] {  // 12 pixels are 0.3 widths
      let others = "\nc XXXXXXXXXXXXXXXXXXXXXXXX\nd XXXXXXXXXXXXXXXXXXXXXXXX"
      #expect(
        moving("a XXXXXXXXXXXYYXXXXXXXXXXX" + others, by: step).everything()
          == ["error class-flip unexplained 11..<13"])
      #expect(
        moving(
          """
          a XXXXXXXXXXXX............
          b ............XXXXXXXXXXXX
          """ + others, by: step
        ).everything() == ["error broken-track unexplained 12..<13"])
    }
  }

  @Test("a static object whose box trembles by a pixel raises nothing")
  func tremblingBox() {
    let trembling = Drawing(
      "a \(String(repeating: "X", count: 300))\nb \(String(repeating: "X", count: 300))", rate: 25
    ) { track, frame in
      guard track == "a" else { return nil }
      // One pixel to any side, without a period.
      let (x, y, w) = ((frame * 7 / 3) % 3 - 1, (frame * 5 / 2) % 3 - 1, (frame * 11 / 4) % 3 - 1)
      return Box(
        left: 600 + Double(x), top: 300 + Double(y), width: 40 + Double(w), height: 80)
    }
    #expect(trembling.everything() == [])
  }

  @Test("an approaching object raises nothing")
  func approach() {
    // From 10 pixels high to 480, faster and faster, as seen by a camera that drives towards it.
    let approaching = Drawing(
      "a \(String(repeating: "X", count: 100))\nb \(String(repeating: "X", count: 100))", rate: 25
    ) { track, frame in
      guard track == "a" else { return nil }
      let height = 1000 / (102 - Double(frame)) - 1000 / 102 + 10
      return Box(
        left: 640 - height / 4, top: 360 - height / 2, width: height / 2, height: height)
    }
    #expect(approaching.everything() == [])
  }

  @Test("an object that leaves and comes back is one event")
  func leavingObject() {
    let box = { (frame: Int) in
      Box(
        left: frame < 20 ? 1050 + 10 * Double(frame) : 1240 - 10 * Double(frame - 30), top: 300,
        width: 40, height: 80)
    }
    let one = Drawing(
      """
      a XXXXXXXXXXXXXXXXXXXX..........XXXXXXXXXXXXXXXXXXXX
      c XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX
      """, rate: 25
    ) { track, frame in track == "a" ? box(frame) : nil }
    #expect(one.everything() == ["note track-gap left-frame 20..<30"])
    let declared = Drawing(
      """
      a XXXXXXXXXXXXXXXXXXXX----------XXXXXXXXXXXXXXXXXXXX
      c XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX
      """, rate: 25
    ) { track, frame in track == "a" ? box(frame) : nil }
    #expect(declared.everything() == ["note track-gap declared 20..<30"])
  }

  @Test("a doubled row is a duplicate, an isolated frame a blip, and neither is anything else")
  func duplicateAndBlip() {
    #expect(
      Drawing("a XXXXXX2XXXXXX\nb XXXXXXXXXXXXX", rate: 25).everything()
        == ["error duplicate-object unexplained 6..<7"])
    #expect(
      Drawing("a ......X......\nb XXXXXXXXXXXXX", rate: 25).everything()
        == ["warning short-track unexplained 6..<7"])
  }

  @Test("a gap is one finding with others labelled in it, and one a track without")
  func gaps() {
    #expect(
      Drawing("a XXXXXXXX..XXXXXXXX\nb XXXXXXXXXXXXXXXXXX", rate: 25).everything()
        == ["error track-gap unexplained 8..<10"])
    #expect(
      Drawing("a XXXXXXXX..XXXXXXXX", rate: 25).everything()
        == ["error track-gap unexplained 8..<10"])
    #expect(
      Drawing("a XXXXXXXX..XXXXXXXX\nb XXXXXXXX..XXXXXXXX", rate: 25).everything() == [
        "error object-count-drop unexplained 8..<10", "error track-gap unexplained 8..<10",
        "error track-gap unexplained 8..<10",
      ])
  }

  @Test("three boxes of one class on one object are reported once")
  func threeOnOneObject() {
    let drawing = Drawing(
      """
      a XXXXXXXXXXXX
      b XXXXXXXXXXXX
      c XXXXXXXXXXXX
      d XXXXXXXXXXXX
      """, rate: 25
    ) { track, _ in
      let place = ["a": 0.0, "b": 3, "c": -3][track]
      return place.map { Box(left: 300 + $0, top: 300, width: 40, height: 80) }
    }
    #expect(drawing.everything() == ["warning duplicate-object unexplained 0..<12"])
  }

  @Test("a track across a cut is that, and its gap there is excused")
  func cut() {
    #expect(
      Drawing("a XXXXXXXXXXXXXXXX\ncuts ........|.......", rate: 25).everything()
        == ["note scene-cut unexplained 8..<9", "error track-across-cut unexplained 8..<9"])
    #expect(
      Drawing("a XXXXXX....XXXXXX\ncuts ........|.......", rate: 25).everything()
        == [
          "note scene-cut unexplained 8..<9", "note track-gap cut 6..<10",
          "error track-across-cut unexplained 8..<11",
        ])
  }
}
