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

  /// Pictures of a video of `from` a second as they are shown at `to` a second.
  private func shown(_ from: Int, in to: Int, count: Int) -> String {
    (0..<count).map { frame in (frame * from / to) % 2 == 0 ? "a" : "b" }.joined()
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
        "every 5th frame repeats the frame before, as in a video of 24 pictures a second (12 found"
          + " in 56 frames)"
      ])
  }

  @Test("12 pictures a second shown as 30 alternate between 2 and 3 frames")
  func pattern12in30() {
    let found = video(shown(12, in: 30, count: 60), rate: 30).findings(of: DuplicateFrames.self)
    #expect(
      found.map(\.reason) == [
        "3 of 5 frames repeat the frame before, as in a video of 12 pictures a second (36 found in"
          + " 59 frames)"
      ])
  }

  @Test(
    "the words for a pattern are those of its rates",
    arguments: [
      (12, 24, "every 2nd frame repeats"), (24, 25, "every 25th frame repeats"),
      (5, 25, "4 of 5 frames repeat"), (18, 30, "2 of 5 frames repeat"),
      (10, 24, "7 of 12 frames repeat"), (25, 30, "every 6th frame repeats"),
    ])
  func words(from: Int, to: Int, expected: String) throws {
    let found = video(shown(from, in: to, count: 200), rate: Double(to))
      .findings(of: DuplicateFrames.self)
    try #require(found.count == 1)
    #expect(found[0].reason.hasPrefix(expected))
    #expect(found[0].reason.contains("as in a video of \(from) pictures a second"))
  }

  @Test("two pictures a second are a pattern and not a freeze after the other")
  func slowPattern() {
    let slow = video(shown(2, in: 25, count: 250))
    #expect(slow.ranges(of: FrozenFrames.self) == [])
    #expect(slow.ranges(of: DuplicateFrames.self).count == 1)
    let frozen = video(shown(10, in: 25, count: 100) + String(repeating: "z", count: 20))
    #expect(frozen.ranges(of: FrozenFrames.self) == ["101..<120"])
  }

  @Test("runs of quiet steps between lively ones are repeats that the codec hid")
  func quietRuns() {
    // 10 pictures a second in 25; repeats differ by an eighth of what new pictures do.
    let pictures = Array(shown(10, in: 25, count: 100))
    let changes = pictures.indices.map { frame in
      frame == 0 ? nil : pictures[frame] == pictures[frame - 1] ? 0.5 : 4
    }
    let columns: [String: [Double?]] = [
      "temporal-information": changes, "frozen": [nil] + Array(repeating: 0, count: 99),
    ]
    let found = ColumnVideo(columns).findings(of: DuplicateFrames.self)
    #expect(found.map { $0.reason.prefix(20) } == ["3 of 5 frames repeat"])
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
    let changes: [Double?] = [nil] + (1..<60).map { $0 % 5 == 4 ? 0.5 : 5 }
    let columns: [String: [Double?]] = [
      "temporal-information": changes, "frozen": [nil] + Array(repeating: 0, count: 59),
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

  @Test("where nothing moves a repeat is no fault")
  func stillScene() {
    let frozen: [Double?] = [nil, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    func ranges(_ differences: [Double?]) -> [String] {
      ColumnVideo(["frozen": frozen, "frame-difference": differences])
        .ranges(of: DuplicateFrames.self)
    }
    #expect(ranges([nil, 0.3, 0.3, 0.3, 0.2, 0.3, 0.3, 0.3, 0.3, 0.3]) == [])
    #expect(ranges([nil, 3, 3, 3, 0.2, 3, 3, 3, 3, 3]) == ["4..<5"])
    // Flies at rest, encoded at 38 kbit/s: next to nothing changes in any frame.
    #expect(
      ranges([nil, 0.003, 0.003, 0.003, 0, 0.003, 0.003, 0.003, 0.003, 0.003]) == [])
  }
}
