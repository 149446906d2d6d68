/// What the columns of YOLO rows mean; the files do not say, so all rows of a folder are looked at.
struct YOLOColumns {
  /// What a folder of labels was made for.
  enum Task {
    /// Boxes and outlines.
    case boxes
    /// Four corners of a turned box.
    case rotatedBoxes
    /// A box and key points.
    case poses
  }

  /// What one column behind the geometry holds.
  enum Extra {
    case score
    case identity
  }

  /// What the folder was made for.
  var task: Task
  /// The number of key points and of the values of each, for poses.
  var keyPoints = (count: 0, values: 3)
  /// What a single column behind the geometry holds.
  var single = Extra.score
  // Whether rows end in a score and an id.
  private var hasBoth = false

  /// Looks at the rows.
  ///
  /// - Parameters:
  ///   - rows: All rows of the folder, or a sample of them.
  ///   - data: What the `data.yaml` says.
  ///   - task: What a person says the folder was made for; nil lets the rows tell.
  ///   - single: What a person says a single column holds; nil lets the rows tell.
  init(_ rows: YOLORows, _ data: YOLOData, task: Task? = nil, single: Extra? = nil) {
    self.task = task ?? .boxes
    if let shape = data.keyPoints, task == nil || task == .poses {
      self.task = .poses
      keyPoints = shape
    } else if task == nil || task == .poses, let shape = Self.poseShape(rows) {
      self.task = .poses
      keyPoints = shape
    } else if task == nil, Self.areRotated(rows) {
      self.task = .rotatedBoxes
    }
    hasBoth = false
    hasBoth = endsInBoth(rows)
    self.single = single ?? singleColumn(rows)
  }

  /// How many values of a row are geometry, of the rest the first a score where there are two.
  func geometryCount(_ values: ArraySlice<Double>) -> Int {
    let count = values.count
    switch task {
    case .rotatedBoxes: return min(8, count)
    case .poses:
      let whole = 4 + keyPoints.count * keyPoints.values
      return count >= whole ? whole : 4
    case .boxes:
      if count <= 5 { return 4 }
      if hasBoth, count.isMultiple(of: 2), endsInIdentity(values) { return count - 2 }
      return count - count % 2
    }
  }

  /// The score and the id of a row.
  func extras(_ values: ArraySlice<Double>) -> (score: Double?, identity: Int?) {
    let rest = values.dropFirst(geometryCount(values))
    guard let first = rest.first else { return (nil, nil) }
    // A score below 0 stands for none.
    let score = first >= 0 ? first : nil
    if rest.count >= 2 { return (score, rest.last.flatMap { Int(exactly: $0) }) }
    return single == .score ? (score, nil) : (nil, Int(exactly: first))
  }

  private func endsInIdentity(_ values: ArraySlice<Double>) -> Bool {
    guard let last = values.last, let number = Int(exactly: last) else { return false }
    return number >= 1
  }

  // Outlines with an even number of values may have a score and an id behind them. A whole number
  // above 1 is no coordinate; a 1 may be one, so a few rows have to agree. Six values are a triangle
  // only among longer outlines.
  private func endsInBoth(_ rows: YOLORows) -> Bool {
    guard task == .boxes else { return false }
    let even = rows.rows.filter { $0.count.isMultiple(of: 2) && $0.count >= 6 }
    if even.contains(where: { (rows.values(of: $0).last ?? 0) >= 2 }) { return true }
    let areBoxes = rows.rows.allSatisfy { $0.count <= 6 }
    return even.count >= (areBoxes ? 1 : 3)
      && even.allSatisfy { endsInIdentity(rows.values(of: $0)) }
  }

  // The score comes before the id, so where some rows have both, a single column is the score: of an
  // object that the tracker did not take up.
  private func singleColumn(_ rows: YOLORows) -> Extra {
    var (areWhole, hasBoth, high, low) = (true, false, -Double.infinity, Double.infinity)
    var seen: Set<[Double]> = []
    var repeats = false
    for row in rows.rows {
      let values = rows.values(of: row)
      let rest = values.dropFirst(geometryCount(values))
      if rest.count >= 2 { hasBoth = true }
      guard rest.count == 1, let value = rest.first else { continue }
      areWhole = areWhole && value == value.rounded()
      (low, high) = (min(low, value), max(high, value))
      if areWhole, !seen.insert([Double(row.text), value]).inserted { repeats = true }
    }
    if hasBoth || !areWhole || low < 0 { return .score }
    // Ids differ within a frame. Nothing but ones, one a frame, is one object with the id 1.
    return high >= 2 || (low >= 1 && !repeats) ? .identity : .score
  }

  // Eight values of which opposite corners have one middle.
  private static func areRotated(_ rows: YOLORows) -> Bool {
    !rows.rows.isEmpty
      && rows.rows.allSatisfy { row in
        guard (8...10).contains(row.count) else { return false }
        let v = Array(rows.values(of: row).prefix(8))
        return abs(v[0] + v[4] - v[2] - v[6]) < 1e-4 && abs(v[1] + v[5] - v[3] - v[7]) < 1e-4
      }
  }

  // Key points lie within the box that comes before them; the vertices of an outline do not.
  private static func poseShape(_ rows: YOLORows) -> (count: Int, values: Int)? {
    guard let low = rows.rows.map(\.count).min(), let high = rows.rows.map(\.count).max(),
      low >= 10, high - low <= 2
    else { return nil }
    for values in [3, 2] {
      for length in [low, low - 1, low - 2] where (length - 4).isMultiple(of: values) {
        let count = (length - 4) / values
        guard count >= 2, high - length <= 2 else { continue }
        let fits = rows.rows.allSatisfy { row in
          let numbers = Array(rows.values(of: row))
          return hasPointsInside(numbers, count: count, values: values)
        }
        if fits { return (count, values) }
      }
    }
    return nil
  }

  private static func hasPointsInside(_ numbers: [Double], count: Int, values: Int) -> Bool {
    let (halfWidth, halfHeight) = (numbers[2] * 0.55 + 1e-3, numbers[3] * 0.55 + 1e-3)
    var known = 0
    for place in 0..<count {
      let at = 4 + place * values
      let (x, y) = (numbers[at], numbers[at + 1])
      if values == 3, !(0...2).contains(numbers[at + 2]) { return false }
      if x == 0, y == 0 { continue }
      known += 1
      guard abs(x - numbers[0]) <= halfWidth, abs(y - numbers[1]) <= halfHeight else {
        return false
      }
    }
    return known > 0
  }
}
