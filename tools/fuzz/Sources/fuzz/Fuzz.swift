import Annotations
import Foundation
import Timeline

/// The formats of one family, named by the environment: `FUZZ_FORMATS="mot kitti"`.
private let formats: [any LabelFormat.Type] = {
  let names = ProcessInfo.processInfo.environment["FUZZ_FORMATS"] ?? ""
  let chosen = names.split(separator: " ").compactMap { LabelFormats.named(String($0)) }
  precondition(!chosen.isEmpty, "FUZZ_FORMATS names no format")
  return chosen
}()

private let file = FileManager.default.temporaryDirectory
  .appendingPathComponent("fuzz-\(ProcessInfo.processInfo.processIdentifier)").path

private let options = ReadOptions(
  videos: [VideoHint(name: "clip.mp4", width: 640, height: 480, frameCount: 100, frameRate: 25)])

/// What our own writers make of one scene, as inputs to begin with.
private func writeSeeds(to folder: String) {
  let joints = ["nose", "tail"].enumerated().map { place, name in
    Joint(name: name, position: Point(40, 50 + Double(place)), visibility: .visible)
  }
  let square = [Point(10, 10), Point(40, 10), Point(40, 40), Point(10, 40)]
  let hole = [Point(20, 20), Point(30, 20), Point(30, 30)]
  let shapes: [Shape] = [
    .box(Box(left: 10, top: 20, width: 30, height: 40)),
    .rotatedBox(RotatedBox(center: Point(50, 50), width: 20, height: 10, angle: 0.5)),
    .polygon(Polygon(parts: [Polygon.Part(outer: square, holes: [hole])])),
    .polyline(square), .points(square), .skeleton(Skeleton(joints: joints)),
    .ellipse(Ellipse(center: Point(50, 50), radiusX: 20, radiusY: 10)), .cuboid(square + square),
  ]
  let masks = [Mask(left: 3, top: 4, width: 3, height: 2, runs: [1, 4, 1])].compactMap(\.self)
  let tracks = (shapes + masks.map { .mask($0) }).enumerated().map { place, shape in
    Track(
      id: String(place + 1), className: place == 5 ? "fly" : "person",
      instances: [0, 1, 2, 5].map { frame in
        Instance(
          frame: frame, shape: shape, isKeyFrame: frame != 1, origin: .human,
          confidence: 0.5, visibility: .occluded, attributes: ["colour": "red"])
      }, absences: [FrameRange(3, 5)])
  }
  let video = VideoAnnotations(
    name: "clip.mp4", width: 640, height: 480, frameCount: 100, frameRate: 25,
    ontology: Ontology(categories: [
      Ontology.Category(name: "person"),
      Ontology.Category(name: "fly", joints: ["nose", "tail"], edges: [Ontology.Edge(0, 1)]),
    ]), tracks: tracks,
    ranges: [RangeLabel(range: FrameRange(1, 4), name: "running", value: "fast")])
  for (place, format) in formats.enumerated() {
    guard let format = format as? any WritableFormat.Type else { continue }
    let path = folder + "/seed-" + format.id
    try? FileManager.default.removeItem(atPath: path)
    let dataset = Dataset(format: "seed", videos: [video])
    guard (try? LabelFormats.write(dataset, as: format, to: path)) != nil,
      let bytes = FileManager.default.contents(atPath: path)
    else { continue }
    try? (Data([UInt8(place)]) + bytes).write(to: URL(fileURLWithPath: path))
  }
}

private let seeds: Void = {
  if let folder = ProcessInfo.processInfo.environment["FUZZ_SEEDS"] { writeSeeds(to: folder) }
}()

/// What libFuzzer calls: the first byte chooses the format, the rest is the file.
///
/// Reading may refuse the file; it must not crash, hang or fill the memory. What was read is
/// reduced to every other format of the family, which walks over all of it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  seeds
  guard count > 1 else { return 0 }
  let format = formats[Int(start[0]) % formats.count]
  guard let handle = fopen(file, "wb") else { return 0 }
  fwrite(start + 1, 1, count - 1, handle)
  fclose(handle)
  _ = format.matches(head: Data(bytes: start + 1, count: min(count - 1, 65_536)), path: file)
  guard let dataset = try? format.read(path: file, options: options) else { return 0 }
  for case let other as any WritableFormat.Type in formats {
    _ = dataset.reduced(to: other.capabilities)
  }
  return 0
}
