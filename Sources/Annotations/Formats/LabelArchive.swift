import Archives
public import Foundation

/// A zip archive given in the place of a label file or folder.
///
/// What labels can be is unpacked into a temporary folder, which is gone when reading ends, and
/// read from there; errors name the file within the archive.
struct LabelArchive {
  /// Extensions of files that can be labels, or belong to some.
  private static let labels: Set<String> = [
    "csv", "h5", "hdf5", "ini", "json", "jsonl", "kw18", "ndjson", "slp", "tsv", "txt", "xml",
    "yaml", "yml",
  ]
  /// Extensions of files that say what they are.
  private static let structured: Set<String> = ["h5", "hdf5", "json", "jsonl", "slp", "xml"]
  /// Extensions of label images.
  private static let images: Set<String> = ["png", "tif", "tiff"]
  /// Names of folders whose pictures are no labels.
  private static let pictureFolders: Set<String> = ["images", "img", "img1", "jpegimages"]

  let path: String

  /// The archive at `path`; nil where there is none.
  static func recognised(path: String) throws(LabelError) -> LabelArchive? {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
      !isDirectory.boolValue
    else { return nil }
    return ZipArchive.isZip(head: try LabelFormats.head(of: path))
      ? LabelArchive(path: path) : nil
  }

  /// Reads the one label file or folder in the archive, or several files of one format as several
  /// videos.
  func read(format id: String?, options: ReadOptions) throws(LabelError) -> Dataset {
    try Self.withTemporaryFolder(for: path) { folder throws(LabelError) in
      do throws(ArchiveError) {
        _ = try ZipArchive.unpack(path: path, into: folder, wanted: Self.isWanted)
      } catch {
        throw Self.labelError(error)
      }
      do throws(LabelError) {
        return try read(folder: folder, format: id, options: options)
      } catch {
        var error = error
        if error.path.hasPrefix(folder) { error.path = path + error.path.dropFirst(folder.count) }
        throw error
      }
    }
  }

  private func read(
    folder: String, format id: String?, options: ReadOptions
  ) throws(LabelError) -> Dataset {
    var formats = LabelFormats.all
    if let id {
      guard let format = LabelFormats.named(id) else {
        // The same sentence as for a file.
        return try LabelFormats.read(path: folder, format: id, options: options)
      }
      formats = [format]
    }
    guard let files = LabelFolder(path: folder) else {
      throw LabelError(.unreadable, path: path, "the unpacked archive cannot be read")
    }
    if let (inner, format) = Self.folder(files, formats) {
      // Rows of numbers are taken for many things; a structured file knows better what it is.
      let known = Self.recognised(
        files.files.filter { Self.structured.contains(Self.suffix($0)) }, in: files, formats)
      if known.allSatisfy({ $0.format.id == format.id }) {
        return try format.read(path: inner.path, options: options)
      }
    }
    let found = Self.recognised(files.files, in: files, formats)
    guard let first = found.first else {
      if let id, let only = files.files.first, files.files.count == 1, let format = formats.first {
        return try format.read(path: files.path(of: only), options: options)
          .named(id)
      }
      throw LabelError(
        .unknownFormat, path: path,
        "no file in the archive is of a known label format; unpack it and name the label file")
    }
    guard found.allSatisfy({ $0.format.id == first.format.id }) else {
      let names = found.prefix(6).map { "\($0.file) (\($0.format.id))" }.joined(separator: ", ")
      throw LabelError(
        .unknownFormat, path: path,
        "the archive holds labels of several formats: \(names)\(found.count > 6 ? " ..." : "");"
          + " name one format after a colon")
    }
    var dataset = try first.format.read(path: files.path(of: first.file), options: options)
    guard found.count > 1 else { return dataset }
    dataset.nameVideos(after: first.file)
    for (file, format) in found.dropFirst() {
      var next = try format.read(path: files.path(of: file), options: options)
      next.nameVideos(after: file)
      dataset.videos += next.videos
      dataset.report.add(next.report)
    }
    dataset.report.addNote(
      "the archive holds \(found.count) label files, which were read as videos of their own")
    return dataset
  }

  /// The outermost folder that is of a format as a whole.
  private static func folder(
    _ files: LabelFolder, _ formats: [any LabelFormat.Type]
  ) -> (folder: LabelFolder, format: any LabelFormat.Type)? {
    var top: LabelFolder? = files
    while let here = top {
      if let format = formats.first(where: { $0.matches(folder: here) }) { return (here, format) }
      // Many archives hold one folder that holds the rest.
      guard let first = here.files.first?.split(separator: "/").first,
        here.files.allSatisfy({ $0.hasPrefix(first + "/") })
      else { return nil }
      top = LabelFolder(path: here.path(of: String(first)))
    }
    return nil
  }

  /// The files that are of some format, with that format.
  private static func recognised(
    _ names: [String], in folder: LabelFolder, _ formats: [any LabelFormat.Type]
  ) -> [(file: String, format: any LabelFormat.Type)] {
    names.compactMap { name in
      let (head, path) = (folder.head(of: name), folder.path(of: name))
      guard !head.isEmpty else { return nil }
      return formats.first { $0.matches(head: head, path: path) }.map { (name, $0) }
    }
  }

  private static func suffix(_ file: String) -> String {
    (file as NSString).pathExtension.lowercased()
  }

  /// Whether an entry of the archive may be a label file.
  static func isWanted(_ name: String) -> Bool {
    let parts = name.split(separator: "/")
    guard let file = parts.last, parts.first != "__MACOSX", !file.hasPrefix(".") else {
      return false
    }
    let suffix = suffix(name)
    guard images.contains(suffix) else { return labels.contains(suffix) }
    return !parts.dropLast().contains { pictureFolders.contains($0.lowercased()) }
  }

  // MARK: Writing

  /// Writes labels as an archive of the file or folder that the format is.
  static func write(
    _ dataset: Dataset, as format: any WritableFormat.Type, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    try withTemporaryFolder(for: path) { folder throws(LabelError) in
      var inner = folder + "/annotations"
      let holdsAll = dataset.videos.count == 1 || format.capabilities.holdsManyVideos
      if case .file(let suffix) = format.capabilities.output, holdsAll { inner += "." + suffix }
      let losses: LossReport
      do throws(LabelError) {
        losses = try LabelFormats.write(dataset, as: format, to: inner, options: options)
      } catch {
        var error = error
        if error.path.hasPrefix(folder) { error.path = path }
        throw error
      }
      let root = LabelFolder(path: inner) ?? LabelFolder(path: folder)
      do throws(ArchiveError) {
        try ZipArchive.write(
          (root?.files ?? []).map {
            ZipArchive.File(name: $0, path: (root?.path(of: $0)) ?? "")
          }, to: path)
      } catch {
        throw labelError(error)
      }
      return losses
    }
  }

  // MARK: Shared

  private static func withTemporaryFolder<Result>(
    for path: String, _ body: (String) throws(LabelError) -> Result
  ) throws(LabelError) -> Result {
    let folder = UnfinishedOutputs.begin(
      beside: FileManager.default.temporaryDirectory.appendingPathComponent("zip").path)
    defer { UnfinishedOutputs.end(folder) }
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw LabelError(
        .unwritable, path: path,
        "there is no room for temporary files; free some or set TMPDIR to another folder")
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }

  private static func labelError(_ error: ArchiveError) -> LabelError {
    let code: LabelError.Code =
      switch error.code {
      case .unreadable: .unreadable
      case .unwritable: .unwritable
      default: .damaged
      }
    return LabelError(code, path: error.path, error.reason)
  }
}

extension LabelFormats {
  /// Tells whether a file that begins with `head` is an archive that may hold labels.
  public static func isArchive(head: Data) -> Bool { ZipArchive.isZip(head: head) }
}

extension Dataset {
  /// The dataset as one of the format called `id`.
  fileprivate func named(_ id: String) -> Dataset {
    var dataset = self
    dataset.format = id
    return dataset
  }
}

extension Dataset {
  /// Calls videos without a name after their label file.
  mutating func nameVideos(after file: String) {
    let last = file.split(separator: "/").last.map(String.init) ?? file
    for place in videos.indices where videos[place].name == nil {
      videos[place].name = (last as NSString).deletingPathExtension
    }
  }
}

extension ReadReport {
  /// Adds what another file of the same source was read with.
  mutating func add(_ other: ReadReport) {
    rowCount += other.rowCount
    for row in other.badRows { addBadRow(line: row.line, row.reason) }
    for _ in other.badRows.count..<max(other.badRows.count, other.badRowCount) {
      addBadRow(line: 0, "")
    }
    for note in other.notes { addNote(note) }
  }
}
