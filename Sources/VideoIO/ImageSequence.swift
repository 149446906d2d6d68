import Foundation

/// The images of a folder or a pattern, in the order of their numbers.
struct ImageSequence: Equatable {
  /// The folder the images lie in.
  let folder: String
  /// The file names; the k-th is frame k.
  let names: [String]

  /// The path of image `index`.
  func path(_ index: Int) -> String { folder.isEmpty ? names[index] : "\(folder)/\(names[index])" }

  private static let endings: Set<String> = ["png", "jpg", "jpeg", "tif", "tiff", "bmp", "webp"]

  /// Tells whether a file's name has the ending of an image.
  static func isImage(name: String) -> Bool {
    guard let dot = name.lastIndex(of: "."), !name.hasPrefix(".") else { return false }
    return endings.contains(name[name.index(after: dot)...].lowercased())
  }

  /// Finds what `path` names, or nil where it is neither folder, pattern nor image.
  static func find(path: String) throws(VideoError) -> ImageSequence? {
    let files = FileManager.default
    if files.fileExists(atPath: path) {
      let (folder, name) = split(path)
      // Only a folder has a "." inside it, also behind a symbolic link.
      if !files.fileExists(atPath: path + "/.") {
        return isImage(name: name) ? ImageSequence(folder: folder, names: [name]) : nil
      }
      let names = try list(path).filter { isImage(name: $0) }
      guard !names.isEmpty else {
        throw VideoError(
          .noImages, path: path,
          reason: "the folder holds no images (png, jpg, tif, bmp or webp); give the folder that "
            + "holds the frames, or a video file")
      }
      return ImageSequence(folder: path, names: inOrder(names))
    }
    let (folder, name) = split(path)
    guard let pattern = NumberPattern(name) else { return nil }
    let names = try list(folder.isEmpty ? "." : folder).compactMap { name in
      pattern.number(in: name).map { (number: $0, name: name) }
    }
    guard !names.isEmpty else {
      throw VideoError(
        .noImages, path: path,
        reason: "no image fits the pattern; check the folder and the number of digits")
    }
    let sorted = names.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
    return ImageSequence(folder: folder, names: sorted.map(\.name))
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }

  private static func list(_ folder: String) throws(VideoError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw VideoError(
        .unreadable, path: folder,
        reason: "the folder cannot be listed; check that it exists and may be read")
    }
  }

  /// Sorts names as people count: `2.png` before `10.png`, whatever the zeros in front.
  static func inOrder(_ names: [String]) -> [String] {
    names.map { (key: NaturalKey($0), name: $0) }
      .sorted { ($0.key, $0.name) < ($1.key, $1.name) }
      .map(\.name)
  }
}

/// A name cut into text and numbers, compared piece by piece.
struct NaturalKey: Comparable {
  private enum Piece: Comparable {
    // Numbers come before text, by value: fewer digits first, then digit by digit.
    case number(digits: Int, String)
    case text(String)
  }
  private let pieces: [Piece]

  init(_ name: String) {
    var pieces: [Piece] = []
    var rest = name[...]
    while let first = rest.first {
      let isNumber = first.isASCIIDigit
      let piece = rest.prefix { $0.isASCIIDigit == isNumber }
      rest = rest.dropFirst(piece.count)
      if isNumber {
        let digits = piece.drop { $0 == "0" }
        pieces.append(.number(digits: digits.count, String(digits)))
      } else {
        pieces.append(.text(String(piece)))
      }
    }
    self.pieces = pieces
  }

  static func < (a: NaturalKey, b: NaturalKey) -> Bool {
    a.pieces.lexicographicallyPrecedes(b.pieces)
  }
}

/// A file name with one number in it, written as printf does: `frame_%05d.png`.
struct NumberPattern: Equatable {
  private let prefix: String
  private let suffix: String
  private let digits: Int

  /// Reads a pattern; nil where `name` holds not exactly one `%d` or `%0Nd`.
  init?(_ name: String) {
    var texts = [""]
    var digits = 0
    var rest = name[...]
    while let character = rest.popFirst() {
      guard character == "%" else {
        texts[texts.count - 1].append(character)
        continue
      }
      if rest.first == "%" {
        rest.removeFirst()
        texts[texts.count - 1].append("%")
        continue
      }
      let width = rest.prefix { $0.isASCIIDigit }
      rest = rest.dropFirst(width.count)
      guard rest.popFirst() == "d", width.count <= 3, texts.count == 1 else { return nil }
      digits = Int(width) ?? 0
      texts.append("")
    }
    guard texts.count == 2 else { return nil }
    (prefix, suffix, self.digits) = (texts[0], texts[1], digits)
  }

  /// Returns the number in `name`, or nil where the name does not fit.
  func number(in name: String) -> Int? {
    guard name.count > prefix.count + suffix.count, name.hasPrefix(prefix),
      name.hasSuffix(suffix)
    else { return nil }
    let middle = name.dropFirst(prefix.count).dropLast(suffix.count)
    // printf pads to the width and never cuts: longer numbers have no zero in front.
    guard middle.allSatisfy(\.isASCIIDigit), middle.count >= digits,
      middle.count == max(digits, 1) || middle.first != "0"
    else { return nil }
    return Int(middle)
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
