extension JSONReader {
  /// Whether another value follows at the top, as in files of one JSON value a line.
  mutating func hasNextValue() throws(LabelError) -> Bool {
    while true {
      while position < end {
        let byte = buffer[position]
        guard byte == 32 || byte == 9 || byte == 10 || byte == 13 else { return true }
        if byte == 10 { line += 1 }
        position += 1
      }
      if isAtEnd { return false }
      try fill()
    }
  }
}
