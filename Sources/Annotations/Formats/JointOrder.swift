/// The order of a class's joints, found out of skeletons that leave out joints nobody labelled.
struct JointOrder {
  private var names: [String] = []
  private var places: [String: Int] = [:]
  // For each joint those that come right before it somewhere.
  private var before: [Set<Int>] = []

  // A damaged file may name a new joint in every frame.
  private static let maximumJoints = 10_000

  /// Takes note of the joints of one skeleton.
  mutating func add(_ skeleton: Skeleton) {
    var last: Int?
    for joint in skeleton.joints {
      var place = places[joint.name]
      if place == nil, names.count < Self.maximumJoints {
        place = names.count
        places[joint.name] = names.count
        names.append(joint.name)
        before.append([])
      }
      guard let place else { continue }
      if let last, last != place { before[place].insert(last) }
      last = place
    }
  }

  /// The names, each behind those it was always seen behind; of several the first seen.
  ///
  /// Where skeletons contradict each other, joints come as they were first seen.
  var joints: [String] {
    var done = [Bool](repeating: false, count: names.count)
    var result: [String] = []
    while result.count < names.count {
      let open = names.indices.filter { !done[$0] }
      let free = open.first { place in before[place].allSatisfy { done[$0] } }
      guard let next = free ?? open.first else { break }
      done[next] = true
      result.append(names[next])
    }
    return result
  }
}

extension Skeleton {
  /// The skeleton with a joint for every name; those that are missing are absent.
  ///
  /// A skeleton that has other names, or a name twice, stays as it is.
  func completed(with names: [String]) -> Skeleton {
    var known: [String: Joint] = [:]
    for joint in joints { known[joint.name] = joint }
    guard known.count == joints.count, Set(names).isSuperset(of: known.keys) else { return self }
    return Skeleton(
      joints: names.map {
        known[$0] ?? Joint(name: $0, position: Point(0, 0), visibility: .absent)
      })
  }
}

extension VideoAnnotations {
  /// Gives every class with skeletons its joints, and every skeleton one entry for each of them.
  mutating func completeSkeletons() {
    var orders: [String: JointOrder] = [:]
    for track in tracks {
      for instance in track.instances {
        if case .skeleton(let skeleton) = instance.shape {
          orders[instance.className ?? track.className, default: JointOrder()].add(skeleton)
        }
      }
    }
    if orders.isEmpty { return }
    let names = orders.mapValues(\.joints)
    for place in ontology.categories.indices {
      if let joints = names[ontology.categories[place].name] {
        ontology.categories[place].joints = joints
      }
    }
    for place in tracks.indices {
      let track = tracks[place]
      let instances = track.instances.map { instance in
        guard case .skeleton(let skeleton) = instance.shape,
          let joints = names[instance.className ?? track.className]
        else { return instance }
        var complete = instance
        complete.shape = .skeleton(skeleton.completed(with: joints))
        return complete
      }
      tracks[place] = Track(
        id: track.id, className: track.className, isTracked: track.isTracked,
        instances: instances, absences: track.absences, attributes: track.attributes)
    }
  }
}
