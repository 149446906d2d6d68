import Timeline

/// What the writers of both CVAT formats share: the head of the file and the elements of a shape.
struct CVATWriter: ~Copyable {
  var xml: XMLOutput
  let labels: CVATLabels
  private(set) var losses = LossReport()

  /// Begins a file.
  init(_ output: TextOutput, labels: CVATLabels) throws(LabelError) {
    // Throw before storing: a noncopyable value cannot be half made.
    var xml = try XMLOutput(output)
    try xml.begin("annotations")
    try xml.element("version", text: "1.1")
    self.xml = xml
    self.labels = labels
  }

  /// Ends the file.
  mutating func finish() throws(LabelError) { try xml.end() }

  /// Counts a loss.
  mutating func add(_ aspect: LabelAspect, _ count: Int = 1) { losses.add(aspect, count) }

  // MARK: Head

  /// Writes the meta data: a task for one video, a project for several.
  mutating func meta(
    _ videos: [VideoAnnotations], _ frames: [CVATFrames], mode: String
  ) throws(LabelError) {
    try xml.begin("meta")
    if videos.count == 1 {
      try xml.begin("task")
      try task(0, videos[0], frames[0], mode: mode)
      try writeLabels()
      try xml.end()
    } else {
      try xml.begin("project")
      try xml.element("id", text: "0")
      try xml.element("name", text: "continuity")
      try xml.begin("tasks")
      for place in videos.indices {
        try xml.begin("task")
        try task(place, videos[place], frames[place], mode: mode)
        try xml.end()
      }
      try xml.end()
      try xml.element("subsets", text: "default")
      try writeLabels()
      try xml.end()
    }
    try xml.end()
  }

  private mutating func task(
    _ id: Int, _ video: VideoAnnotations, _ frames: CVATFrames, mode: String
  ) throws(LabelError) {
    try xml.element("id", text: String(id))
    try xml.element("name", text: video.name ?? "")
    if let count = frames.count { try xml.element("size", text: String(count)) }
    try xml.element("mode", text: mode)
    try xml.element("overlap", text: "0")
    try xml.element("bugtracker", text: "")
    try xml.element("subset", text: "default")
    try xml.element("start_frame", text: String(frames.start))
    if let stop = frames.stop { try xml.element("stop_frame", text: String(stop)) }
    try xml.element("frame_filter", text: frames.step > 1 ? "step=\(frames.step)" : "")
    if let count = frames.count {
      try xml.begin("segments")
      try xml.begin("segment")
      try xml.element("id", text: String(id))
      try xml.element("start", text: "0")
      try xml.element("stop", text: String(count - 1))
      try xml.element("url", text: "")
      try xml.end()
      try xml.end()
    }
    if let width = video.width, let height = video.height {
      try xml.begin("original_size")
      try xml.element("width", text: String(width))
      try xml.element("height", text: String(height))
      try xml.end()
    }
    try xml.element("source", text: video.name ?? "")
  }

  private mutating func writeLabels() throws(LabelError) {
    try xml.begin("labels")
    for label in labels.labels {
      try xml.begin("label")
      try xml.element("name", text: label.name)
      try xml.element("type", text: label.joints.isEmpty ? "any" : "skeleton")
      try write(label.own)
      if !label.joints.isEmpty { try xml.element("svg", text: label.drawing) }
      try xml.end()
      for joint in label.joints {
        try xml.begin("label")
        try xml.element("name", text: joint)
        try xml.element("type", text: "points")
        try write(label.attributes(of: joint))
        try xml.element("parent", text: label.name)
        try xml.end()
      }
    }
    try xml.end()
  }

  private mutating func write(
    _ attributes: [(name: String, isMutable: Bool)]
  ) throws(LabelError) {
    try xml.begin("attributes")
    for attribute in attributes {
      try xml.begin("attribute")
      try xml.element("name", text: attribute.name)
      try xml.element("mutable", text: attribute.isMutable ? "True" : "False")
      try xml.element("input_type", text: "text")
      try xml.element("default_value", text: "")
      try xml.element("values", text: "")
      try xml.end()
    }
    try xml.end()
  }

  // MARK: Shapes

  /// One shape that is to be written.
  struct Element {
    /// The shape in CVAT's words.
    var text: CVATShapeText
    var shape: Shape
    /// The class.
    var label: CVATLabels.Label
    /// What stands before the geometry: the frame, or the label.
    var head: [XMLOutput.Attribute]
    /// Whether it is a key frame; nil in images, where there is no such thing.
    var isKeyFrame: Bool?
    /// Whether the object is gone; nil where the format does not say.
    var isOutside: Bool?
    var visibility: Visibility
    /// All attributes, by name; those that CVAT has places of their own for among them.
    var attributes: [String: String]
  }

  /// Writes a shape with its attributes and joints.
  mutating func write(_ element: Element) throws(LabelError) {
    var attributes = element.head
    let key = element.isKeyFrame.map { (name: "keyframe", value: $0 ? "1" : "0") }
    if let key { attributes.append(key) }
    if case .skeleton(let skeleton) = element.shape {
      // The reader takes a skeleton for occluded whose joints all are: only the rest is said.
      let isHidden = skeleton.joints.allSatisfy { $0.visibility != .visible }
      if element.isOutside != true, element.visibility == (isHidden ? .visible : .occluded) {
        attributes.append(("occluded", isHidden ? "0" : "1"))
      }
    } else {
      if let isOutside = element.isOutside {
        attributes.append(("outside", isOutside ? "1" : "0"))
      }
      if let isOccluded = element.visibility.isOccluded {
        attributes.append(("occluded", isOccluded ? "1" : "0"))
      }
    }
    attributes += element.text.geometry
    let order = element.attributes[ReservedAttribute.zOrder]
    if let order, Int(order) == nil { losses.add(.zOrder) }
    attributes.append(("z_order", order.flatMap { Int($0) }.map { String($0) } ?? "0"))
    try xml.begin(element.text.element, attributes)
    if case .skeleton(let skeleton) = element.shape {
      for joint in skeleton.joints { try write(joint, of: element, key: key) }
    }
    for (name, value) in element.attributes.sorted(by: { $0.key < $1.key })
    where element.label.joint(of: name) == nil && !Self.isElsewhere(name) {
      try xml.element("attribute", [("name", name)], text: value)
    }
    try xml.end()
  }

  /// The attribute that names a group, which CVAT's importer reads as a number; none for no group.
  mutating func group(_ attributes: [String: String]) -> [XMLOutput.Attribute] {
    guard let group = attributes[ReservedAttribute.group] else { return [] }
    guard let number = Int(group), number != 0 else {
      losses.add(.group)
      return []
    }
    return [("group_id", String(number))]
  }

  /// Whether an attribute has a place of its own in the format.
  private static func isElsewhere(_ name: String) -> Bool {
    name == ReservedAttribute.zOrder || name == ReservedAttribute.group
  }

  private mutating func write(
    _ joint: Joint, of element: Element, key: XMLOutput.Attribute?
  ) throws(LabelError) {
    var attributes: [XMLOutput.Attribute] = [("label", joint.name)]
    if let key { attributes.append(key) }
    let isOutside = joint.visibility == .absent || element.isOutside == true
    attributes.append(("outside", isOutside ? "1" : "0"))
    attributes.append(("occluded", joint.visibility == .hidden ? "1" : "0"))
    attributes.append(("points", CVATShapeText.points([joint.position])))
    try xml.begin("points", attributes)
    for (name, value) in element.attributes.sorted(by: { $0.key < $1.key })
    where element.label.joint(of: name) == joint.name {
      let own = String(name.dropFirst(joint.name.count + 1))
      try xml.element("attribute", [("name", own)], text: value)
    }
    try xml.end()
  }
}

extension Visibility {
  /// Whether the object is occluded; nil where nobody says.
  var isOccluded: Bool? {
    switch self {
    case .unknown: nil
    case .visible: false
    case .occluded: true
    case .ratio(let ratio): ratio < 1
    }
  }
}
