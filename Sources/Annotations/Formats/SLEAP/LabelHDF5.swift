import Foundation
import HDF5

/// An HDF5 file of labels; what goes wrong with it is said as a ``LabelError`` that names the file.
struct LabelHDF5: ~Copyable {
  /// The path of the file.
  let path: String
  private let file: HDF5File

  /// Opens the file at `path`.
  static func open(path: String) throws(LabelError) -> LabelHDF5 {
    do { return LabelHDF5(path: path, file: try HDF5File.open(path: path)) } catch {
      throw LabelError(error, path: path)
    }
  }

  private init(path: String, file: consuming HDF5File) {
    self.path = path
    self.file = file
  }

  /// Tells whether a file that begins with `head` is HDF5 and holds everything in `names`.
  ///
  /// Without libhdf5 the ending decides, so that reading can say what is missing.
  static func matches(head: Data, path: String, endings: [String], names: [String]) -> Bool {
    guard head.starts(with: HDF5File.signature) else { return false }
    guard HDF5File.isAvailable else { return endings.contains { path.hasSuffix($0) } }
    guard let file = try? HDF5File.open(path: path) else { return false }
    for name in names where !file.contains(name) { return false }
    return true
  }

  /// See ``HDF5File/contains(_:)``.
  func contains(_ name: String) -> Bool { file.contains(name) }

  /// See ``HDF5File/attribute(_:of:)``.
  func attribute(_ name: String, of object: String = "/") throws(LabelError) -> HDF5Attribute? {
    do { return try file.attribute(name, of: object) } catch {
      throw LabelError(error, path: path)
    }
  }

  /// See ``HDF5File/dataset(_:)``.
  func dataset(_ name: String) throws(LabelError) -> HDF5Dataset? {
    do { return try file.dataset(name) } catch { throw LabelError(error, path: path) }
  }

  /// The strings of a data set; none where it is missing or holds no values of any kind.
  ///
  /// Empty lists are often stored as lists of no numbers.
  func strings(_ name: String) throws(LabelError) -> [String] {
    guard let dataset = try dataset(name), dataset.count > 0 else { return [] }
    do { return try file.strings(name) } catch { throw LabelError(error, path: path) }
  }

  /// The whole numbers of a data set, or of a part of one axis; none where it is missing.
  func integers(_ name: String, in part: Range<Int>? = nil) throws(LabelError) -> [Int] {
    guard let dataset = try dataset(name), dataset.count > 0 else { return [] }
    do { return try file.integers(name, in: part.map { [$0] }) } catch {
      throw LabelError(error, path: path)
    }
  }

  /// The numbers of a data set, or of a part of it; none where it is missing.
  func numbers(_ name: String, in region: [Range<Int>]? = nil) throws(LabelError) -> [Double] {
    guard let dataset = try dataset(name), dataset.count > 0 else { return [] }
    do { return try file.numbers(name, in: region) } catch { throw LabelError(error, path: path) }
  }

  /// See ``HDF5File/rows(of:members:in:)``.
  func rows(
    of name: String, members: [String], in rows: Range<Int>? = nil
  ) throws(LabelError) -> HDF5Rows {
    do { return try file.rows(of: name, members: members, in: rows) } catch {
      throw LabelError(error, path: path)
    }
  }

  /// Reads text as JSON.
  func json(_ text: String) throws(LabelError) -> JSONValue {
    var reader = JSONReader.open(text.utf8, path: path)
    // A line within it is no line of the file.
    do { return try reader.value() } catch {
      throw LabelError(
        .damaged, path: path, "a text within the file is no whole JSON; export it again")
    }
  }
}

extension LabelError {
  /// The error of an HDF5 file at `path`.
  init(_ error: HDF5Error, path: String) {
    let code: Code =
      switch error.code {
      case .unexpected: .wrongFormat
      case .unreadable, .tooLarge: .damaged
      case .unwritable: .unwritable
      default: .unreadable
      }
    self.init(code, path: path, error.reason)
  }
}
