import Foundation
import Quality
import ReviewStore
import Scan
import Testing
import Timeline

/// What an encoded clip shows: `black-frozen.mp4` was drawn with a black and a frozen stretch.
struct PixelCasesTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test("a black and a frozen stretch are found to the frame in an H.264 clip")
  func blackAndFrozen() throws {
    // The film moves in frames 0 to 19, is black to 31, moves to 43, shows one picture in frames 44
    // to 58, and moves again. A black picture that stays is a frozen one too.
    let summary = try workspace.scan([workspace.copyClip("black-frozen.mp4")])
    #expect(summary.findings(of: "black-frames").map(\.finding.range) == [FrameRange(20, 32)])
    #expect(
      summary.findings(of: "frozen-frames").map(\.finding.range)
        == [FrameRange(21, 32), FrameRange(45, 59)])
  }

  @Test("what cannot be measured is stored without a number and with a reason")
  func undefinedValues() throws {
    _ = try workspace.scan([workspace.copyClip("black-frozen.mp4")])
    let metrics = try ReviewStore.openExisting(path: workspace.file("store.sqlite"))
      .frameMetrics(ofVideo: "black-frozen.mp4")
    #expect(metrics.count == FrameMetrics.all.count + SeriesMetrics.all.count)
    for (id, values) in metrics {
      #expect(values.count == 64, "\(id)")
      for (frame, value) in values.enumerated() {
        switch value {
        case .value(let number): #expect(number.isFinite, "\(id) \(frame)")
        case .undefined(let reason) where SeriesMetrics.named(id) == nil:
          // The black frames are flat, and a flat frame has no grid of blocks.
          let isFlat = id == "blockiness" && (20..<32).contains(frame)
          let expected = isFlat ? "no detail" : "first frame"
          #expect((isFlat || frame == 0) && reason == expected, "\(id) \(frame)")
        case .undefined(let reason):
          // Shots begin and end at the frames 20 and 32.
          #expect(!reason.isEmpty, "\(id) \(frame)")
        }
      }
    }
  }
}
