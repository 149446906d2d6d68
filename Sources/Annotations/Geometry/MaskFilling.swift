import Foundation

extension Mask {
  /// The most crossings of edges and rows that are computed; a ring made to be slow stops there.
  static let maximumCrossings = 1 << 25

  /// Creates the mask of the pixels whose centres lie within `shape`, cut to a frame.
  ///
  /// Boxes, rotated boxes, polygons and ellipses are filled, masks cut; a centre on a left or upper
  /// edge is inside, one on a right or lower edge outside, so that neighbours share no pixel. A
  /// ring is filled by the even-odd rule (as SVG's `fill-rule: evenodd` and OpenCV's `fillPoly`);
  /// a part is its outer ring without its holes, and a polygon all of its parts. The mask is empty
  /// where no centre is inside.
  ///
  /// nil for shapes without an area (lines, points, skeletons), for numbers that are not finite,
  /// for frames of more than 2^26 pixels and for rings of endless zigzag.
  ///
  /// - Parameters:
  ///   - shape: What is filled.
  ///   - width: The width of the frame in pixels.
  ///   - height: The height of the frame in pixels.
  public init?(filling shape: Shape, width: Int, height: Int) {
    guard width > 0, height > 0, width <= Self.maximumPixels, height <= Self.maximumPixels,
      width * height <= Self.maximumPixels
    else { return nil }
    let frame = PixelFrame(width: width, height: height)
    let spans: MaskSpans?
    switch shape {
    case .box(let box):
      let corners = [
        Point(box.left, box.top), Point(box.right, box.top), Point(box.right, box.bottom),
        Point(box.left, box.bottom),
      ]
      spans = frame.spans(of: Polygon(corners))
    case .rotatedBox(let box): spans = frame.spans(of: Polygon(box.corners))
    case .polygon(let polygon): spans = frame.spans(of: polygon)
    case .ellipse(let ellipse): spans = frame.spans(of: ellipse)
    case .mask(let mask): spans = mask.rowSpans(frameWidth: width, frameHeight: height)
    default: spans = nil
    }
    guard let spans else { return nil }
    self.init(spans: spans)
  }
}

/// The pixels of a frame, for filling.
private struct PixelFrame {
  let width: Int
  let height: Int

  /// The first column whose centre is at or right of `x`, within the frame.
  private func column(_ x: Double) -> Int32 {
    Int32(max(0, min(Double(width), (x - 0.5).rounded(.up))))
  }

  /// The first row whose centre is at or below `y`, within the frame.
  private func row(_ y: Double) -> Int {
    Int(max(0, min(Double(height), (y - 0.5).rounded(.up))))
  }

  func spans(of ellipse: Ellipse) -> MaskSpans? {
    let bounds = ellipse.bounds
    let (a, b) = (ellipse.radiusX, ellipse.radiusY)
    guard bounds.right.isFinite, bounds.bottom.isFinite, bounds.left.isFinite,
      bounds.top.isFinite, a > 0, b > 0
    else { return nil }
    let (c, s) = (cos(ellipse.angle), sin(ellipse.angle))
    // Terms of the quadratic equation of a row.
    let square = c * c / (a * a) + s * s / (b * b)
    var spans = MaskSpans()
    let (first, last) = (row(bounds.top), row(bounds.bottom))
    guard first < last else { return spans }
    for row in first..<last {
      let y = Double(row) + 0.5 - ellipse.center.y
      let linear = 2 * y * c * s * (1 / (a * a) - 1 / (b * b))
      let constant = y * y * (s * s / (a * a) + c * c / (b * b)) - 1
      let discriminant = linear * linear - 4 * square * constant
      guard discriminant >= 0 else { continue }
      let half = discriminant.squareRoot() / (2 * square)
      let middle = ellipse.center.x - linear / (2 * square)
      guard middle.isFinite, half.isFinite else { return nil }
      spans.append(line: Int32(row), start: column(middle - half), end: column(middle + half))
    }
    return spans
  }

  private struct Edge {
    var top: Point
    var bottom: Point
    var end: Int
    var part: Int
    var ring: Int
  }

  private struct Crossing {
    var part: Int
    var ring: Int
    var x: Double
  }

  func spans(of polygon: Polygon) -> MaskSpans? {
    guard let (edges, rows) = edges(of: polygon) else { return nil }
    var starts = rows
    var spans = MaskSpans()
    var active: [Edge] = []
    var crossings: [Crossing] = []
    for row in 0..<height {
      while let place = starts.last, place.row == row {
        active.append(edges[place.edge])
        starts.removeLast()
      }
      active.removeAll { $0.end <= row }
      if active.isEmpty, starts.isEmpty { break }
      let y = Double(row) + 0.5
      crossings.removeAll(keepingCapacity: true)
      for edge in active {
        let share = (y - edge.top.y) / (edge.bottom.y - edge.top.y)
        crossings.append(
          Crossing(
            part: edge.part, ring: edge.ring,
            x: edge.top.x + (edge.bottom.x - edge.top.x) * share))
      }
      for piece in pieces(&crossings) {
        spans.append(line: Int32(row), start: piece.start, end: piece.end)
      }
    }
    return spans
  }

  // The edges that cross a row of centres, and the row each begins in, by falling row.
  private func edges(
    of polygon: Polygon
  ) -> (edges: [Edge], starts: [(row: Int, edge: Int)])? {
    var edges: [Edge] = []
    var starts: [(row: Int, edge: Int)] = []
    var work = 0
    for (place, part) in polygon.parts.enumerated() {
      for (ring, points) in ([part.outer] + part.holes).enumerated() {
        guard var last = points.last else { continue }
        for point in points {
          guard point.x.isFinite, point.y.isFinite else { return nil }
          let (top, bottom) = last.y <= point.y ? (last, point) : (point, last)
          last = point
          let (start, end) = (row(top.y), row(bottom.y))
          guard start < end else { continue }
          work += end - start
          guard work <= Mask.maximumCrossings else { return nil }
          starts.append((start, edges.count))
          edges.append(Edge(top: top, bottom: bottom, end: end, part: place, ring: ring))
        }
      }
    }
    starts.sort { $0.row > $1.row }
    return (edges, starts)
  }

  // The columns that the crossings of one row enclose, by rising start.
  private func pieces(_ crossings: inout [Crossing]) -> [(start: Int32, end: Int32)] {
    crossings.sort { ($0.part, $0.x) < ($1.part, $1.x) }
    var pieces: [(start: Int32, end: Int32)] = []
    var isInOuter = false
    var holes: Set<Int> = []
    for (place, crossing) in crossings.enumerated() {
      if crossing.ring == 0 {
        isInOuter.toggle()
      } else if holes.remove(crossing.ring) == nil {
        holes.insert(crossing.ring)
      }
      guard isInOuter, holes.isEmpty, place + 1 < crossings.count else { continue }
      let (start, end) = (column(crossing.x), column(crossings[place + 1].x))
      if start < end { pieces.append((start, end)) }
    }
    pieces.sort { $0.start < $1.start }
    return pieces
  }
}
