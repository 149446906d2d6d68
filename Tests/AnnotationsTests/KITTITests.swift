import Annotations
import Foundation
import Testing
import Timeline

/// Rows as the readme of the KITTI tracking devkit describes them.
struct KITTITests {
  private static let text = """
    0 -1 DontCare -1 -1 -10.000000 219.310000 188.490000 245.500000 218.560000 -1000.000000 \
    -1000.000000 -1000.000000 -10.000000 -1.000000 -1.000000 -1.000000
    0 0 Van 0 0 -1.793451 296.744956 161.752147 455.226042 292.372804 2.000000 1.823255 4.433886 \
    -4.552284 1.858523 13.410495 -2.115488
    0 2 Pedestrian 1 2 -2.5 10 20.5 30 60.5 1.7 0.5 0.6 1 2 3 -2.1
    1 0 Van 0 3 -10 294.9 156 452.2 284.6 -1 -1 -1 -1000 -1000 -1000 -10 0.75

    """

  @Test func `frames count from 0, corners become sizes, and the 18th column is a score`() throws {
    let dataset = try LabelText.read(Self.text)
    #expect(dataset.format == "kitti")
    #expect(dataset.report.badRowCount == 0)
    let tracks = dataset.videos[0].tracks
    #expect(tracks.map(\.id) == ["#1", "0", "2"])
    let van = tracks[1]
    #expect(van.className == "Van")
    #expect(van.instances.map(\.frame) == [0, 1])
    // 455.226042 - 296.744956 and 292.372804 - 161.752147 by hand.
    #expect(
      van.instances[0].shape
        == .box(Box(left: 296.744956, top: 161.752147, width: 158.481086, height: 130.620657)))
    #expect(van.instances.map(\.confidence) == [nil, 0.75])
    #expect(van.instances.map(\.visibility) == [.visible, .unknown])
  }

  @Test func `DontCare is a region to ignore without identity`() throws {
    let track = try LabelText.read(Self.text).videos[0].tracks[0]
    #expect(track.isIgnored && !track.isTracked)
    #expect(track.className == "DontCare")
    #expect(track.instances[0].attributes == [:])
  }

  @Test func `degrees of occlusion, truncation and metres are kept, fillers are not`() throws {
    let tracks = try LabelText.read(Self.text).videos[0].tracks
    #expect(tracks[2].instances[0].visibility == .occluded)
    #expect(
      tracks[2].instances[0].attributes == [
        "truncated": "1", "occluded": "2", "alpha": "-2.5", "dimensions": "1.7 0.5 0.6",
        "location": "1 2 3", "rotation_y": "-2.1",
      ])
    #expect(tracks[1].instances[1].attributes == [:])
  }

  @Test func `rows of the detection benchmark are refused with a sentence`() {
    let row = "Car 0.00 0 -1.58 587.01 173.33 614.12 200.12 1.65 1.67 3.64 -0.65 1.71 46.7 -1.59\n"
    #expect(KITTI.matches(head: Data(row.utf8), path: "000001.txt"))
    #expect(
      LabelText.error(row, as: KITTI.self)?.reason
        == "this is a row of KITTI's detection benchmark, which has no frame and no track;"
        + " name a file of the tracking benchmark")
  }

  @Test(arguments: [
    ("0 1 Car 0 0 0 1 2 3 4 1 1 1 0 0 0", "there are 16 columns instead of 17 or 18"),
    ("x 1 Car 0 0 0 1 2 3 4 1 1 1 0 0 0 0", "the frame number is not a number"),
    ("-1 1 Car 0 0 0 1 2 3 4 1 1 1 0 0 0 0", "the frame number is negative"),
    ("0 1.5 Car 0 0 0 1 2 3 4 1 1 1 0 0 0 0", "the id is not a whole number"),
    ("99999999 1 Car 0 0 0 1 2 3 4 1 1 1 0 0 0 0", "the frame number is too large"),
    ("0 1 Car 0 0 0 1 2 nan 4 1 1 1 0 0 0 0", "the right edge is not a number"),
    ("0 1 Car 0 0 0 1 2 1e300 4 1 1 1 0 0 0 0", "the right edge is too large"),
  ])
  func `a bad row is counted with its line`(row: String, reason: String) throws {
    let dataset = try LabelText.read(Self.text + row + "\n", as: KITTI.self)
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 5, reason: reason)])
    #expect(dataset.videos[0].instanceCount == 4)
    #expect(
      LabelText.error(row, as: KITTI.self)?.reason
        == "no row can be used as KITTI (\(reason)); name the right format")
  }

  @Test func `what is written is what the benchmark reads`() throws {
    let file = try LabelText(Self.text)
    defer { file.remove() }
    let out = file.folder.appendingPathComponent("out.txt").path
    let losses = try LabelFormats.write(
      try LabelFormats.read(path: file.path), as: KITTI.self, to: out)
    let lines = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n")
    #expect(
      lines[0] == "0 -1 DontCare 0 3 -10 219.31 188.49 245.5 218.56 -1 -1 -1 -1000 -1000 -1000 -10")
    #expect(lines[3].hasPrefix("1 0 Van 0 3 -10 294.9 156 452.2 284.6 -1 -1 -1"))
    #expect(lines[3].hasSuffix(" -10 0.75"))
    #expect(losses.counts[.attributes] == 9)
  }
}
