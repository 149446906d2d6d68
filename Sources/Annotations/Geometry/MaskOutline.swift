import Timeline

extension Mask {
  /// The edges of the set pixels as a polygon of exact corners, with holes and separate parts.
  ///
  /// Pixels belong to one part where they share a side; those that share a corner only do not.
  /// Outer rings run clockwise on screen, holes the other way. Filling the polygon again gives the
  /// same pixels. The time grows with the number of corners (n log n), not with the area.
  public var outline: Polygon { MaskOutline(rowSpans).polygon }
}

/// The boundary between set and unset pixels, taken apart into rings.
private struct MaskOutline {
  // A horizontal piece of the boundary. Its left end is corner 2k, its right end corner 2k + 1.
  private struct Edge {
    let y: Int32
    let start: Int32
    let end: Int32
    // Whether the set pixels lie above.
    let isLower: Bool
  }

  private let spans: MaskSpans
  private var edges: [Edge] = []
  // The corners column by column, from the top: two and two they are the ends of a vertical piece.
  private var columns: [Int] = []
  private var corners: [Int] = []
  // The other end of the vertical piece at a corner.
  private var partners: [Int] = []
  private var left: Int32 = 0

  init(_ spans: MaskSpans) {
    self.spans = spans
    spans.forEachChange { line, start, end, isEnd in
      edges.append(Edge(y: line, start: start, end: end, isLower: isEnd))
    }
    guard let left = edges.lazy.map(\.start).min(), let right = edges.lazy.map(\.end).max() else {
      return
    }
    self.left = left
    columns = [Int](repeating: 0, count: Int(right - left) + 2)
    for edge in edges {
      columns[Int(edge.start - left) + 1] += 1
      columns[Int(edge.end - left) + 1] += 1
    }
    for place in columns.indices.dropFirst() { columns[place] += columns[place - 1] }
    corners = [Int](repeating: 0, count: 2 * edges.count)
    var next = columns
    for corner in corners.indices {
      let column = Int(x(corner) - left)
      corners[next[column]] = corner
      // Where pixels touch at a corner, the piece that ends there comes before the one that begins:
      // so the ring turns and each pixel stays with its own part.
      if next[column] > columns[column] {
        let before = corners[next[column] - 1]
        if y(before) == y(corner), edges[corner / 2].isLower {
          corners.swapAt(next[column], next[column] - 1)
        }
      }
      next[column] += 1
    }
    partners = [Int](repeating: 0, count: corners.count)
    for place in stride(from: 0, to: corners.count, by: 2) {
      partners[corners[place]] = corners[place + 1]
      partners[corners[place + 1]] = corners[place]
    }
  }

  private func x(_ corner: Int) -> Int32 {
    corner % 2 == 0 ? edges[corner / 2].start : edges[corner / 2].end
  }

  private func y(_ corner: Int) -> Int32 { edges[corner / 2].y }

  var polygon: Polygon {
    var parts: [Polygon.Part] = []
    // The ring of every edge, and the part of every ring.
    var rings = [Int](repeating: -1, count: edges.count)
    var partOfRing: [Int] = []
    for (place, edge) in edges.enumerated() where rings[place] < 0 {
      // The first edge of a ring is its topmost: below it is the inside of a part, or of a hole.
      let start = edge.isLower ? 2 * place + 1 : 2 * place
      var points: [Point] = []
      var corner = start
      repeat {
        rings[corner / 2] = partOfRing.count
        points.append(Point(Double(x(corner)), Double(y(corner))))
        points.append(Point(Double(x(corner ^ 1)), Double(y(corner))))
        corner = partners[corner ^ 1]
      } while corner != start
      if edge.isLower {
        let part = partOfRing[rings[leftNeighbour(of: edge) / 2]]
        parts[part].holes.append(points)
        partOfRing.append(part)
      } else {
        partOfRing.append(parts.count)
        parts.append(Polygon.Part(outer: points))
      }
    }
    return Polygon(parts: parts)
  }

  // A corner of the vertical piece left of the pixel above the left end of `edge`: its ring begins
  // further up, so that it is known already.
  private func leftNeighbour(of edge: Edge) -> Int {
    let row = edge.y - 1
    let spans = spans.spans
    let behind = spans.indices.partitioningIndex {
      (spans[$0].line, spans[$0].start) > (row, edge.start)
    }
    let column = Int(spans[behind - 1].start - left)
    let pairs = columns[column] / 2..<columns[column + 1] / 2
    let next = pairs.partitioningIndex { y(corners[2 * $0]) > row }
    return corners[2 * (next - 1)]
  }
}
