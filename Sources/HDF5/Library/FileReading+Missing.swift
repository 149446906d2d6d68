// What takes the place of the library where it was missing when the program was built.
#if !canImport(CHDF5)
  /// An open file, of which there can be none.
  struct FileReading: ~Copyable {
    static let isAvailable = false
    private let none: Never

    static func open(path: String) throws(HDF5Error) -> FileReading { throw .unavailable }
    func contains(_ name: String) -> Bool { switch none {} }
    func names(in group: String) throws(HDF5Error) -> [String] { switch none {} }
    func attributeNames(of object: String) throws(HDF5Error) -> [String] { switch none {} }
    func attribute(_ name: String, of object: String) throws(HDF5Error) -> HDF5Attribute? {
      switch none {}
    }
    func dataset(_ name: String) throws(HDF5Error) -> HDF5Dataset? { switch none {} }
    func numbers(_ name: String, in region: [Range<Int>]?) throws(HDF5Error) -> [Double] {
      switch none {}
    }
    func integers(_ name: String, in region: [Range<Int>]?) throws(HDF5Error) -> [Int] {
      switch none {}
    }
    func strings(_ name: String) throws(HDF5Error) -> [String] { switch none {} }
    func rows(
      of name: String, members: [String], in rows: Range<Int>?
    ) throws(HDF5Error) -> HDF5Rows { switch none {} }
  }

  /// A file that is written, of which there can be none.
  struct FileWriting: ~Copyable {
    private let none: Never

    static func create(path: String) throws(HDF5Error) -> FileWriting { throw .unavailable }
    func add(group: String) throws(HDF5Error) { switch none {} }
    func add(
      attribute: String, _ value: HDF5Attribute, to object: String, as text: HDF5Text
    ) throws(HDF5Error) {
      switch none {}
    }
    func add(
      numbers name: String, _ values: [Double], dimensions: [Int], as type: HDF5Number,
      isCompressed: Bool
    ) throws(HDF5Error) { switch none {} }
    func add(
      strings name: String, _ strings: [String], as text: HDF5Text, dimensions: [Int]
    ) throws(HDF5Error) {
      switch none {}
    }
    func add(table name: String, _ columns: [HDF5Column], count: Int) throws(HDF5Error) {
      switch none {}
    }
    consuming func close() throws(HDF5Error) { switch none {} }
  }
#endif
