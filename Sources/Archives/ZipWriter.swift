internal import CArchive
import Foundation

/// Owns one `struct archive` that writes a zip file.
@safe struct ZipWriter: ~Copyable {
  private static let chunk = 1 << 18

  private let archive: OpaquePointer
  private let path: String
  private let locale: carchive_locale

  private init(_ archive: OpaquePointer, path: String) {
    unsafe self.archive = unsafe archive
    self.path = path
    unsafe locale = unsafe carchive_begin_utf8()
  }

  deinit {
    unsafe archive_write_free(archive)
    unsafe carchive_end_utf8(locale)
  }

  /// Creates the file at `path`; errors speak of `archive`.
  static func create(path: String, archive name: String) throws(ArchiveError) -> ZipWriter {
    guard let archive = unsafe archive_write_new() else {
      throw ArchiveError(.unwritable, path: name, "libarchive could not get memory")
    }
    let writer = unsafe ZipWriter(archive, path: name)
    unsafe archive_write_set_format_zip(archive)
    unsafe archive_write_set_options(archive, "zip:hdrcharset=UTF-8")
    guard unsafe archive_write_open_filename(archive, path) == ARCHIVE_OK else {
      throw writer.failure
    }
    return writer
  }

  /// Adds a file; it carries no time, so that the same files give the same archive.
  func add(_ file: ZipArchive.File) throws(ArchiveError) {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    guard let size = attributes?[.size] as? Int,
      let handle = FileHandle(forReadingAtPath: file.path)
    else { throw unreadable(file) }
    defer { try? handle.close() }
    guard let entry = unsafe archive_entry_new() else { throw failure }
    defer { unsafe archive_entry_free(entry) }
    unsafe archive_entry_update_pathname_utf8(entry, file.name)
    unsafe archive_entry_set_filetype(entry, carchive_file)
    unsafe archive_entry_set_perm(entry, 0o644)
    unsafe archive_entry_set_size(entry, Int64(size))
    guard unsafe archive_write_header(archive, entry) == ARCHIVE_OK else { throw failure }
    var left = size
    while left > 0 {
      guard let piece = try? handle.read(upToCount: min(left, Self.chunk)), !piece.isEmpty else {
        throw unreadable(file)
      }
      let count = unsafe piece.withUnsafeBytes {
        unsafe archive_write_data(archive, $0.baseAddress, $0.count)
      }
      guard count == piece.count else { throw failure }
      left -= piece.count
    }
  }

  /// Writes the directory at the end and closes the file.
  func close() throws(ArchiveError) {
    guard unsafe archive_write_close(archive) == ARCHIVE_OK else { throw failure }
  }

  private func unreadable(_ file: ZipArchive.File) -> ArchiveError {
    ArchiveError(
      .unreadable, path: file.path, "the file cannot be read; check path and permissions")
  }

  private var failure: ArchiveError {
    ArchiveError(
      .unwritable, path: path,
      "the archive cannot be written; check path, permissions and the room on the disk")
  }
}
