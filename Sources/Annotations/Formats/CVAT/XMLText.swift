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

  /// What an error of libxml2 means and what to do, without a full stop.
  ///
  /// FoundationXML hands the codes on without a text. They are fixed in libxml2's `xmlerror.h`.
  ///
  /// - Parameters:
  ///   - code: The code of the error.
  ///   - element: The innermost open element where it happened.
  /// - Returns: A sentence.
  static func sentence(forError code: Int, inside element: String?) -> String {
    let place = element.map { " inside <\($0)>" } ?? ""
    let again = "; copy the file again or export it again"
    return switch code {
    case 1, 110: "a value\(place) is larger than labels have; export the file again"
    case 5, 77: "the file breaks off here\(place)\(again)"
    case 9, 81: "there is a character\(place) that its encoding does not have\(again)"
    case 76: "a closing tag does not fit the open element\(place)\(again)"
    case 89: "the entities of this file expand without end; do not trust it, export it again"
    default: "this is no well-formed XML\(place) (libxml2 error \(code))\(again)"
    }
  }
}
