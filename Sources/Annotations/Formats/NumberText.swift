/// A decimal number as text writes it.
struct NumberText {
  /// The nearest double; infinite where the number is too large for one.
  var value: Double
  /// How many digits after the point carry something: `12.50` has one, `1e-3` has three.
  var decimals: Int

  // Powers that a double holds exactly; with a mantissa below 2^53 one division is then exact.
  private static let powers: [Double] = (0...22).map { power in
    (0..<power).reduce(1) { value, _ in value * 10 }
  }

  /// Reads a number that begins at `position` and moves `position` behind it.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - position: Where the number begins; unchanged where there is none.
  /// - Returns: nil where no number begins at `position`. Names such as `nan` are none.
  @inline(__always)
  static func read(_ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int) -> NumberText? {
    let end = bytes.count
    var at = position
    var isNegative = false
    if at < end, bytes[at] == 45 || bytes[at] == 43 {
      isNegative = bytes[at] == 45
      at += 1
    }
    var (mantissa, significant, digits, fraction, zeros) = (UInt64(0), 0, 0, 0, 0)
    var isFraction = false
    while at < end {
      let digit = bytes[at] &- 48
      if digit <= 9 {
        digits += 1
        if significant < 19 {
          mantissa = mantissa &* 10 &+ UInt64(digit)
          if mantissa > 0 { significant += 1 }
        } else {
          significant += 1
        }
        if isFraction {
          fraction += 1
          zeros = digit == 0 ? zeros + 1 : 0
        }
      } else if digit == 254, !isFraction {  // the point
        isFraction = true
      } else {
        break
      }
      at += 1
    }
    guard digits > 0 else { return nil }
    var exponent = 0
    if at < end, bytes[at] | 32 == 101 { readExponent(bytes, &at, &exponent) }
    let decimals = max(0, fraction - zeros - exponent)
    let shift = exponent - fraction
    let start = position
    position = at
    if significant < 19, mantissa < 1 << 53, shift >= -22, shift <= 22 {
      let value =
        shift < 0 ? Double(mantissa) / powers[-shift] : Double(mantissa) * powers[shift]
      return NumberText(value: isNegative ? -value : value, decimals: decimals)
    }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    return Double(text).map { NumberText(value: $0, decimals: decimals) }
  }

  // An `e` without digits behind it does not belong to the number.
  private static func readExponent(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ exponent: inout Int
  ) {
    var at = position + 1
    var isNegative = false
    if at < bytes.count, bytes[at] == 45 || bytes[at] == 43 {
      isNegative = bytes[at] == 45
      at += 1
    }
    let first = at
    var value = 0
    while at < bytes.count, bytes[at] &- 48 <= 9 {
      value = min(100_000, value * 10 + Int(bytes[at] &- 48))
      at += 1
    }
    guard at > first else { return }
    exponent = isNegative ? -value : value
    position = at
  }
}

extension NumberText {
  /// Reads a text that is a number and nothing else; nil where it is none.
  init?(_ text: String) {
    var text = text
    let number = text.withUTF8 { bytes -> NumberText? in
      var at = 0
      guard let number = NumberText.read(bytes, at: &at), at == bytes.count else { return nil }
      return number
    }
    guard let number else { return nil }
    self = number
  }
}
