import Foundation

extension LabelFormats {
  /// The formats that can be written.
  public static var writable: [any WritableFormat.Type] {
    all.compactMap { $0 as? any WritableFormat.Type }
  }

  /// Writes labels as `format`, as far as it can carry them.
  ///
  /// Several videos in a format of one video a file become a folder of files, or of folders, named
  /// after the videos. A path that ends in `.zip` becomes an archive of the file or folder.
  ///
  /// - Returns: What was lost.
  /// - Throws: A ``LabelError`` where there is nothing to write, the format needs the size of the
  ///   picture and nobody knows it, or the output cannot be written.
  public static func write(
    _ dataset: Dataset, as format: any WritableFormat.Type, to path: String,
    options: WriteOptions = WriteOptions()
  ) throws(LabelError) -> LossReport {
    if path.lowercased().hasSuffix(".zip") {
      return try LabelArchive.write(dataset, as: format, to: path, options: options)
    }
    let capabilities = format.capabilities
    if dataset.videos.isEmpty {
      throw LabelError(.unwritable, path: path, "the labels speak of no video; nothing is written")
    }
    if capabilities.needsPictureSize,
      let video = dataset.videos.first(where: { ($0.width ?? 0) < 1 || ($0.height ?? 0) < 1 })
    {
      throw LabelError(
        .incomplete, path: path,
        "\(format.id) needs the size of the picture, which the labels of"
          + " \(video.name ?? "the video") do not state; name the video with --video")
    }
    var (reduced, losses) = dataset.reduced(to: capabilities)
    if reduced.videos.count == 1 || capabilities.holdsManyVideos {
      do throws(LabelError) {
        losses.add(try format.write(reduced, to: path, options: options))
      } catch {
        // Where a folder is written meanwhile is gone when people read this.
        guard UnfinishedOutputs.contains(error.path) else { throw error }
        throw LabelError(error.code, path: path, error.reason)
      }
      return losses
    }
    let folder = try FolderOutput(path: path)
    for (name, video) in zip(fileNames(of: dataset.videos, capabilities.output), reduced.videos) {
      let part = Dataset(format: reduced.format, dialect: reduced.dialect, videos: [video])
      let path = try folder.path(of: name)
      losses.add(
        try folder.inPlace { () throws(LabelError) in
          try format.write(part, to: path, options: options)
        })
    }
    try folder.finish()
    return losses
  }

  /// A name for the labels of every video: its stem, made different where two are alike.
  ///
  /// Names come from label files: only their last part counts, as far as it can be a file name.
  static func fileNames(
    of videos: [VideoAnnotations], _ output: FormatCapabilities.Output
  ) -> [String] {
    var taken: Set<String> = []
    return videos.enumerated().map { place, video in
      let last = (video.name ?? "").split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
      var stem = last.hasPrefix(".") ? "" : (last as NSString).deletingPathExtension
      if stem.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
        stem = String(
          String.UnicodeScalarView(
            stem.unicodeScalars.map { $0.properties.generalCategory == .control ? "_" : $0 }))
      }
      while stem.utf8.count > longestStem { stem.removeLast() }
      var name = stem.isEmpty ? "video-\(place + 1)" : stem
      // Some disks take capital and small letters for the same.
      while !taken.insert(name.lowercased()).inserted { name += "-\(place + 1)" }
      guard case .file(let fileExtension) = output else { return name }
      return name + "." + fileExtension
    }
  }

  /// The most bytes of a name that are kept; most disks take 255 with what is added.
  private static let longestStem = 180
}
