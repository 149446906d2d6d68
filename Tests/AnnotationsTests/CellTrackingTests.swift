import Annotations
import Foundation
import Scan
import Testing
import Timeline

/// Label images with a track table; every picture is drawn in the test.
@Suite struct CellTrackingTests {
  private let values: [Character: UInt16] = ["1": 1, "2": 2, "3": 3, "m": 65_535]

  @Test("Parents, gaps between rows, and silence within a row")
  func table() throws {
    let labels = try DrawnLabels(
      "1 0 0 0\n1 2 2 0\n2 0 2 0\r\n\n3 1 2 1\n65535 2 2 3\n", name: "01_GT/TRA/man_track.txt")
    try labels.grey("01_GT/TRA/man_track000.tif", ["11.2"], values)
    try labels.grey("01_GT/TRA/man_track001.tif", ["33.."], values)
    try labels.grey("01_GT/TRA/man_track002.tif", ["132m"], values)
    let dataset = try labels.read()
    let video = dataset.videos[0]
    #expect(dataset.format == "ctc" && video.name == "01" && video.base == 0)
    #expect(video.width == 4 && video.height == 1)
    #expect(video.annotated == .every(step: 1, in: FrameRange(0, 3)))
    #expect(video.tracks.map(\.id) == ["1", "2", "3", "65535"])
    #expect(video.tracks.map { $0.attributes["parent"] } == [nil, nil, "1", "3"])
    #expect(video.tracks[0].absences == [FrameRange(1, 2)])
    #expect(video.tracks[0].presence(at: 1, annotated: video.annotated) == .absent)
    #expect(video.tracks[1].absences.isEmpty)
    #expect(video.tracks[1].presence(at: 1, annotated: video.annotated) == nil)
    #expect(dataset.report.badRowCount == 0)
    #expect(
      dataset.report.notes == [
        "01_GT/TRA/man_track.txt has 1 ids in frames whose image lacks them; the first is id 2 in"
          + " frame 1"
      ])
  }

  @Test("Where table and images disagree the images count, and it is reported")
  func disagreement() throws {
    let labels = try DrawnLabels("1 0 0 0\n3 0 1 0\n", name: "res_track.txt")
    try labels.grey("mask000.png", ["12"], values)
    try labels.grey("mask001.png", ["12"], values)
    let dataset = try labels.read()
    #expect(dataset.videos[0].tracks.map { $0.instances.count } == [2, 2])
    #expect(
      dataset.report.badRows == [
        .init(line: 1, reason: "id 1 is in the images, not in the table in frame 1"),
        .init(
          line: 0, reason: "the images have id 2 in 2 frames, res_track.txt does not have it"),
        .init(line: 2, reason: "no image has id 3"),
      ])
  }

  @Test("Bad rows of the table are told by line")
  func badRows() throws {
    let labels = try DrawnLabels(
      """
      1 0 0
      a 0 0 0
      0 0 0 0
      70000 0 0 0
      1 3 2 0
      1 0 999999999999 0
      1 0 9223372036854775808 0
      1 0 0 -1
      1 0 0 0
      """, name: "man_track.txt")
    try labels.grey("t0.tif", ["1"], values)
    let report = try labels.read().report
    #expect(
      report.badRows.map { "\($0.line) \($0.reason)" } == [
        "1 a row has four whole numbers: id, first, last, parent",
        "2 a row has four whole numbers: id, first, last, parent",
        "3 the id is not within 1 to 65535", "4 the id is not within 1 to 65535",
        "5 the last frame lies before the first",
        "6 the first or the last frame is out of range",
        "7 a row has four whole numbers: id, first, last, parent",
        "8 the parent is not within 0 to 65535",
      ])
  }

  @Test("Damaged and missing images, and pictures in colours")
  func damage() throws {
    let labels = try DrawnLabels("1 0 0 0\n", name: "man_track.txt")
    try labels.add("t0.tif", Data("II*\0".utf8) + Data(repeating: 255, count: 40))
    #expect(
      labels.error()
        == "the picture is damaged, cut off or stored in a way that FFmpeg does not read; "
        + "export it again, label images as PNG or TIFF of 8 or 16 bits")
    let none = try DrawnLabels("1 0 0 0\n", name: "man_track.txt")
    #expect(
      none.error(as: "ctc")
        == "no folder here holds man_track.txt or res_track.txt beside numbered images")
    let palette = try DrawnLabels("1 0 0 0\n", name: "man_track.txt")
    try palette.palette("t0.png", ["1"], values)
    #expect(palette.error() == "the picture is not grey, so that its values are no ids")
  }

  @Test("A row a stretch is written, and the parent keeps its number")
  func written() throws {
    func labels(_ frames: [Int], _ place: Int) throws -> [Instance] {
      let row = String((0..<3).map { $0 == place ? "#" as Character : "." })
      return try frames.map { Instance(frame: $0, shape: .mask(try PixelRows.mask([row]))) }
    }
    let video = VideoAnnotations(
      width: 3, height: 1, frameCount: 5,
      tracks: [
        Track(id: "mother", instances: try labels([0, 1, 4], 0), absences: [FrameRange(2, 4)]),
        Track(
          id: "daughter", instances: try labels([2, 4], 1),
          attributes: [ReservedAttribute.parent: "mother"]),
      ])
    let folder = try DrawnLabels()
    defer { folder.remove() }
    _ = try LabelFormats.write(
      Dataset(format: "x", videos: [video]), as: CellTracking.self, to: folder.path + "/out",
      options: WriteOptions(images: FFmpegLabelImages()))
    #expect(
      try String(contentsOfFile: folder.path + "/out/man_track.txt", encoding: .utf8)
        == "1 0 1 0\n1 4 4 0\n2 2 4 1\n")
    let image = try FFmpegLabelImages().decode(path: folder.path + "/out/man_track004.tif")
    #expect(image.content == .grey(bits: 16) && image.samples == [1, 2, 0])
  }
}
