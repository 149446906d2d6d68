import Annotations
import Quality
import Testing
import Timeline

/// A fixed generator (SplitMix64), so that a failure can be repeated.
private struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  mutating func number(_ range: ClosedRange<Double>) -> Double {
    Double.random(in: range, using: &self)
  }

  mutating func whole(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
}

/// Labels with every kind of mistake, drawn at random.
private struct Scene {
  static let margin = 40
  static let length = 200

  var tracks: [Track] = []
  var cuts: [Int] = []

  /// Objects that walk, stop, hide, break, double and change their class.
  init(seed: Int) {
    var dice = Dice(state: UInt64(seed))
    if dice.whole(0...1) == 0 { cuts = [Self.margin + dice.whole(60...140)] }
    for number in 0..<dice.whole(4...9) { addObject(number, &dice) }
  }

  private mutating func addObject(_ number: Int, _ dice: inout Dice) {
    let start = Self.margin + dice.whole(0...60)
    let end = min(Self.margin + Self.length, start + dice.whole(1...150))
    let (x, y) = (dice.number(-20...1240), dice.number(-20...640))
    let (dx, dy) = (dice.number(-4...4), dice.number(-2...2))
    let height = dice.number(30...160)
    var instances: [Instance] = []
    var frame = start
    while frame < end {
      let box = Box(
        left: x + dx * Double(frame - start) + dice.number(-0.5...0.5),
        top: y + dy * Double(frame - start) + dice.number(-0.5...0.5), width: height / 2,
        height: dice.whole(0...199) == 0 ? -1 : height)
      let flip = dice.whole(0...79) == 0 ? "rider" : nil
      let instance = Instance(frame: frame, shape: .box(box), className: flip)
      instances.append(instance)
      if dice.whole(0...149) == 0 { instances.append(instance) }
      frame += dice.whole(0...29) == 0 ? dice.whole(2...40) : 1
    }
    let seam = dice.whole(0...2) == 0 && instances.count > 30 ? instances.count / 2 : nil
    let className = number % 3 == 0 ? "car" : "person"
    let first = Array(instances.prefix(seam ?? instances.count))
    tracks.append(Track(id: "t\(number)", className: className, instances: first))
    if let seam {
      tracks.append(
        Track(
          id: "t\(number)b", className: className,
          instances: Array(instances.dropFirst(seam + dice.whole(0...5)))))
    }
    if dice.whole(0...3) == 0 {
      let copy = instances.prefix(dice.whole(5...60)).map { instance in
        var copy = instance
        if case .box(let box) = copy.shape {
          copy.shape = .box(
            Box(left: box.left + 2, top: box.top, width: box.width, height: box.height))
        }
        return copy
      }
      tracks.append(Track(id: "t\(number)c", className: className, instances: copy))
    }
  }

  /// What all rules find in the scene, moved by `offset` frames, with other names in another order.
  func findings(
    offset: Int = 0, order: [Int]? = nil, rename: (String) -> String = { $0 }
  ) -> [Found] {
    let moved = tracks.map { track in
      Track(
        id: rename(track.id), className: track.className,
        instances: track.instances.map { instance in
          var moved = instance
          moved.frame += offset
          return moved
        })
    }
    let frames = FrameTable(nominalCount: 2 * Self.margin + Self.length + offset, rate: 25)
    let video = VideoFacts(
      name: "scene", frames: frames, width: 1280, height: 720, cuts: cuts.map { $0 + offset })
    let source = SourceFacts(
      name: "labels", kind: .labels,
      annotations: VideoAnnotations(tracks: order?.map { moved[$0] } ?? moved))
    let input = RuleInput(video: video, source: source)
    return Rules.all.flatMap { $0.findings(in: input, settings: RuleSettings($0.info)) }
      .map { Found($0, offset: offset) }.sorted { $0.key < $1.key }
  }
}

/// A finding without what names and frame numbers do to its words.
private struct Found {
  var key: String
  /// The frames, rule, level and cause alone.
  var place: String
  var tracks: [String]

  init(_ finding: Finding, offset: Int) {
    let range = FrameRange(finding.range.start - offset, finding.range.end - offset)
    let box = finding.box.map {
      [$0.left, $0.top, $0.width, $0.height].map { ($0 * 100).rounded() }
    }
    place = "\(range) \(finding.rule) \(finding.level) \(finding.cause)"
    key =
      "\(place) \((finding.score * 1000).rounded()) \(box ?? []) "
      + "\(finding.proposals.map { $0.frame - offset }) \(finding.className ?? "")"
    tracks = (finding.otherTracks + [finding.track].compactMap { $0 }).sorted()
  }
}

/// What only one of the two lists has.
private func differences(
  _ a: [Found], _ b: [Found], _ part: (Found) -> String = \.key
) -> [String] {
  func count(_ found: [Found]) -> [String: Int] {
    found.reduce(into: [:]) { $0["\(part($1)) \($1.tracks)", default: 0] += 1 }
  }
  let (old, new) = (count(b), count(a))
  return Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }
    .map { (new[$0] ?? 0) > (old[$0] ?? 0) ? "+ \($0)" : "- \($0)" }
}

/// What must not change what the rules find, on random labels full of mistakes.
struct InvarianceTests {
  @Test("the scenes have findings of every rule on labels")
  func scenesAreRich() {
    let rules = Set(
      (0..<24).flatMap { Scene(seed: $0).findings() }.map { $0.key.split(separator: " ")[1] })
    for rule in [
      "track-gap", "broken-track", "object-count-drop", "duplicate-object", "duplicate-track",
      "class-flip", "geometry-invalid", "track-across-cut", "short-track",
    ] {
      #expect(rules.contains(Substring(rule)), "\(rule)")
    }
  }

  @Test("other ids make no difference", arguments: 0..<24)
  func names(seed: Int) {
    let scene = Scene(seed: seed)
    // Backwards in the alphabet, so that the order of names changes too.
    let names = Dictionary(
      uniqueKeysWithValues: scene.tracks.enumerated().map { ($1.id, "z\(900 - $0)") })
    let renamed = scene.findings { names[$0] ?? $0 }
    let expected = scene.findings().map { found in
      var mapped = found
      mapped.tracks = found.tracks.map { names[$0] ?? $0 }.sorted()
      return mapped
    }
    #expect(differences(renamed, expected) == [])
  }

  @Test(
    "labels that are all some frames later give findings that many frames later", arguments: 0..<24)
  func offset(seed: Int) {
    let scene = Scene(seed: seed)
    #expect(differences(scene.findings(offset: 17), scene.findings()) == [])
  }

  // The box of a group is that of its first track, and scores are learnt from sums in this order.
  @Test("the order of the tracks makes no difference to what is found", arguments: 0..<24)
  func order(seed: Int) {
    let scene = Scene(seed: seed)
    var dice = Dice(state: UInt64(seed))
    let order = scene.tracks.indices.shuffled(using: &dice)
    #expect(differences(scene.findings(order: order), scene.findings(), \.place) == [])
  }

  @Test(
    "labels deleted from clean tracks are found to the frame, and nothing else", arguments: 0..<40)
  func deletions(seed: Int) {
    var dice = Dice(state: UInt64(1_000 + seed))
    var expected: [String] = []
    let tracks = (0..<8).map { number in
      let (left, dx, dy) = (
        60 + 150 * Double(number), dice.number(-0.2...0.2), dice.number(-0.8...0.8)
      )
      var holes: [FrameRange] = []
      var frame = dice.whole(12...40)
      while frame < 180, dice.whole(0...4) > 0 {
        let hole = FrameRange(frame, frame + dice.whole(1...25))
        holes.append(hole)
        frame = hole.end + dice.whole(12...40)
      }
      expected += holes.map { "\($0) t\(number)" }
      let instances = (0..<240).filter { frame in !holes.contains { $0.contains(frame) } }.map {
        Instance(
          frame: $0,
          shape: .box(
            Box(
              left: left + dx * Double($0) + dice.number(-0.3...0.3),
              top: 300 + dy * Double($0) + dice.number(-0.3...0.3), width: 40, height: 80)))
      }
      return Track(id: "t\(number)", className: "person", instances: instances)
    }
    let input = RuleInput(
      video: VideoFacts(
        name: "clean", frames: FrameTable(nominalCount: 240, rate: 25), width: 1280, height: 720),
      source: SourceFacts(
        name: "labels", kind: .labels, annotations: VideoAnnotations(tracks: tracks)))
    let found = Rules.all.flatMap { $0.findings(in: input, settings: RuleSettings($0.info)) }
    let gaps = found.filter { $0.rule == "track-gap" && $0.level == .error }
    #expect(gaps.map { "\($0.range) \($0.track ?? "")" }.sorted() == expected.sorted())
    #expect(gaps.allSatisfy { $0.proposals.map(\.frame) == Array($0.range.start..<$0.range.end) })
    // All objects may by chance be missing together, which is a finding of its own.
    #expect(
      Set(found.map(\.rule)).subtracting(["track-gap", "object-count-drop"]).isEmpty)
  }
}
