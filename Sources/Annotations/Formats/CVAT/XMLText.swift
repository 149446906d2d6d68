import Foundation

/// What can be said about XML without a parser, and about a parser's errors.
enum XMLText {
  /// The name of the first element in `text`; nil where none begins there.
  static func rootName(of text: String) -> Substring? {
    var rest = text[...]
    while let open = rest.firstIndex(of: "<") {
      rest = rest[open...].dropFirst()
      let end: String
      if rest.hasPrefix("?") {
        end = "?>"
      } else if rest.hasPrefix("!--") {
        end = "-->"
      } else if rest.hasPrefix("!") {
        // The declarations inside a document type stand in brackets.
        let bracket = rest.firstIndex(of: "[")
        let close = rest.firstIndex(of: ">")
        if let bracket, let close, bracket < close { end = "]>" } else { end = ">" }
      } else {
        return rest.prefix { $0.isLetter || $0.isNumber || "_-.:".contains($0) }
      }
      guard let close = rest.range(of: end) else { return nil }
      rest = rest[close.upperBound...]
    }
    return nil
  }

  /// What an error of libxml2 means, as part of a sentence.
  ///
  /// FoundationXML hands its codes on without a text. They are fixed in libxml2's `xmlerror.h`.
  static func meaning(ofError code: Int) -> String {
    switch code {
    case 1, 110: "a value or a nesting is larger than a label file has"
    case 5, 77: "the file breaks off here"
    case 9, 81: "there is a character that XML or the stated encoding does not allow"
    case 38, 39, 40: "an attribute is not closed or holds a character it may not"
    case 42: "an attribute stands twice in one element"
    case 76: "a closing tag does not fit the open element"
    case 89: "entities expand without end, which no label tool writes"
    default: "this is no well-formed XML (libxml2 error \(code))"
    }
  }
}
