import Timeline

/// The classes of labels as CVAT declares them: with the attributes that its importer accepts.
///
/// CVAT leaves out attributes that a label does not declare, so every one that occurs is declared.
struct CVATLabels {
  /// One class.
  struct Label {
    var name: String
    var joints: [String] = []
    var edges: [Ontology.Edge] = []
    /// Attributes that may change from frame to frame.
    var mutable: Set<String> = []
    /// Attributes of whole tracks.
    var fixed: Set<String> = []
  }

  /// What CVAT has a place of its own for.
  private static let elsewhere: Set<String> = [ReservedAttribute.zOrder, ReservedAttribute.group]

  /// The classes in the order of the ontologies, then of the tracks.
  private(set) var labels: [Label] = []
  private var places: [String: Int] = [:]

  /// Gathers the classes of all videos.
  init(_ videos: [VideoAnnotations]) {
    for video in videos {
      for category in video.ontology.categories {
        let place = place(of: category.name)
        addJoints(category.joints, to: place)
        if labels[place].edges.isEmpty { labels[place].edges = category.edges }
        labels[place].mutable.formUnion(category.mutableAttributes)
      }
      for track in video.tracks { add(track) }
      for range in video.ranges { _ = place(of: range.name) }
    }
  }

  /// The class called `name`.
  subscript(name: String) -> Label {
    places[Self.name(of: name)].map { labels[$0] } ?? Label(name: Self.name(of: name))
  }

  /// Declares an attribute of the tags of a class.
  mutating func declare(_ attribute: String, of name: String) {
    labels[place(of: name)].mutable.insert(attribute)
  }

  /// Declares an attribute of the tracks of every class.
  mutating func declareFixed(_ attribute: String) {
    for place in labels.indices { labels[place].fixed.insert(attribute) }
  }

  /// The name by which CVAT can know a class: it needs one.
  static func name(of className: String) -> String { className.isEmpty ? "object" : className }

  private mutating func place(of className: String) -> Int {
    let name = Self.name(of: className)
    if let place = places[name] { return place }
    places[name] = labels.count
    labels.append(Label(name: name))
    return labels.count - 1
  }

  private mutating func addJoints(_ joints: [String], to place: Int) {
    for joint in joints where !labels[place].joints.contains(joint) {
      labels[place].joints.append(joint)
    }
  }

  private mutating func add(_ track: Track) {
    let place = place(of: track.className)
    labels[place].fixed.formUnion(Set(track.attributes.keys).subtracting(Self.elsewhere))
    // Instances of a track mostly agree; looking at the one before spares a set an instance.
    var (last, lastJoints): ([String: String], Int) = ([:], -1)
    for instance in track.instances {
      if instance.attributes != last {
        last = instance.attributes
        labels[place].mutable.formUnion(Set(last.keys).subtracting(Self.elsewhere))
      }
      if case .skeleton(let skeleton) = instance.shape, skeleton.joints.count != lastJoints {
        lastJoints = skeleton.joints.count
        addJoints(skeleton.joints.map(\.name), to: place)
      }
    }
  }
}

extension CVATLabels.Label {
  /// The attributes that the class itself declares, sorted; without those of its joints.
  var own: [(name: String, isMutable: Bool)] {
    mutable.union(fixed).filter { joint(of: $0) == nil }.sorted()
      .map { ($0, !fixed.contains($0)) }
  }

  /// The attributes that a joint declares, sorted.
  func attributes(of joint: String) -> [(name: String, isMutable: Bool)] {
    mutable.union(fixed).filter { self.joint(of: $0) == joint }.sorted()
      .map { (String($0.dropFirst(joint.count + 1)), !fixed.contains($0)) }
  }

  /// The joint that an attribute `joint/name` belongs to; nil for one of the class itself.
  func joint(of attribute: String) -> String? {
    guard !joints.isEmpty, attribute.contains("/") else { return nil }
    return joints.filter { attribute.hasPrefix($0 + "/") }.max { $0.count < $1.count }
  }

  /// The picture of the skeleton that CVAT keeps with the class: its nodes on a circle.
  var drawing: String {
    func place(_ joint: Int) -> (String, String) {
      // Any picture does; integers on a square keep it the same on every machine.
      let side = max(1, (joints.count + 3) / 4)
      let (edge, step) = (joint / side, (joint % side) * 80 / side)
      let (x, y) = [(10 + step, 10), (90, 10 + step), (90 - step, 90), (10, 90 - step)][edge % 4]
      return (String(x), String(y))
    }
    var text = ""
    for edge in edges where joints.indices.contains(edge.from) && joints.indices.contains(edge.to) {
      let ((x1, y1), (x2, y2)) = (place(edge.from), place(edge.to))
      text +=
        "<line x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\" data-type=\"edge\""
        + " data-node-from=\"\(edge.from + 1)\" data-node-to=\"\(edge.to + 1)\"></line>"
    }
    for (index, joint) in joints.enumerated() {
      let (x, y) = place(index)
      text +=
        "<circle r=\"1.5\" cx=\"\(x)\" cy=\"\(y)\" data-type=\"element node\""
        + " data-element-id=\"\(index + 1)\" data-node-id=\"\(index + 1)\""
        + " data-label-name=\"\(XMLText.escaped(joint))\"></circle>"
    }
    return text
  }
}
