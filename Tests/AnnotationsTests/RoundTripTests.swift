import Annotations
import Foundation
import HDF5
import Scan
import Testing
import Timeline

/// What a format writes, it reads back: equal to the labels minus what the format says it loses.
@Suite struct RoundTripTests {
  /// Every format that can be written; those in HDF5 only where this build has libhdf5.
  static let formats = LabelFormats.writable.map { $0.id }
    .filter { HDF5File.isAvailable || !["slp", "sleap-h5"].contains($0) }

  static func format(_ id: String) throws -> any WritableFormat.Type {
    try #require(LabelFormats.writable.first { $0.id == id })
  }

  /// Hints of the generated videos, for formats that leave the size out.
  static let hints = ["clip.mp4", "other.mp4"].map {
    VideoHint(
      name: $0, width: SampleLabels.width, height: SampleLabels.height, frameCount: 24,
      frameRate: 25, frameTimes: { (0..<24).map { Double($0) / 25 } })
  }

  static func options(for dataset: Dataset) -> ReadOptions {
    ReadOptions(videos: Array(hints.prefix(max(1, dataset.videos.count))), images: labelImages)
  }

  /// Writes labels, reads them back, and lists the differences.
  static func differences(_ dataset: Dataset, _ id: String) throws -> [String] {
    let format = try format(id)
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("round-trip-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let name =
      if case .file(let ending) = format.capabilities.output { "clip." + ending } else { "clip" }
    let path = folder.appendingPathComponent(name).path
    let losses = try LabelFormats.write(
      dataset, as: format, to: path, options: WriteOptions(images: labelImages))
    // What a writer itself says it lost of an aspect that the format carries is not compared.
    var carried = format.capabilities
    carried.aspects.subtract(losses.counts.keys)
    let recognised = try LabelFormats.recognised(path: path)
    let found = recognised.map { $0.id } ?? "nothing"
    let read = try format.read(path: path, options: options(for: dataset))
    var lines = LabelDifference(
      dataset.reduced(to: format.capabilities).dataset, read, carried
    ).lines
    if found != id { lines.append("the content is recognised as \(found)") }
    if read.report.badRowCount > 0 { lines.append("bad rows: \(read.report.badRows.prefix(3))") }
    return lines
  }

  @Test("Labels with every kind of shape", arguments: formats)
  func everything(id: String) throws {
    for seed in 1...4 {
      var sample = SampleLabels(seed: UInt64(seed))
      let dataset = Dataset(format: "sample", videos: [sample.video()])
      #expect(try Self.differences(dataset, id) == [], "seed \(seed)")
    }
  }

  @Test("Labels with boxes only", arguments: formats)
  func boxes(id: String) throws {
    guard try Self.format(id).capabilities.shapes.contains(.box) else { return }
    for seed in 11...14 {
      var sample = SampleLabels(seed: UInt64(seed))
      let dataset = Dataset(format: "sample", videos: [sample.video(kinds: [.box])])
      #expect(try Self.differences(dataset, id) == [], "seed \(seed)")
    }
  }

  @Test("Labels of two videos in one file", arguments: formats)
  func twoVideos(id: String) throws {
    guard try Self.format(id).capabilities.holdsManyVideos else { return }
    var sample = SampleLabels(seed: 21)
    let dataset = Dataset(
      format: "sample", videos: [sample.video(), sample.video(trackCount: 3, name: "other.mp4")])
    #expect(try Self.differences(dataset, id) == [])
  }

  @Test("Writing twice gives the same bytes", arguments: formats)
  func sameBytes(id: String) throws {
    let format = try Self.format(id)
    guard case .file = format.capabilities.output else { return }
    var sample = SampleLabels(seed: 31)
    let dataset = Dataset(format: "sample", videos: [sample.video()])
    let written = try (0..<2).map { _ in
      let file = try LabelText("", name: "out")
      defer { file.remove() }
      _ = try LabelFormats.write(
        dataset, as: format, to: file.path, options: WriteOptions(images: labelImages))
      return try Data(contentsOf: URL(fileURLWithPath: file.path))
    }
    #expect(written[0] == written[1])
  }
}

/// The decoder of label images that tests use.
let labelImages: (any LabelImages)? = FFmpegLabelImages()
