import Annotations
import Timeline

// How findings name and show things, in one place so that all rules speak alike.

extension Track {
  /// `person 7`, `track 7` where the source has no classes, or `class 0 track 7` where it only
  /// numbers them.
  var spokenName: String {
    if className.isEmpty { return "track \(id)" }
    return isNumber(className) ? "class \(className) track \(id)" : "\(className) \(id)"
  }

  /// The class; nil where the source has none.
  var knownClass: String? { className.isEmpty ? nil : className }

  /// The class of `instance`, which belongs to the track.
  func className(of instance: Instance) -> String { instance.className ?? className }
}

/// Whether the name of a class is nothing but a number.
package func isNumber(_ className: String) -> Bool {
  !className.isEmpty && className.utf8.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
}

extension Instance {
  /// The bounds where they can be shown: numbers that are finite, with an area.
  var shownBox: Box? { shape.bounds.flatMap { $0.isValid ? $0 : nil } }
}

extension FrameRange {
  /// `frame 12`, or `frames 12 to 19`, with both ends included as people count.
  var spokenFrames: String {
    count == 1 ? "frame \(start)" : "frames \(start) to \(max(start, end - 1))"
  }
}

extension FrameTable {
  /// The length of `range` as reasons state it: `40 frames (1.6 s)`.
  func lengthText(of range: FrameRange) -> String {
    let seconds = (self.seconds(in: range) * 100).rounded() / 100
    return "\(counted(range.count, "frame")) (\(seconds) s)"
  }
}

/// `1 frame`, `12 frames`; nouns that do not end in s among many bring their own plural.
package func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(count) " + (count == 1 ? noun : plural ?? noun + "s")
}

/// `1st`, `2nd`, `3rd`, `4th`, `11th`.
func ordinal(_ number: Int) -> String {
  switch (number % 100, number % 10) {
  case (11...13, _): "\(number)th"
  case (_, 1): "\(number)st"
  case (_, 2): "\(number)nd"
  case (_, 3): "\(number)rd"
  default: "\(number)th"
  }
}

/// `a`, `a and b`, `a, b and c`; from the sixth on only their number is told.
func listed(_ names: [String]) -> String {
  let shown = names.count > 6 ? Array(names.prefix(5)) + ["\(names.count - 5) more"] : names
  guard let last = shown.last, shown.count > 1 else { return shown.first ?? "" }
  return shown.dropLast().joined(separator: ", ") + " and " + last
}

/// A number with `digits` decimals, with a point in every locale.
func decimal(_ value: Double, digits: Int = 2) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
  var scale: Int64 = 1
  for _ in 0..<digits { scale *= 10 }
  let scaled = Int64((abs(value) * Double(scale)).rounded())
  let fraction = String(scaled % scale)
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard digits > 0 else { return sign + String(scaled) }
  return sign + String(scaled / scale) + "."
    + String(repeating: "0", count: digits - fraction.count) + fraction
}
