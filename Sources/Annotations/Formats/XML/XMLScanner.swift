import Foundation

/// Reads the elements of an XML file one after the other, in memory that does not grow with it.
///
/// It reads the XML that label tools write: UTF-8, the five named entities and numeric ones. A file
/// that declares entities of its own is refused, so none can expand or be fetched. Foundation's
/// `XMLParser` is not used because on Linux it traps on an attribute name that is no UTF-8, goes on
/// after an error and then returns true, and alone takes longer than this scanner and the reader
/// of labels together.
struct XMLScanner: ~Copyable {
  /// How deep elements may lie in each other.
  static let depthLimit = 256
  /// How long one tag or one piece of text may be, in bytes.
  static let tokenLimit = 32 << 20
  /// How many attributes a tag may have.
  static let attributeLimit = 256
  private static let chunk = 1 << 18
  private static let comment = (start: Array("<!--".utf8), end: Array("-->".utf8))
  private static let data = (start: Array("<![CDATA[".utf8), end: Array("]]>".utf8))
  private static let instruction = (start: Array("<?xml ".utf8), end: Array("?>".utf8))
  private static let bracket = Array(">".utf8)

  /// Whether text is worth decoding where the scanner stands.
  var wantsText = false
  /// The line on which the last event began, from 1.
  private(set) var line = 1

  private let file: FileHandle
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false
  private var nextLine = 1
  private var open: [String] = []
  private var hasRoot = false
  private var owesEnd = false

  /// Creates a scanner at the beginning of `file`.
  init(_ file: FileHandle) throws(XMLFault) {
    self.file = file
    try fill(toReach: 4)
    if buffer.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    if buffer.starts(with: [0xff, 0xfe]) || buffer.starts(with: [0xfe, 0xff]) {
      throw fault("the file is written in UTF-16; save it as UTF-8")
    }
  }

  /// The next event; nil behind the root element.
  mutating func next() throws(XMLFault) -> XMLEvent? {
    if owesEnd {
      owesEnd = false
      open.removeLast()
      return .end
    }
    while true {
      line = nextLine
      guard try has(1) else {
        guard hasRoot else { throw fault("there is no XML element in the file") }
        guard open.isEmpty else { throw breakOff() }
        return nil
      }
      guard buffer[position] == UInt8(ascii: "<") else {
        if let text = try text() { return .text(text) }
        continue
      }
      guard try has(2) else { throw breakOff() }
      switch buffer[position + 1] {
      case UInt8(ascii: "/"):
        try closingTag()
        return .end
      case UInt8(ascii: "?"): try instruction()
      case UInt8(ascii: "!"):
        if let text = try declaration() { return .text(text) }
      default: return try openingTag()
      }
    }
  }

  // MARK: Tokens

  private mutating func text() throws(XMLFault) -> String? {
    let end = try endOfText()
    let range = position..<end
    if open.isEmpty {
      guard buffer[range].allSatisfy(XMLText.isSpace) else {
        throw fault(
          hasRoot
            ? "there is text behind the last element; export the file again"
            : "this is no XML; name an XML file, or another format")
      }
      consume(end)
      return nil
    }
    let text = wantsText ? try decoded(range) : nil
    consume(end)
    return text
  }

  /// A comment, a document type, or text in a CDATA section.
  private mutating func declaration() throws(XMLFault) -> String? {
    if try starts(with: XMLScanner.comment.start) {
      consume(try end(of: XMLScanner.comment.end, after: 4))
      return nil
    }
    if try starts(with: XMLScanner.data.start) {
      let end = try end(of: XMLScanner.data.end, after: 9)
      let range = (position + 9)..<(end - 3)
      let text = wantsText ? try literal(range) : nil
      consume(end)
      return text
    }
    let end = try end(of: XMLScanner.bracket, after: 2)
    guard !buffer[position..<end].contains(UInt8(ascii: "[")) else {
      throw fault(
        "the file declares entities of its own, which no label tool does; export it again")
    }
    consume(end)
    return nil
  }

  private mutating func instruction() throws(XMLFault) {
    let end = try end(of: XMLScanner.instruction.end, after: 2)
    if try starts(with: XMLScanner.instruction.start) {
      let attributes = try attributes((position + 6)..<(end - 2))
      if let encoding = attributes["encoding"]?.lowercased(),
        !["utf-8", "utf8", "us-ascii", "ascii"].contains(encoding)
      {
        throw fault("the file is written in \(encoding); save it as UTF-8")
      }
    }
    consume(end)
  }

  private mutating func closingTag() throws(XMLFault) {
    let end = try end(of: XMLScanner.bracket, after: 2)
    var nameEnd = end - 1
    while nameEnd > position + 2, XMLText.isSpace(buffer[nameEnd - 1]) { nameEnd -= 1 }
    let name = try literal((position + 2)..<nameEnd)
    guard open.last == name else {
      throw fault("a closing tag does not fit the open element\(place); export the file again")
    }
    open.removeLast()
    consume(end)
  }

  private mutating func openingTag() throws(XMLFault) -> XMLEvent {
    let end = try endOfTag()
    var last = end - 1
    let isEmpty = last > position + 1 && buffer[last - 1] == UInt8(ascii: "/")
    if isEmpty { last -= 1 }
    var nameEnd = position + 1
    while nameEnd < last, !XMLText.isSpace(buffer[nameEnd]) { nameEnd += 1 }
    guard let first = buffer[(position + 1)..<nameEnd].first, XMLText.beginsName(first) else {
      throw fault("there is a < that begins no tag\(place); export the file again")
    }
    guard !(open.isEmpty && hasRoot) else {
      throw fault("there is a second root element; export the file again")
    }
    guard open.count < XMLScanner.depthLimit else {
      throw fault("elements lie deeper in each other than labels do; export the file again")
    }
    let name = try literal((position + 1)..<nameEnd)
    let attributes = try attributes(nameEnd..<last)
    hasRoot = true
    open.append(name)
    owesEnd = isEmpty
    consume(end)
    return .start(name: name, attributes: attributes)
  }

  /// Reads `name="value"` pairs.
  private func attributes(_ range: Range<Int>) throws(XMLFault) -> XMLAttributes {
    var attributes = XMLAttributes()
    var at = range.lowerBound
    func skipSpace() { while at < range.upperBound, XMLText.isSpace(buffer[at]) { at += 1 } }
    skipSpace()
    while at < range.upperBound {
      let start = at
      while at < range.upperBound, buffer[at] != UInt8(ascii: "="), !XMLText.isSpace(buffer[at]) {
        at += 1
      }
      let name = start..<at
      skipSpace()
      guard !name.isEmpty, at < range.upperBound, buffer[at] == UInt8(ascii: "=") else {
        throw fault("an attribute has no value\(place); export the file again")
      }
      at += 1
      skipSpace()
      guard at < range.upperBound,
        buffer[at] == UInt8(ascii: "\"") || buffer[at] == UInt8(ascii: "'"),
        let close = buffer[(at + 1)..<range.upperBound].firstIndex(of: buffer[at])
      else { throw fault("an attribute is not in quotes\(place); export the file again") }
      let value = try decoded((at + 1)..<close)
      guard attributes.count < XMLScanner.attributeLimit,
        attributes.add(try literal(name), value)
      else {
        throw fault("attributes stand twice in one tag\(place); export the file again")
      }
      at = close + 1
      skipSpace()
    }
    return attributes
  }

  // MARK: Characters

  /// The text in `range`, in which entities stand for characters.
  private func decoded(_ range: Range<Int>) throws(XMLFault) -> String {
    let (text, hasEntities) = try validated(range)
    guard hasEntities else { return text }
    guard let resolved = XMLText.resolvingEntities(in: text) else {
      throw fault("there is an unknown entity\(place); export the file again")
    }
    return resolved
  }

  /// A name, or the text of a CDATA section: an ampersand means itself.
  private func literal(_ range: Range<Int>) throws(XMLFault) -> String {
    try validated(range).text
  }

  private func validated(
    _ range: Range<Int>
  ) throws(XMLFault) -> (text: String, hasEntities: Bool) {
    guard let result = XMLText.decoded(buffer[range]) else {
      throw fault("there are bytes that are no UTF-8\(place); save the file as UTF-8")
    }
    return result
  }

  // MARK: Buffer

  /// Where the text ends that begins at the position: at the next tag, or at the end of the file.
  private mutating func endOfText() throws(XMLFault) -> Int {
    var seen = 0
    while true {
      if let tag = buffer[(position + seen)...].firstIndex(of: UInt8(ascii: "<")) { return tag }
      seen = buffer.count - position
      if isAtEnd { return buffer.count }
      try fill(toReach: seen + 1)
    }
  }

  /// The place behind the `>` of the tag at the position, which is not inside quotes.
  private mutating func endOfTag() throws(XMLFault) -> Int {
    var offset = 1
    var quote: UInt8 = 0
    while true {
      for index in (position + offset)..<buffer.count {
        let byte = buffer[index]
        if quote != 0 {
          if byte == quote { quote = 0 }
        } else if byte == UInt8(ascii: ">") {
          return index + 1
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
          quote = byte
        } else if byte == UInt8(ascii: "<") {
          throw fault("a tag is not closed\(place); export the file again")
        }
      }
      offset = buffer.count - position
      guard try has(offset + 1) else { throw breakOff() }
    }
  }

  /// The place behind the next `mark`.
  private mutating func end(of mark: [UInt8], after skipped: Int) throws(XMLFault) -> Int {
    var offset = skipped
    while true {
      var index = position + offset
      while index + mark.count <= buffer.count {
        if buffer[index] == mark[0], buffer[index..<(index + mark.count)].elementsEqual(mark) {
          return index + mark.count
        }
        index += 1
      }
      offset = max(skipped, buffer.count - position - mark.count + 1)
      guard try has(buffer.count - position + 1) else { throw breakOff() }
    }
  }

  private mutating func starts(with mark: [UInt8]) throws(XMLFault) -> Bool {
    guard try has(mark.count) else { return false }
    return buffer[position..<(position + mark.count)].elementsEqual(mark)
  }

  /// Whether at least `count` bytes follow the position; reads on where the buffer is short.
  private mutating func has(_ count: Int) throws(XMLFault) -> Bool {
    if buffer.count - position >= count { return true }
    try fill(toReach: count)
    return buffer.count - position >= count
  }

  private mutating func fill(toReach count: Int) throws(XMLFault) {
    buffer.removeSubrange(..<position)
    position = 0
    guard count <= XMLScanner.tokenLimit else {
      throw fault("a tag or a text\(place) is larger than labels have; export the file again")
    }
    while buffer.count < count, !isAtEnd {
      do {
        // A token that does not fit doubles the buffer, so that it is searched in linear time.
        let data = try file.read(upToCount: max(XMLScanner.chunk, buffer.count)) ?? Data()
        isAtEnd = data.isEmpty
        buffer.append(contentsOf: data)
      } catch {
        throw fault("the file cannot be read on from here; check the disk and copy it again")
      }
    }
  }

  /// Moves behind a token and counts its lines.
  private mutating func consume(_ end: Int) {
    for index in position..<end where buffer[index] == 0x0a { nextLine += 1 }
    position = end
  }

  // MARK: Faults

  private var place: String { open.last.map { " inside <\($0)>" } ?? "" }

  private func fault(_ reason: String) -> XMLFault { XMLFault(line: line, reason: reason) }

  private func breakOff() -> XMLFault {
    let rest = buffer[position...].count { $0 == 0x0a }
    return XMLFault(
      breaksOff: true, line: nextLine + rest,
      reason: "the file breaks off here\(place); copy it again or export it again")
  }
}
