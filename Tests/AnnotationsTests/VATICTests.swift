import Annotations
import Foundation
import Testing
import Timeline

struct VATICTests {
  private static let text = """
    1 10 20 40 60 0 0 0 0 "person"
    1 12 20 42 60 1 0 1 1 "person" "walking" "red"
    1 14 20 44 60 2 1 0 1 "person"
    1 14 20 44 60 3 1 0 0 "person"
    1 20 20 50 60 4 0 0 0 "person"
    1 20 20 50 60 5 1 0 0 "person"

    """

  @Test func `lost is absence, generated is interpolated, and names are attributes`() throws {
    let dataset = try LabelText.read(Self.text)
    #expect(dataset.format == "vatic")
    let track = try #require(dataset.videos[0].tracks.first)
    #expect(track.className == "person")
    #expect(track.instances.map(\.frame) == [0, 1, 4])
    #expect(track.absences == [FrameRange(2, 4), FrameRange(5, 6)])
    #expect(track.instances.map(\.origin) == [.human, .interpolated, .human])
    #expect(track.instances.map(\.isKeyFrame) == [true, false, true])
    #expect(track.instances.map(\.visibility) == [.visible, .occluded, .visible])
    #expect(track.instances[1].attributes == ["walking": "true", "red": "true"])
    #expect(
      track.instances[0].shape == .box(Box(left: 10, top: 20, width: 30, height: 40)))
  }

  @Test func `a track that is always lost has absences only`() throws {
    let track = try LabelText.read("7 1 2 3 4 0 1 0 0 \"car\"\n", as: VATIC.self).videos[0].tracks[
      0]
    #expect(track.id == "7" && track.className == "car" && track.instances.isEmpty)
    #expect(track.absences == [FrameRange(0, 1)] && !track.isIgnored)
  }

  @Test(arguments: [
    ("1 10 20 40 60 6 0 0 0", "there are only 9 columns; at least 10 are needed"),
    ("1 10 20 40 60 6 2 0 0 \"a\"", "the lost flag is neither 0 nor 1"),
    ("1 10 20 40 60 -6 0 0 0 \"a\"", "the frame number is negative"),
    ("1 10 20 40 60 6 0 0 0 \"a", "a quote is not closed"),
    ("1 10 inf 40 60 6 0 0 0 \"a\"", "the top edge is not a number"),
    ("1.5 10 20 40 60 6 0 0 0 \"a\"", "the id is not a whole number"),
  ])
  func `a bad row is counted with its line`(row: String, reason: String) throws {
    let dataset = try LabelText.read(Self.text + row + "\n", as: VATIC.self)
    #expect(dataset.report.badRows == [ReadReport.BadRow(line: 7, reason: reason)])
    #expect(
      LabelText.error(row, as: VATIC.self)?.reason
        == "no row can be used as VATIC (\(reason)); name the right format")
  }

  @Test func `what is written has the rows of lost frames again`() throws {
    let file = try LabelText(Self.text)
    defer { file.remove() }
    let out = file.folder.appendingPathComponent("out.txt").path
    _ = try LabelFormats.write(try LabelFormats.read(path: file.path), as: VATIC.self, to: out)
    let lines = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n")
    #expect(
      lines == [
        "1 10 20 40 60 0 0 0 0 \"person\"", "1 12 20 42 60 1 0 1 1 \"person\" \"red\" \"walking\"",
        "1 12 20 42 60 2 1 0 1 \"person\"", "1 12 20 42 60 3 1 0 1 \"person\"",
        "1 20 20 50 60 4 0 0 0 \"person\"", "1 20 20 50 60 5 1 0 1 \"person\"",
      ])
  }

  @Test(
    .enabled(if: RealData.exists, "the folder of real data is missing; see CONTINUITY_DATA"))
  func `the sample of py-motmetrics`() throws {
    let dataset = try LabelFormats.read(path: RealData.path("tud-labels-only/vatic-sample.txt"))
    // Counted by hand: four rows, none lost, three ids.
    #expect(dataset.format == "vatic" && dataset.report.rowCount == 4)
    #expect(dataset.videos[0].tracks.map(\.id) == ["0", "1", "2"])
    #expect(dataset.videos[0].tracks[0].instances.map(\.className) == [nil, "pc"])
    #expect(
      dataset.videos[0].tracks[2].instances[0].attributes == [
        "attr1": "true", "attr2": "true", "attr4": "true",
      ])
  }
}
