import Annotations
import Timeline

/// Finds labels that count frames in another way than the video does.
public enum TimebaseMismatch: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "timebase-mismatch", scope: .source, level: .error,
    summary: "The labels count frames from another start, in another step or at another rate.",
    page: """
      What a source says about counting frames, and where its labels lie, is compared with the
      frames that are shown:

      - Start: labels reach from frame 1 to one past the last frame, and none is in frame 0: they
        count from 1 where frames count from 0. Or they reach from frame -1, and none is in the
        last frame.
      - Step: the source has a label in every k-th frame only, and as many such frames as the video
        shows: the video is made of those frames. Or it states a k-th of the frames shown, and its
        labels fill them: it was made on every k-th frame.
      - Rate: labels end where the video would if it were played at another rate: the one the source
        states, or else a usual one (10, 12, 15, 20, 23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60)
        at which they reach beyond the end of a video of 100 frames or more. They end within one
        frame of that, or, with a stated rate, the stated number of frames does.
      - A stated rate that differs by more than 1 % from the mean and the median rate of the video,
        where frame numbers agree: a note, since frames are counted and times come from the video.
        Folders of images have no rate of their own to compare with.

      The finding covers the whole video. It takes the place of label-out-of-range and
      frame-count-mismatch where it explains them. Labels that are shifted without reaching beyond
      either end are found by label-offset, from the pixels.
      """)

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    guard let source = input.source, let mismatch = Mismatch(input) else { return [] }
    return [
      Finding(
        rule: info.id, level: mismatch.isHarmless ? min(.note, settings.level) : settings.level,
        source: source.name, range: input.video.frames.frames,
        cause: mismatch.isHarmless ? .declared : .unexplained, reason: mismatch.reason)
    ]
  }

  /// Whether this rule runs and reports what puts labels of the source outside the video.
  static func explainsRange(in input: RuleInput) -> Bool {
    guard input.runs(self), let mismatch = Mismatch(input) else { return false }
    return mismatch.explainsRange
  }

  /// Whether this rule runs and reports why the source states another number of frames.
  static func explainsCount(in input: RuleInput) -> Bool {
    guard input.runs(self), let mismatch = Mismatch(input) else { return false }
    return mismatch.explainsCount
  }
}

/// How the frame numbers of a source differ from the frames of its video.
private struct Mismatch {
  /// One sentence for people.
  let reason: String
  /// Whether it explains labels before the first or after the last frame.
  var explainsRange = false
  /// Whether it explains another stated number of frames.
  var explainsCount = false
  /// Whether every label is in its right frame nevertheless.
  var isHarmless = false

  private static let usualRates = [
    10, 12, 15, 20, 24000.0 / 1001, 24, 25, 30000.0 / 1001, 30, 48, 50, 60000.0 / 1001, 60,
  ]
  /// Usual rates lie too close together to be told apart by fewer frames.
  private static let fewestFrames = 100
  /// Rates that differ by less are the same, spelled or rounded in another way.
  private static let sameRate = 0.01

  /// Looks for the one mismatch that explains most; nil where nothing contradicts the video.
  init?(_ input: RuleInput) {
    let table = input.video.frames
    guard !table.isNominal, table.count > 1, let source = input.source,
      let extent = source.fullExtent
    else { return nil }
    let found =
      Self.start(extent, table.count)
      ?? Self.step(source, extent, table.count)
      ?? Self.rate(source, extent, input.video)
      ?? Self.statedRate(source, extent, input.video)
    guard let found else { return nil }
    self = found
  }

  private init(
    _ reason: String, explainsRange: Bool = false, explainsCount: Bool = false,
    isHarmless: Bool = false
  ) {
    self.reason = reason
    self.explainsRange = explainsRange
    self.explainsCount = explainsCount
    self.isHarmless = isHarmless
  }

  private static func start(_ extent: FrameRange, _ count: Int) -> Mismatch? {
    let last = extent.end - 1
    if extent.start == 1, last == count {
      return Mismatch(
        "the labels lie in frames 1 to \(last), and the video has frames 0 to \(count - 1): they"
          + " count from 1; take 1 from every frame number", explainsRange: true)
    }
    if extent.start == -1, last == count - 2 {
      return Mismatch(
        "the labels lie in frames -1 to \(last), and the video has frames 0 to \(count - 1): they"
          + " count from 0 and were read as counting from 1; add 1 to every frame number",
        explainsRange: true)
    }
    return nil
  }

  private static func step(
    _ source: SourceFacts, _ extent: FrameRange, _ count: Int
  ) -> Mismatch? {
    let annotations = source.annotations
    if case .every(let step, let part) = annotations.annotated, step > 1, part.start == 0,
      extent.end > count, annotations.annotated.count(in: part) == count
    {
      return Mismatch(
        "the labels are in every \(ordinal(step)) frame from 0 to \(part.end - 1), and the video has"
          + " just as many frames, \(count): it is made of those frames; divide the frame numbers"
          + " of the labels by \(step), or take the video they were made on",
        explainsRange: true, explainsCount: true)
    }
    guard let stated = annotations.frameCount, stated >= 10, stated < count, extent.end <= stated,
      Double(extent.end) >= 0.9 * Double(stated)
    else { return nil }
    let step = Int((Double(count) / Double(stated)).rounded())
    guard step > 1, stated == count / step || stated == (count + step - 1) / step else {
      return nil
    }
    return Mismatch(
      "the labels are for \(stated) frames and fill them, and the video shows \(count): they count"
        + " every \(ordinal(step)) frame; multiply their frame numbers by \(step)",
      explainsCount: true)
  }

  private static func rate(
    _ source: SourceFacts, _ extent: FrameRange, _ video: VideoFacts
  ) -> Mismatch? {
    guard !video.hasMadeUpTimes, video.frames.frameRate > 0 else { return nil }
    let (count, shown) = (video.frames.count, video.frames.frameRate)
    let stated = source.annotations.frameRate
    let leavesVideo = extent.end > count && extent.start >= 0
    func lies(_ end: Int, atEndOf rate: Double) -> Bool {
      // The last frame that has a label may be any of those that fall into the last one shown.
      abs(Double(end) - Double(count) * rate / shown) < max(1, rate / shown) + 0.5
    }
    func differs(_ rate: Double) -> Bool { abs(rate / shown - 1) > sameRate }
    func mismatch(_ rate: Double, _ evidence: String, explainsCount: Bool) -> Mismatch {
      Mismatch(
        "\(evidence), as the video has at \(rateText(rate)) frames per second, and it shows"
          + " \(count) at \(rateText(shown)); multiply the frame numbers of the labels by"
          + " \(decimal(shown / rate, digits: 4)), or take the video they were made on",
        explainsRange: leavesVideo, explainsCount: explainsCount)
    }
    if let stated, differs(stated), let number = source.annotations.frameCount, number != count,
      lies(number, atEndOf: stated), extent.end <= number + 1
    {
      return mismatch(stated, "the labels are for \(number) frames", explainsCount: true)
    }
    guard leavesVideo, count >= fewestFrames else { return nil }
    let candidates = stated.map { [$0] } ?? usualRates
    let fitting = candidates.filter { differs($0) && lies(extent.end, atEndOf: $0) }
    // Two rates that fit alike, such as 29.97 and 30 over a short video, are one: the closer.
    let best = fitting.min {
      abs(Double(extent.end) - Double(count) * $0 / shown)
        < abs(Double(extent.end) - Double(count) * $1 / shown)
    }
    return best.map {
      mismatch(
        $0, "the labels reach to frame \(extent.end - 1)",
        explainsCount: source.annotations.frameCount.map { abs($0 - extent.end) <= 1 } ?? false)
    }
  }

  private static func statedRate(
    _ source: SourceFacts, _ extent: FrameRange, _ video: VideoFacts
  ) -> Mismatch? {
    let table = video.frames
    guard !video.hasMadeUpTimes, let stated = source.annotations.frameRate, table.frameRate > 0,
      extent.start >= 0, extent.end <= table.count,
      abs(stated / table.frameRate - 1) > sameRate,
      abs(stated * table.medianFrameSeconds - 1) > sameRate,
      source.annotations.frameCount.map({ $0 == table.count }) ?? true
    else { return nil }
    return Mismatch(
      "the labels state \(rateText(stated)) frames per second, and the video shows"
        + " \(rateText(table.frameRate)); frame numbers are kept, so only times that were computed"
        + " from the stated rate are wrong", isHarmless: true)
  }

  private static func rateText(_ rate: Double) -> String {
    let text = decimal(rate, digits: 3)
    guard text.contains(".") else { return text }
    var trimmed = text[...]
    while trimmed.last == "0" { trimmed.removeLast() }
    return String(trimmed.last == "." ? trimmed.dropLast() : trimmed)
  }
}

extension SourceFacts {
  /// The range of all labels, those outside the video among them; nil where there is none.
  fileprivate var fullExtent: FrameRange? {
    let extents = [annotations.extent].compactMap { $0 } + outside.compactMap(\.extent)
    guard let start = extents.map(\.start).min(), let end = extents.map(\.end).max(), end < .max
    else { return nil }
    return FrameRange(start, end)
  }
}
