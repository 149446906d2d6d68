import Timeline

/// Gathers instances by the id of their object, for files that go frame by frame.
struct TrackCollector {
  private struct Member {
    var isTracked: Bool
    var slot: Int32
    var instances: [Instance] = []
    var classes: [Int32] = []
  }

  private var slots = IdentitySlots()
  private var classes = IdentitySlots()
  private var members: [Member] = []
  // The place in `members` of every id, by its slot.
  private var places: [Int32: Int] = [:]

  /// Whether nothing was gathered.
  var isEmpty: Bool { members.isEmpty }

  /// The names of the classes, in the order of first appearance.
  var classNames: [String] {
    classes.identities.compactMap(\.spelling).map { String($0.dropFirst()) }
  }

  /// Adds an instance of the object `identity`; without one it is a lone detection.
  mutating func add(_ instance: Instance, of identity: SourceIdentity, className: String) {
    // Names are marked, so that no class is taken for a number.
    let kind = classes.slot(of: .text("c" + className))
    guard identity != .none else {
      members.append(
        Member(isTracked: false, slot: -1, instances: [instance], classes: [kind]))
      return
    }
    let slot = slots.slot(of: identity)
    let place = places[slot, default: members.count]
    if place == members.count {
      places[slot] = place
      members.append(Member(isTracked: true, slot: slot))
    }
    members[place].instances.append(instance)
    members[place].classes.append(kind)
  }

  /// The tracks, in the order in which their ids were first named.
  ///
  /// Lone detections are called `#1`, `#2` and so on by their place.
  func tracks(report: inout ReadReport) -> [Track] {
    var maker = ClassedTracks()
    let names = classNames
    var result: [Track] = []
    for (place, member) in members.enumerated() {
      var id = member.isTracked ? slots.identities[Int(member.slot)].spelling ?? "" : ""
      if !member.isTracked {
        id = "#" + String(place + 1)
        while slots.contains(spelling: id) { id = "#" + id }
      }
      result += maker.tracks(
        id: id, isTracked: member.isTracked, instances: member.instances, classes: member.classes
      ) { names[Int($0)] }
    }
    maker.note(in: &report)
    return result
  }
}
