import Foundation
import Timeline

/// A value in a CVAT file that cannot be used, as part of a sentence.
struct CVATValueError: Error {
  let reason: String
}

/// What every CVAT shape says beside its geometry.
struct CVATShapeHead {
  var frame: FrameIndex
  var isOutside: Bool
  var isKeyFrame: Bool?
  var isOccluded: Bool?
  /// What lies in front; 0 where the file does not say.
  var zOrder: Int
  /// The group of a shape that carries it itself; empty for none.
  var group: String
  var line: Int32
}

/// Reads the attributes of CVAT's shape elements.
enum CVATShape {
  /// The names of the elements that draw something.
  static let names: Set<String> = [
    "box", "polygon", "polyline", "points", "ellipse", "cuboid", "mask", "skeleton",
  ]

  /// What is drawn; a skeleton's joints are elements of their own and not read here.
  static func shape(
    _ name: String, _ attributes: XMLAttributes
  ) throws(CVATValueError) -> Shape {
    switch name {
    case "box": return try box(attributes)
    case "ellipse":
      return .ellipse(
        Ellipse(
          center: Point(try number("cx", attributes), try number("cy", attributes)),
          radiusX: try number("rx", attributes), radiusY: try number("ry", attributes),
          angle: try angle(attributes)))
    case "polygon": return .polygon(Polygon(try points(attributes)))
    case "polyline": return .polyline(try points(attributes))
    case "points": return .points(try points(attributes))
    case "cuboid": return .cuboid(try corners(attributes))
    case "mask": return .mask(try mask(attributes))
    default: throw CVATValueError(reason: "\(name) is no shape")
    }
  }

  /// Reads the frame and the flags.
  ///
  /// - Parameters:
  ///   - attributes: The attributes of a shape element.
  ///   - frame: The frame where the element does not carry it itself.
  ///   - line: The line of the element.
  /// - Returns: The head, with the frame number as the file spells it.
  /// - Throws: The reason why a value cannot be used.
  static func head(
    _ attributes: XMLAttributes, frame: Int? = nil, line: Int32
  ) throws(CVATValueError) -> CVATShapeHead {
    // `??` would lose the type of the error.
    let stated: Int
    if let frame { stated = frame } else { stated = try self.frame("frame", attributes) }
    return CVATShapeHead(
      frame: stated,
      isOutside: try flag("outside", attributes) ?? false,
      isKeyFrame: try flag("keyframe", attributes),
      isOccluded: try flag("occluded", attributes),
      zOrder: attributes["z_order"].flatMap { Int($0) } ?? 0,
      group: group(attributes), line: line)
  }

  /// The group that an element names; empty where it names none, which CVAT also writes as 0.
  static func group(_ attributes: XMLAttributes) -> String {
    attributes["group_id"].flatMap { $0 == "0" ? nil : $0 } ?? ""
  }

  /// Reads a frame number.
  static func frame(
    _ name: String, _ attributes: XMLAttributes
  ) throws(CVATValueError) -> Int {
    guard let text = attributes[name] else {
      throw CVATValueError(reason: "the \(name) is missing")
    }
    guard let frame = Int(text), 0..<LabelFormats.maximumFrame ~= frame else {
      throw CVATValueError(reason: "the \(name) \(quoted(text)) is no frame number")
    }
    return frame
  }

  /// Reads `x,y;x,y;...`; at least one place.
  static func points(_ attributes: XMLAttributes) throws(CVATValueError) -> [Point] {
    guard let text = attributes["points"] else {
      throw CVATValueError(reason: "the points are missing")
    }
    var points: [Point] = []
    for pair in text.split(separator: ";") {
      guard let comma = pair.firstIndex(of: ","), let x = usable(pair[..<comma]),
        let y = usable(pair[comma...].dropFirst())
      else { throw CVATValueError(reason: "\(quoted(String(pair))) is no place x,y") }
      points.append(Point(x, y))
    }
    guard !points.isEmpty else { throw CVATValueError(reason: "there are no points") }
    return points
  }

  private static func box(_ attributes: XMLAttributes) throws(CVATValueError) -> Shape {
    let (left, top) = (try number("xtl", attributes), try number("ytl", attributes))
    let box = Box(
      left: left, top: top, width: try number("xbr", attributes) - left,
      height: try number("ybr", attributes) - top)
    let angle = try angle(attributes)
    guard angle != 0 else { return .box(box) }
    return .rotatedBox(
      RotatedBox(center: box.center, width: box.width, height: box.height, angle: angle))
  }

  /// CVAT turns clockwise on screen, by degrees.
  private static func angle(_ attributes: XMLAttributes) throws(CVATValueError) -> Double {
    attributes["rotation"] == nil ? 0 : try number("rotation", attributes) * .pi / 180
  }

  /// The names of a cuboid's corners in the order of CVAT's list.
  static let cuboidNames = ["tl1", "bl1", "tr1", "br1", "tl2", "bl2", "tr2", "br2"]
  /// The place in ``Shape/cuboid(_:)`` of each of ``cuboidNames``.
  ///
  /// CVAT's list holds the edges front left, front right, back right, back left, each from top to
  /// bottom (`cvat-canvas/src/typescript/cuboid.ts`), and the names follow the list alone.
  static let cuboidPlaces = [0, 3, 1, 2, 5, 6, 4, 7]

  private static func corners(
    _ attributes: XMLAttributes
  ) throws(CVATValueError) -> [Point] {
    var corners = [Point](repeating: Point(0, 0), count: 8)
    for (name, place) in zip(cuboidNames, cuboidPlaces) {
      corners[place] = Point(
        try number("x" + name, attributes), try number("y" + name, attributes))
    }
    return corners
  }

  /// Runs row by row inside the crop, beginning with unset pixels.
  private static func mask(_ attributes: XMLAttributes) throws(CVATValueError) -> Mask {
    func whole(_ name: String, _ limits: ClosedRange<Double>) throws(CVATValueError) -> Int {
      let value = try number(name, attributes)
      guard limits ~= value else {
        throw CVATValueError(reason: "the \(name) of the mask is out of range")
      }
      return Int(value)
    }
    guard let text = attributes["rle"] else {
      throw CVATValueError(reason: "the rle of the mask is missing")
    }
    guard let runs = lengths(text) else {
      throw CVATValueError(reason: "the rle \(quoted(text)) is no list of lengths")
    }
    let (width, height) = (try whole("width", 0...1e6), try whole("height", 0...1e6))
    guard
      let mask = Mask(
        left: try whole("left", -1e9...1e9), top: try whole("top", -1e9...1e9), width: width,
        height: height, runs: runs)
    else {
      throw CVATValueError(reason: "the rle does not fill its \(width) x \(height) pixels")
    }
    return mask
  }

  /// Reads `0, 3, 8, 1`; nil where anything but whole numbers stands there.
  private static func lengths(_ text: String) -> [Int32]? {
    var runs: [Int32] = []
    var run: Int32?
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39:
        let (tens, tooLong) = (run ?? 0).multipliedReportingOverflow(by: 10)
        let (sum, tooBig) = tens.addingReportingOverflow(Int32(byte - 0x30))
        guard !tooLong, !tooBig else { return nil }
        run = sum
      case UInt8(ascii: ","):
        guard let length = run else { return nil }
        runs.append(length)
        run = nil
      case 0x20, 0x0a, 0x0d, 0x09: continue
      default: return nil
      }
    }
    if let run { runs.append(run) }
    return runs
  }

  private static func number(
    _ name: String, _ attributes: XMLAttributes
  ) throws(CVATValueError) -> Double {
    guard let text = attributes[name] else {
      throw CVATValueError(reason: "the \(name) is missing")
    }
    guard let value = usable(text[...]) else {
      throw CVATValueError(reason: "the \(name) \(quoted(text)) is no usable number")
    }
    return value
  }

  /// A finite number of a size that pictures have, so that later sums stay finite.
  private static func usable(_ text: Substring) -> Double? {
    let value = Double(text) ?? Double(String(text).trimmed)
    return value.flatMap { abs($0) <= 1e9 ? $0 : nil }
  }

  private static func flag(
    _ name: String, _ attributes: XMLAttributes
  ) throws(CVATValueError) -> Bool? {
    switch attributes[name] {
    case nil: return nil
    case "0", "false", "False": return false
    case "1", "true", "True": return true
    case .some(let text):
      throw CVATValueError(reason: "\(name) is \(quoted(text)), neither 0 nor 1")
    }
  }

  private static func quoted(_ text: String) -> String {
    text.count > 40 ? "'\(text.prefix(40))...'" : "'\(text)'"
  }
}
