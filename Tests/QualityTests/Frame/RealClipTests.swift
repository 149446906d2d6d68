import Quality
import Testing
import Timeline
import VideoIO

/// Real clips; the folder that holds them is named by CONTINUITY_DATA.
@Suite struct RealClipTests {
  static let pets = "pets09-s2l1/vtest.avi"
  static let flies = "sleap-flies-clip/clip.mp4"

  @Test(
    "values equal ffmpeg's signalstats and scdet",
    .enabled(if: RealData.has(pets), "vtest.avi is in the folder that CONTINUITY_DATA names"))
  func equalsFFmpeg() throws {
    // ffmpeg 5.1 -vf signalstats,scdet: frame, YDIF, lavfi.scd.score.
    let expected: [(Int, Double, Double)] = [
      (1, 2.39474, 0.935), (2, 2.58701, 0.075), (50, 2.58295, 0.391), (119, 1.61867, 0.006),
    ]
    let facts = try RealData.facts(
      of: Self.pets, frames: 120, metrics: FrameMetrics.onRequest)
    for (frame, difference, score) in expected {
      let measured = try #require(facts.metrics["frame-difference-raw"]?[frame].number)
      #expect(abs(measured * 219 / 255 - difference) < 0.00001)
      let cut = try #require(facts.metrics["scene-cut-raw"]?[frame].number)
      #expect(abs(cut - score) <= 0.0005)
    }
  }

  @Test(
    "a surveillance clip is neither frozen nor black, and has no cut",
    .enabled(if: RealData.has(pets), "vtest.avi is in the folder that CONTINUITY_DATA names"))
  func surveillance() throws {
    let facts = try RealData.facts(of: Self.pets)
    #expect(facts.metrics["frozen"]?.count == 795)
    #expect(facts.metrics["frozen"]?.dropFirst().allSatisfy { $0.number == 0 } == true)
    #expect(facts.cuts.isEmpty)
    #expect(try findings(facts).isEmpty)
  }

  @Test(
    "dark pictures of small animals under a fixed camera are neither frozen nor black",
    .enabled(if: RealData.has(flies), "the clips are in the folder that CONTINUITY_DATA names"),
    arguments: [flies, "dreem-two-flies/two_flies.mp4", "dreem-two-flies/single_fly.mp4"])
  func smallAnimals(clip: String) throws {
    #expect(try findings(RealData.facts(of: clip)).isEmpty)
  }

  private func findings(_ facts: VideoFacts) throws -> [Finding] {
    let input = RuleInput(video: facts)
    return BlackFrames.findings(in: input, settings: RuleSettings(BlackFrames.info))
      + FrozenFrames.findings(in: input, settings: RuleSettings(FrozenFrames.info))
  }
}
