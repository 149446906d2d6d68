/// Writes the elements of an XML file one after the other.
struct XMLOutput: ~Copyable {
  /// An attribute of an element; the name is one that XML allows.
  typealias Attribute = (name: String, value: String)

  private let output: TextOutput
  private var open: [String] = []
  // Whether the start of the innermost element is written without its closing bracket.
  private var isStartOpen = false

  /// Begins a file on `output`.
  init(_ output: TextOutput) throws(LabelError) {
    try output.write("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")
    self.output = output
  }

  /// Begins an element, on a line of its own.
  mutating func begin(_ name: String, _ attributes: [Attribute] = []) throws(LabelError) {
    try closeStart()
    var text = String(repeating: "  ", count: open.count) + "<" + name
    for attribute in attributes {
      text += " " + attribute.name + "=\"" + XMLText.escaped(attribute.value) + "\""
    }
    try output.write(text)
    open.append(name)
    isStartOpen = true
  }

  /// Ends the innermost element.
  mutating func end() throws(LabelError) {
    guard let name = open.popLast() else { return }
    if isStartOpen {
      try output.write("/>\n")
      isStartOpen = false
    } else {
      try output.write(String(repeating: "  ", count: open.count) + "</" + name + ">\n")
    }
  }

  /// Writes an element that holds nothing but text.
  mutating func element(
    _ name: String, _ attributes: [Attribute] = [], text: String
  ) throws(LabelError) {
    try begin(name, attributes)
    isStartOpen = false
    open.removeLast()
    try output.write(">" + XMLText.escaped(text) + "</" + name + ">\n")
  }

  /// Writes an element that holds nothing.
  mutating func element(_ name: String, _ attributes: [Attribute]) throws(LabelError) {
    try begin(name, attributes)
    try end()
  }

  private mutating func closeStart() throws(LabelError) {
    guard isStartOpen else { return }
    try output.write(">\n")
    isStartOpen = false
  }
}

extension XMLText {
  /// `text` as it may stand between tags and in attributes.
  ///
  /// Characters that XML 1.0 cannot hold at all become the replacement character U+FFFD.
  static func escaped(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      $0 >= 32 && $0 < 127 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">")
        && $0 != UInt8(ascii: "&") && $0 != UInt8(ascii: "\"")
    }
    guard !isPlain else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      // As they are, readers would turn these into spaces inside an attribute.
      case "\t", "\n", "\r": result += "&#\(scalar.value);"
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result.unicodeScalars.append("\u{FFFD}")
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
