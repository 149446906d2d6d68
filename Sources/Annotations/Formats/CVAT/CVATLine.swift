import Timeline

/// How CVAT moves a line with several vertices into another with other vertices.
///
/// Vertices are matched by how far along the line they lie, and those that then come to lie close
/// together are dropped: `interpolate_position` in CVAT's `dataset_manager/annotation.py`.
struct CVATLine {
  private let start: [Point]
  private let goal: [Point]
  /// For every vertex of the start: the vertices of the goal it moves to, rising.
  private let matches: [[Int]]
  private let share: Double

  /// The vertices of the line `share` of the way from `start` to `goal`.
  static func interpolated(from start: [Point], to goal: [Point], share: Double) -> [Point] {
    guard !start.isEmpty, !goal.isEmpty else { return start }
    return CVATLine(start, goal, share).vertices
  }

  /// Matches each vertex with the one at the nearest share of the length, both ways.
  private init(_ start: [Point], _ goal: [Point], _ share: Double) {
    let (left, right) = (Self.lengthShares(start), Self.lengthShares(goal))
    var matches = left.map { [Self.nearest($0, right)] }
    let matched = Set(matches.joined())
    for index in right.indices where !matched.contains(index) {
      matches[Self.nearest(right[index], left)].append(index)
    }
    self.start = start
    self.goal = goal
    self.share = share
    self.matches = matches.map { $0.sorted() }
  }

  private var vertices: [Point] {
    var moved: [Point] = []
    var places: [Range<Int>] = []
    for (index, goals) in matches.enumerated() {
      places.append(moved.count..<(moved.count + goals.count))
      moved += goals.map { start[index].mixed(with: goal[$0], share) }
    }
    var result: [Point] = []
    // A run of vertices with one match each is thinned out by their own distances.
    func close(_ run: ClosedRange<Int>) {
      let (first, last) = (places[run.lowerBound].lowerBound, places[run.upperBound].lowerBound)
      result += Self.thinned(moved[first...last], by: start[run])
    }
    var open: Int?
    for index in matches.indices {
      if matches[index].count > 1 {
        if let first = open { close(first...(index - 1)) }
        open = nil
        let goals = matches[index]
        result += Self.thinned(
          moved[places[index]], by: goal[goals[0]...goals[goals.count - 1]])
      } else if let first = open {
        guard matches[index][0] != matches[first][0] else { continue }
        close(first...(index - 1))
        open = index
      } else {
        open = index
      }
    }
    if let first = open { close(first...(start.count - 1)) }
    return result
  }

  /// The moved vertices without those nearer to the one before than half the mean distance that
  /// the vertices they come from have.
  private static func thinned(
    _ moved: ArraySlice<Point>, by source: ArraySlice<Point>
  ) -> [Point] {
    guard let first = moved.first, let last = moved.last, moved.count > 1 else {
      return Array(moved)
    }
    let threshold =
      zip(source, source.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) }
      / Double(2 * source.count)
    var kept = [first]
    for point in moved.dropFirst().dropLast()
    where kept[kept.count - 1].distance(to: point) >= threshold {
      kept.append(point)
    }
    if kept.count == 1, first.distance(to: last) < threshold {
      return [Point((first.x + last.x) / 2, (first.y + last.y) / 2)]
    }
    return kept + [last]
  }

  /// The place of the value nearest to `value`; of equals the first.
  private static func nearest(_ value: Double, _ rising: [Double]) -> Int {
    func first(from value: Double) -> Int { rising.partitioningIndex { $0 >= value } }
    let above = first(from: value)
    guard above > 0 else { return 0 }
    let isBelowNearer =
      above == rising.count || value - rising[above - 1] <= rising[above] - value
    return isBelowNearer ? first(from: rising[above - 1]) : above
  }

  /// How far along the line each vertex lies, 0...1.
  private static func lengthShares(_ line: [Point]) -> [Double] {
    var sums = [0.0]
    for (a, b) in zip(line, line.dropFirst()) {
      sums.append((sums.last ?? 0) + a.distance(to: b))
    }
    guard let total = sums.last, total > 0 else { return sums }
    return sums.map { $0 / total }
  }
}

extension Point {
  /// The place `share` of the way to `other`.
  func mixed(with other: Point, _ share: Double) -> Point {
    Point(x + (other.x - x) * share, y + (other.y - y) * share)
  }

  fileprivate func distance(to other: Point) -> Double {
    let (dx, dy) = (other.x - x, other.y - y)
    return (dx * dx + dy * dy).squareRoot()
  }
}
