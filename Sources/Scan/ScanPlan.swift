import Annotations

/// Which labels are scanned on which video.
struct ScanPlan {
  /// One source on one video.
  struct Source {
    /// The name in findings.
    var name: String
    /// What the source is taken for.
    var kind: ReadOptions.Kind
    /// The file it was read from.
    var path: String
    /// The id of the format.
    var format: String
    /// The variant within the format.
    var dialect: String
    /// The labels as they were read.
    var annotations: VideoAnnotations
    /// What was read and what could not be.
    var report: ReadReport
  }

  /// One video with its sources.
  struct Video {
    /// Where its frames come from.
    var input: VideoInput
    /// Its labels and predictions, in the order of the call.
    var sources: [Source] = []
  }

  /// The videos, in the order of the call.
  var videos: [Video]
  /// Things worth knowing about the matching, one sentence each.
  var notes: [String]

  /// Matches label files to videos.
  ///
  /// One file of one video and one video belong together whatever they are called. Otherwise the
  /// names decide: the file name of the video as the labels spell it, then its stem, then the
  /// stem of the label file. Without videos, sources of one video each share a nominal timeline.
  init(_ inputs: [VideoInput], _ files: [LabelFile]) throws(ScanError) {
    notes = []
    if inputs.isEmpty {
      videos = []
      try addNominal(files)
      return
    }
    videos = inputs.map { Video(input: $0) }
    for file in files {
      var found = false
      for (place, annotations) in file.dataset.videos.enumerated() {
        guard let video = try video(of: annotations, in: file) else {
          let name = annotations.name ?? fileName(file.path)
          notes.append("\(file.path): there is no video for \(name), so it was left out")
          continue
        }
        try add(annotations, of: file, isFirst: !found, to: video)
        found = true
        if place == 0, file.dataset.videos.count == 1 { noteOtherName(annotations, file, video) }
      }
      guard found else {
        let name = file.dataset.videos[0].name ?? fileName(file.path)
        throw ScanError(
          .labels,
          "\(file.path): the labels are of \(name), and no video of the scan is called so;"
            + " name the videos as the labels do, or scan one video at a time")
      }
    }
    for video in videos where video.sources.isEmpty && !files.isEmpty {
      notes.append("\(video.input.name) has no labels, so only its frames were measured")
    }
  }

  // MARK: Videos

  private func video(
    of annotations: VideoAnnotations, in file: LabelFile
  ) throws(ScanError) -> Int? {
    let isAlone = file.dataset.videos.count == 1
    if let video = file.video, isAlone { return video }
    if videos.count == 1, isAlone { return 0 }
    var names: [String] = []
    if let name = annotations.name { names = [name] }
    if isAlone { names.append(fileName(file.path)) }
    for name in names {
      for spelling in [{ $0 }, stem] as [(String) -> String] {
        let wanted = spelling(fileName(name))
        let matching = videos.indices.filter { video in
          videos[video].input.stems.contains { spelling($0) == wanted }
        }
        if matching.count > 1 {
          let best = matching.filter {
            components(name).ends(with: components(videos[$0].input.name))
          }
          if best.count == 1 { return best[0] }
          let candidates = matching.map { videos[$0].input.name }.joined(separator: " and ")
          throw ScanError(
            .labels,
            "\(file.path): the labels of \(name) fit \(candidates);"
              + " scan these videos one at a time")
        }
        if let only = matching.first { return only }
      }
    }
    return nil
  }

  private mutating func add(
    _ annotations: VideoAnnotations, of file: LabelFile, isFirst: Bool, to video: Int
  ) throws(ScanError) {
    if let other = videos[video].sources.first(where: { $0.name == file.request.name }) {
      let paths = other.path == file.path ? "\(file.path) twice" : "\(other.path) and \(file.path)"
      throw ScanError(
        .labels,
        "the source \(file.request.name) of \(videos[video].input.name) comes from \(paths);"
          + " give every source of a video its own name with --predictions NAME=FILE")
    }
    videos[video].sources.append(
      Source(
        name: file.request.name, kind: file.request.kind, path: file.path,
        format: file.dataset.format, dialect: file.dataset.dialect, annotations: annotations,
        // What was wrong with a file of many videos is said once, at its first video.
        report: isFirst ? file.dataset.report : ReadReport()))
  }

  private mutating func noteOtherName(
    _ annotations: VideoAnnotations, _ file: LabelFile, _ video: Int
  ) {
    guard file.video == nil, let name = annotations.name else { return }
    let stems = videos[video].input.stems
    let spelled = fileName(name)
    guard !stems.contains(spelled), !stems.contains(stem(spelled)) else { return }
    notes.append(
      "\(file.path) calls its video \(name); it was scanned on \(videos[video].input.name)")
  }

  // MARK: Labels alone

  private mutating func addNominal(_ files: [LabelFile]) throws(ScanError) {
    var countByName: [String: Int] = [:]
    for file in files { countByName[file.request.name, default: 0] += file.dataset.videos.count }
    let isOneVideo = countByName.values.allSatisfy { $0 == 1 }
    for file in files {
      for (place, annotations) in file.dataset.videos.enumerated() {
        let name = annotations.name.map(fileName) ?? stem(fileName(file.path))
        let known = videos.firstIndex { isOneVideo || stem($0.input.name) == stem(name) }
        if known == nil {
          videos.append(Video(input: VideoInput(name: name, path: nil, argument: name)))
        }
        try add(annotations, of: file, isFirst: place == 0, to: known ?? videos.count - 1)
      }
    }
  }
}

extension [String] {
  fileprivate func ends(with other: [String]) -> Bool { suffix(other.count) == other[...] }
}
