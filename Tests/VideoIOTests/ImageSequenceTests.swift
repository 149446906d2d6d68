import Foundation
import Testing
import Timeline
import VideoIO

@Suite struct ImageSequenceTests {
  @Test("Gaps in the numbers are no end, and numbers are ordered by value")
  func gapsAreNoEnd() throws {
    let seen = try SeenVideo(Clips.path("images"))
    #expect(
      seen.info.imageNames
        == ["frame7.png", "frame8.png", "frame9.png", "frame12.png", "frame13.png", "frame20.png"])
    #expect(seen.frames.map(\.ticks) == [0, 1, 2, 3, 4, 5])
    #expect(seen.frames.allSatisfy { $0.isKey && $0.duration == 1 && $0.width == 64 })
    #expect(seen.info.timeBase == TimeBase(1, 25))
  }

  @Test("A pattern takes the numbers of its width, as printf writes them")
  func patternTakesItsWidth() throws {
    let any = try SeenVideo(Clips.path("images/frame%d.png"))
    #expect(any.frames.count == 6)
    let two = try SeenVideo(Clips.path("images/frame%02d.png"))
    #expect(two.info.imageNames == ["frame12.png", "frame13.png", "frame20.png"])
  }

  @Test("A rate that is told sets the clock")
  func rateSetsTheClock() throws {
    let reader = try VideoReader.open(path: Clips.path("images"), imagesPerSecond: 30_000 / 1001.0)
    #expect(reader.info.timeBase == TimeBase(1001, 30_000))
  }

  @Test("One image is a video of one frame")
  func oneImageIsOneFrame() throws {
    let seen = try SeenVideo(Clips.path("image-kinds/06-rgb.bmp"))
    #expect(seen.frames.count == 1)
    #expect(seen.info.codec == "bmp")
  }

  @Test("A damaged image keeps its place as a black frame flagged as corrupt", arguments: [1, 4])
  func damagedImageKeepsItsPlace(threads: Int) throws {
    let folder = try ScratchFolder()
    for (number, image) in [1: "frame7", 3: "frame9", 4: "frame12", 7: "frame20"] {
      try folder.copy("images/\(image).png", as: "00\(number).png")
    }
    _ = try folder.write("002.png", Data("no picture".utf8))
    let sound = try Data(contentsOf: URL(filePath: Clips.path("images/frame8.png")))
    _ = try folder.write("006.png", sound.prefix(20))
    _ = try folder.write("008.png", Data())
    let seen = try SeenVideo(folder.path, threads: threads, keepsLuma: true)
    let whole = try SeenVideo(Clips.path("images"), keepsLuma: true)
    #expect(seen.frames.map(\.index) == Array(0..<7))
    #expect(seen.frames.map(\.isCorrupt) == [false, true, false, false, true, false, true])
    #expect(seen.frames[2].luma == whole.frames[2].luma)
    #expect(seen.frames[5].luma == whole.frames[5].luma)
    #expect(seen.frames[1].luma == [UInt8](repeating: 0, count: 64 * 48))
    #expect(seen.report.rejectedPackets == 3)
    #expect(seen.report.corruptFrames == 3)
  }

  @Test("An image is known by its content where the ending lies")
  func contentBeatsEnding() throws {
    let folder = try ScratchFolder()
    try folder.copy("image-kinds/08-full.jpg", as: "1.png")
    try folder.copy("image-kinds/03-rgb.png", as: "2.jpg")
    let seen = try SeenVideo(folder.path, keepsLuma: true)
    #expect(seen.frames.map { $0.luma.first } == [124, 124])
  }
}
