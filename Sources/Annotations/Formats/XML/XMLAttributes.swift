/// The attributes of one tag, in the order of the file.
///
/// Tags have a dozen attributes at most, and comparing that many short names is several times
/// faster than hashing them.
struct XMLAttributes {
  private var pairs: [(name: String, value: String)] = []

  /// How many there are.
  var count: Int { pairs.count }

  /// The value of the attribute `name`; nil where there is none.
  subscript(name: String) -> String? {
    for pair in pairs where pair.name == name { return pair.value }
    return nil
  }

  /// Adds an attribute; returns false where its name stands there already.
  mutating func add(_ name: String, _ value: String) -> Bool {
    guard self[name] == nil else { return false }
    if pairs.isEmpty { pairs.reserveCapacity(12) }
    pairs.append((name, value))
    return true
  }
}
