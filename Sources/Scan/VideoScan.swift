import Annotations
import Quality
import ReviewStore
import Timeline
import VideoIO

/// The scan of one video with its sources; it knows nothing of other videos.
struct VideoScan {
  /// The video with its sources.
  let video: ScanPlan.Video
  /// What was asked for.
  let request: ScanRequest
  /// Where everything goes.
  let store: ReviewStore
  /// The run it belongs to.
  let run: RunID

  /// How many frames of values leave in one transaction.
  private static let batch = 500
  /// Labels alone stand on no more frames than this: 46 hours at 25 frames per second.
  ///
  /// It keeps one wrong frame number from making a timeline that fills the memory.
  private static let nominalLimit = 1 << 22

  /// Measures, judges and stores the video.
  func run(progress: (ScanProgress) -> Void) throws(ScanError) -> ScanSummary.Video {
    let measured = try measure(progress: progress)
    let name = video.input.name
    let id = try store(measured)
    let facts = measured.facts(name: name)
    let videoFindings = findings(RuleInput(video: facts))
    try stored { () throws(StoreError) in
      try store.replaceFindings(videoFindings, of: nil, on: id, run: run)
    }
    var sources: [ScanSummary.Source] = []
    for (place, source) in video.sources.enumerated() {
      let evidence =
        place < measured.offsetEvidence.count ? measured.offsetEvidence[place] : nil
      sources.append(try scan(source, on: facts, id: id, offsetEvidence: evidence))
    }
    let names = Set(sources.map(\.name))
    let findings = try stored { () throws(StoreError) in
      try store.findings(matching: FindingFilter(video: name))
    }
    return ScanSummary.Video(
      name: name, path: video.input.path, frameCount: measured.frames.count,
      duration: measured.frames.duration, isNominal: measured.frames.isNominal, sources: sources,
      findings: findings.filter { $0.finding.source.map(names.contains) ?? true })
  }

  // MARK: Frames

  private func measure(progress: (ScanProgress) -> Void) throws(ScanError) -> VideoMeasurement {
    let rate = request.frameRate ?? video.input.frameRate
    guard let path = video.input.path else { return nominal(rate: rate) }
    guard request.decodesFrames else {
      return try VideoMeasurement.packets(path: path, rate: rate)
    }
    let name = video.input.name
    let measurement = try VideoMeasurement.decoded(
      path: path, rate: rate, metrics: request.frameMetrics,
      labels: request.asksLabelPixels ? video.sources.map(\.annotations) : []
    ) { frames, expected in
      progress(ScanProgress(video: name, frames: frames, expectedFrames: expected))
    }
    guard measurement.frames.count > 0 else {
      throw ScanError(.video, "\(path): no frame can be decoded; check that the file is complete")
    }
    return measurement
  }

  private func nominal(rate: Double?) -> VideoMeasurement {
    let all = video.sources.map(\.annotations)
    let stated = ([video.input.frameCount] + all.map(\.frameCount)).compactMap { $0 }
      .filter { $0 <= Self.nominalLimit }.max()
    let last = all.flatMap(\.tracks).compactMap { $0.instances.last?.frame }.max() ?? -1
    let count = stated ?? (last < Self.nominalLimit ? last + 1 : longestUsable(all))
    return VideoMeasurement.nominal(
      frameCount: min(max(0, count), Self.nominalLimit),
      rate: rate ?? all.lazy.compactMap(\.frameRate).first ?? 25,
      width: all.lazy.compactMap(\.width).first, height: all.lazy.compactMap(\.height).first)
  }

  // Where some frame number is absurd, the timeline ends with the last one that is not.
  private func longestUsable(_ all: [VideoAnnotations]) -> Int {
    let frames = all.lazy.flatMap(\.tracks).flatMap(\.instances).map(\.frame)
    return (frames.filter { $0 < Self.nominalLimit }.max() ?? -1) + 1
  }

  private func store(_ measured: VideoMeasurement) throws(ScanError) -> VideoID {
    try stored { () throws(StoreError) in
      let id = try store.putVideo(
        StoredVideo(
          name: video.input.name, path: video.input.path.map(absolute), width: measured.width,
          height: measured.height, codec: measured.codec,
          headerFrameCount: measured.reading?.headerFrameCount,
          corruptPackets: measured.reading?.corruptPackets),
        frames: measured.frames, run: run)
      guard !measured.metrics.isEmpty else { return id }
      for start in stride(from: 0, to: measured.frames.count, by: Self.batch) {
        let end = min(start + Self.batch, measured.frames.count)
        let rows = (start..<end).map { frame in measured.columns.map { $0[frame] } }
        try store.writeFrameValues(rows, metrics: measured.metrics, from: start, of: id)
      }
      return id
    }
  }

  // MARK: Sources

  private func scan(
    _ planned: ScanPlan.Source, on facts: VideoFacts, id: VideoID,
    offsetEvidence: OffsetEvidence?
  ) throws(ScanError) -> ScanSummary.Source {
    var source = planned
    var offsetEvidence = offsetEvidence
    if !facts.frames.isNominal,
      let note = source.annotations.countFromPart(frameCount: facts.frames.count)
    {
      source.report.addNote(note)
      // The pixels were asked at the numbers that the file has.
      offsetEvidence = nil
    }
    let labels = SourceFacts(
      name: source.name, kind: source.kind, annotations: source.annotations,
      report: source.report, frames: facts.frames.frames, offsetEvidence: offsetEvidence)
    let input = RuleInput(
      video: facts, source: labels, runningRules: Set(request.runningRules.map { $0.rule.info.id }))
    let found = findings(input)
    try stored { () throws(StoreError) in
      let sourceID = try store.putSource(
        SourceInfo(
          name: source.name, kind: source.kind, format: source.format, dialect: source.dialect,
          path: source.path, report: source.report),
        annotations: labels.annotations, on: id, run: run)
      for metric in request.trackMetrics {
        let values = labels.annotations.tracks.map { metric.value(of: $0, in: input) }
        try store.writeTrackValues(values, metric: metric.info, of: sourceID)
      }
      try store.replaceFindings(found, of: sourceID, on: id, run: run)
    }
    return ScanSummary.Source(
      name: source.name, kind: source.kind, path: source.path, format: source.format,
      dialect: source.dialect, trackCount: source.annotations.tracks.count,
      instanceCount: source.annotations.instanceCount, badRowCount: source.report.badRowCount,
      notes: source.report.notes)
  }

  private func findings(_ input: RuleInput) -> [Finding] {
    let scopes: Set<RuleInfo.Scope> =
      input.source == nil ? [.video, .videoAndSource] : [.source, .videoAndSource]
    var findings: [Finding] = []
    for (rule, settings) in request.runningRules where scopes.contains(rule.info.scope) {
      findings += rule.findings(in: input, settings: settings)
    }
    // The source itself tells not to judge some objects, such as distractors and crowds.
    let ignored = Set((input.source?.annotations.tracks ?? []).filter(\.isIgnored).map(\.id))
    findings.removeAll { finding in finding.track.map(ignored.contains) ?? false }
    return findings.sorted(by: Finding.reportOrder)
  }
}

extension VideoMeasurement {
  /// The facts that rules see.
  fileprivate func facts(name: String) -> VideoFacts {
    var facts = VideoFacts(
      name: name, frames: frames, width: width.map(Double.init), height: height.map(Double.init),
      metrics: Dictionary(zip(metrics.map(\.id), columns)) { first, _ in first })
    facts.reading = reading
    facts.hasMadeUpTimes = hasMadeUpTimes
    return facts
  }
}
