import Annotations
import Quality
import Testing
import Timeline

/// Frame numbers of labels against those of a video; expected numbers are counted by hand.
@Suite struct TimebaseMismatchTests {
  private func input(
    _ frames: some Sequence<Int>, count: Int, rate: Double = 25, statedRate: Double? = nil,
    statedCount: Int? = nil, annotated: AnnotatedFrames = .all, hasMadeUpTimes: Bool = false,
    running: Set<String>? = nil
  ) -> RuleInput {
    let step = Int64((90_000 / rate).rounded())
    let table = FrameTable(
      timeBase: TimeBase(1, 90_000), ticks: (0..<count).map { Int64($0) * step },
      durations: Array(repeating: step, count: count),
      keyFlags: Array(repeating: true, count: count))
    var video = VideoFacts(name: "v", frames: table)
    video.hasMadeUpTimes = hasMadeUpTimes
    let track = Track(
      id: "1",
      instances: frames.map {
        Instance(frame: $0, shape: .box(Box(left: 1, top: 1, width: 9, height: 9)))
      })
    let annotations = VideoAnnotations(
      frameCount: statedCount, frameRate: statedRate, annotated: annotated, tracks: [track])
    return RuleInput(
      video: video,
      source: SourceFacts(
        name: "labels", kind: .labels, annotations: annotations, frames: table.frames),
      runningRules: running)
  }

  /// The rules of the preflight that report, with their reasons.
  private func reports(_ input: RuleInput) -> [String] {
    let rules: [any Rule.Type] = [
      TimebaseMismatch.self, LabelOutOfRange.self, FrameCountMismatch.self,
    ]
    return rules.flatMap { rule in
      rule.findings(in: input, settings: RuleSettings(rule.info)).map { "\($0.rule): \($0.reason)" }
    }
  }

  @Test func `Labels from 1 to the number of frames count from 1`() {
    #expect(
      reports(input(1...50, count: 50)) == [
        "timebase-mismatch: the labels lie in frames 1 to 50, and the video has frames 0 to 49: they"
          + " count from 1; take 1 from every frame number"
      ])
    #expect(
      reports(input(-1..<49, count: 50)).map { $0.prefix(40) } == [
        "timebase-mismatch: the labels lie in fra"
      ])
  }

  @Test func `Without a label in the first frame and one past the end nothing tells the start`() {
    #expect(reports(input(1...49, count: 50)) == [])
    #expect(reports(input(0..<50, count: 50)) == [])
    #expect(
      reports(input(0...50, count: 50)) == [
        "label-out-of-range: 1 label lies after the last frame, 49: frame 50"
      ])
  }

  @Test func `Labels made at 30 frames per second on a video of 25 end a fifth late`() {
    #expect(
      reports(input(0..<1200, count: 1000)) == [
        "timebase-mismatch: the labels reach to frame 1199, as the video has at 30 frames per second,"
          + " and it shows 1000 at 25; multiply the frame numbers of the labels by 0.8333, or take the"
          + " video they were made on"
      ])
    // 795 frames at 10 a second are 1,987.5 at 25; the label of frame 794 became 1985.
    #expect(
      reports(input((0..<795).map { Int(Double($0) * 2.5) }, count: 795, rate: 10))
        .map { $0.prefix(18) } == ["timebase-mismatch:"])
    // 1,100 frames fit no usual rate, and a stated one is the only one that counts.
    #expect(
      reports(input(0..<1100, count: 1000)).map { $0.prefix(18) } == ["label-out-of-range"])
    #expect(
      reports(input(0..<1200, count: 1000, statedRate: 50)).map { $0.prefix(18) }
        == ["label-out-of-range"])
  }

  @Test func `A stated number of frames at a stated rate is that of another rate`() {
    #expect(
      reports(input(0..<240, count: 1000, statedRate: 7.5, statedCount: 300)) == [
        "timebase-mismatch: the labels are for 300 frames, as the video has at 7.5 frames per second,"
          + " and it shows 1000 at 25; multiply the frame numbers of the labels by 3.3333, or take the"
          + " video they were made on"
      ])
    #expect(
      reports(input(0..<240, count: 1000, statedCount: 300)) == [
        "frame-count-mismatch: the labels are for 300 frames, and the video shows 1000"
      ])
  }

  @Test func `Steps of labels and video are told`() {
    #expect(
      reports(input(0..<198, count: 1000, statedCount: 200)) == [
        "timebase-mismatch: the labels are for 200 frames and fill them, and the video shows 1000:"
          + " they count every 5th frame; multiply their frame numbers by 5"
      ])
    let frames = Array(stride(from: 0, to: 100, by: 2))
    #expect(
      reports(
        input(frames, count: 50, annotated: .every(step: 2, in: FrameRange(0, 100)))
      ).map { $0.prefix(60) } == [
        "timebase-mismatch: the labels are in every 2nd frame from 0 "
      ])
    // Every second frame of the video itself is no contradiction.
    #expect(
      reports(input(frames, count: 100, annotated: .every(step: 2, in: FrameRange(0, 100)))) == [])
  }

  @Test func `Another stated rate alone is a note, but not for images`() {
    let found = TimebaseMismatch.findings(
      in: input(0..<790, count: 795, rate: 10, statedRate: 7, statedCount: 795),
      settings: RuleSettings(TimebaseMismatch.info))
    #expect(found.map(\.level) == [.note])
    #expect(
      found.map(\.reason) == [
        "the labels state 7 frames per second, and the video shows 10; frame numbers are kept, so"
          + " only times that were computed from the stated rate are wrong"
      ])
    #expect(reports(input(0..<790, count: 795, rate: 10, statedRate: 10.05)) == [])
    #expect(
      reports(input(0..<790, count: 795, rate: 25, statedRate: 7, hasMadeUpTimes: true)) == [])
  }

  @Test func `Where the rule does not run, others report what they see`() {
    #expect(
      reports(input(1...50, count: 50, running: ["label-out-of-range"])).contains(
        "label-out-of-range: 1 label lies after the last frame, 49: frame 50"))
  }
}
