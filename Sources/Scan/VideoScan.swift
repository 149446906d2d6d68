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
  /// What writes the values of frames.
  let queue: StoreQueue
  /// The run it belongs to.
  let run: RunID
  /// How many threads decode; 0 means as many as keep all cores busy.
  let threads: Int

  /// Labels alone stand on no more frames than this: 46 hours at 25 frames per second.
  ///
  /// It keeps one wrong frame number from making a timeline that fills the memory.
  private static let nominalLimit = 1 << 22

  /// Measures, judges and stores the video.
  ///
  /// - Parameter decoded: Called after every frame with the number of frames so far; false ends the
  ///   scan with an error.
  /// - Returns: What was found.
  /// - Throws: A ``ScanError`` where the video cannot be read or the store not be written.
  func run(decoded: (_ frames: Int) -> Bool) throws(ScanError) -> ScanSummary.Video {
    let (measured, columns) = try measure(decoded: decoded)
    let name = video.input.name
    let id = try stored { () throws(StoreError) in
      try store.putVideo(storedVideo(measured), frames: measured.frames, run: run)
    }
    var facts = VideoFacts(
      name: name, frames: measured.frames, width: measured.width.map(Double.init),
      height: measured.height.map(Double.init), metrics: columns)
    facts.reading = measured.reading
    facts.hasMadeUpTimes = measured.hasMadeUpTimes
    facts.codec = measured.codec
    try addSeries(to: &facts, of: id)
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

  private func measure(
    decoded: (_ frames: Int) -> Bool
  ) throws(ScanError) -> (VideoMeasurement, [String: MetricColumn]) {
    let rate = request.frameRate ?? video.input.frameRate
    guard let path = video.input.path, request.decodesFrames else {
      let measured =
        try video.input.path.map { path throws(ScanError) in
          try VideoMeasurement.packets(path: path, rate: rate)
        } ?? nominal(rate: rate)
      _ = try stored { () throws(StoreError) in
        try store.startVideo(storedVideo(measured), run: run)
      }
      return (measured, [:])
    }
    let metrics = request.measuredMetrics
    var stream = ValueStream(
      metrics: metrics.map { $0.info }, keeping: request.keptMetrics,
      video: StoredVideo(name: video.input.name, path: absolute(path)), store: store,
      queue: queue, run: run)
    let measured = try VideoMeasurement.decoded(
      path: path, rate: rate, threads: threads, metrics: metrics,
      labels: request.asksLabelPixels ? video.sources.map(\.annotations) : [], into: &stream,
      decoded: decoded)
    guard measured.frames.count > 0 else {
      throw ScanError(.video, "\(path): no frame can be decoded; check that the file is complete")
    }
    try stream.finish()
    return (measured, stream.kept)
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

  private func storedVideo(_ measured: VideoMeasurement) -> StoredVideo {
    let reading = measured.reading
    let isDecoded = reading.map { $0.decodedFrames > 0 } ?? false
    return StoredVideo(
      name: video.input.name, path: video.input.path.map(absolute), width: measured.width,
      height: measured.height, codec: measured.codec,
      headerFrameCount: reading?.headerFrameCount, packetCount: reading?.packetsRead,
      hiddenPackets: reading?.discardedPackets, corruptPackets: reading?.corruptPackets,
      corruptFrames: isDecoded ? reading?.corruptFrames : nil)
  }

  // Metrics that look ahead are computed when every frame is measured.
  private func addSeries(to facts: inout VideoFacts, of id: VideoID) throws(ScanError) {
    let input = SeriesInput(columns: facts.metrics, frames: facts.frames, cuts: facts.cuts)
    let read = request.readMetrics
    for metric in request.seriesMetrics
    where metric.inputs.allSatisfy({ facts.metrics[$0] != nil }) {
      let info = metric.info
      let column = MetricColumn(metric.values(of: input))
      if read.contains(info.id) { facts.metrics[info.id] = column }
      try stored { () throws(StoreError) in
        try store.writeSeriesValues(column, metric: info, of: id)
      }
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
