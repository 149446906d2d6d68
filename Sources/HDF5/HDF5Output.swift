import Foundation

/// An HDF5 file that is written, and takes its name only when it is complete.
///
/// ```swift
/// let output = try HDF5Output.create(path: "labels.slp")
/// try output.add(table: "frames", [HDF5Column("frame_id", .uint64, ids)])
/// try output.finish()
/// ```
/// Until ``finish()`` the file lies beside `path` under another name; without it, it goes away. The
/// same calls give the same bytes: no times are stored.
public struct HDF5Output: ~Copyable {
  private var file: FileWriting?
  private let path: String
  private let draft: String

  private init(file: consuming FileWriting, path: String, draft: String) {
    self.file = consume file
    self.path = path
    self.draft = draft
  }

  deinit {
    guard !draft.isEmpty else { return }
    try? FileManager.default.removeItem(atPath: draft)
  }

  /// Creates a file.
  ///
  /// - Throws: An ``HDF5Error`` where the place cannot be written to, or where libhdf5 is missing.
  public static func create(path: String) throws(HDF5Error) -> HDF5Output {
    let draft = path + ".\(UUID().uuidString).draft"
    return HDF5Output(file: try FileWriting.create(path: draft), path: path, draft: draft)
  }

  /// Makes a group, and the groups it lies in.
  public func add(group: String) throws(HDF5Error) { try file?.add(group: group) }

  /// Gives a group or data set an attribute; a single value becomes a scalar.
  ///
  /// Whole numbers are stored in 64 bits, numbers in double precision.
  ///
  /// - Parameters:
  ///   - attribute: The name of the attribute.
  ///   - value: The value.
  ///   - object: The group or data set.
  ///   - text: How strings are stored; an attribute holds less than 64 KB of fixed length.
  /// - Throws: An ``HDF5Error`` where it cannot be written.
  public func add(
    attribute: String, _ value: HDF5Attribute, to object: String = "/",
    as text: HDF5Text = .variable
  ) throws(HDF5Error) {
    try file?.add(attribute: attribute, value, to: object, as: text)
  }

  /// Writes numbers, the last axis fastest.
  ///
  /// - Parameters:
  ///   - name: The data set; groups in its path are made.
  ///   - values: As many as the product of `dimensions`.
  ///   - dimensions: The length of every axis, slowest first.
  ///   - type: How they are stored.
  ///   - isCompressed: Whether they are cut into chunks and compressed with gzip.
  /// - Throws: An ``HDF5Error`` where they cannot be written.
  public func add(
    numbers name: String, _ values: [Double], dimensions: [Int], as type: HDF5Number = .float64,
    isCompressed: Bool = false
  ) throws(HDF5Error) {
    precondition(
      dimensions.reduce(1, *) == values.count, "there are as many values as dimensions say")
    try file?.add(
      numbers: name, values, dimensions: dimensions, as: type, isCompressed: isCompressed)
  }

  /// Writes strings, the last axis fastest.
  ///
  /// - Parameters:
  ///   - name: The data set; groups in its path are made.
  ///   - strings: As many as the product of `dimensions`.
  ///   - text: How they are stored.
  ///   - dimensions: The length of every axis, none for a scalar; nil for a plain list.
  /// - Throws: An ``HDF5Error`` where they cannot be written.
  public func add(
    strings name: String, _ strings: [String], as text: HDF5Text, dimensions: [Int]? = nil
  ) throws(HDF5Error) {
    let dimensions = dimensions ?? [strings.count]
    precondition(
      dimensions.reduce(1, *) == strings.count, "there are as many strings as dimensions say")
    try file?.add(strings: name, strings, as: text, dimensions: dimensions)
  }

  /// Writes a table.
  ///
  /// - Parameters:
  ///   - name: The data set; groups in its path are made.
  ///   - columns: Its members, all of one length.
  /// - Throws: An ``HDF5Error`` where it cannot be written.
  public func add(table name: String, _ columns: [HDF5Column]) throws(HDF5Error) {
    let count = columns.first?.values.count ?? 0
    precondition(
      columns.allSatisfy { $0.values.count == count }, "the columns of a table are equally long")
    try file?.add(table: name, columns, count: count)
  }

  /// Completes the file and gives it its name, in place of a file that had it.
  public consuming func finish() throws(HDF5Error) {
    if let file = file.take() { try file.close() }
    guard unsafe rename(draft, path) == 0 else {
      throw HDF5Error(.unwritable, "the file cannot be put in place; check the folder")
    }
  }
}
