public import Foundation
import HDF5
import Timeline

/// SLEAP's analysis file (`.analysis.h5`): one dense array of coordinates over all frames, in HDF5.
public enum SLEAPAnalysis: WritableFormat {
  /// The id used after a colon on the command line.
  public static let id = "sleap-h5"
  /// One line for the list of formats.
  public static let summary = "SLEAP analysis HDF5: coordinates of every track in every frame"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: "The place on the axis of frames, from 0; the axis ends with the last labelled frame.",
    traps: [
      "Needs libhdf5 when continuity is built.",
      "The axes come in several orders: dims says which, transpose in older files, else it is track,"
        + " xy, node, frame.",
      "People's and predicted instances are not told apart; one with a score is taken as predicted.",
      "An object that nobody tracked is missing, or shares a track with others.",
      "A whole number is the middle of a pixel.",
      "Written is one skeleton: the joints of all classes together, named after the first class.",
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = FormatCapabilities(
    shapes: [.skeleton], identity: .text,
    aspects: [
      .classNames, .confidence, .jointConfidence, .videoName, .pictureSize, .frameCount,
      .frameRate, .bones,
    ], output: .file(extension: "analysis.h5"))

  private static let offset = 0.5
  // How many coordinates are read at once, and how many are written at all: 512 MB.
  private static let coordinatesAtOnce = 1 << 22
  private static let maximumCoordinates = 1 << 26

  /// Tells whether a file is HDF5 and has the arrays of an analysis.
  public static func matches(head: Data, path: String) -> Bool {
    LabelHDF5.matches(
      head: head, path: path, endings: [".h5", ".hdf5"], names: ["tracks", "node_names"])
  }

  // MARK: Reading

  /// The axes of an array, as places among its dimensions.
  private struct Axes {
    let names: [String]

    func place(_ name: String) -> Int { names.firstIndex(of: name) ?? 0 }

    /// The axes of an array that lacks some of them.
    func without(_ missing: Set<String>) -> Axes {
      Axes(names: names.filter { !missing.contains($0) })
    }

    /// The lengths of `dimensions` by the names of the axes.
    func length(_ name: String, _ dimensions: [Int]) -> Int { dimensions[place(name)] }

    /// How far two neighbours on an axis lie apart in an array of `dimensions`.
    func stride(_ name: String, _ dimensions: [Int]) -> Int {
      dimensions[(place(name) + 1)...].reduce(1, *)
    }
  }

  private static func axes(
    of name: String, _ file: borrowing LabelHDF5
  ) throws(LabelError) -> Axes? {
    guard let text = try file.attribute("dims", of: name)?.text else { return nil }
    return Axes(names: try file.json(text).elements?.compactMap(\.string) ?? [])
  }

  /// Reads a file.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    let file = try LabelHDF5.open(path: path)
    guard let array = try file.dataset("tracks"), array.dimensions.count == 4 else {
      throw LabelError(
        .wrongFormat, path: path,
        "there is no array of tracks with four axes, so this is no SLEAP analysis; name its format"
          + " after a colon")
    }
    // SLEAP's own order, and the one of its option not to transpose.
    let isPlain = try file.attribute("transpose")?.number == 0
    let axes =
      try Self.axes(of: "tracks", file)
      ?? Axes(
        names: isPlain ? ["frame", "node", "xy", "track"] : ["track", "xy", "node", "frame"])
    guard Set(axes.names) == ["frame", "track", "node", "xy"],
      axes.names.count == 4, axes.length("xy", array.dimensions) == 2
    else {
      throw LabelError(
        .damaged, path: path, "the axes of the tracks are not frame, track, node and xy")
    }
    var reading = Reading(options: options, axes: axes, dimensions: array.dimensions)
    reading.joints = try file.strings("node_names")
    guard reading.joints.count == axes.length("node", array.dimensions) else {
      throw LabelError(
        .damaged, path: path, "there are not as many names of nodes as nodes; export it again")
    }
    let tracks = try reading.tracks(of: file)
    let name = try file.attribute("skeleton_name")?.text ?? ""
    var video = VideoAnnotations(
      base: reading.base,
      annotated: .every(step: 1, in: FrameRange(0, reading.frameCount)),
      ontology: Ontology(categories: [
        Ontology.Category(name: name, joints: reading.joints, edges: try bones(of: file))
      ]), tracks: tracks)
    if let text = try file.attribute("video_backend_metadata")?.text {
      let facts = SLEAPVideo(try file.json(text))
      (video.width, video.height) = (facts.width, facts.height)
      (video.frameCount, video.frameRate) = (facts.frameCount, facts.frameRate)
    }
    if let path = try file.strings("video_path").first, !path.isEmpty {
      video.name = SLEAPVideo.lastPart(of: path)
    }
    for place in video.tracks.indices { video.tracks[place].className = name }
    return Dataset(
      format: id, dialect: axes.names.joined(separator: ", "), videos: [video],
      report: reading.report)
  }

  private static func bones(of file: borrowing LabelHDF5) throws(LabelError) -> [Ontology.Edge] {
    guard let dataset = try file.dataset("edge_inds"), dataset.dimensions.count == 2 else {
      return []
    }
    let places = try file.numbers("edge_inds").map { Int(exactly: $0) ?? -1 }
    let count = try file.dataset("node_names")?.count ?? 0
    let pairs =
      dataset.dimensions[1] == 2
      ? stride(from: 0, to: places.count, by: 2).map { (places[$0], places[$0 + 1]) }
      : dataset.dimensions[0] == 2 ? Array(zip(places, places[(places.count / 2)...])) : []
    return pairs.filter { (0..<count).contains($0.0) && (0..<count).contains($0.1) }
      .map { Ontology.Edge($0.0, $0.1) }
  }

  private struct Reading {
    let options: ReadOptions
    let axes: Axes
    let dimensions: [Int]
    let base: Int
    var joints: [String] = []
    var report = ReadReport()

    init(options: ReadOptions, axes: Axes, dimensions: [Int]) {
      self.options = options
      self.axes = axes
      self.dimensions = dimensions
      base = LabelFormats.safeBase(options.base) ?? 0
    }

    /// The number of frames that can be read.
    var frameCount: Int {
      min(axes.length("frame", dimensions), LabelFormats.maximumFrame + 1)
    }

    /// An array of scores with the axes it has, where it fits the tracks.
    private struct Scores {
      let values: [Double]
      let strides: (frame: Int, track: Int, node: Int)

      subscript(frame: Int, track: Int, node: Int) -> Double? {
        guard !values.isEmpty else { return nil }
        let value = values[
          frame * strides.frame + track * strides.track + node * strides.node]
        return value.isFinite ? value : nil
      }
    }

    /// Reads the scores of the tracks in `part`.
    private func scores(
      _ name: String, missing: Set<String>, _ part: Range<Int>, _ file: borrowing LabelHDF5
    ) throws(LabelError) -> Scores {
      let own = try SLEAPAnalysis.axes(of: name, file) ?? axes.without(missing)
      var lengths = own.names.map { axes.length($0, dimensions) }
      guard Set(own.names) == Set(axes.without(missing).names),
        try file.dataset(name)?.dimensions == lengths
      else { return Scores(values: [], strides: (0, 0, 0)) }
      let region = own.names.enumerated().map { $1 == "track" ? part : 0..<lengths[$0] }
      lengths[own.place("track")] = part.count
      return Scores(
        values: try file.numbers(name, in: region),
        strides: (
          own.stride("frame", lengths), own.stride("track", lengths),
          missing.contains("node") ? 0 : own.stride("node", lengths)
        ))
    }

    mutating func tracks(of file: borrowing LabelHDF5) throws(LabelError) -> [Track] {
      let count = axes.length("track", dimensions)
      let stored = try file.strings("track_names")
      var taken: Set<String> = []
      let size = dimensions.enumerated().reduce(1) {
        $1.offset == axes.place("track") ? $0 : $0 * max(1, $1.element)
      }
      let atOnce = max(1, coordinatesAtOnce / max(1, size))
      var tracks: [Track] = []
      for start in stride(from: 0, to: count, by: atOnce) {
        let part = start..<min(count, start + atOnce)
        let region = axes.names.enumerated().map { place, name in
          name == "track" ? part : 0..<dimensions[place]
        }
        let values = try file.numbers("tracks", in: region)
        let points = try scores("point_scores", missing: ["xy"], part, file)
        let whole = try scores("instance_scores", missing: ["xy", "node"], part, file)
        let tracking = try scores("tracking_scores", missing: ["xy", "node"], part, file)
        for track in part {
          var name = stored.indices.contains(track) ? stored[track] : "track_\(track)"
          while !taken.insert(name).inserted { name += "#\(track + 1)" }
          let instances = instances(
            values, track - start, in: part.count, points, whole, tracking)
          if !instances.isEmpty { tracks.append(Track(id: name, instances: instances)) }
        }
      }
      return tracks
    }

    private mutating func instances(
      _ values: [Double], _ track: Int, in count: Int, _ points: Scores, _ whole: Scores,
      _ tracking: Scores
    ) -> [Instance] {
      guard !values.isEmpty else { return [] }
      var lengths = dimensions
      lengths[axes.place("track")] = count
      let (frames, nodes) = (axes.stride("frame", lengths), axes.stride("node", lengths))
      let (tracks, sides) = (axes.stride("track", lengths), axes.stride("xy", lengths))
      var instances: [Instance] = []
      for number in 0..<frameCount {
        let frame = number - base
        guard frame >= 0, frame <= LabelFormats.maximumFrame else { continue }
        var joints: [Joint] = []
        var isThere = false
        for (node, name) in self.joints.enumerated() {
          let place = number * frames + node * nodes + track * tracks
          let (x, y) = (values[place], values[place + sides])
          let isUsable = abs(x) < 1e9 && abs(y) < 1e9
          isThere = isThere || isUsable
          joints.append(
            Joint(
              name: name, position: isUsable ? Point(x + offset, y + offset) : Point(0, 0),
              visibility: isUsable ? .visible : .absent,
              confidence: isUsable ? points[number, track, node] : nil))
        }
        guard isThere else { continue }
        report.rowCount += 1
        let score = whole[number, track, 0]
        var instance = Instance(
          frame: frame, shape: .skeleton(Skeleton(joints: joints)),
          origin: score == nil ? options.origin : .model, confidence: score)
        if let score = tracking[number, track, 0], score != 0 {
          instance.attributes = ["tracking_score": String(score)]
        }
        instances.append(instance)
      }
      return instances
    }
  }

  // MARK: Writing

  /// Writes a file in SLEAP's own order of axes.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    var losses = LossReport()
    let video = dataset.videos.first ?? VideoAnnotations()
    let classes = video.tracks.map(\.className)
    let name = classes.first ?? ""
    losses.add(
      .classNames,
      video.tracks.reduce(0) { $1.className == name ? $0 : $0 + $1.instances.count })
    let joints = video.jointNames
    let frameCount = video.extent?.end ?? 0
    let (trackCount, jointCount) = (video.tracks.count, joints.count)
    let (size, isOverflown) = (trackCount * jointCount).multipliedReportingOverflow(
      by: 2 * frameCount)
    guard !isOverflown, size <= maximumCoordinates else {
      throw LabelError(
        .unwritable, path: path,
        "a SLEAP analysis holds every joint of every track in every frame, which is too much here;"
          + " write :slp instead")
    }
    let places = Dictionary(uniqueKeysWithValues: joints.enumerated().map { ($1, $0) })
    var coordinates = [Double](repeating: .nan, count: size)
    var points = [Double](repeating: .nan, count: size / 2)
    var scores = [Double](repeating: .nan, count: trackCount * frameCount)
    var occupancy = [Double](repeating: 0, count: trackCount * frameCount)
    for (track, object) in video.tracks.enumerated() {
      for instance in object.instances where instance.frame >= 0 {
        guard case .skeleton(let skeleton) = instance.shape else { continue }
        let frame = instance.frame
        occupancy[frame * trackCount + track] = 1
        scores[track * frameCount + frame] = instance.confidence ?? .nan
        for joint in skeleton.joints where joint.visibility != .absent {
          guard let node = places[joint.name] else { continue }
          let row = track * 2 * jointCount + node
          coordinates[row * frameCount + frame] = joint.position.x - offset
          coordinates[(row + jointCount) * frameCount + frame] = joint.position.y - offset
          points[(track * jointCount + node) * frameCount + frame] = joint.confidence ?? .nan
        }
      }
    }
    do {
      let output = try HDF5Output.create(path: path)
      let arrays: [(String, [Double], [(String, Int)], HDF5Number)] = [
        (
          "tracks", coordinates,
          [("track", trackCount), ("xy", 2), ("node", jointCount), ("frame", frameCount)], .float64
        ),
        ("track_occupancy", occupancy, [("frame", frameCount), ("track", trackCount)], .uint8),
        (
          "point_scores", points,
          [("track", trackCount), ("node", jointCount), ("frame", frameCount)], .float64
        ),
        ("instance_scores", scores, [("track", trackCount), ("frame", frameCount)], .float64),
        (
          "tracking_scores", [Double](repeating: .nan, count: scores.count),
          [("track", trackCount), ("frame", frameCount)], .float64
        ),
      ]
      for (name, values, axes, type) in arrays {
        try output.add(
          numbers: name, values, dimensions: axes.map(\.1), as: type, isCompressed: true)
        let names = JSONValue.array(axes.map { .string($0.0) }).json
        try output.add(attribute: "dims", .text([names]), to: name)
      }
      try output.add(
        strings: "track_names", video.tracks.map(\.id), as: .fixed)
      try output.add(strings: "node_names", joints, as: .fixed)
      try writeBones(of: video, class: name, places, joints, to: output)
      try writeFacts(of: video, class: name, to: output)
      try output.finish()
    } catch { throw LabelError(error, path: path) }
    return losses
  }

  private static func writeBones(
    of video: VideoAnnotations, class name: String, _ places: [String: Int], _ joints: [String],
    to output: borrowing HDF5Output
  ) throws(HDF5Error) {
    var pairs: [(Int, Int)] = []
    for category in video.ontology.categories where category.name == name {
      for edge in category.edges {
        guard category.joints.indices.contains(edge.from),
          category.joints.indices.contains(edge.to),
          let from = places[category.joints[edge.from]], let to = places[category.joints[edge.to]]
        else { continue }
        pairs.append((from, to))
      }
    }
    try output.add(
      strings: "edge_names", pairs.flatMap { [joints[$0.0], joints[$0.1]] }, as: .fixed,
      dimensions: [pairs.count, 2])
    try output.add(
      numbers: "edge_inds", pairs.flatMap { [Double($0.0), Double($0.1)] },
      dimensions: [pairs.count, 2], as: .int64)
  }

  private static func writeFacts(
    of video: VideoAnnotations, class name: String, to output: borrowing HDF5Output
  ) throws(HDF5Error) {
    try output.add(strings: "labels_path", [""], as: .variable, dimensions: [])
    try output.add(strings: "video_path", [video.name ?? ""], as: .variable, dimensions: [])
    try output.add(numbers: "video_ind", [0], dimensions: [], as: .int64)
    try output.add(strings: "provenance", ["{}"], as: .variable, dimensions: [])
    try output.add(attribute: "format", .text(["analysis"]))
    try output.add(attribute: "preset", .text(["matlab"]))
    try output.add(attribute: "skeleton_name", .text([name]))
    try output.add(attribute: "skeleton_symmetries", .text(["[]"]))
    try output.add(
      attribute: "video_backend_metadata", .text([SLEAPVideo.backend(of: video).json]))
  }
}

extension VideoAnnotations {
  /// The names of all joints: those of the classes that tracks have, then those of instances.
  var jointNames: [String] {
    let used = Set(tracks.map(\.className))
    var names: [String] = []
    var known: Set<String> = []
    func add(_ joints: some Sequence<String>) {
      for name in joints where known.insert(name).inserted { names.append(name) }
    }
    for category in ontology.categories where used.contains(category.name) { add(category.joints) }
    for track in tracks {
      for instance in track.instances {
        if case .skeleton(let skeleton) = instance.shape { add(skeleton.joints.lazy.map(\.name)) }
      }
    }
    return names
  }
}
