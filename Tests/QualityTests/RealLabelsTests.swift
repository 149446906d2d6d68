import Annotations
import Foundation
import Quality
import Testing
import Timeline

/// Human labels of real video. Skipped where the folder that `CONTINUITY_DATA` names is missing.
@Suite(.enabled(if: RealData.has(""), "needs CONTINUITY_DATA"))
struct RealLabelsTests {
  /// A set of labels in MOT rows: frame from 1, id, left, top, width, height.
  struct Labels: Sendable {
    var path: String
    var rate: Double
  }

  private static let sets = [
    Labels(path: "pets09-s2l1/derived/gt.mot.txt", rate: 10),
    Labels(path: "tud-labels-only/TUD-Campus/gt.txt", rate: 25),
    Labels(path: "tud-labels-only/TUD-Stadtmitte/gt.txt", rate: 25),
    Labels(path: "sleap-flies-clip/derived/hulls.mot.txt", rate: 25),
    Labels(path: "bdd100k-b1c66a42/derived/b1c66a42-6f7d68ca.mot.txt", rate: 5),
  ]

  private static func tracks(_ labels: Labels) throws -> [Track] {
    let text = try String(contentsOfFile: RealData.path(labels.path), encoding: .utf8)
    var instances: [Int: [Instance]] = [:]
    for row in text.split(whereSeparator: \.isNewline) {
      let values = row.split(separator: ",").compactMap { Double($0) }
      let box = Box(left: values[2], top: values[3], width: values[4], height: values[5])
      instances[Int(values[1]), default: []]
        .append(Instance(frame: Int(values[0]) - 1, shape: .box(box)))
    }
    return instances.sorted { $0.key < $1.key }
      .map { Track(id: "\($0.key)", className: "object", instances: $0.value) }
  }

  private static func findings(
    _ rule: any Rule.Type, in tracks: [Track], rate: Double
  ) -> [Finding] {
    let annotations = VideoAnnotations(tracks: tracks)
    let frames = FrameTable(nominalCount: annotations.extent?.end ?? 0, rate: rate)
    let input = RuleInput(
      video: VideoFacts(name: "v", frames: frames),
      source: SourceFacts(name: "labels", kind: .labels, annotations: annotations))
    return rule.findings(in: input, settings: RuleSettings(rule.info))
      .sorted(by: Finding.reportOrder)
  }

  // Two objects of one class overlap by an IoU of 0.6 or more in 20 pairs of tracks of these sets
  // (counted by a script of its own): people and cars that pass each other, all of them.
  @Test(arguments: sets)
  func proofreadLabelsRaiseNothing(labels: Labels) throws {
    let tracks = try Self.tracks(labels)
    let rules: [any Rule.Type] = [
      ObjectCountDrop.self, DuplicateObject.self, DuplicateTrack.self, ClassFlip.self,
      GeometryInvalid.self, TrackAcrossCut.self,
    ]
    for rule in rules {
      #expect(Self.findings(rule, in: tracks, rate: labels.rate).isEmpty, "\(rule.info.id)")
    }
  }

  // Tracks 94 and 105 of the driving scene have one row each, far from the border; both are cars
  // that the original labels call occluded, glimpsed between two others.
  @Test(arguments: sets)
  func onlyTwoGlimpsesAreShort(labels: Labels) throws {
    let short = Self.findings(ShortTrack.self, in: try Self.tracks(labels), rate: labels.rate)
    #expect(short.map(\.track) == (labels.path.hasPrefix("bdd") ? ["94", "105"] : []))
    #expect(short.allSatisfy { $0.level == .note && $0.cause == .occluded })
  }

  @Test(arguments: sets)
  func everyWipedFrameIsFound(labels: Labels) throws {
    let tracks = try Self.tracks(labels)
    let end = VideoAnnotations(tracks: tracks).extent?.end ?? 0
    let wiped = Set(stride(from: 20, to: end - 20, by: 37))
    let damaged = tracks.map { track in
      Track(
        id: track.id, className: track.className,
        instances: track.instances.filter { !wiped.contains($0.frame) })
    }
    let found = Self.findings(ObjectCountDrop.self, in: damaged, rate: labels.rate)
    #expect(found.map(\.range) == wiped.sorted().map { FrameRange(frame: $0) })
  }
}
