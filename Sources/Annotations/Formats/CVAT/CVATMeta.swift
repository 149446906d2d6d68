import Foundation
import Timeline

/// The head of a CVAT file: which task, which frames, which labels.
struct CVATMeta {
  /// One task or job.
  struct Task {
    var id = ""
    var name = ""
    var subset = ""
    var source = ""
    var size: Int?
    var startFrame: Int?
    var stopFrame: Int?
    var step = 1
    var width: Int?
    var height: Int?
  }

  /// One label; joints have a parent.
  struct Label {
    var name = ""
    var parent = ""
    var svg = ""
    var mutable: Set<String> = []
    var immutable: Set<String> = []
  }

  /// `task`, `job` or `project`; empty where the file does not say.
  private(set) var kind = ""
  /// The task or job, or the tasks of a project in the order of the file.
  private(set) var tasks: [Task] = []
  /// All labels, joints too.
  private(set) var labels: [Label] = []
  /// What stands beside the task rather than in it, in older and in job exports.
  private var shared = Task()

  private var path: [String] = []
  private var attribute: (name: String, isMutable: Bool) = ("", false)

  /// An element begins below `meta`.
  mutating func start(_ name: String) {
    switch name {
    case "task", "job":
      tasks.append(Task())
      if kind.isEmpty { kind = name }
    case "project": kind = name
    case "label": labels.append(Label())
    case "attribute": attribute = ("", false)
    default: break
    }
    path.append(name)
  }

  /// The innermost element ends; `text` is what stood in it.
  mutating func end(_ text: String) {
    guard let name = path.popLast() else { return }
    let value = text.trimmed
    switch path.last {
    case "task", "job":
      if !tasks.isEmpty { set(name, value, in: &tasks[tasks.count - 1]) }
    case "original_size":
      if path.contains(where: { $0 == "task" || $0 == "job" }), !tasks.isEmpty {
        set(name, value, in: &tasks[tasks.count - 1])
      } else {
        set(name, value, in: &shared)
      }
    case nil: set(name, value, in: &shared)
    case "label":
      guard !labels.isEmpty else { break }
      switch name {
      case "name": labels[labels.count - 1].name = value
      case "parent": labels[labels.count - 1].parent = value
      case "svg": labels[labels.count - 1].svg = value
      default: break
      }
    case "attribute":
      if name == "name" { attribute.name = value }
      if name == "mutable" { attribute.isMutable = value.lowercased() == "true" }
    case "attributes":
      guard name == "attribute", !labels.isEmpty, !attribute.name.isEmpty else { break }
      if attribute.isMutable {
        labels[labels.count - 1].mutable.insert(attribute.name)
      } else {
        labels[labels.count - 1].immutable.insert(attribute.name)
      }
    default: break
    }
  }

  /// `meta` ends: what stands beside the tasks is theirs where they do not say it themselves.
  mutating func finish() {
    if tasks.isEmpty { tasks = [Task()] }
    for index in tasks.indices {
      if tasks[index].source.isEmpty, tasks.count == 1 { tasks[index].source = shared.source }
      tasks[index].width = tasks[index].width ?? shared.width
      tasks[index].height = tasks[index].height ?? shared.height
    }
  }

  private func set(_ name: String, _ value: String, in task: inout Task) {
    let number = Int(value).flatMap { 0...LabelFormats.maximumFrame ~= $0 ? $0 : nil }
    switch name {
    case "id": task.id = value
    case "name": task.name = value
    case "subset": task.subset = value
    case "source": task.source = value
    case "size": task.size = number
    case "start_frame": task.startFrame = number
    case "stop_frame": task.stopFrame = number
    case "frame_filter": task.step = CVATMeta.step(in: value)
    case "width": task.width = number
    case "height": task.height = number
    default: break
    }
  }

  /// The `k` of a frame filter `step=k`; 1 where there is none.
  static func step(in filter: String) -> Int {
    guard let equals = filter.firstIndex(of: "="), filter.hasPrefix("step"),
      let step = Int(String(filter[equals...].dropFirst()).trimmed),
      1...LabelFormats.maximumFrame ~= step
    else { return 1 }
    return step
  }
}

extension CVATMeta {
  /// Adds a task that is described elsewhere.
  mutating func add(task: Task) {
    kind = "task"
    tasks.append(task)
  }

  /// Adds a label, and its joints, as CVAT's backups write them.
  mutating func add(label value: JSONValue, parent: String = "") {
    var label = Label(name: value["name"]?.string ?? "", parent: parent)
    label.svg = value["svg"]?.string ?? ""
    for attribute in value["attributes"]?.elements ?? [] {
      guard let name = attribute["name"]?.string else { continue }
      if attribute["mutable"]?.boolean == true {
        label.mutable.insert(name)
      } else {
        label.immutable.insert(name)
      }
    }
    labels.append(label)
    guard parent.isEmpty else { return }
    for joint in value["sublabels"]?.elements ?? [] { add(label: joint, parent: label.name) }
  }
}

extension CVATMeta {
  /// The classes; a label with a parent is a joint of that parent's skeleton.
  var ontology: Ontology {
    let byParent = Dictionary(grouping: labels, by: \.parent)
    return Ontology(
      categories: (byParent[""] ?? []).map { label in
        let joints = label.name.isEmpty ? [] : (byParent[label.name] ?? []).map(\.name)
        let mutable = attributes(of: label, \.mutable)
        return Ontology.Category(
          name: label.name, joints: joints, edges: CVATMeta.edges(in: label.svg, joints: joints),
          mutableAttributes: mutable)
      })
  }

  /// The names of the attributes that a class declares as fixed for a whole track.
  var immutableAttributes: [String: Set<String>] {
    Dictionary(
      labels.filter(\.parent.isEmpty).map { ($0.name, attributes(of: $0, \.immutable)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The attributes of a label, and those of its joints as `joint/attribute`.
  private func attributes(of label: Label, _ kind: KeyPath<Label, Set<String>>) -> Set<String> {
    guard !label.name.isEmpty else { return label[keyPath: kind] }
    return labels.reduce(into: label[keyPath: kind]) { names, joint in
      guard joint.parent == label.name else { return }
      names.formUnion(joint[keyPath: kind].map { "\(joint.name)/\($0)" })
    }
  }

  /// The bones drawn in a skeleton's SVG: lines between nodes, circles that name the nodes.
  private static func edges(in svg: String, joints: [String]) -> [Ontology.Edge] {
    var names: [String: String] = [:]
    var lines: [(from: String, to: String)] = []
    for element in svg.split(separator: "<") {
      if element.hasPrefix("circle"), let node = value(of: "data-node-id", in: element) {
        names[node] = value(of: "data-label-name", in: element)
      } else if element.hasPrefix("line"), let from = value(of: "data-node-from", in: element),
        let to = value(of: "data-node-to", in: element)
      {
        lines.append((from, to))
      }
    }
    return lines.compactMap { line in
      guard let from = names[line.from].flatMap({ joints.firstIndex(of: $0) }),
        let to = names[line.to].flatMap({ joints.firstIndex(of: $0) })
      else { return nil }
      return Ontology.Edge(from, to)
    }
  }

  private static func value(of name: String, in element: Substring) -> String? {
    guard let start = element.range(of: " \(name)=\"")?.upperBound,
      let end = element[start...].firstIndex(of: "\"")
    else { return nil }
    return XMLText.resolvingEntities(in: String(element[start..<end]))
  }
}

extension String {
  /// The string without white space at its ends.
  var trimmed: String {
    var part = self[...]
    while part.first?.isWhitespace == true { part.removeFirst() }
    while part.last?.isWhitespace == true { part.removeLast() }
    return String(part)
  }
}
