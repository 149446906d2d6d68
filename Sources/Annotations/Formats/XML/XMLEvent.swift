/// Why a file cannot be read as XML, and where.
struct XMLFault: Error {
  /// Whether the file ends in the middle, rather than being no XML.
  var breaksOff = false
  var line: Int
  /// What is wrong and what to do, without a full stop.
  var reason: String
}

/// What comes next in an XML file.
enum XMLEvent {
  /// An element begins.
  case start(name: String, attributes: XMLAttributes)
  /// The innermost element ends.
  case end
  /// Text between tags; it may come in pieces. Only where ``XMLScanner/wantsText`` asks for it.
  case text(String)
}
