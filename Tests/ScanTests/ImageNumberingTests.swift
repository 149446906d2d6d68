import Foundation
import Scan
import Testing

/// Missing numbers are counted by hand.
@Suite struct ImageNumberingTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// Scans a folder of copies of one image.
  private func notes(_ names: [String], as path: String = "frames") throws -> [String] {
    for name in names { try workspace.copyClip("images/frame7.png", as: "frames/\(name)") }
    return try workspace.scan([workspace.file(path)]).notes
  }

  @Test(
    arguments: [
      ["00000.png", "00001.png", "00002.png"],
      ["8.png", "9.png", "10.png", "11.png"],
      ["cam2_0001.png", "cam2_0002.png", "cam2_0003.png"],
      ["1-left.png", "2-left.PNG", "3-left.jpg"],
      ["000.png", "010.png", "020.png"],
      ["t033.png", "t066.png", "t100.png", "t133.png"],
      ["only.png"],
    ])
  func `Names that count without a gap are worth no note`(names: [String]) throws {
    #expect(try notes(names) == [])
  }

  @Test func `Holes in the numbers are told, with the first and their count`() throws {
    let names = [0, 1, 2, 3, 4, 6, 7, 10, 11].map { String(format: "%05d.png", $0) }
    #expect(
      try notes(names) == [
        "frames: the numbers of the images have holes (00005 is missing, 3 in all), and frame k is"
          + " the k-th image"
      ])
  }

  @Test func `One hole among the numbers of a pattern is told too`() throws {
    #expect(
      try notes(["f8.png", "f9.png", "f11.png", "f12.png"], as: "frames/f%d.png") == [
        "f%d.png: the numbers of the images have holes (10 is missing), and frame k is the k-th"
          + " image"
      ])
  }

  @Test func `A hole in every tenth image is a whole step`() throws {
    #expect(
      try notes(["00.png", "10.png", "20.png", "40.png", "50.png"]) == [
        "frames: the numbers of the images have holes (30 is missing), and frame k is the k-th"
          + " image"
      ])
  }

  @Test func `Images that do not belong to the numbering are told`() throws {
    #expect(
      try notes(["1.png", "2.png", "3.png", "notes.png"]) == [
        "frames: notes.png does not belong to the numbering and counts as a frame"
      ])
    #expect(
      try notes(["a.png", "mask_1.png"]) == [
        "frames: a.png and 2 other images do not belong to the numbering and count as frames"
      ])
  }

  @Test func `Two images of one number are told`() throws {
    #expect(
      try notes(["1.png", "2.jpg", "2.png", "3.png"]) == [
        "frames: 2.jpg and 2.png have the same number, and each counts as a frame"
      ])
  }

  @Test func `Names without a numbering are told`() throws {
    #expect(
      try notes(["ant.png", "bee.png", "cat.png"]) == [
        "frames: the names of the images follow no one numbering, and frame k is the k-th image by"
          + " name"
      ])
  }

  @Test func `Numbers too long to count do not end the scan`() throws {
    let long = String(repeating: "9", count: 40)
    #expect(
      try notes(["\(Int.max).png", "0.png", "\(long).png"]) == [
        "frames: \(long).png does not belong to the numbering and counts as a frame"
      ])
  }
}
