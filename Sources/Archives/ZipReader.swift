internal import CArchive
import Foundation

/// One entry of an archive, before its content is read.
struct ZipEntry {
  enum Kind {
    case file, folder, other
  }

  /// The name; nil where it cannot be told.
  var name: String?
  var kind: Kind
  var isEncrypted: Bool
}

/// Owns one `struct archive` that reads a zip file from its directory at the end.
///
/// Only that directory counts: an archive that is read from the front can tell another story.
@safe struct ZipReader: ~Copyable {
  private static let chunk = 1 << 18

  private let archive: OpaquePointer
  private let path: String
  private let locale: carchive_locale
  private let room: UnsafeMutableRawBufferPointer

  private init(_ archive: OpaquePointer, path: String) {
    unsafe self.archive = unsafe archive
    self.path = path
    unsafe locale = unsafe carchive_begin_utf8()
    unsafe room = .allocate(byteCount: Self.chunk, alignment: 16)
  }

  deinit {
    unsafe archive_read_free(archive)
    unsafe room.deallocate()
    unsafe carchive_end_utf8(locale)
  }

  /// Opens the archive at `path`.
  static func open(path: String) throws(ArchiveError) -> ZipReader {
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw ArchiveError(
        .unreadable, path: path, "the archive cannot be read; check path and permissions")
    }
    guard let archive = unsafe archive_read_new() else {
      throw ArchiveError(.unreadable, path: path, "libarchive could not get memory")
    }
    let reader = unsafe ZipReader(archive, path: path)
    unsafe archive_read_support_format_zip_seekable(archive)
    guard unsafe archive_read_open_filename(archive, path, chunk) == ARCHIVE_OK else {
      throw reader.damaged
    }
    return reader
  }

  /// The next entry; nil behind the last (`archive_read_next_header`).
  func next() throws(ArchiveError) -> ZipEntry? {
    var entry: OpaquePointer?
    let code = unsafe archive_read_next_header(archive, &entry)
    guard code != ARCHIVE_EOF else { return nil }
    // A warning is a name that does not convert; that is judged by the name.
    guard code == ARCHIVE_OK || code == ARCHIVE_WARN, let entry = unsafe entry else {
      throw damaged
    }
    let name = unsafe archive_entry_pathname_utf8(entry).map {
      unsafe String(validatingCString: $0)
    }
    let isLink = unsafe archive_entry_symlink(entry) != nil || archive_entry_hardlink(entry) != nil
    let type = unsafe archive_entry_filetype(entry)
    let kind: ZipEntry.Kind =
      isLink ? .other : type == carchive_file ? .file : type == carchive_folder ? .folder : .other
    return ZipEntry(
      name: name ?? nil, kind: kind,
      isEncrypted: unsafe archive_entry_is_data_encrypted(entry) != 0)
  }

  /// The next piece of the entry's content; nil behind its end (`archive_read_data`).
  func read() throws(ArchiveError) -> Data? {
    while true {
      let count = unsafe archive_read_data(archive, room.baseAddress, room.count)
      if count == Int(ARCHIVE_RETRY) { continue }
      guard count >= 0 else { throw damaged }
      guard count > 0 else { return nil }
      return unsafe Data(room[..<count])
    }
  }

  private var damaged: ArchiveError {
    ArchiveError(
      .damaged, path: path,
      "the zip archive is damaged or cut off; copy it again or export it again")
  }
}

/// A file that an entry is unpacked into; it is new, never one that was there.
struct UnpackedFile: ~Copyable {
  private let handle: FileHandle
  private let archive: String

  /// Creates the file and the folders above it.
  static func create(
    name: String, in folder: String, archive: String
  ) throws(ArchiveError) -> UnpackedFile {
    let path = folder + "/" + name
    let parent = (path as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    let descriptor = unsafe Foundation.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw ArchiveError(
        .unwritable, path: archive,
        "\(ZipArchive.quoted(name)) cannot be unpacked; check the room for temporary files")
    }
    return UnpackedFile(
      handle: FileHandle(fileDescriptor: descriptor, closeOnDealloc: true), archive: archive)
  }

  /// Appends a piece.
  func write(_ piece: Data) throws(ArchiveError) {
    do {
      try handle.write(contentsOf: piece)
    } catch {
      throw ArchiveError(
        .unwritable, path: archive,
        "the archive cannot be unpacked; check the room for temporary files")
    }
  }
}
