import Foundation

extension JSONValue {
  /// Whether this is an object.
  var isObject: Bool { if case .object = self { true } else { false } }

  /// A truth value; also one that Python or JSON spells as a word.
  var truth: Bool? {
    switch string {
    case "true", "True": true
    case "false", "False": false
    default: boolean
    }
  }

  /// A positive whole number, such as a width; nil for anything else and for damage.
  var count: Int? {
    guard let number, number >= 1, number <= 1e9, number == number.rounded() else { return nil }
    return Int(number)
  }

  /// A frame number; nil where it is no whole number or beyond what a video has.
  var frameNumber: Int? {
    let value = number ?? string.flatMap { Double($0) }
    guard let value, abs(value) <= Double(LabelFormats.maximumFrame), value == value.rounded()
    else { return nil }
    return Int(value)
  }

  /// An id; `.none` where it is neither number nor text.
  var identity: SourceIdentity {
    if let number { return Int(exactly: number).map { .number($0) } ?? .text(String(number)) }
    return string.map { .text($0) } ?? .none
  }

  /// A place as `[x, y]`, or as an object with `x` and `y`; nil where either is beyond `limit`.
  func point(limit: Double = 1e9) -> Point? {
    let x: Double?
    let y: Double?
    if let elements {
      guard elements.count >= 2 else { return nil }
      (x, y) = (elements[0].number, elements[1].number)
    } else {
      (x, y) = (self["x"]?.number, self["y"]?.number)
    }
    guard let x, let y, abs(x) <= limit, abs(y) <= limit else { return nil }
    return Point(x, y)
  }

  /// The mask that COCO's runs spell, as text or as numbers, under `counts`.
  func cocoMask(width: Int, height: Int) -> Mask? {
    var runs = COCORuns()
    if let text = self["counts"]?.string {
      var text = text
      guard text.withUTF8({ runs.read(compressed: $0) }) else { return nil }
    } else if let list = self["counts"]?.elements {
      runs.counts = list.map { $0.integer ?? -1 }
    } else {
      return nil
    }
    return runs.mask(width: width, height: height)
  }
}

/// The number that many file names of frames end with.
enum FileNumber {
  /// The digits before the suffix of a file name; nil where there are none or too many.
  static func last(in name: String) -> Int? {
    let file = name.utf8.split(separator: UInt8(ascii: "/")).last ?? Substring("").utf8[...]
    let stem = file.lastIndex(of: UInt8(ascii: ".")).map { file[..<$0] } ?? file
    let digits = stem.reversed().prefix { $0 &- 48 <= 9 }.reversed()
    guard !digits.isEmpty, digits.count <= 9 else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
  }
}
