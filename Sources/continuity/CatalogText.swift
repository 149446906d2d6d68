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

/// Breaks a line at spaces where it is longer than `width` characters.
func wrapped(_ text: String, width: Int = 100) -> String {
  var lines = [""]
  for word in text.split(separator: " ", omittingEmptySubsequences: false) {
    let last = lines[lines.count - 1]
    if last.isEmpty {
      lines[lines.count - 1] = String(word)
    } else if last.count + 1 + word.count <= width {
      lines[lines.count - 1] += " " + word
    } else {
      lines.append(String(word))
    }
  }
  return lines.joined(separator: "\n")
}

/// A number as people write it: 2 and 0.5, not 2.0.
func plain(_ number: Double) -> String {
  number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
}
