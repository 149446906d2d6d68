/// How the file names of a folder of images count its frames.
///
/// Frame k is the k-th image whatever its number, so labels that were made with the whole folder
/// speak of other frames where an image is missing or a stranger lies among them.
struct ImageNumbering {
  /// What is odd about the names, one clause each; empty where they count without a gap.
  let remarks: [String]

  /// Looks at the names of the images in the order of their frames.
  init(_ names: [String]) {
    guard names.count > 1 else {
      remarks = []
      return
    }
    let numbers = names.map(NumberInName.all)
    var sizes: [String: Int] = [:]
    for shape in numbers.joined().map(\.shape) { sizes[shape, default: 0] += 1 }
    // One name can hold several numbers; the one that counts is the one that most names share.
    let best = sizes.max { ($0.value, $1.key) < ($1.value, $0.key) }
    guard let best, best.value * 2 >= names.count else {
      remarks = [
        "the names of the images follow no one numbering, and frame k is the k-th image by name"
      ]
      return
    }
    var members: [(name: String, number: NumberInName)] = []
    var strangers: [String] = []
    for (name, candidates) in zip(names, numbers) {
      if let number = candidates.first(where: { $0.shape == best.key }) {
        members.append((name, number))
      } else {
        strangers.append(name)
      }
    }
    members.sort { ($0.number.value, $0.name) < ($1.number.value, $1.name) }
    remarks = [Self.holes(members.map(\.number)), Self.twins(members), Self.strangers(strangers)]
      .compactMap { $0 }
  }

  // Every tenth image of a video has a numbering too: its step is the distance that occurs most.
  private static func holes(_ numbers: [NumberInName]) -> String? {
    let jumps = zip(numbers, numbers.dropFirst()).map { (after: $0, by: $1.value - $0.value) }
    var counts: [Int: Int] = [:]
    for jump in jumps where jump.by > 0 { counts[jump.by, default: 0] += 1 }
    guard let step = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else {
      return nil
    }
    // Times in names waver; only whole steps left out are images left out.
    let holes = jumps.filter { $0.by > step && $0.by % step == 0 }
    guard let first = holes.first?.after else { return nil }
    let missing = holes.reduce(0) { $0 + $1.by / step - 1 }
    let digits = String(first.value + step)
    let name = String(repeating: "0", count: max(0, first.digits - digits.count)) + digits
    return "the numbers of the images have holes (\(name) is missing"
      + (missing > 1 ? ", \(missing) in all" : "") + "), and frame k is the k-th image"
  }

  private static func twins(_ members: [(name: String, number: NumberInName)]) -> String? {
    let twins = zip(members, members.dropFirst()).filter { $0.number.value == $1.number.value }
    guard let (a, b) = twins.first else { return nil }
    let others = twins.count == 1 ? "" : " (\(twins.count) such images in all)"
    return "\(a.name) and \(b.name) have the same number, and each counts as a frame" + others
  }

  private static func strangers(_ names: [String]) -> String? {
    guard let first = names.first else { return nil }
    switch names.count {
    case 1: return "\(first) does not belong to the numbering and counts as a frame"
    case 2: return "\(first) and \(names[1]) do not belong to the numbering and count as frames"
    case let count:
      return "\(first) and \(count - 1) other images do not belong to the numbering and count as"
        + " frames"
    }
  }
}

/// One number in the name of an image.
private struct NumberInName {
  /// The name without its ending and with `#` in place of the number.
  let shape: String
  let value: Int
  /// The digits it is written with, zeros in front included.
  let digits: Int

  /// Returns the numbers in `name`, from the left.
  static func all(in name: String) -> [NumberInName] {
    let bytes = Array(name.utf8.prefix(upTo: name.lastIndex(of: ".") ?? name.endIndex))
    var found: [NumberInName] = []
    var start = 0
    while start < bytes.count {
      guard isDigit(bytes[start]) else {
        start += 1
        continue
      }
      let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
      if let value = Int(String(decoding: bytes[start..<end], as: UTF8.self)) {
        let shape = bytes[..<start] + [UInt8(ascii: "#")] + bytes[end...]
        found.append(
          NumberInName(
            shape: String(decoding: shape, as: UTF8.self), value: value, digits: end - start))
      }
      start = end
    }
    return found
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
