import Quality
import Testing
import Timeline

/// Drawn pictures: a letter that comes twice is a repeat.
@Suite struct DuplicateFramesTests {
  private func video(_ pictures: String, rate: Double = 25, cuts: [Int] = []) -> ColumnVideo {
    let marks = Array(pictures)
    var count = 0.0
    let frozen: [Double?] = marks.indices.map { frame in
      if frame == 0 { return nil }
      count = marks[frame] == marks[frame - 1] ? count + 1 : 0
      return count
    }
    return ColumnVideo(["frozen": frozen], rate: rate, cuts: cuts)
  }

  /// Different pictures, of which every `n`-th repeats the one before.
  private func pattern(_ n: Int, count: Int) -> String {
    var (text, letter) = ("", 0)
    for frame in 0..<count {
      if frame % n != n - 1 { letter += 1 }
      text.append(letter % 2 == 0 ? "a" : "b")
    }
    return text
  }

  @Test(
    "single repeats",
    arguments: [
      ("abcddefghijkl", ["4..<5"]),
      ("abcdddefghijk", ["4..<6"]),
      ("aabcdefghijjk", ["1..<12"]),
      ("abcdefghijklm", []),
      ("abcddddddddddddddef", []),
      ("", []),
    ])
  func single(pictures: String, expected: [String]) {
    #expect(video(pictures).ranges(of: DuplicateFrames.self) == expected)
  }

  @Test("one and two repeats are a note, more of them a warning")
  func level() {
    #expect(video("abcddefghijkl").findings(of: DuplicateFrames.self).map(\.level) == [.note])
    #expect(video("abbcddeffghhi").findings(of: DuplicateFrames.self).map(\.level) == [.warning])
  }

  @Test("24 pictures a second shown as 30 are one finding that says so")
  func pattern24in30() {
    let found = video(pattern(5, count: 60), rate: 30).findings(of: DuplicateFrames.self)
    #expect(found.map { $0.range.description } == ["4..<60"])
    #expect(found.map(\.level) == [.warning])
    #expect(
      found.map(\.reason) == [
        "every 5th frame repeats the frame before: 12 of 56 frames, as in a video of 23.6 pictures"
          + " a second"
      ])
  }

  @Test("12 pictures a second shown as 30 alternate between 2 and 3 frames")
  func pattern12in30() {
    let pictures = (0..<60).map { frame in (frame * 12 / 30) % 2 == 0 ? "a" : "b" }.joined()
    let found = video(pictures, rate: 30).findings(of: DuplicateFrames.self)
    #expect(found.count == 1)
    #expect(found.allSatisfy { $0.reason.hasPrefix("one frame in 2.5 repeats") })
  }

  @Test("a pattern in most of the shots belongs to the video")
  func wholeVideo() {
    let shot = pattern(5, count: 40)
    let found = video(shot + shot + shot, cuts: [40, 80]).findings(of: DuplicateFrames.self)
    #expect(found.map { $0.range.description } == ["0..<120"])
  }

  @Test("repeats at uneven distances are no pattern")
  func uneven() {
    let found = video("abbcdefghiijkllmnopqrsttuvvwxyzabcdeffghi")
      .findings(of: DuplicateFrames.self)
    #expect(!found.isEmpty && found.allSatisfy { !$0.reason.contains("every") })
  }

  @Test("in a pattern a quiet step between lively ones is a repeat that the codec hid")
  func quiet() {
    // Every fifth step is a tenth of the others; frozen has found none of them.
    let differences: [Double?] = [nil] + (1..<60).map { $0 % 5 == 4 ? 0.5 : 5 }
    let columns: [String: [Double?]] = [
      "frame-difference": differences, "frozen": [nil] + Array(repeating: 0, count: 59),
    ]
    let found = ColumnVideo(columns).findings(of: DuplicateFrames.self)
    #expect(found.map { $0.range.description } == ["4..<55"])
  }

  @Test("long runs are left to frozen-frames, and black ones to black-frames")
  func left() {
    let frozen = "abcd" + String(repeating: "e", count: 30) + "fgh"
    #expect(video(frozen).ranges(of: DuplicateFrames.self) == [])
    #expect(video(frozen).ranges(of: FrozenFrames.self) == ["5..<34"])
    var black = video("abcddefgh")
    black.columns["black-share"] = "...XX....".map { .value($0 == "X" ? 1 : 0) }
    #expect(black.ranges(of: DuplicateFrames.self) == [])
  }
}
