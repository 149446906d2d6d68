import Annotations
import Timeline

/// Finds shapes that cannot be the outline of anything in the picture.
public enum GeometryInvalid: Rule {
  /// See ``Rule/info``.
  public static let info = RuleInfo(
    id: "geometry-invalid", scope: .source, level: .error,
    summary: "A shape is broken: no area, no number, crossing itself, or outside the picture.",
    page: """
      Reported are shapes

      - with a coordinate that is no finite number, or too large to calculate with;
      - without area: a width, height or radius of zero or less, a polygon of area 0, an empty
        mask, a polygon ring of fewer than 3 vertices, a polyline of fewer than 2, no points;
      - of which the outline crosses itself (touching itself is allowed: rounding does that);
      - of a skeleton without any labelled joint;
      - that lie outside the picture altogether, or reach beyond it by more than `max-beyond` times
        its width or height: numbers in another unit or another picture's.

      Consecutive labels of a track with the same fault are one range, and the reason names the
      first of them with its line in the file. Lone detections without identity with the same
      fault in the same or neighbouring frames are one range together.

          person 7   XXXXXXXXXX   good
          person 7   XXXooXXXXX   bad: o has a width of 0
                        ^^

      Excused: a shape that ends outside the picture, as labels of half visible objects do. A shape
      that lies outside altogether is a warning, since some sources go on for a moment after an
      object has left. The picture is the video's or the one that the labels state; without either
      nothing is outside.

      Not compared: the rings of one polygon with each other. Rings so tangled that four million
      pairs of edges would have to be compared count as sound.

      The score is 1, and 0.6 for a shape that lies outside the picture.

      Source: our definition; simplicity of rings as in OGC Simple Features.
      """,
    parameters: [
      .init(
        "max-beyond", 1, unit: "picture sizes",
        "How far a shape may reach beyond the picture, in widths and heights of it.")
    ])

  /// What is wrong with a shape.
  private enum Fault: Int {
    case notANumber, noSize, fewVertices, noArea, crossing, noJoint, empty, far, outside
  }

  /// A fault of one instance with the words for it.
  private struct Report {
    var fault: Fault
    var what: String
  }

  /// See ``Rule/findings(in:settings:)``.
  public static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] {
    guard let source = input.source else { return [] }
    // The extent of the labels is no picture to judge the labels by.
    let picture = Picture(statedBy: source.annotations, or: input.video)?.box
    let beyond = settings["max-beyond"]
    var findings: [Finding] = []
    var lone: [(fault: Fault, frame: FrameIndex, what: String, line: Int32, box: Box?)] = []
    for track in source.annotations.tracks {
      var run: (fault: Fault, what: String, first: Int, last: Int)?
      func close() {
        guard let run else { return }
        let (first, last) = (track.instances[run.first], track.instances[run.last])
        for piece in input.video.pieces(of: FrameRange(first.frame, last.frame + 1)) {
          findings.append(
            finding(
              run.fault, settings: settings, source: source.name, range: piece,
              reason: "\(track.spokenName) \(run.what) in frame \(first.frame)"
                + place(line: first.line)
                + more(run.last - run.first, "label"),
              box: first.shownBox, track: track))
        }
      }
      // By place: an instance is large, and copying a million of them takes longer than the checks.
      for place in track.instances.indices {
        guard let report = check(track.instances[place].shape, picture: picture, beyond: beyond)
        else {
          close()
          run = nil
          continue
        }
        let instance = track.instances[place]
        if !track.isTracked {
          lone.append(
            (
              report.fault, instance.frame, report.what, instance.line,
              instance.shownBox
            ))
        } else if run?.fault == report.fault {
          run?.last = place
        } else {
          close()
          run = (report.fault, report.what, place, place)
        }
      }
      close()
    }

    // Lone detections: by fault, then frames that follow each other.
    lone.sort { ($0.fault.rawValue, $0.frame, $0.line) < ($1.fault.rawValue, $1.frame, $1.line) }
    var start = 0
    while start < lone.count {
      let first = lone[start]
      var end = start + 1
      while end < lone.count, lone[end].fault == first.fault,
        lone[end].frame <= lone[end - 1].frame + 1
      {
        end += 1
      }
      for piece in input.video.pieces(of: FrameRange(first.frame, lone[end - 1].frame + 1)) {
        findings.append(
          finding(
            first.fault, settings: settings, source: source.name, range: piece,
            reason: "a detection \(first.what) in frame \(first.frame)" + place(line: first.line)
              + more(end - start - 1, "detection"),
            box: first.box, track: nil))
      }
      start = end
    }
    return findings
  }

  private static func finding(
    _ fault: Fault, settings: RuleSettings, source: String, range: FrameRange, reason: String,
    box: Box?, track: Track?
  ) -> Finding {
    Finding(
      rule: info.id, level: fault == .outside ? min(settings.level, .warning) : settings.level,
      source: source, track: track?.id,
      className: track?.knownClass, range: range,
      score: fault == .outside ? 0.6 : 1, reason: reason, box: box)
  }

  private static func place(line: Int32) -> String { line > 0 ? " (line \(line))" : "" }

  private static func more(_ count: Int, _ noun: String) -> String {
    count > 0 ? ", and so in the \(count == 1 ? "next \(noun)" : "\(count) \(noun)s after it")" : ""
  }

  private static func check(_ shape: Shape, picture: Box?, beyond: Double) -> Report? {
    if case .box(let box) = shape, box.isValid {
      return place(of: box, picture: picture, beyond: beyond)
    }
    if let report = inner(shape) { return report }
    guard let bounds = shape.bounds else { return nil }
    guard bounds.left.isFinite, bounds.top.isFinite, bounds.right.isFinite,
      bounds.bottom.isFinite, bounds.area.isFinite
    else { return Report(fault: .notANumber, what: "has coordinates too large to calculate with") }
    return place(of: bounds, picture: picture, beyond: beyond)
  }

  /// Judges a sound shape by where it lies.
  private static func place(of box: Box, picture: Box?, beyond: Double) -> Report? {
    guard let picture else { return nil }
    let sideways = max(picture.left - box.left, box.right - picture.right)
    let upright = max(picture.top - box.top, box.bottom - picture.bottom)
    let size = "\(decimal(picture.width, digits: 0)) x \(decimal(picture.height, digits: 0))"
    if sideways > beyond * picture.width || upright > beyond * picture.height {
      return Report(
        fault: .far,
        what: "reaches \(decimal(max(sideways, upright), digits: 0)) pixels beyond the picture of "
          + size)
    }
    // Bounds of points on one line have no area, but a place.
    guard
      box.right <= picture.left || box.left >= picture.right || box.bottom <= picture.top
        || box.top >= picture.bottom
    else { return nil }
    return Report(fault: .outside, what: "lies outside the picture of " + size)
  }

  /// Judges a shape by itself.
  private static func inner(_ shape: Shape) -> Report? {
    let noNumber = Report(fault: .notANumber, what: "has a coordinate that is not a finite number")
    func extent(_ width: Double, _ height: Double) -> Report? {
      guard width.isFinite, height.isFinite else { return noNumber }
      guard width <= 0 || height <= 0 else { return nil }
      return Report(
        fault: .noSize, what: "is \(decimal(width)) wide and \(decimal(height)) high")
    }
    func isFinite(_ points: [Point]) -> Bool {
      points.allSatisfy { $0.x.isFinite && $0.y.isFinite }
    }
    switch shape {
    case .box(let box):
      return box.left.isFinite && box.top.isFinite ? extent(box.width, box.height) : noNumber
    case .rotatedBox(let box):
      return isFinite([box.center]) && box.angle.isFinite
        ? extent(box.width, box.height) : noNumber
    case .ellipse(let ellipse):
      return isFinite([ellipse.center]) && ellipse.angle.isFinite
        ? extent(2 * ellipse.radiusX, 2 * ellipse.radiusY) : noNumber
    case .polygon(let polygon):
      return inner(polygon, noNumber: noNumber)
    case .polyline(let points):
      guard points.count > 1 else {
        return Report(
          fault: .fewVertices, what: "is a line of \(counted(points.count, "vertex", "vertices"))")
      }
      return isFinite(points) ? nil : noNumber
    case .points(let points), .cuboid(let points):
      guard !points.isEmpty else { return Report(fault: .empty, what: "holds no points") }
      return isFinite(points) ? nil : noNumber
    case .skeleton(let skeleton):
      let labelled = skeleton.joints.filter { $0.visibility != .absent }
      guard !labelled.isEmpty else {
        return Report(fault: .noJoint, what: "is a skeleton without any labelled joint")
      }
      return isFinite(labelled.map(\.position)) ? nil : noNumber
    case .mask(let mask):
      return mask.area > 0 ? nil : Report(fault: .empty, what: "is an empty mask")
    }
  }

  private static func inner(_ polygon: Polygon, noNumber: Report) -> Report? {
    let rings = polygon.rings
    guard let first = rings.first else {
      return Report(fault: .empty, what: "is a polygon without vertices")
    }
    if let short = rings.first(where: { $0.count < 3 }) {
      return Report(
        fault: .fewVertices,
        what: "is a polygon with a ring of \(counted(short.count, "vertex", "vertices"))")
    }
    for ring in rings {
      guard ring.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return noNumber }
    }
    // Before the area, which a crossing makes wrong: the two halves of a bow tie cancel out.
    for ring in rings {
      if let place = Polygon.crossing(in: ring) {
        return Report(
          fault: .crossing,
          what: "crosses itself at (\(decimal(place.x, digits: 1)), "
            + "\(decimal(place.y, digits: 1)))")
      }
    }
    // Rounded, since the shoelace formula leaves some dust: vertices on one line have no area.
    let scale = Box(around: first)?.area ?? 0
    guard polygon.area > 1e-9 * max(1, scale) else {
      return Report(fault: .noArea, what: "is a polygon of area 0")
    }
    return nil
  }
}
