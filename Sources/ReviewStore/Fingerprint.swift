import Annotations
import Foundation
import Quality
import Timeline

/// The lasting names of findings.
///
/// A fingerprint is made from the rule, the video, the source, the class, the first frame, and the
/// place: the centre of the box on a grid of 64 pixels. Where a finding has no box, its tracks
/// stand for the place. Level, score, cause, reason and the last frame may change.
///
/// Track ids are left out where there is a box because annotation tools number tracks anew when one
/// is deleted. An ordinal ("the second gap of the track") is left out because mending the first
/// finding would hand its decision on to the second. The price is that a finding whose first frame
/// moves gets another name; where a person has decided on it, ``continued(_:by:)`` carries the old
/// name over, and otherwise nobody misses it.
enum Fingerprint {
  private static let cell = 64.0

  /// Returns the names of `findings`, which are in report order; none of them twice.
  static func all(of findings: [Finding], video: String, source: String?) -> [String] {
    var taken: Set<String> = []
    return findings.map { finding in
      for repetition in 0... {
        let name = name(of: finding, video: video, source: source, repetition: repetition)
        if taken.insert(name).inserted { return name }
      }
      preconditionFailure("There are fewer findings than numbers.")
    }
  }

  private static func name(
    of finding: Finding, video: String, source: String?, repetition: Int
  ) -> String {
    var fields = [
      finding.rule, video, source ?? "", finding.className ?? "", String(finding.range.start),
    ]
    if let center = finding.box?.center,
      let x = Int(exactly: (center.x / cell).rounded(.down)),
      let y = Int(exactly: (center.y / cell).rounded(.down))
    {
      fields.append("\(x),\(y)")
    } else {
      fields += [finding.track ?? ""] + finding.otherTracks
    }
    if repetition > 0 { fields.append("again \(repetition)") }
    return hash(fields)
  }

  // FNV-1a in 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/): the same in every process,
  // unlike Hasher. The byte 0xFF, which no UTF-8 text holds, ends a field.
  private static func hash(_ fields: [String]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for field in fields {
      for byte in field.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = (hash ^ 0xFF) &* 0x100_0000_01b3
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// A finding that a person has decided on, as the store held it before it was replaced.
  struct Decided {
    let fingerprint: String
    let finding: Finding
  }

  /// Returns `names` with those replaced whose finding is a decided one that moved a little.
  ///
  /// That is one of the same rule and class whose frames overlap and whose box overlaps by an IoU
  /// of at least 0.5, or, where there is no box, whose track is the same. Of several the one with
  /// the same track, then the one that shares most frames, takes the name.
  static func continued(
    _ decided: [Decided], by findings: [Finding], named names: [String]
  ) -> [String] {
    var names = names
    let present = Set(names)
    var taken = Set(decided.map(\.fingerprint)).intersection(present)
    for old in decided where !present.contains(old.fingerprint) {
      var best: (index: Int, sameTrack: Bool, shared: Int)?
      for (index, new) in findings.enumerated()
      where !taken.contains(names[index]) && isContinued(old.finding, by: new) {
        let sameTrack = new.track == old.finding.track
        let shared = new.range.clamped(to: old.finding.range).count
        if let best, (best.sameTrack ? 1 : 0, best.shared) >= (sameTrack ? 1 : 0, shared) {
          continue
        }
        best = (index, sameTrack, shared)
      }
      if let best {
        names[best.index] = old.fingerprint
        taken.insert(old.fingerprint)
      }
    }
    return names
  }

  private static func isContinued(_ old: Finding, by new: Finding) -> Bool {
    guard old.rule == new.rule, old.className == new.className, old.range.overlaps(new.range)
    else { return false }
    switch (old.box, new.box) {
    case (let a?, let b?): return a.iou(b) >= 0.5
    case (nil, nil): return old.track == new.track
    default: return false
    }
  }
}
