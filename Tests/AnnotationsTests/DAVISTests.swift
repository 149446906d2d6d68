import Annotations
import Foundation
import Scan
import Testing
import Timeline

/// Palette label images; every picture is drawn in the test.
@Suite struct DAVISTests {
  private let values: [Character: UInt16] = ["1": 1, "2": 2, "v": 255]

  @Test("A value is an object of the clip, 255 is void, and frames with an image are annotated")
  func oneFolder() throws {
    let labels = try DrawnLabels()
    try labels.palette("schoolgirls/00000.png", ["11..", "..2."], values)
    try labels.palette("schoolgirls/00005.png", [".11.", "...."], values)
    try labels.palette("schoolgirls/00010.png", ["....", "..vv"], values)
    let dataset = try labels.read("schoolgirls", ReadOptions(kind: .predictions))
    let video = dataset.videos[0]
    #expect(dataset.format == "davis" && dataset.videos.count == 1)
    #expect(dataset.report.badRowCount == 0 && dataset.report.rowCount == 4)
    #expect(video.name == "schoolgirls" && video.width == 4 && video.height == 2)
    #expect(video.base == 0 && video.annotated == .every(step: 5, in: FrameRange(0, 11)))
    #expect(video.tracks.map(\.id) == ["1", "2", "255"])
    #expect(video.tracks.map(\.isIgnored) == [false, false, true])
    #expect(video.tracks[0].instances.map(\.frame) == [0, 5])
    #expect(video.tracks.allSatisfy { $0.instances.allSatisfy { $0.origin == .model } })
    #expect(DrawnLabels.rows(video, "1", 5, width: 4, height: 2) == [".##.", "...."])
    #expect(video.tracks[1].presence(at: 5, annotated: video.annotated) == nil)
    #expect(video.tracks[1].presence(at: 3, annotated: video.annotated) == .unknown)
  }

  @Test("YouTube-VOS: several videos, classes from meta.json, frames beside the labels")
  func youTubeVOS() throws {
    let labels = try DrawnLabels(
      #"{"videos": {"a1": {"objects": {"1": {"category": "sedan", "frames": ["00000"]}, "2":"#
        + #" {"category": "ape", "frames": []}}}, "b2": {"objects": {"1": {"category": "cat"}}}}}"#,
      name: "train/meta.json")
    try labels.palette("train/Annotations/a1/00000.png", ["12"], values)
    try labels.palette("train/Annotations/b2/00000.png", ["1."], values)
    try labels.palette("train/Annotations/b2/00005.png", [".1"], values)
    try labels.grey("train/JPEGImages/a1/00000.png", ["12"], values, bits: 8)
    let videos = try labels.read("train").videos
    #expect(videos.map(\.name) == ["a1", "b2"])
    #expect(videos[0].tracks.map(\.className) == ["sedan", "ape"])
    #expect(videos[0].ontology.categories.map(\.name) == ["ape", "sedan"])
    #expect(videos[1].tracks.map(\.className) == ["cat"])
    #expect(videos[1].tracks[0].instances.map(\.frame) == [0, 5])
  }

  @Test("Another size within a clip is noted and costs nothing")
  func sizes() throws {
    let labels = try DrawnLabels()
    try labels.palette("judo/00000.png", ["11.."], values)
    try labels.palette("judo/00001.png", ["11."], values)
    try labels.palette("judo/00002.png", ["11.."], values)
    let dataset = try labels.read("judo")
    #expect(dataset.videos[0].width == 4 && dataset.videos[0].instanceCount == 3)
    #expect(
      dataset.report.notes == [
        "1 of 3 label images are not 4x1 as the others; the first is 00001.png with 3x1"
      ])
  }

  @Test("Names that count from 1 without a gap begin at 1, sparse ones at 0")
  func base() throws {
    func base(_ numbers: [Int], _ options: ReadOptions = ReadOptions()) throws -> Int {
      let labels = try DrawnLabels()
      for number in numbers { try labels.palette("v/frame_\(number).png", ["1"], values) }
      return try labels.read("v", options).videos[0].base
    }
    #expect(try base([1, 2, 3]) == 1)
    #expect(try base([5, 10]) == 0)
    #expect(try base([1, 6]) == 0)
    #expect(try base([1, 6], ReadOptions(base: 1)) == 1)
    let hint = VideoHint(name: "v.mp4", width: 1, height: 1, frameCount: 6)
    #expect(try base([1, 6], ReadOptions(videos: [hint])) == 1)
  }

  @Test("Images that cannot be read cost only themselves")
  func damage() throws {
    let labels = try DrawnLabels()
    try labels.palette("v/00000.png", ["1"], values)
    try labels.palette("v/0.png", ["1"], values)
    try labels.palette("v/last.png", ["1"], values)
    try labels.palette("v/99999999999999999999.png", ["1"], values)
    try labels.add("v/00001.png", Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 1, 2, 3]))
    try labels.add("v/00002.png", "text")
    let report = try labels.read("v", as: "davis").report
    #expect(report.badRowCount == 5)
    #expect(
      report.badRows.map(\.reason) == [
        "99999999999999999999.png has no frame number of its own in its name",
        "last.png has no frame number of its own in its name",
        "00000.png has no frame number of its own in its name",
        "00001.png: the picture is damaged, cut off or stored in a way that FFmpeg does not read; "
          + "export it again, label images as PNG or TIFF of 8 or 16 bits",
        "00002.png: the content is no PNG, TIFF, JPEG, BMP or WebP picture; check the file",
      ])
  }

  @Test("Grey pictures are read when the format is named, colours lost are told")
  func otherPictures() throws {
    let grey = try DrawnLabels()
    try grey.grey("v/0.png", ["12"], values, bits: 8)
    #expect(try LabelFormats.recognised(path: grey.path + "/v") == nil)
    #expect(try grey.read("v", as: "davis").videos[0].tracks.count == 2)
    let colour = try DrawnLabels()
    let picture = LabelImage(width: 1, height: 1, content: .color, samples: [], colors: [0xFF0000])
    try colour.add("v/0.png", FFmpegLabelImages().encodePNG(picture, path: ""))
    #expect(
      colour.error("v", as: "davis")
        == "the picture is in colours, in which the ids of objects are lost")
  }

  @Test("Noise made to fill the memory is refused")
  func noise() throws {
    let side = 2050
    let image = LabelImage(
      width: side, height: side, content: .palette([0xFF, 0xFF]),
      samples: Array(repeatElement((0..<side).map { UInt16($0 & 1) }, count: side).joined()))
    let labels = try DrawnLabels()
    try labels.add("v/0.png", FFmpegLabelImages().encodePNG(image, path: ""))
    #expect(
      labels.error("v")
        == "the picture is noise of more than 2097152 pieces, no label image")
  }

  @Test("A damaged meta.json costs the classes only")
  func damagedMeta() throws {
    for text in [#"{"videos": {"v": {"objects": {"1": {"category": "c"#, "[]", "{\"videos\": 7}"] {
      let labels = try DrawnLabels(text, name: "meta.json")
      try labels.palette("Annotations/v/00000.png", ["1"], values)
      let video = try labels.read().videos[0]
      #expect(video.tracks.map(\.className) == [""])
    }
  }

  @Test("Without images, and without a decoder, one sentence says what is missing")
  func nothing() throws {
    #expect(
      try DrawnLabels().error(as: "davis")
        == "the folder holds no PNG files with numbers in their names")
    let labels = try DrawnLabels()
    try labels.palette("v/0.png", ["1"], values)
    defer { labels.remove() }
    let error = #expect(throws: LabelError.self) {
      try LabelFormats.read(path: labels.path + "/v", format: "davis")
    }
    #expect(error?.reason == "these labels are images, and nothing here decodes them")
  }

  @Test("Ignored tracks become void below the others, and classes the layout of YouTube-VOS")
  func written() throws {
    func mask(_ rows: [String]) throws -> Shape { .mask(try PixelRows.mask(rows)) }
    let tracks = [
      Track(
        id: "3", className: "cat", instances: [Instance(frame: 1, shape: try mask(["##.."]))]),
      Track(
        id: "9", instances: [Instance(frame: 1, shape: try mask([".###"]))],
        attributes: [ReservedAttribute.ignore: "true"]),
    ]
    let video = VideoAnnotations(
      name: "v.mp4", width: 4, height: 1, frameCount: 2, tracks: tracks)
    let labels = try DrawnLabels()
    defer { labels.remove() }
    let path = labels.path + "/out"
    let losses = try LabelFormats.write(
      Dataset(format: "x", videos: [video]), as: DAVIS.self, to: path,
      options: WriteOptions(images: FFmpegLabelImages()))
    #expect(losses.counts[.overlaps] == 1)
    #expect(
      try String(contentsOfFile: path + "/meta.json", encoding: .utf8)
        == #"{"videos":{"out":{"objects":{"3":{"category":"cat","frames":["00001"]}}}}}"# + "\n")
    let image = try FFmpegLabelImages().decode(path: path + "/Annotations/out/00001.png")
    #expect(image.samples == [3, 3, 255, 255])
    let empty = try FFmpegLabelImages().decode(path: path + "/Annotations/out/00000.png")
    #expect(empty.samples == [0, 0, 0, 0])
  }

  /// The colours are those of real masks.
  @Test("The palette is that of DAVIS", .enabled(if: RealData.exists))
  func palette() throws {
    let images = FFmpegLabelImages()
    let path = RealData.path("davis-judo/prompt_masks/00000.png")
    guard case .palette(let real) = try images.decode(path: path).content else {
      Issue.record("no palette")
      return
    }
    let labels = try DrawnLabels()
    defer { labels.remove() }
    let mask = try PixelRows.mask(["#"])
    let video = VideoAnnotations(
      width: 1, height: 1, frameCount: 1,
      tracks: [Track(id: "1", instances: [Instance(frame: 0, shape: .mask(mask))])])
    _ = try LabelFormats.write(
      Dataset(format: "x", videos: [video]), as: DAVIS.self, to: labels.path + "/out",
      options: WriteOptions(images: images))
    guard
      case .palette(let written) = try images.decode(path: labels.path + "/out/00000.png").content
    else {
      Issue.record("no palette")
      return
    }
    #expect(written == real)
  }
}
