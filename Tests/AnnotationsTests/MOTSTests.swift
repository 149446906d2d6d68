import Annotations
import Foundation
import Scan
import Testing
import Timeline

/// MOTS as text and as images. Runs are those of pycocotools 2.0.11 for the masks of
/// ``MaskEncodingTests``; pictures are drawn in the test.
@Suite struct MOTSTests {
  private func read(_ text: String, _ options: ReadOptions = ReadOptions()) throws -> Dataset {
    try LabelText.read(text, name: "seq.txt", options)
  }

  @Test("A row is a mask; 10000 is not judged; 1 is car and 2 pedestrian")
  func rows() throws {
    let dataset = try read(
      "0 1001 1 3 5 31200020\n0 10000 10 3 5 ?\n\n1 2001 2 3 5 31200020\r\n2 1001 1 3 5 0?\n")
    let video = dataset.videos[0]
    #expect(dataset.format == "mots" && dataset.dialect == "KITTI-MOTS, frames from 0")
    #expect(video.name == "seq" && video.width == 5 && video.height == 3 && video.base == 0)
    #expect(video.tracks.map(\.id) == ["1001", "2001"])
    #expect(video.tracks.map(\.className) == ["car", "pedestrian"])
    #expect(video.ontology.categories.map(\.sourceID) == ["1", "2"])
    #expect(
      DrawnLabels.rows(video, "1001", 0, width: 5, height: 3) == [".###.", ".....", "....#"])
    #expect(dataset.report.badRows == [.init(line: 2, reason: "the mask is empty")])
    let ignored = try read("0 10000 10 3 5 0?\n").videos[0]
    #expect(ignored.tracks[0].isIgnored && ignored.tracks[0].className == "")
    #expect(ignored.ontology.categories.isEmpty)
  }

  /// The row that the format's own description gives as an example (docs/MOTS-format.txt of
  /// TrackEval); area and box by pycocotools 2.0.11.
  @Test("The example of the format's description")
  func example() throws {
    let video = try read(
      "52 1005 1 375 1242 WSV:2d;1O10000O10000O1O100O100O1O100O1000000000000000O100O102N5K00O1O1N"
        + "2O110OO2O001O1NTga3\n"
    ).videos[0]
    let track = video.tracks[0]
    #expect(track.id == "1005" && track.className == "car")
    // KITTI's size tells that frames count from 0.
    #expect(video.base == 0 && track.instances[0].frame == 52)
    guard case .mask(let mask) = track.instances[0].shape else { return }
    #expect(mask.area == 283)
    #expect(mask.bounds == Box(left: 890, top: 168, width: 41, height: 11))
  }

  @Test("What tells the number of the first frame")
  func base() throws {
    let row = "1 2001 2 3 5 31200020\n"
    #expect(try read(row).videos[0].base == 1)
    #expect(try read("0 2001 2 3 5 31200020\n" + row).videos[0].base == 0)
    #expect(try read(row, ReadOptions(base: 0)).videos[0].base == 0)
    let kitti = "1 2001 2 375 1242 0fjV>\n"
    #expect(try read(kitti).videos[0].base == 0)
    let hint = VideoHint(name: "seq.mp4", width: 1242, height: 375, frameCount: 1)
    #expect(try read(kitti, ReadOptions(videos: [hint])).videos[0].base == 1)
  }

  @Test("Bad rows are told by line and cost nothing else")
  func badRows() throws {
    let report = try read(
      """
      1 2001 2 3 5 31200020
      1 2001 2 3 5
      x 2001 2 3 5 31200020
      1.5 2001 2 3 5 31200020
      -1 2001 2 3 5 31200020
      99999999999 2001 2 3 5 31200020
      1 2001 2 3 5 3120 0020
      1 2001 2 3 5 zzz
      1 2001 2 4 5 31200020
      1 2001 2 9999999 9999999 31200020
      1 2001 2 0 0 0
      """
    ).report
    #expect(report.rowCount == 11)
    #expect(
      report.badRows.map { "\($0.line) \($0.reason)" } == [
        "2 the runs of the mask are missing", "3 the frame number is not a whole number",
        "4 the frame number is not a whole number", "5 the frame number is negative",
        "6 the frame number is too large", "7 the runs of the mask are no text of COCO's code",
        "8 the runs of the mask are no text of COCO's code",
        "9 the runs do not fill a frame of 5x4",
        "10 the runs do not fill a frame of 9999999x9999999",
        "11 the runs do not fill a frame of 0x0",
      ])
  }

  @Test("Files of other formats are not taken for MOTS, nor MOTS for MOT")
  func recognition() throws {
    for text in [
      "1,1,10,20,30,40,1,-1,-1,-1\n", "1 1 10 20 30 40 1\n", "0 1 Car 0 0 -1.57 1 2 3 4\n",
      "text\n",
      "1 2001 2 3 5 3120002\n", "", "\u{FEFF}{}",
    ] {
      #expect(!MOTS.matches(head: Data(text.utf8), path: "x.txt"), "\(text)")
    }
    let row = Data("1 2001 2 3 5 31200020\n".utf8)
    #expect(MOTS.matches(head: row, path: "x.txt"))
    #expect(
      LabelText.error("1 2 3\n4 5 6\n", as: MOTS.self)?.reason
        == "not one row is of MOTS (frame id class height width runs); check the format")
  }

  @Test("A folder of sequences, with seqinfo.ini and labels.txt")
  func folder() throws {
    let labels = try DrawnLabels("1 2001 2 3 5 31200020\n", name: "a/gt/gt.txt")
    try labels.add("a/gt/labels.txt", "dog\ncat\n")
    try labels.add("a/seqinfo.ini", "[Sequence]\nname=A-7\nframeRate=30\nseqLength=9\n")
    try labels.add("b.txt", "0 1 1 3 5 31200020\n")
    let videos = try labels.read().videos
    #expect(videos.map(\.name) == ["A-7", "b"])
    #expect(videos.map(\.base) == [1, 0])
    #expect(videos[0].tracks[0].className == "cat" && videos[0].tracks[0].instances[0].frame == 0)
    #expect(videos[0].frameRate == 30 && videos[0].frameCount == 9)
  }

  private func sample() throws -> Dataset {
    func labels(_ frames: [Int], _ row: String) throws -> [Instance] {
      try frames.map { Instance(frame: $0, shape: .mask(try PixelRows.mask([row]))) }
    }
    return Dataset(
      format: "x",
      videos: [
        VideoAnnotations(
          name: "v.mp4", width: 5, height: 1, frameCount: 3,
          ontology: Ontology(categories: [.init(name: "car"), .init(name: "pedestrian")]),
          tracks: [
            Track(id: "a", className: "pedestrian", instances: try labels([0, 2], "##...")),
            Track(id: "1005", className: "car", instances: try labels([0], "..#..")),
            Track(
              id: "crowd", instances: try labels([2], ".####"),
              attributes: [ReservedAttribute.ignore: "true"]),
          ])
      ])
  }

  @Test("Rows are written by frame, ids tell the class, and car and pedestrian need no labels.txt")
  func written() throws {
    let file = try LabelText("", name: "out.txt")
    defer { file.remove() }
    let losses = try LabelFormats.write(try sample(), as: MOTS.self, to: file.path)
    // Runs by hand: 5 x 1 column by column is left to right.
    #expect(
      try String(contentsOfFile: file.path, encoding: .utf8)
        == "1 2001 2 1 5 023\n1 1005 1 1 5 212\n3 2001 2 1 5 023\n3 10000 10 1 5 23\n")
    #expect(losses.counts[.overlaps] == 1 && losses.counts[.videoName] == 1)
  }

  @Test("Images: value, class names, ignored region, and a value without a class")
  func images() throws {
    let values: [Character: UInt16] = ["a": 1001, "b": 2003, "x": 10_000, "n": 7]
    let labels = try DrawnLabels("dog\ncat\n", name: "instances/labels.txt")
    try labels.grey("instances/frame_000000.png", ["ab."], values)
    try labels.grey("instances/frame_000002.png", ["axn"], values)
    let dataset = try labels.read()
    let video = dataset.videos[0]
    #expect(dataset.format == "mots-png" && video.name == nil && video.base == 0)
    #expect(video.tracks.map(\.id) == ["7", "1001", "2003", "10000"])
    #expect(video.tracks.map(\.className) == ["", "dog", "cat", ""])
    #expect(video.tracks.map(\.isIgnored) == [false, false, false, true])
    #expect(video.annotated == .every(step: 2, in: FrameRange(0, 3)))
  }

  @Test("Images are written from 1 with the layout of Datumaro")
  func writtenImages() throws {
    let folder = try DrawnLabels()
    defer { folder.remove() }
    _ = try LabelFormats.write(
      try sample(), as: MOTSImages.self, to: folder.path + "/out",
      options: WriteOptions(images: FFmpegLabelImages()))
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.path + "/out/instances")
    #expect(names.sorted() == ["000001.png", "000002.png", "000003.png"])
    let image = try FFmpegLabelImages().decode(path: folder.path + "/out/instances/000003.png")
    #expect(image.content == .grey(bits: 16))
    #expect(image.samples == [2001, 2001, 10_000, 10_000, 10_000])
  }
}
