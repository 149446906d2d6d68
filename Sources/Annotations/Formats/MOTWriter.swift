import Foundation
import Timeline

/// Writes the rows of a MOT file and the small files around it.
struct MOTWriter {
  /// Which of the Challenge's kinds of file the labels are.
  private enum Flavour {
    /// Column 7 says whether to judge the object.
    case groundTruth
    /// Column 7 is a score and nobody has an id.
    case detections
    /// Column 7 is a score.
    case result
  }

  private let video: VideoAnnotations
  private let flavour: Flavour
  private var names: [String] = []
  private var numbers: [String: Int] = [:]
  private let areChallengeClasses: Bool

  /// Prepares writing the labels of one video.
  init(_ video: VideoAnnotations) {
    self.video = video
    let hasScores = video.tracks.contains { $0.instances.contains { $0.confidence != nil } }
    let hasIdentities = video.tracks.contains { $0.isTracked }
    flavour = hasScores ? hasIdentities ? .result : .detections : .groundTruth
    var used: [String] = []
    for track in video.tracks {
      used += [track.className] + track.instances.compactMap(\.className)
    }
    let challenge = MOTDialect.motClasses
    areChallengeClasses = used.allSatisfy { $0.isEmpty || challenge.values.contains($0) }
    if areChallengeClasses {
      // The numbers by which evaluators know the classes.
      for (number, name) in challenge.sorted(by: { $0.key < $1.key }) { numbers[name] = number }
      if used.contains(where: { !$0.isEmpty }) {
        names = challenge.sorted { $0.key < $1.key }.map(\.value)
      }
    } else {
      for name in video.ontology.categories.map(\.name) + used
      where !name.isEmpty && numbers[name] == nil {
        names.append(name)
        numbers[name] = names.count
      }
    }
  }

  /// Writes a sequence folder, or where `path` ends in `.txt` or `.csv` the rows alone.
  func write(to path: String) throws(LabelError) -> LossReport {
    var losses = LossReport()
    if path.hasSuffix(".txt") || path.hasSuffix(".csv") {
      try writeRows(to: path, &losses)
      if !areChallengeClasses { losses.add(.classNames, video.instanceCount) }
      losses.add(.videoName, video.name == nil ? 0 : 1)
      losses.add(.frameRate, video.frameRate == nil ? 0 : 1)
      losses.add(.frameCount, video.frameCount == nil ? 0 : 1)
      losses.add(.pictureSize, video.width == nil && video.height == nil ? 0 : 1)
      return losses
    }
    let folder = try FolderOutput(path: path)
    let file: String
    switch flavour {
    case .groundTruth: file = "gt/gt.txt"
    case .detections: file = "det/det.txt"
    case .result:
      // The names of classes stand in a labels.txt beside it.
      let name = LabelFormats.fileNames(of: [video], .file(extension: "txt"))[0]
      file = name.lowercased() == "labels.txt" ? "result.txt" : name
    }
    try writeRows(to: folder.path(of: file), &losses)
    if !names.isEmpty {
      let beside = file.split(separator: "/").dropLast().map { $0 + "/" }.joined() + "labels.txt"
      // A name is a line.
      let lines = names.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") + "\n" }
      try folder.write(lines.joined(), to: beside)
    }
    if let info { try folder.write(info, to: "seqinfo.ini") }
    try folder.finish()
    return losses
  }

  private var info: String? {
    let facts: [(String, String?)] = [
      ("name", video.name.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }),
      ("imDir", "img1"), ("frameRate", video.frameRate.map { JSONText.number($0) }),
      ("seqLength", video.frameCount.map { String($0) }),
      ("imWidth", video.width.map { String($0) }), ("imHeight", video.height.map { String($0) }),
      ("imExt", ".jpg"),
    ]
    // The two that always stand there say nothing.
    guard facts.count(where: { $0.1 != nil }) > 2 else { return nil }
    return "[Sequence]\n"
      + facts.map { name, value in value.map { "\(name)=\($0)\n" } ?? "" }.joined()
  }

  private func writeRows(to path: String, _ losses: inout LossReport) throws(LabelError) {
    let output = try TextOutput(path: path)
    let hasClasses = !names.isEmpty
    var lost = LossReport()
    try video.forEachInstanceByFrame { (track, instance) throws(LabelError) in
      guard case .box(let box) = instance.shape, instance.frame >= 0 else {
        lost.add(.instances)
        return
      }
      let isIgnored =
        track.isIgnored || instance.attributes[ReservedAttribute.ignore] == "true"
      var fields = [String(instance.frame + 1), track.isTracked ? track.id : "-1"]
      fields += [box.left, box.top, box.width, box.height].map { JSONText.number($0) }
      switch flavour {
      case .groundTruth: fields.append(isIgnored ? "0" : "1")
      case .detections, .result:
        if isIgnored { lost.add(.ignore) }
        fields.append(instance.confidence.map { JSONText.number($0) } ?? "-1")
      }
      let number = numbers[instance.className ?? track.className]
      fields.append(number.map { String($0) } ?? "-1")
      if case .ratio(let ratio) = instance.visibility {
        // Without classes column 9 is taken for a coordinate of the world, as in MOT15.
        if !hasClasses { lost.add(.visibilityRatio) }
        fields.append(hasClasses ? JSONText.number(ratio) : "-1")
      } else {
        fields.append("-1")
      }
      if !hasClasses { fields.append("-1") }
      try output.write(fields.joined(separator: ",") + "\n")
    }
    try output.finish()
    losses.add(lost)
  }
}
