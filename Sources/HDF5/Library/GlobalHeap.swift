#if canImport(CHDF5)
  internal import CHDF5
  import Foundation

  /// The strings of variable length of a file, which lie in collections called global heaps.
  ///
  /// The library follows a damaged reference out of its memory, so they are read here: a reference is
  /// the length of the string, the address of a collection and a number in it. See the HDF5 file
  /// format specification, section III.E.
  final class GlobalHeap {
    /// The bytes of a reference.
    static let referenceSize = 16
    /// The bytes that all strings of a data set may take.
    private static let maximumBytes = HDF5File.maximumCount * 8
    // However the references lie, no part of the file is walked through more often.
    private static let maximumPasses = 8

    /// Whether the library has learned to hand out references as they are; it is told once.
    static let isReachable: Bool = {
      guard let text = Identifier(H5Tcopy(chdf5_c_string())), chdf5_set_variable(text.id) >= 0,
        let opaque = Identifier(H5Tcreate(H5T_OPAQUE, referenceSize))
      else { return false }
      return chdf5_keep_references(text.id, opaque.id) >= 0
    }()

    private let handle: FileHandle
    private let size: Int
    private let base: Int
    private var collections: [Int: [Int: Range<Int>]] = [:]
    private var walked = 0

    /// Opens the file at `path`, whose addresses count from `base`.
    init?(path: String, size: Int, base: Int) {
      guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
      self.handle = handle
      self.size = size
      self.base = base
    }

    deinit { try? handle.close() }

    /// The strings that `references` lead to.
    func strings(_ references: [UInt8]) throws(HDF5Error) -> [String] {
      var strings: [String] = []
      var total = 0
      for start in stride(from: 0, to: references.count, by: Self.referenceSize) {
        let length = try Self.number(references, start, 4)
        let address = try Self.number(references, start + 4, 8)
        let index = try Self.number(references, start + 12, 4)
        guard length > 0 else {
          strings.append("")
          continue
        }
        total += length
        guard total <= Self.maximumBytes else {
          throw HDF5Error(
            .tooLarge,
            "the strings are larger than the \(Self.maximumBytes >> 20) MB that are read"
              + " at once")
        }
        let collection = try collection(at: address)
        guard let place = collection[index], length <= place.count else { throw Library.damaged }
        let bytes = try bytes(place.lowerBound, length)
        strings.append(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
      }
      return strings
    }

    /// The places in the file of the objects of a collection, by their numbers.
    private func collection(at address: Int) throws(HDF5Error) -> [Int: Range<Int>] {
      if let known = collections[address] { return known }
      let (start, isOverflown) = base.addingReportingOverflow(address)
      guard !isOverflown else { throw Library.damaged }
      let header = try bytes(start, 16)
      let length = try Self.number(header, 8, 8)
      guard header.starts(with: Array("GCOL".utf8) + [1]), length >= 16, length <= size - start
      else { throw Library.damaged }
      walked += length
      guard walked <= Self.maximumPasses * size else { throw Library.damaged }
      let whole = try bytes(start, length)
      var objects: [Int: Range<Int>] = [:]
      var position = 16
      while position + 16 <= length {
        let index = try Self.number(whole, position, 2)
        // Number 0 is what is left.
        guard index > 0 else { break }
        let size = try Self.number(whole, position + 8, 8)
        guard size <= length - position - 16 else { throw Library.damaged }
        let first = start + position + 16
        objects[index] = first..<first + size
        position += 16 + (size + 7) / 8 * 8
      }
      collections[address] = objects
      return objects
    }

    private func bytes(_ start: Int, _ count: Int) throws(HDF5Error) -> [UInt8] {
      guard start >= 0, count >= 0, start <= size, count <= size - start,
        (try? handle.seek(toOffset: UInt64(start))) != nil,
        let data = try? handle.read(upToCount: count), data.count == count
      else { throw Library.damaged }
      return Array(data)
    }

    private static func number(
      _ bytes: [UInt8], _ start: Int, _ count: Int
    ) throws(HDF5Error) -> Int {
      guard start + count <= bytes.count else { throw Library.damaged }
      let value = bytes[start..<start + count].reversed().reduce(UInt64(0)) {
        $0 << 8 | UInt64($1)
      }
      guard let number = Int(exactly: value) else { throw Library.damaged }
      return number
    }
  }
#endif
