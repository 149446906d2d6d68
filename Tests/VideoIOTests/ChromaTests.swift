import Foundation
import Testing
import VideoIO

/// Colour planes of every kind of layout against the samples that the program ffmpeg keeps.
@Suite(.enabled(if: FFmpegPrograms.areThere, "needs the programs ffmpeg and ffprobe"))
struct ChromaTests {
  static let formats = [
    "yuv420p", "yuv422p", "yuv444p", "yuva420p", "yuv420p10le", "yuv444p12le", "nv12", "nv21",
  ]

  @Test("Planar, interleaved and deep colour is lent as 8-bit planes", arguments: formats)
  func planesOfEveryLayout(format: String) throws {
    let folder = try ScratchFolder()
    let (clip, raw) = ("\(folder.path)/clip.nut", "\(folder.path)/clip.raw")
    // Odd sizes round up, and raw video keeps every sample.
    let drawn =
      "testsrc2=size=52x38:rate=5:duration=0.2,format=yuv444p,crop=51:37,format=\(format)"
    for (codec, path) in [("nut", clip), ("rawvideo", raw)] {
      try FFmpegPrograms.run(
        "ffmpeg",
        ["-v", "error", "-f", "lavfi", "-i", drawn, "-c:v", "rawvideo", "-f", codec, path])
    }
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: raw)))
    let depth = format.contains("p10") ? 10 : format.contains("p12") ? 12 : 8
    let width = format.contains("444") ? 51 : 26
    let height = format.contains("420") || format.hasPrefix("nv") ? 19 : 37
    let size = depth > 8 ? 2 : 1
    func sample(_ plane: Int, _ place: Int) -> UInt8 {
      let start = 51 * 37 * size
      if format.hasPrefix("nv") {
        return bytes[start + 2 * place + (format == "nv12" ? plane : 1 - plane)]
      }
      let at = start + (plane * width * height + place) * size
      return size == 1
        ? bytes[at] : UInt8((Int(bytes[at]) | Int(bytes[at + 1]) << 8) >> (depth - 8))
    }
    let seen = try Colours(ofFirstFrameIn: clip)
    #expect(seen.width == width && seen.height == height)
    #expect(seen.u == (0..<width * height).map { sample(0, $0) })
    #expect(seen.v == (0..<width * height).map { sample(1, $0) })
  }

  @Test("Red becomes planes of BT.601 in full range; grey has none")
  func colours() throws {
    let folder = try ScratchFolder()
    let (red, grey) = ("\(folder.path)/red.png", "\(folder.path)/grey.png")
    for (path, colour) in [(red, "c=0xFF0000,format=rgb24"), (grey, "c=gray,format=gray")] {
      try FFmpegPrograms.run(
        "ffmpeg",
        ["-v", "error", "-f", "lavfi", "-i", "color=s=20x10:\(colour)", "-frames:v", "1", path])
    }
    // By hand: U = 128 - 0.168736 * 255 = 84.97, V = 128 + 0.5 * 255 = 255.5.
    let seen = try Colours(ofFirstFrameIn: red)
    #expect(seen.width == 20 && seen.height == 10 && seen.isFullRange)
    #expect(seen.u.allSatisfy { abs(Int($0) - 85) <= 1 })
    #expect(seen.v.allSatisfy { $0 >= 254 })
    #expect(try Colours(ofFirstFrameIn: grey).width == 0)
  }

  // libswscale writes whole vectors: rows without room behind them ran into the next plane.
  @Test("The colours of a picture of a few columns are its own", arguments: 1...8)
  func narrowPictures(width: Int) throws {
    let folder = try ScratchFolder()
    let path = "\(folder.path)/narrow.png"
    try FFmpegPrograms.run(
      "ffmpeg",
      [
        "-v", "error", "-f", "lavfi", "-i", "color=s=\(width)x9:c=0xFF0000,format=rgb24",
        "-frames:v", "1", path,
      ])
    let seen = try Colours(ofFirstFrameIn: path)
    #expect(seen.u.count == 9 * width && seen.u.allSatisfy { abs(Int($0) - 85) <= 1 })
    #expect(seen.v.count == 9 * width && seen.v.allSatisfy { $0 >= 254 })
  }
}

/// The colour of a frame.
private struct Colours {
  var width = 0
  var height = 0
  var isFullRange = false
  var u: [UInt8] = []
  var v: [UInt8] = []

  init(ofFirstFrameIn path: String) throws {
    var reader = try VideoReader.open(path: path)
    guard let frame = try reader.next() else { return }
    frame.withChroma { planes in
      (width, height, isFullRange) = (planes.width, planes.height, planes.isFullRange)
      planes.withUnsafeSamples { u, strideU, v, strideV in
        for y in 0..<planes.height {
          for x in 0..<planes.width {
            self.u.append(u[y * strideU + x])
            self.v.append(v[y * strideV + x])
          }
        }
      }
    }
  }
}
