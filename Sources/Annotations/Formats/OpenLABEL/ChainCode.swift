/// Lines written as steps from pixel to pixel, OpenLABEL's SRF6DCC and RS6FCC.
///
/// A step is coded relative to the one before, in three bits: 0 goes on, 1 and 2 turn by 45 degrees
/// to either side, 3 and 4 by 90, 5 turns round without a step, 6 and 7 stand for a low and a high
/// number of steps straight on. The first step is relative to going down.
enum ChainCode {
  // The eight directions clockwise on screen, from the right.
  private static let directions = [
    (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1),
  ]
  // How far 0 to 5 turn clockwise, in eighths of a circle.
  private static let turns = [0, 1, -1, 2, -2, 4]
  private static let down = 2
  /// More steps are damage.
  private static let maximumSteps = 10_000_000

  /// Decodes the values of a `poly2d`.
  ///
  /// - Parameters:
  ///   - values: RS6FCC: x, y, the low number, the high number, how many codes at the end count
  ///     for nothing, the codes. SRF6DCC: the same without the two numbers, which are 3 and 15.
  ///   - mode: The name of the mode.
  /// - Returns: The corners; nil where the values are damaged.
  static func points(_ values: [String], mode: String) -> [Point]? {
    let isFixed = mode == "MODE_POLY2D_SRF6DCC"
    guard values.count == (isFixed ? 4 : 6), let text = values.last else { return nil }
    let numbers = values.dropLast().compactMap { Int($0) }
    guard numbers.count == values.count - 1, let unused = numbers.last, unused >= 0,
      numbers.allSatisfy({ abs($0) <= 1_000_000_000 })
    else { return nil }
    let (low, high) = isFixed ? (3, 15) : (numbers[2], numbers[3])
    guard low >= 0, high >= 0, var codes = codes(text), unused <= codes.count else { return nil }
    codes.removeLast(unused)

    var (x, y, direction, steps) = (numbers[0], numbers[1], down, 0)
    var result = [Point(Double(x), Double(y))]
    func go(_ count: Int) -> Bool {
      steps += count
      guard steps <= maximumSteps else { return false }
      x += directions[direction].0 * count
      y += directions[direction].1 * count
      return true
    }
    // A straight piece is one edge, however many steps it has.
    var isStraight = false
    for code in codes {
      switch code {
      case 0, 6, 7:
        guard go(code == 0 ? 1 : code == 6 ? low : high) else { return nil }
        if isStraight { result.removeLast() }
        isStraight = true
      default:
        direction = (direction + turns[code] + 8) % 8
        isStraight = code != 5
        if code == 5 { continue }
        guard go(1) else { return nil }
      }
      result.append(Point(Double(x), Double(y)))
    }
    return result
  }

  // Two codes a character of base64, the first in the high bits.
  private static func codes(_ text: String) -> [Int]? {
    var result: [Int] = []
    for byte in text.utf8 {
      let value: Int
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = Int(byte) - 65
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = Int(byte) - 97 + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = Int(byte) - 48 + 52
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      default: return nil
      }
      result += [value >> 3, value & 7]
    }
    return result
  }
}
