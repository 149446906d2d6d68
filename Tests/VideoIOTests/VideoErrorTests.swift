import Foundation
import Testing
import VideoIO

/// Whatever is no video is refused in one sentence that names the path.
@Suite struct VideoErrorTests {
  private func error(_ path: String) throws -> VideoError {
    do {
      _ = try FrameScanner.scan(path: path)
    } catch {
      #expect(error.path == path)
      #expect(error.description.hasPrefix(path + ": "))
      #expect(!error.description.contains("\n") && !error.reason.hasSuffix("."))
      return error
    }
    Issue.record("\(path) was read as a video")
    throw CancellationError()
  }

  @Test("A missing file") func missingFile() throws {
    #expect(try error(Clips.path("missing.mp4")).code == .notFound)
    #expect(try error("").code == .notFound)
    #expect(try error("http://localhost/clip.mp4").code == .notFound)
  }

  @Test("A folder without images") func folderWithoutImages() throws {
    let folder = try ScratchFolder()
    _ = try folder.write("notes.txt", Data("no images here".utf8))
    #expect(try error(folder.path).code == .noImages)
  }

  @Test("A pattern that fits no image") func patternWithoutImages() throws {
    #expect(try error(Clips.path("images/frame%05d.png")).code == .noImages)
  }

  @Test("An empty file") func emptyFile() throws {
    let folder = try ScratchFolder()
    #expect(try error(try folder.write("clip.mp4", Data())).code == .notAVideo)
  }

  @Test("Text, whatever its ending", arguments: ["clip.mp4", "clip.txt", "clip.avi", "clip.nfo"])
  func text(name: String) throws {
    let folder = try ScratchFolder()
    let text = Data(String(repeating: "1,2,794,247,71,174,1,-1,-1,-1\n", count: 400).utf8)
    #expect(try error(try folder.write(name, text)).code == .notAVideo)
  }

  @Test("A play list is not followed") func playList() throws {
    let folder = try ScratchFolder()
    let list = Data("ffconcat version 1.0\nfile '\(Clips.path("one-frame.mp4"))'\n".utf8)
    #expect(try error(try folder.write("list.ffconcat", list)).code == .notAVideo)
    let hls = Data("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\na.ts\n#EXT-X-ENDLIST\n".utf8)
    #expect(try error(try folder.write("list.m3u8", hls)).code == .notAVideo)
  }

  @Test("Text that calls itself an image") func textAsImage() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("1.png", Data("no picture".utf8))
    #expect(try error(path).code == .nothingDecoded)
  }

  @Test("Sound without pictures, and sound with a cover picture")
  func noVideoStream() throws {
    for name in ["audio-only.flac", "audio-cover.flac"] {
      #expect(try error(Clips.path(name)).code == .noVideoStream)
    }
  }

  @Test("A pipe, which would be waited for, also behind a link")
  func pipe() throws {
    let folder = try ScratchFolder()
    let (path, link) = ("\(folder.path)/pipe", "\(folder.path)/link.mp4")
    #expect(mkfifo(path, 0o600) == 0)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    for name in [path, link] { #expect(try error(name).code == .notAVideo) }
  }

  @Test("A film whose index was cut off with the end of the file")
  func cutIndex() throws {
    let folder = try ScratchFolder()
    // vfr.mp4 has its index at the end.
    let movie = try Data(contentsOf: URL(filePath: Clips.path("vfr.mp4")))
    let error = try error(try folder.write("clip.mp4", movie.prefix(movie.count / 2)))
    #expect(error.code == .notAVideo)
    #expect(error.ffmpegCode != nil)
  }

  @Test("A frame in an error is named")
  func frameIsNamed() {
    let error = VideoError(.tooManyErrors, path: "clip.mp4", frame: 412, reason: "it broke")
    #expect(error.description == "clip.mp4, frame 412: it broke")
  }
}
