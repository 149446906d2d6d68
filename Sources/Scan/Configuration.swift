import Foundation
public import Quality
import Yams

/// What a person changed about the rules, as a YAML file says it.
///
/// ```yaml
/// rules:
///   track-gap:
///     level: warning      # note, warning or error
///     longest-gap: 2.5    # a parameter of the rule; `continuity rules track-gap` lists them
///   short-track: off      # the rule does not run; `short-track: note` sets just the level
/// ```
///
/// Anything else in the file is refused with its line, so that a typing error never silently
/// leaves a default in place.
public struct Configuration: Sendable {
  /// What is changed about one rule.
  public struct Change: Hashable, Sendable {
    /// Whether the rule does not run at all.
    public var isOff = false
    /// The level of unexplained findings; nil keeps the rule's own.
    public var level: Level?
    /// Parameters by id.
    public var parameters: [String: Double] = [:]

    /// Creates a change that changes nothing.
    public init() {}
  }

  /// Changes by rule id.
  public var rules: [String: Change]

  /// Creates a configuration; without arguments, it changes nothing.
  public init(rules: [String: Change] = [:]) { self.rules = rules }

  /// Reads a YAML file and refuses what `catalog` does not know.
  public static func read(
    path: String, rules catalog: [any Rule.Type] = Rules.all
  ) throws(ScanError) -> Configuration {
    guard !isFolder(path), let data = head(of: path) else {
      throw ScanError(
        .configuration, "\(path): there is no such configuration file, or it may not be read")
    }
    guard data.count <= maximumSize else {
      throw ScanError(
        .configuration, "\(path): a configuration of more than 1 MiB is none; name the right file")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw ScanError(.configuration, "\(path): the configuration is not UTF-8 text")
    }
    return try ConfigurationReader(path: path, catalog: catalog).read(text)
  }

  // No person writes more, and whatever else the file is may have no end.
  private static let maximumSize = 1 << 20

  private static func head(of path: String) -> Data? {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    var data = Data()
    do {
      while data.count <= maximumSize,
        let piece = try handle.read(upToCount: maximumSize + 1 - data.count), !piece.isEmpty
      {
        data.append(piece)
      }
      return data
    } catch {
      return nil
    }
  }

  /// The settings of a rule; nil where it is off.
  func settings(of info: RuleInfo) -> RuleSettings? {
    var settings = RuleSettings(info)
    guard let change = rules[info.id] else { return settings }
    if change.isOff { return nil }
    settings.level = change.level ?? settings.level
    for (id, value) in change.parameters { _ = settings.set(id, to: value) }
    return settings
  }
}

/// Reads one configuration file.
private struct ConfigurationReader {
  let path: String
  let catalog: [any Rule.Type]

  func read(_ text: String) throws(ScanError) -> Configuration {
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw ScanError(.configuration, "\(path): the file is not valid YAML: \(Self.place(error))")
    } catch {
      throw ScanError(.configuration, "\(path): the file is not valid YAML: \(error)")
    }
    var configuration = Configuration()
    guard let root, !isEmpty(root) else { return configuration }
    for (key, value) in try pairs(root, of: "the configuration") {
      guard let name = key.string, name == "rules" else {
        throw failure(key, "\(key.string ?? "this key") is not known here; known is rules")
      }
      if isEmpty(value) { continue }
      for (rule, change) in try pairs(value, of: "rules") {
        let info = try ruleInfo(rule)
        configuration.rules[info.id] = try self.change(change, of: info)
      }
    }
    return configuration
  }

  private func ruleInfo(_ node: Node) throws(ScanError) -> RuleInfo {
    let id = node.string ?? ""
    if let rule = catalog.first(where: { $0.info.id == id }) { return rule.info }
    let hint = suggestion(for: id, among: catalog.map { $0.info.id })
    throw failure(node, "there is no rule called \(id)\(hint)")
  }

  private func change(_ node: Node, of info: RuleInfo) throws(ScanError) -> Configuration.Change {
    var change = Configuration.Change()
    if isEmpty(node) { return change }
    if case .scalar = node {
      try setLevel(node, in: &change)
      return change
    }
    for (key, value) in try pairs(node, of: info.id) {
      let id = key.string ?? ""
      if id == "level" {
        try setLevel(value, in: &change)
      } else if info.parameters.contains(where: { $0.id == id }) {
        guard let number = value.float, number.isFinite else {
          throw failure(value, "\(id) of \(info.id) wants a number")
        }
        guard number >= 0 else {
          throw failure(value, "\(id) of \(info.id) wants a number that is not negative")
        }
        change.parameters[id] = number
      } else {
        let known = ["level"] + info.parameters.map(\.id)
        let hint = suggestion(for: id, among: known)
        throw failure(
          key, "\(info.id) has no setting \(id)\(hint) (known are \(known.joined(separator: ", ")))"
        )
      }
    }
    return change
  }

  // YAML reads a bare `off` as false; the text of the scalar is what the person wrote.
  private func setLevel(_ node: Node, in change: inout Configuration.Change) throws(ScanError) {
    let text = node.scalar?.string ?? ""
    if text == "off" {
      change.isOff = true
    } else if let level = Level(rawValue: text) {
      change.level = level
    } else {
      throw failure(node, "a level is off, note, warning or error, not \(text)")
    }
  }

  private func pairs(_ node: Node, of what: String) throws(ScanError) -> [(Node, Node)] {
    guard let mapping = node.mapping else {
      throw failure(node, "\(what) must be a list of `name: value` lines")
    }
    return mapping.map { ($0.key, $0.value) }
  }

  private func isEmpty(_ node: Node) -> Bool { node.null != nil }

  private func failure(_ node: Node, _ reason: String) -> ScanError {
    let line = node.mark.map { ":\($0.line)" } ?? ""
    return ScanError(.configuration, "\(path)\(line): \(reason)")
  }

  private static func place(_ error: YamlError) -> String {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      "\(problem) in line \(mark.line)"
    case .duplicatedKeysInMapping(let duplicates, let context):
      "the key \(duplicates.map { "\($0)" }.joined(separator: ", ")) stands twice"
        + " (line \(context.mark.line))"
    default: "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
    }
  }
}
