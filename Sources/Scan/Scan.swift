import Annotations
import Foundation
import Quality
import ReviewStore

/// One run over one or many videos: reader, metrics, rules, store.
public enum Scan {
  /// The version of the tool.
  public static let version = "0.1.0"

  /// Scans videos with their labels and writes values and findings to the store.
  ///
  /// All label files are read and all videos opened before the store is touched, so a wrong input
  /// leaves the store as it was. Scanning a source again replaces its values and findings and keeps
  /// people's decisions; other videos and sources in the store are not touched.
  ///
  /// - Parameters:
  ///   - request: What to read, what to look for, and where to write.
  ///   - progress: Called after every decoded frame, from any thread, never twice at a time.
  /// - Returns: What was read and found.
  /// - Throws: A ``ScanError`` that says in one sentence what is wrong with the call or an input.
  public static func run(
    _ request: ScanRequest, progress: @escaping @Sendable (ScanProgress) -> Void = { _ in }
  ) throws(ScanError) -> ScanSummary {
    try request.check()
    var (inputs, brought) = try VideoInput.inputs(request.videos, requested: request.sources)
    var notes = request.pixelNotes
    for place in inputs.indices { notes += try open(&inputs[place]) }
    let files = try LabelFile.read(request.sources, brought: brought, for: inputs, notes: &notes)
    var plan = try ScanPlan(inputs, files)
    for path in inputs.compactMap(\.path) + files.map(\.path)
    where isStoreFile(path, of: request.store) {
      throw ScanError(
        .call, "\(path) is read by the scan, so it cannot be the store; name another with --store")
    }
    let record = record(of: request, inputs: inputs, files: files)

    let store = try stored { () throws(StoreError) in try ReviewStore.open(path: request.store) }
    let known = try stored { () throws(StoreError) in try store.videos() }
    plan.takeNames(from: known.map(\.info))
    let run = try stored { () throws(StoreError) in try store.beginRun(record) }
    let videos = try scan(plan.videos, request, store: store, run: run, progress: progress)
    try stored { () throws(StoreError) in
      try store.finishRun(run)
      try store.close()
    }
    return ScanSummary(videos: videos, notes: notes + plan.notes, store: request.store)
  }

  // Videos are decoded side by side and written by one; each is judged by the thread that read it.
  private static func scan(
    _ videos: [ScanPlan.Video], _ request: ScanRequest, store: ReviewStore, run: RunID,
    progress: @escaping @Sendable (ScanProgress) -> Void
  ) throws(ScanError) -> [ScanSummary.Video] {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let jobs = min(request.jobs ?? cores, videos.count)
    let queue = StoreQueue()
    let count = ProgressCount(
      videos.map(\.input.name), expected: videos.map(\.input.expectedFrames), report: progress)
    let workers = VideoWorkers<ScanSummary.Video>(count: videos.count)
    return try workers.run(jobs: jobs) { place throws(ScanError) in
      let scan = VideoScan(
        video: videos[place], request: request, store: store, queue: queue, run: run,
        threads: jobs == 1 ? 0 : max(1, cores / jobs))
      let summary = try scan.run { frames in
        count.advance(place, to: frames)
        return !workers.isStopped(place)
      }
      count.finish(place)
      return summary
    }
  }

  private static func open(_ input: inout VideoInput) throws(ScanError) -> [String] {
    do throws(ScanError) { return try input.open() } catch {
      guard let path = input.path, LabelFormats.recognises(path: path) else { throw error }
      throw ScanError(error.code, error.description + "; give labels with --labels")
    }
  }

  private static func record(
    of request: ScanRequest, inputs: [VideoInput], files: [LabelFile]
  ) -> RunInfo {
    func input(_ path: String, _ hash: (String) -> String?) -> RunInfo.Input? {
      guard !isFolder(path), let size = fileSize(path) else { return nil }
      return RunInfo.Input(path: path, size: size, sha256: hash(path))
    }
    let rules = request.runningRules.map { ($0.rule.info.id, $0.settings) }
    let metrics =
      (request.decodesFrames
        ? request.measuredMetrics.map { $0.info } + request.seriesMetrics.map { $0.info } : [])
      + request.trackMetrics.map { $0.info }
    return RunInfo(
      toolVersion: version, arguments: request.arguments,
      inputs: inputs.compactMap { $0.path }.compactMap { input($0, InputHash.ends) }
        + files.compactMap { input($0.path, InputHash.whole) },
      rules: Dictionary(rules) { first, _ in first },
      metrics: Dictionary(metrics.map { ($0.id, [:]) }) { first, _ in first })
  }
}

/// Turns an error of the store into one of the scan.
func stored<R>(_ body: () throws(StoreError) -> R) throws(ScanError) -> R {
  do throws(StoreError) { return try body() } catch {
    throw ScanError(.store, error.description)
  }
}
