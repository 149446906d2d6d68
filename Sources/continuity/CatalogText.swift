import Quality
import Scan

extension CallError {
  /// Says that nothing is called `name`, what may be meant, and what there is.
  static func unknown(_ what: String, _ name: String, known: [String]) -> CallError {
    let hint = suggestion(for: name, among: known).map { "; do you mean \($0)?" } ?? ""
    let list = known.isEmpty ? "there is none" : "known are \(known.joined(separator: ", "))"
    return CallError("there is no \(what) called \(name)\(hint) (\(list))")
  }
}

/// Lines of columns, each as wide as its widest entry; the last column is as wide as it is.
func columns(_ rows: [[String]], indent: String = "", gap: String = "  ") -> String {
  var widths: [Int] = []
  for row in rows {
    for (place, cell) in row.dropLast().enumerated() {
      if place == widths.count { widths.append(0) }
      widths[place] = max(widths[place], cell.count)
    }
  }
  return rows.map { row in
    let cells = row.enumerated().map { place, cell in
      place == row.count - 1
        ? cell : cell + String(repeating: " ", count: widths[place] - cell.count)
    }
    return indent + cells.joined(separator: gap) + "\n"
  }.joined()
}

/// A number as people write it: 2 and 0.5, not 2.0.
func plain(_ number: Double) -> String {
  number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
}
