/// The parts of the path of a frame that was stored as a picture: `clip/img1/000012.jpg`.
struct ImageFileName {
  /// The folders before the name, without a slash at the end; empty where there are none.
  var folder: String
  /// What comes before the number: `frame_` in `frame_000012.png`.
  var prefix: String
  /// The number at the end of the name before its extension; nil where there is none, or one above
  /// ``LabelFormats/maximumFrame``.
  var number: Int?

  /// Takes a path apart; either slash separates folders.
  init(_ path: String) {
    let parts = path.utf8.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
    folder = parts.dropLast().map { String(Substring($0)) }.joined(separator: "/")
    prefix = ""
    guard let file = parts.last else { return }
    let stem = file.lastIndex(of: UInt8(ascii: ".")).map { file[..<$0] } ?? file
    let digits = stem.reversed().prefix { $0 &- 48 <= 9 }.count
    prefix = String(Substring(stem.dropLast(digits)))
    if let number = Int(String(Substring(stem.suffix(digits)))),
      number <= LabelFormats.maximumFrame
    {
      self.number = number
    }
  }

  /// The name of the video whose frames lie in `folder`; nil where it names none.
  static func videoName(folder: String) -> String? {
    var parts = folder.split(separator: "/")
    while let last = parts.last, ["img1", "images", "frames", "JPEGImages"].contains(last) {
      parts.removeLast()
    }
    return parts.isEmpty ? nil : parts.joined(separator: "/")
  }
}
