import Timeline

/// Writes a project of VIA 3.
struct VIAWriter {
  private let videos: [VideoAnnotations]
  // The attributes of regions, and those of segments, by name.
  private var regionNames: [String: Int] = [:]
  private var rangeNames: [String: Int] = [:]
  private var attributes: [JSONValue.Member] = []

  /// Prepares writing labels.
  init(_ dataset: Dataset) {
    videos = dataset.videos
    addRegion(VIA.classNames[0])
    addRegion(VIA.trackNames[0])
    var others: Set<String> = []
    var ranges: Set<String> = []
    for video in videos {
      for track in video.tracks {
        for instance in track.instances { others.formUnion(instance.attributes.keys) }
      }
      ranges.formUnion(video.ranges.map(\.name))
    }
    for name in others.sorted() { addRegion(name) }
    for name in ranges.sorted() where rangeNames[name] == nil {
      rangeNames[name] = attributes.count + 1
      add(name, anchor: "FILE1_Z2_XY0")
    }
  }

  private mutating func addRegion(_ name: String) {
    guard regionNames[name] == nil else { return }
    regionNames[name] = attributes.count + 1
    add(name, anchor: "FILE1_Z1_XY1")
  }

  // An attribute of type 1 is a text.
  private mutating func add(_ name: String, anchor: String) {
    attributes.append(
      JSONValue.Member(
        key: String(attributes.count + 1),
        value: .members([
          "aname": .string(name), "anchor_id": .string(anchor), "type": .number(1),
          "desc": .string(""), "options": .object([]), "default_option_id": .string(""),
        ])))
  }

  /// Writes the project.
  ///
  /// - Throws: A ``LabelError`` where a video has labels and no rate, since VIA counts seconds.
  func write(to path: String) throws(LabelError) -> LossReport {
    var losses = LossReport()
    for video in videos where video.frameRate == nil {
      throw LabelError(
        .incomplete, path: path,
        "VIA counts seconds, and the labels of \(video.name ?? "the video") state no frame rate;"
          + " name the video with --video")
    }
    let output = try TextOutput(path: path)
    let ids = videos.indices.map { String($0 + 1) }
    let project = JSONValue.members([
      "pid": .string("__VIA_PROJECT_ID__"), "rev": .string("__VIA_PROJECT_REV_ID__"),
      "rev_timestamp": .string("__VIA_PROJECT_REV_TIMESTAMP__"),
      "pname": .string("continuity"), "creator": .string("continuity"), "created": .number(0),
      "data_format_version": .string("3.1.1"), "vid_list": .array(ids.map { .string($0) }),
    ])
    let config = JSONValue.members([
      "file": .members([
        "loc_prefix": .members([
          "1": .string(""), "2": .string(""), "3": .string(""), "4": .string(""),
        ])
      ]),
      "ui": .members([
        "file_content_align": .string("center"), "file_metadata_editor_visible": .boolean(true),
        "spatial_metadata_editor_visible": .boolean(true),
        "spatial_region_label_attribute_id": .string("1"),
      ]),
    ])
    let files = zip(ids, videos).map { id, video in
      let name = video.name ?? "video-\(id).mp4"
      // Type 4 is a video, place 1 a file that VIA asks for.
      return JSONValue.Member(
        key: id,
        value: .members([
          "fid": .string(id), "fname": .string(name), "type": .number(4), "loc": .number(1),
          "src": .string(""),
        ]))
    }
    let views = ids.map {
      JSONValue.Member(key: $0, value: .members(["fid_list": .array([.string($0)])]))
    }
    try output.write(
      "{\"project\":\(project.json),\"config\":\(config.json),"
        + "\"attribute\":\(JSONValue.object(attributes).json),"
        + "\"file\":\(JSONValue.object(files).json),\"view\":\(JSONValue.object(views).json),"
        + "\"metadata\":{")
    var count = 0
    for (id, video) in zip(ids, videos) {
      let rate = video.frameRate ?? 1
      var lost = LossReport()
      func write(_ times: [Double], _ region: [Double], _ said: [JSONValue.Member])
        throws(LabelError)
      {
        let entry = JSONValue.members([
          "vid": .string(id), "flg": .number(0), "z": .array(times.map { .number($0) }),
          "xy": .array(region.map { .number($0) }), "av": .object(said),
        ])
        try output.write((count > 0 ? ",\n" : "\n") + "\"\(id)_\(count + 1)\":" + entry.json)
        count += 1
      }
      try video.forEachInstanceByFrame { (track, instance) throws(LabelError) in
        guard instance.frame >= 0, let region = region(instance.shape) else {
          lost.add(.instances)
          return
        }
        var said = instance.attributes.sorted { $0.key < $1.key }
        said.insert((VIA.classNames[0], instance.className ?? track.className), at: 0)
        if track.isTracked { said.insert((VIA.trackNames[0], track.id), at: 1) }
        try write(
          [time(Double(instance.frame) + 0.5, rate)], region,
          said.filter { !$0.value.isEmpty }.compactMap { name, text in
            regionNames[name].map { JSONValue.Member(key: String($0), value: .string(text)) }
          })
      }
      for label in video.ranges {
        guard let number = rangeNames[label.name], label.range.start >= 0,
          label.range.end <= LabelFormats.maximumFrame
        else {
          lost.add(.ranges)
          continue
        }
        let times = [label.range.start, label.range.end].map { time(Double($0), rate) }
        try write(
          times, [], [JSONValue.Member(key: String(number), value: .string(label.value ?? "true"))])
      }
      losses.add(lost)
    }
    try output.write("\n}}\n")
    try output.finish()
    return losses
  }

  // Three decimals as VIA writes them would move a frame of a fast camera.
  private func time(_ frame: Double, _ rate: Double) -> Double {
    (frame / rate).snapped(decimals: 6)
  }

  private func region(_ shape: Shape) -> [Double]? {
    let region: [Double]
    switch shape {
    case .box(let box): region = [2, box.left, box.top, box.width, box.height]
    case .polyline(let points): region = [6] + points.flatMap { [$0.x, $0.y] }
    case .polygon(let polygon):
      region = [7] + (polygon.parts.first?.outer ?? []).flatMap { [$0.x, $0.y] }
    default: return nil
    }
    return region.allSatisfy(\.isFinite) ? region : nil
  }
}
