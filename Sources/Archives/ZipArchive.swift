public import Foundation

/// Zip archives, read and written with libarchive.
public enum ZipArchive {
  /// What an archive may hold at most.
  public struct Limits: Hashable, Sendable {
    /// The number of entries, wanted or not.
    public var entryCount: Int
    /// The number of bytes of the wanted entries, unpacked.
    public var totalBytes: Int
    /// How many bytes may come out, whatever the size of the archive.
    public var freeBytes: Int
    /// How many times its own size an archive may grow to beyond ``freeBytes``.
    ///
    /// The most repetitive label text shrinks to a fiftieth; what grows 200 times was made to fill
    /// a disk.
    public var ratio: Int

    /// Creates limits.
    public init(
      entryCount: Int = 1_000_000, totalBytes: Int = 8 << 30, freeBytes: Int = 64 << 20,
      ratio: Int = 200
    ) {
      self.entryCount = entryCount
      self.totalBytes = totalBytes
      self.freeBytes = freeBytes
      self.ratio = ratio
    }

    /// How many bytes may come out of an archive of `size` bytes.
    func allowance(size: Int) -> Int {
      let (grown, isTooLarge) = size.multipliedReportingOverflow(by: ratio)
      return min(totalBytes, max(freeBytes, isTooLarge ? .max : grown))
    }
  }

  /// One file of an archive that is to be written.
  public struct File: Hashable, Sendable {
    /// The name in the archive, with `/` between folders.
    public var name: String
    /// The path of the file that holds the content.
    public var path: String

    /// Creates a file for ``ZipArchive/write(_:to:)``.
    public init(name: String, path: String) {
      self.name = name
      self.path = path
    }
  }

  /// Tells whether a file that begins with `head` is a zip archive, also an empty one.
  public static func isZip(head: Data) -> Bool {
    head.starts(with: [0x50, 0x4b, 3, 4]) || head.starts(with: [0x50, 0x4b, 5, 6])
  }

  /// Unpacks the wanted entries of an archive below a folder, piece by piece.
  ///
  /// ```swift
  /// let names = try ZipArchive.unpack(path: "task.zip", into: folder) { $0.hasSuffix(".xml") }
  /// ```
  /// Every name is checked, also of entries that nobody wants: an archive with one that would
  /// leave the folder was made to do harm, or by a tool that cannot be trusted with the rest.
  ///
  /// - Parameters:
  ///   - path: The archive.
  ///   - folder: An existing folder, best a new one; nothing in it is overwritten.
  ///   - limits: What the archive may hold.
  ///   - wanted: Decides by its name, with `/` between folders, whether an entry is unpacked.
  /// - Returns: The names of the unpacked entries, sorted; their paths below `folder`.
  /// - Throws: ``ArchiveError`` where the archive cannot be read, is damaged or cut off, holds a
  ///   wanted entry that is encrypted, a name that is unsafe or stands there twice, a link, or more
  ///   than `limits` allow. What was unpacked until then stays; the folder is the caller's.
  public static func unpack(
    path: String, into folder: String, limits: Limits = Limits(),
    wanted: (String) -> Bool
  ) throws(ArchiveError) -> [String] {
    let archive = try ZipReader.open(path: path)
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let allowance = limits.allowance(size: (attributes?[.size] as? Int) ?? 0)
    var (seen, names, unpacked): (Set<String>, [String], Int) = ([], [], 0)
    while let entry = try archive.next() {
      let name = try safeName(entry.name, path: path)
      guard entry.kind != .folder else { continue }
      guard entry.kind == .file else {
        throw ArchiveError(
          .unsafeName, path: path,
          "the archive holds a link or device (\(quoted(name))), which no label tool writes; "
            + "unpack it yourself and name a label file in it")
      }
      guard seen.insert(name).inserted else {
        throw ArchiveError(
          .unsafeName, path: path,
          "the archive holds \(quoted(name)) twice; unpack it yourself and name a label file in it")
      }
      guard seen.count <= limits.entryCount else {
        throw ArchiveError(
          .tooLarge, path: path,
          "the archive holds more than \(limits.entryCount) files; unpack it yourself and name a "
            + "label file in it")
      }
      guard wanted(name) else { continue }
      guard !entry.isEncrypted else {
        throw ArchiveError(
          .encrypted, path: path,
          "the archive needs a password; unpack it yourself and name a label file in it")
      }
      let file = try UnpackedFile.create(name: name, in: folder, archive: path)
      while let piece = try archive.read() {
        unpacked += piece.count
        guard unpacked <= allowance else {
          throw ArchiveError(
            .tooLarge, path: path,
            "the archive unpacks to more than \(allowance >> 20) MiB, far more than its size "
              + "explains; unpack it yourself if you trust it, and name a label file in it")
        }
        try file.write(piece)
      }
      names.append(name)
    }
    return names.sorted()
  }

  /// Writes an archive, compressed and with the same bytes for the same files.
  ///
  /// The archive appears at `path` when it is complete; until then, and after an error, what stood
  /// there before stays.
  ///
  /// - Parameters:
  ///   - files: The files, written in the order of their names.
  ///   - path: The archive; replaced where it exists.
  /// - Throws: ``ArchiveError`` where a name is unsafe or stands there twice, a file cannot be read
  ///   or the archive cannot be written.
  public static func write(_ files: [File], to path: String) throws(ArchiveError) {
    let files = files.sorted { ($0.name, $0.path) < ($1.name, $1.path) }
    for (file, next) in zip(files, files.dropFirst()) where file.name == next.name {
      throw ArchiveError(
        .unsafeName, path: path, "the archive would hold \(quoted(file.name)) twice")
    }
    for file in files { _ = try safeName(file.name, path: path) }
    let partial = path + ".partial-\(UUID().uuidString.prefix(8))"
    do throws(ArchiveError) {
      let archive = try ZipWriter.create(path: partial, archive: path)
      for file in files { try archive.add(file) }
      try archive.close()
    } catch {
      try? FileManager.default.removeItem(atPath: partial)
      throw error
    }
    guard moved(from: partial, to: path) else {
      try? FileManager.default.removeItem(atPath: partial)
      throw ArchiveError(
        .unwritable, path: path, "the archive cannot be written here; check path and permissions")
    }
  }

  /// Whether the file could take the place of what stands at `path` (`rename`).
  private static func moved(from partial: String, to path: String) -> Bool {
    unsafe rename(partial, path) == 0
  }

  /// Returns a name that stays below the folder it is unpacked in.
  static func safeName(_ name: String?, path: String) throws(ArchiveError) -> String {
    guard let name, !name.isEmpty else {
      throw ArchiveError(
        .damaged, path: path,
        "the archive holds a name that cannot be read; make it again with UTF-8 names")
    }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isDrive = name.utf8.dropFirst().first == UInt8(ascii: ":")
    let isUnsafe =
      name.hasPrefix("/") || isDrive || parts.contains("..")
      || name.utf8.contains { $0 == UInt8(ascii: "\\") || $0 < 32 || $0 == 127 }
      || name.utf8.count > 4096 || parts.count > 64
    guard !isUnsafe else {
      throw ArchiveError(
        .unsafeName, path: path,
        "the archive holds a name that leads out of it or is no plain path (\(quoted(name))); "
          + "unpack it yourself and name a label file in it")
    }
    let plain = parts.filter { !$0.isEmpty && $0 != "." }
    return plain.isEmpty ? "." : plain.joined(separator: "/")
  }

  /// A name as part of a sentence: short, and without what could garble a terminal.
  static func quoted(_ name: String) -> String {
    let plain = name.unicodeScalars.prefix(80).map {
      $0.properties.generalCategory == .control ? "?" : String($0)
    }
    return "'\(plain.joined())\(name.unicodeScalars.count > 80 ? "..." : "")'"
  }
}
