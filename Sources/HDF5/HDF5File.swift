/// An HDF5 file that is read.
///
/// ```swift
/// let file = try HDF5File.open(path: "labels.slp")
/// let frames = try file.rows(of: "frames", members: ["frame_idx", "video"])
/// ```
/// Nothing that the file states is trusted: a data set that claims more than the file can hold, or
/// more than ``maximumCount`` values at once, is refused. Links into other files and data kept in
/// other files count as not there. HDF5 is not safe to use from several threads, so every call
/// waits for the others.
public struct HDF5File: ~Copyable {
  /// How many values are read at once at most: 256 MB.
  public static let maximumCount = 32 << 20

  /// The bytes an HDF5 file begins with.
  public static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Whether the program was built with libhdf5.
  public static var isAvailable: Bool { FileReading.isAvailable }

  private let file: FileReading

  private init(file: consuming FileReading) { self.file = file }

  /// Opens a file for reading.
  ///
  /// - Throws: An ``HDF5Error`` for what is no HDF5 file, or where libhdf5 is missing.
  public static func open(path: String) throws(HDF5Error) -> HDF5File {
    HDF5File(file: try FileReading.open(path: path))
  }

  /// Whether something called `name` is in the file, such as `tracks` or `video0/frame_numbers`.
  public func contains(_ name: String) -> Bool { file.contains(name) }

  /// The names in a group, in the order of the alphabet; empty where there is no such group.
  ///
  /// - Throws: An ``HDF5Error`` for more than 10,000 names.
  public func names(in group: String = "/") throws(HDF5Error) -> [String] {
    try file.names(in: group)
  }

  /// The names of the attributes of a group or data set; empty where there is none.
  ///
  /// - Throws: An ``HDF5Error`` for more than 10,000 names.
  public func attributeNames(of object: String = "/") throws(HDF5Error) -> [String] {
    try file.attributeNames(of: object)
  }

  /// The value of an attribute; nil where there is none, or where it is neither number nor text.
  public func attribute(
    _ name: String, of object: String = "/"
  ) throws(HDF5Error) -> HDF5Attribute? {
    try file.attribute(name, of: object)
  }

  /// What the data set called `name` holds; nil where there is none.
  ///
  /// - Throws: An ``HDF5Error`` where it claims more than the file can hold.
  public func dataset(_ name: String) throws(HDF5Error) -> HDF5Dataset? { try file.dataset(name) }

  /// Reads numbers of any width, the last axis fastest.
  ///
  /// - Parameters:
  ///   - name: The data set.
  ///   - region: The part of every axis; nil for all of it.
  /// - Returns: The values of the region.
  /// - Throws: An ``HDF5Error`` where there is no such data set, where it holds no numbers, and for
  ///   more than ``maximumCount`` values.
  public func numbers(
    _ name: String, in region: [Range<Int>]? = nil
  ) throws(HDF5Error) -> [Double] {
    try file.numbers(name, in: region)
  }

  /// Reads whole numbers of any width, the last axis fastest; fractions are cut off.
  ///
  /// Parameters and errors are those of ``numbers(_:in:)``.
  public func integers(
    _ name: String, in region: [Range<Int>]? = nil
  ) throws(HDF5Error) -> [Int] {
    try file.integers(name, in: region)
  }

  /// Reads strings, fixed or variable in length.
  ///
  /// - Throws: An ``HDF5Error`` where there is no such data set, where it holds no strings, and for
  ///   more than 256 MB of them.
  public func strings(_ name: String) throws(HDF5Error) -> [String] { try file.strings(name) }

  /// Reads members of a table's rows as numbers.
  ///
  /// - Parameters:
  ///   - name: The table: a data set of one axis.
  ///   - members: The names of the members; see ``HDF5Dataset/members`` for what there is.
  ///   - rows: The rows; nil for all of them.
  /// - Returns: The rows, with the members in the order asked for.
  /// - Throws: An ``HDF5Error`` where there is no such table or member, where a member is no number,
  ///   and for more than ``maximumCount`` values.
  public func rows(
    of name: String, members: [String], in rows: Range<Int>? = nil
  ) throws(HDF5Error) -> HDF5Rows {
    try file.rows(of: name, members: members, in: rows)
  }
}
