import Quality
import Testing

/// A textured scene with a moving square, and repeats of it as a codec would change them.
@Suite struct FrozenTests {
  private static let (width, height) = (96, 64)

  /// The scene with its square at `place`; camera noise and codec noise have the given amplitudes.
  private static func scene(
    _ place: Int, square: Int = 16, camera: Int = 0, codec: Int = 0, seed: UInt64
  ) -> [UInt8] {
    var noise = Noise(seed: seed)
    return (0..<height).flatMap { y in
      (0..<width).map { x in
        let inside = place..<place + square ~= x && 20..<20 + square ~= y
        let level = inside ? 200 : 60 + (x * 7 + y * 13) % 40
        let change = noise.next(in: -camera - codec...camera + codec)
        return UInt8(min(255, max(0, level + change)))
      }
    }
  }

  private static func frozen(_ pictures: [[UInt8]]) -> [Double?] {
    values(of: Frozen.self, over: pictures, width: width).map { $0.number }
  }

  private static let moving = (0..<12).map { scene($0 * 4, camera: 2, seed: UInt64($0)) }

  @Test("an exact repeat counts up, a new picture starts again")
  func exactRepeats() {
    let pictures = Self.moving + [Self.moving[11], Self.moving[11], Self.moving[3]]
    #expect(Self.frozen(pictures).suffix(4) == [0, 1, 2, 0])
  }

  @Test("a repeat that the codec added noise to is found")
  func noisyRepeats() {
    // Acceptance case 34: every repeat has other noise, of up to four levels.
    let repeats = (0..<6).map { Self.scene(44, codec: 4, seed: 100 + UInt64($0)) }
    #expect(Self.frozen(Self.moving + repeats).suffix(6) == [1, 2, 3, 4, 5, 6])
  }

  @Test("a shot that repeats pictures from its start is seen through after a few frames")
  func repeatsFromTheStart() {
    // 10 pictures a second in 25; the codec changes repeats by up to four levels.
    let pictures = (0..<60).map { frame in
      Self.scene(frame * 10 / 25 * 3, codec: 4, seed: UInt64(frame))
    }
    let repeats = Self.frozen(pictures).map { ($0 ?? 0) > 0 }
    let expected = (0..<60).map { $0 > 0 && $0 * 10 / 25 == ($0 - 1) * 10 / 25 }
    #expect(Array(repeats[10...]) == Array(expected[10...]))
  }

  @Test("a scene under camera noise that twitches now and then does not freeze in between")
  func twitches() {
    // One step in eight is a move; a fifth would be as in a video of 5 pictures a second in 25.
    let pictures = (0..<64).map { Self.scene($0 / 8 * 4, camera: 2, seed: UInt64($0)) }
    #expect(Self.frozen(pictures).dropFirst().allSatisfy { $0 == 0 })
  }

  @Test("a small object that moves through a still picture is no freeze")
  func smallMotion() {
    // Four pixels a side in 6,144: the mean difference is below freezedetect's 0.001 of full scale.
    let pictures = (0..<30).map { Self.scene(10 + $0, square: 2, seed: 1) }
    let difference = values(of: FrameDifference.self, over: pictures, width: Self.width)
    #expect(difference.dropFirst().allSatisfy { ($0.number ?? 1) < 0.255 })
    #expect(Self.frozen(pictures).dropFirst().allSatisfy { $0 == 0 })
  }

  @Test("slow motion is no freeze: it moves away from the picture the freeze began with")
  func slowMotion() {
    // The whole picture gets brighter by a quarter of a level a frame after a lively start.
    let slow = (0..<400).map { step in
      Self.moving[11].enumerated().map { place, level in
        UInt8(min(255, Int(level) + (step + place % 4) / 4))
      }
    }
    let repeats = Self.frozen(Self.moving + slow).compactMap { $0 }
    // Until it is noticed that the motion is slow, and then only as far as a codec rounds.
    #expect((repeats.max() ?? 0) < 80)
    #expect((repeats.suffix(200).max() ?? 0) <= 4)
  }

  @Test("a still scene under camera noise is no freeze")
  func cameraNoise() {
    let pictures = (0..<40).map { Self.scene(10, camera: 2, seed: UInt64($0)) }
    #expect(Self.frozen(pictures).dropFirst().allSatisfy { $0 == 0 })
  }

  @Test("a new shot forgets what was usual in the old one")
  func newShot() {
    let still = (0..<20).map { step in
      Self.scene(10, camera: 1, seed: UInt64(step)).map { 255 - $0 }
    }
    #expect(Self.frozen(Self.moving + still).suffix(20).allSatisfy { $0 == 0 })
  }
}
