import ReviewStore

extension ScanPlan {
  /// Gives every video the name it goes by in a store, so that none replaces another one of the
  /// same file name that is still there.
  ///
  /// A video whose path the store knows keeps its name. One whose name belongs to another existing
  /// file gets as many parent folders into its name as tell them apart. Where that file is gone,
  /// the video was moved and takes its place.
  mutating func takeNames(from known: [StoredVideo]) {
    var names: [String?] = videos.map { $0.input.path == nil ? $0.input.name : nil }
    let paths = videos.map { $0.input.path.map(resolved) }
    let knownPaths = known.map { $0.path.map(resolved) }
    for place in videos.indices {
      guard let path = paths[place] else { continue }
      let own = fileName(videos[place].input.argument)
      names[place] =
        zip(known, knownPaths).first { video, knownPath in
          knownPath == path && fileName(video.name) == own && !names.contains(video.name)
        }?.0.name
    }
    var taken = Set(names.compactMap { $0 })
    for video in known {
      if let path = video.path, isThere(path) { taken.insert(video.name) }
    }
    for place in videos.indices {
      let input = videos[place].input
      let name = names[place] ?? freeName(of: input, taken: taken)
      taken.insert(name)
      if name != input.name, name != fileName(input.argument) {
        notes.append(
          "the store holds another \(fileName(input.argument)), so \(input.argument) is called"
            + " \(name) in it")
      }
      videos[place].input.name = name
    }
  }

  private func freeName(of input: VideoInput, taken: Set<String>) -> String {
    if !taken.contains(input.name) { return input.name }
    let parts = components(absolute(input.argument))
    let longer = (2...max(2, parts.count)).lazy.map { parts.suffix($0).joined(separator: "/") }
    return longer.first { !taken.contains($0) } ?? absolute(input.argument)
  }

  // A printf pattern is no file; its images are there with their folder.
  private func isThere(_ path: String) -> Bool {
    if fileExists(path) { return true }
    let name = fileName(path)
    return name.contains("%") && isFolder(String(path.dropLast(name.count)))
  }
}
