import Annotations
import Foundation
import Quality
import ReviewStore
import VideoIO

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
  ///   - progress: Called after every decoded frame.
  /// - Returns: What was read and found.
  /// - Throws: A ``ScanError`` that says in one sentence what is wrong with the call or an input.
  public static func run(
    _ request: ScanRequest, progress: (ScanProgress) -> Void = { _ in }
  ) throws(ScanError) -> ScanSummary {
    try request.check()
    let (inputs, brought) = try VideoInput.inputs(request.videos, requested: request.sources)
    for input in inputs { try open(input) }
    var notes: [String] = []
    let files = try LabelFile.read(request.sources, brought: brought, for: inputs, notes: &notes)
    var plan = try ScanPlan(inputs, files)
    notes += plan.notes

    do throws(StoreError) {
      let store = try ReviewStore.open(path: request.store)
      let run = try store.beginRun(record(of: request, inputs: inputs, files: files))
      var videos: [ScanSummary.Video] = []
      while !plan.videos.isEmpty {
        let scan = VideoScan(video: plan.videos.removeFirst(), request: request)
        videos.append(try scan.run(into: store, run: run, progress: progress))
      }
      try store.finishRun(run)
      try store.close()
      return ScanSummary(videos: videos, notes: notes, store: request.store)
    } catch {
      throw ScanError(.store, error.description)
    }
  }
}
