import Foundation

/// The words of one line of text that blanks separate; what stands in double quotes is one word.
struct WordRow {
  /// More words are no row of labels.
  private static let maximumCount = 20_000

  private let bytes: UnsafeBufferPointer<UInt8>
  private var words: [Range<Int>] = []
  /// Whether a quote was opened and not closed.
  private(set) var isBroken = false

  /// Takes a line apart; the words live as long as `line`.
  init(_ line: UnsafeBufferPointer<UInt8>) {
    bytes = line
    var at = 0
    // A byte-order mark is no part of the first word.
    if line.count >= 3, line[0] == 0xEF, line[1] == 0xBB, line[2] == 0xBF { at = 3 }
    while at < line.count, words.count < Self.maximumCount {
      if Self.isBlank(line[at]) {
        at += 1
        continue
      }
      let start = at
      if line[at] == UInt8(ascii: "\"") {
        at += 1
        while at < line.count, line[at] != UInt8(ascii: "\"") { at += 1 }
        isBroken = at == line.count
        words.append(start + 1..<at)
        at += 1
      } else {
        while at < line.count, !Self.isBlank(line[at]) { at += 1 }
        words.append(start..<at)
      }
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }

  /// A text as one word: blanks, quotes and percent signs become `%20` and the like.
  static func word(_ text: String) -> String {
    var word = ""
    for scalar in text.unicodeScalars {
      if scalar.value <= 32 || scalar == "\"" || scalar == "%" || scalar.value == 127 {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        word += "%" + (digits.count < 2 ? "0" : "") + digits
      } else {
        word.unicodeScalars.append(scalar)
      }
    }
    return word
  }

  /// The text that ``word(_:)`` turned into one word; a word that is not of its making stays.
  static func meaning(of word: String) -> String {
    word.contains("%") ? word.removingPercentEncoding ?? word : word
  }

  /// How many words there are.
  var count: Int { words.count }

  /// A word as text.
  func text(_ place: Int) -> String { String(decoding: bytes[words[place]], as: UTF8.self) }

  /// A word as a finite number with its decimals; nil where it is none.
  func numberText(_ place: Int) -> NumberText? {
    let word = words[place]
    let part = UnsafeBufferPointer(rebasing: bytes[word])
    var at = 0
    guard let number = NumberText.read(part, at: &at), at == part.count, number.value.isFinite
    else { return nil }
    return number
  }

  /// A word as a finite number; nil where it is none.
  func number(_ place: Int) -> Double? { numberText(place)?.value }

  /// A word as a whole number; nil where it is none.
  func integer(_ place: Int) -> Int? { number(place).flatMap { Int(exactly: $0) } }
}

/// A flaw of one row, as part of a sentence.
struct RowFlaw: Error {
  /// What is wrong: `the width is not a number`.
  var reason: String

  /// Creates a flaw.
  init(_ reason: String) { self.reason = reason }
}

extension Double {
  /// The nearest number of so many decimals: what text of as many digits must have meant.
  ///
  /// A width computed from two corners, or a corner from a centre, carries the rounding of doubles
  /// behind its last digit.
  func snapped(decimals: Int) -> Double {
    guard decimals <= 9, abs(self) < 1e6 else { return self }
    let scale = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9][Swift.max(0, decimals)]
    return (self * scale).rounded() / scale
  }
}
