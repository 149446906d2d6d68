import Timeline

/// Makes tracks out of the instances of one id, which may have come with more than one class.
struct ClassedTracks {
  /// The IoU below which two boxes of one id in one frame are two objects.
  private static let sameObject = 0.5

  /// The ids that turned out to be counted class by class.
  private(set) var splitCount = 0

  /// Makes a track; several, one a class, where the id stands for another object in every class.
  ///
  /// The class of most instances is the track's, among equals the one that is seen first. A tracker
  /// that runs once a class numbers person 1 and car 1: two boxes of one id and two classes in one
  /// frame that do not overlap give that away.
  ///
  /// - Parameters:
  ///   - id: The id as spelled.
  ///   - isTracked: False for a lone detection without id.
  ///   - instances: The instances in the order of the source.
  ///   - classes: Their classes as numbers, one an instance; empty where the source has no classes.
  ///   - name: Gives the name of a class.
  /// - Returns: One track, or one a class.
  mutating func tracks(
    id: String, isTracked: Bool, instances: [Instance], classes: [Int32], name: (Int32) -> String
  ) -> [Track] {
    guard let first = classes.first else {
      return [track(id, "", isTracked: isTracked, instances)]
    }
    guard classes.contains(where: { $0 != first }) else {
      return [track(id, name(first), isTracked: isTracked, instances)]
    }
    let order = instances.indices.sorted { (instances[$0].frame, $0) < (instances[$1].frame, $1) }
    if areDistinctObjects(order, instances, classes) {
      splitCount += 1
      var places: [Int32: Int] = [:]
      var groups: [(kind: Int32, instances: [Instance])] = []
      for place in order {
        let group = places[classes[place], default: groups.count]
        if group == groups.count {
          places[classes[place]] = group
          groups.append((classes[place], []))
        }
        groups[group].instances.append(instances[place])
      }
      return groups.map { kind, instances in
        track(id + "/" + name(kind), name(kind), isTracked: isTracked, instances)
      }
    }
    let main = order.lazy.map { classes[$0] }.mostFrequent ?? first
    return [
      track(
        id, name(main), isTracked: isTracked,
        order.map { place in
          var instance = instances[place]
          if classes[place] != main { instance.className = name(classes[place]) }
          return instance
        })
    ]
  }

  /// Says in `report`, once, that ids were counted class by class.
  func note(in report: inout ReadReport) {
    guard splitCount > 0 else { return }
    report.addNote(
      "\(splitCount) ids stand for another object in every class; they became one track a class,"
        + " called id/class")
  }

  private func areDistinctObjects(
    _ order: [Int], _ instances: [Instance], _ classes: [Int32]
  ) -> Bool {
    var start = 0
    for end in 1...order.count {
      let isSameFrame =
        end < order.count && instances[order[end]].frame == instances[order[start]].frame
      if isSameFrame { continue }
      // A damaged file may repeat one frame without end: a few pairs tell enough.
      let group = order[start..<end].prefix(64)
      for (place, a) in group.enumerated() {
        for b in group.dropFirst(place + 1) where classes[a] != classes[b] {
          guard let one = instances[a].shape.bounds, let other = instances[b].shape.bounds else {
            continue
          }
          if one.iou(other) < Self.sameObject { return true }
        }
      }
      start = end
    }
    return false
  }

  private func track(
    _ id: String, _ className: String, isTracked: Bool, _ instances: [Instance]
  ) -> Track {
    let areIgnored = instances.allSatisfy {
      !$0.attributes.isEmpty && $0.attributes[ReservedAttribute.ignore] == "true"
    }
    return Track(
      id: id, className: className, isTracked: isTracked, instances: instances,
      attributes: areIgnored ? Track.ignoredAttributes : [:])
  }
}

extension Collection where Element: Hashable {
  /// The most frequent element; among equally frequent ones the one that comes first.
  var mostFrequent: Element? {
    guard let first else { return nil }
    var counts: [Element: Int] = [:]
    for element in self { counts[element, default: 0] += 1 }
    var (best, most) = (first, 0)
    for element in self {
      if let count = counts[element], count > most { (best, most) = (element, count) }
    }
    return best
  }
}
