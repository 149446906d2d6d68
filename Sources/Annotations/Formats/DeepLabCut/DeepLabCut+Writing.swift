import Foundation
import Timeline

extension DeepLabCut: WritableFormat {
  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.skeleton], identity: .text, aspects: [.jointConfidence, .annotatedFrames],
    output: .file(extension: "csv"))

  // A file has a field for every joint of every track in every frame.
  private static let maximumFields = 100_000_000
  private static let scorer = "continuity"

  /// Writes an analysis where joints have scores, else a label set.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var losses = LossReport()
    let video = dataset.videos.first ?? VideoAnnotations()
    let columns = video.tracks.map { (track: $0, joints: jointNames(of: $0)) }
    let isAnalysis = video.tracks.contains { track in
      track.instances.contains { instance in
        guard case .skeleton(let skeleton) = instance.shape else { return false }
        return skeleton.joints.contains { $0.confidence != nil && $0.visibility != .absent }
      }
    }
    let extent = max(0, video.extent?.end ?? 0)
    let end = max(extent, min(video.frameCount ?? 0, LabelFormats.maximumFrame))
    var frames = Set(0..<(isAnalysis ? extent : end))
    if !isAnalysis, video.annotated != .all {
      frames = Set(frames.filter { video.annotated.contains($0) })
      for track in video.tracks { frames.formUnion(track.instances.lazy.map(\.frame)) }
    } else if video.annotated != .all,
      video.annotated.count(in: FrameRange(0, extent)) < extent
    {
      losses.add(.annotatedFrames)
    }
    let parts = isAnalysis ? ["x", "y", "likelihood"] : ["x", "y"]
    let width = columns.reduce(0) { $0 + $1.joints.count * parts.count }
    guard width <= maximumFields / max(1, frames.count) else {
      throw LabelError(
        .unwritable, path: path,
        "DeepLabCut has columns for every track and a row for every frame, which is too much here;"
          + " write :sleap-csv instead")
    }
    let name = SLEAPVideo.lastPart(of: path)
    let folder = name.firstIndex(of: ".").map { String(name[..<$0]) } ?? name
    let output = try TextOutput(path: path)
    let isSingle = columns.count == 1 && columns[0].track.id == onlyAnimal
    func header(_ name: String, _ field: (Track, String, String) -> String) -> [String] {
      [name]
        + columns.flatMap { column in
          column.joints.flatMap { joint in parts.map { field(column.track, joint, $0) } }
        }
    }
    try output.write(CSVRows.text(header("scorer") { _, _, _ in scorer }))
    if !isSingle {
      try output.write(CSVRows.text(header("individuals") { track, _, _ in track.id }))
    }
    try output.write(CSVRows.text(header("bodyparts") { _, joint, _ in joint }))
    try output.write(CSVRows.text(header("coords") { _, _, part in part }))
    for frame in frames.sorted() {
      var fields = [isAnalysis ? String(frame) : image(frame, in: folder)]
      for column in columns {
        fields += self.fields(column.track.instance(at: frame), column.joints, parts.count)
      }
      try output.write(CSVRows.text(fields))
    }
    try output.finish()
    return losses
  }

  private static func jointNames(of track: Track) -> [String] {
    var names: [String] = []
    var known: Set<String> = []
    for instance in track.instances {
      guard case .skeleton(let skeleton) = instance.shape else { continue }
      for joint in skeleton.joints where known.insert(joint.name).inserted {
        names.append(joint.name)
      }
    }
    return names
  }

  /// The path of an image as DeepLabCut lays them out, in a folder named after the label file.
  private static func image(_ frame: FrameIndex, in folder: String) -> String {
    let number = String(frame)
    let zeros = String(repeating: "0", count: max(0, 5 - number.count))
    return "labeled-data/\(folder)/img\(zeros)\(number).png"
  }

  private static func fields(
    _ instance: Instance?, _ names: [String], _ width: Int
  ) -> [String] {
    let blank = [String](repeating: "", count: width)
    guard case .skeleton(let skeleton)? = instance?.shape else {
      return names.flatMap { _ in blank }
    }
    let joints = Dictionary(
      skeleton.joints.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    return names.flatMap { name -> [String] in
      guard let joint = joints[name], joint.visibility != .absent else { return blank }
      let place = [String(joint.position.x - offset), String(joint.position.y - offset)]
      return width == 2 ? place : place + [joint.confidence.map { String($0) } ?? ""]
    }
  }
}
