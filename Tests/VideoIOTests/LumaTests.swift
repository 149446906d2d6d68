import Testing
import VideoIO

/// Brightness of every kind of pixel, against values known from how the clips were drawn.
@Suite struct LumaTests {
  @Test("Ten bits are shifted down to eight")
  func tenBitsAreShiftedDown() throws {
    let seen = try SeenVideo(Clips.path("ten-bit-full.mkv"), keepsLuma: true)
    // tools/fixtures/clips.py draws min(1023, 4x + k) in column x of frame k, without loss.
    for (k, frame) in seen.frames.enumerated() {
      let row = (0..<256).map { UInt8(min(1023, 4 * $0 + k) >> 2) }
      #expect(Array(frame.luma[0..<256]) == row)
      #expect(Array(frame.luma[(63 * 256)...]) == row)
    }
    #expect(seen.info.bitDepth == 10)
    #expect(seen.info.isFullRange)
    #expect(seen.frames.allSatisfy { $0.isFullRange })
  }

  @Test("Images of every kind give the grey that OpenCV and Pillow give")
  func imagesOfEveryKind() throws {
    let seen = try SeenVideo(Clips.path("image-kinds"), keepsLuma: true)
    // 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2; the 16-bit image holds 100 * 256 + 200.
    let expected: [UInt8] = [100, 100, 124, 124, 124, 124, 100, 124]
    #expect(seen.frames.count == expected.count)
    for (frame, value) in zip(seen.frames, expected) {
      #expect(frame.luma.count == 33 * 17)
      // libswscale rounds a palette's entries once more.
      #expect(frame.luma.allSatisfy { abs(Int($0) - Int(value)) <= 1 })
      #expect(frame.isFullRange)
    }
  }

  @Test("A picture of odd size has all its columns and rows")
  func oddSizeIsWhole() throws {
    let seen = try SeenVideo(Clips.path("odd-size.mkv"), keepsLuma: true)
    #expect(seen.frames.count == 30)
    #expect(seen.frames.allSatisfy { $0.luma.count == 161 * 121 })
  }

  @Test("Black of limited range is 16, as stored")
  func blackIsSixteen() throws {
    let seen = try SeenVideo(Clips.path("black-frozen.mp4"), keepsLuma: true)
    for frame in seen.frames[20..<32] { #expect(frame.luma.allSatisfy { abs(Int($0) - 16) <= 1 }) }
    #expect(!seen.info.isFullRange)
  }
}
