import Annotations
import Quality
import ReviewStore
import Testing
import Timeline

/// What people decide sticks to what they decided on, and to nothing else.
@Suite struct DecisionTests {
  private let fixture: StoreFixture
  private let store: ReviewStore

  init() throws {
    fixture = try StoreFixture()
    store = try ReviewStore.open(path: fixture.path())
  }

  /// A gap of a track, with the box of the object at `left`.
  private func gap(
    _ start: Int, _ end: Int, track: String = "7", left: Double = 10
  ) -> Finding {
    Finding(
      rule: "track-gap", level: .error, source: "labels", track: track, className: "person",
      range: FrameRange(start, end), reason: "a gap",
      box: Box(left: left, top: 20, width: 30, height: 40))
  }

  /// Scans and returns what the findings are decided as: `1..<3 rejected`.
  private func scan(_ findings: [Finding]) throws -> [String] {
    try StoreFixture.scan(store, findings: findings, videoFindings: [])
    return try store.findings().map { reported in
      let decision = try store.decision(fingerprint: reported.fingerprint)
      return "\(reported.finding.range) \(decision?.status.rawValue ?? "open")"
    }
  }

  private func reject(_ index: Int) throws {
    let fingerprint = try store.findings()[index].fingerprint
    try store.decide(Decision(.rejected, note: "it is a mirror"), fingerprint: fingerprint)
  }

  @Test func aDecisionSurvivesAReScan() throws {
    #expect(try scan([gap(1, 3)]) == ["1..<3 open"])
    try reject(0)
    #expect(try scan([gap(1, 3)]) == ["1..<3 rejected"])
    #expect(
      try rows(fixture.path(), "SELECT decision, note FROM findings") == [
        "rejected|it is a mirror"
      ])
  }

  @Test func theLastDecisionCounts() throws {
    _ = try scan([gap(1, 3)])
    try reject(0)
    let fingerprint = try store.findings()[0].fingerprint
    try store.decide(Decision(.accepted), fingerprint: fingerprint)
    #expect(try store.decision(fingerprint: fingerprint) == Decision(.accepted))
  }

  @Test func aDecisionComesBackWithItsFinding() throws {
    _ = try scan([gap(1, 3)])
    try reject(0)
    #expect(try scan([]) == [])
    #expect(try scan([gap(1, 3)]) == ["1..<3 rejected"])
  }

  @Test func aFindingThatGrowsByAFrameAtEitherEndKeepsItsDecision() throws {
    _ = try scan([gap(10, 13)])
    try reject(0)
    #expect(try scan([gap(10, 14)]) == ["10..<14 rejected"])
    #expect(try scan([gap(9, 14)]) == ["9..<14 rejected"])
    #expect(try scan([gap(8, 14, left: 14)]) == ["8..<14 rejected"])
  }

  @Test func mendingTheFirstGapHandsNothingToTheSecond() throws {
    _ = try scan([gap(1, 3), gap(10, 13), gap(20, 22)])
    try reject(0)
    #expect(try scan([gap(10, 13), gap(20, 22)]) == ["10..<13 open", "20..<22 open"])
  }

  @Test func theSecondGapKeepsItsDecisionWhenTheFirstIsMended() throws {
    _ = try scan([gap(1, 3), gap(10, 13)])
    try reject(1)
    #expect(try scan([gap(10, 13)]) == ["10..<13 rejected"])
  }

  @Test func aTrackThatIsNumberedAnewKeepsItsDecisions() throws {
    _ = try scan([gap(1, 3, track: "3", left: 300), gap(1, 3, track: "7")])
    try reject(1)
    #expect(
      try scan([gap(1, 3, track: "2", left: 300), gap(1, 3, track: "6")]) == [
        "1..<3 open", "1..<3 rejected",
      ])
  }

  @Test func aFindingElsewhereInThePictureIsAnother() throws {
    _ = try scan([gap(10, 13)])
    try reject(0)
    #expect(try scan([gap(9, 13, left: 200)]) == ["9..<13 open"])
  }

  @Test func aFindingOfAnotherRuleIsAnother() throws {
    _ = try scan([gap(10, 13)])
    try reject(0)
    var other = gap(10, 13)
    other.rule = "broken-track"
    #expect(try scan([other]) == ["10..<13 open"])
  }

  @Test func findingsWithoutABoxGoByTheirTracks() throws {
    var (first, second) = (gap(1, 3, track: "1"), gap(1, 3, track: "2"))
    (first.box, second.box) = (nil, nil)
    _ = try scan([first, second])
    try reject(1)
    #expect(try scan([first, second]) == ["1..<3 open", "1..<3 rejected"])
    second.range = FrameRange(0, 3)
    #expect(try scan([first, second]) == ["0..<3 rejected", "1..<3 open"])
  }

  @Test func equalFindingsHaveNamesOfTheirOwn() throws {
    _ = try scan([gap(1, 3), gap(1, 3), gap(1, 3)])
    #expect(Set(try store.findings().map(\.fingerprint)).count == 3)
  }

  // FNV-1a of the fields, computed with five lines of Python.
  @Test func aFingerprintIsTheSameOnEveryMachine() throws {
    _ = try scan([gap(1, 3)])
    #expect(try store.findings().map(\.fingerprint) == ["90f7cc2b11c35c35"])
  }
}
