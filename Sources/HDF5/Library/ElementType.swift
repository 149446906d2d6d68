#if canImport(CHDF5)
  internal import CHDF5

  /// What the library's types mean here.
  enum ElementType {
    // No table of labels is wider.
    private static let maximumMembers = 1000

    /// What elements of `type` are.
    static func kind(of type: hid_t) -> HDF5Dataset.Kind {
      switch H5Tget_class(type) {
      case H5T_INTEGER, H5T_ENUM, H5T_BITFIELD: return .integers
      case H5T_FLOAT: return .numbers
      case H5T_STRING: return .text
      case H5T_COMPOUND:
        let count = H5Tget_nmembers(type)
        guard count > 0, count <= maximumMembers else { return .other }
        var members: [String] = []
        for index in 0..<UInt32(count) {
          guard let name = unsafe H5Tget_member_name(type, index) else { return .other }
          members.append(unsafe String(cString: name))
          unsafe H5free_memory(name)
        }
        return .table(members)
      default: return .other
      }
    }

    /// Whether the members of a table lie within its rows, each in its own place.
    ///
    /// The library does not check it, and would read beside them.
    static func isSound(_ type: hid_t) -> Bool {
      guard H5Tget_class(type) == H5T_COMPOUND else { return true }
      let (size, count) = (H5Tget_size(type), H5Tget_nmembers(type))
      guard count > 0, count <= maximumMembers else { return false }
      var places: [Range<Int>] = []
      for index in 0..<UInt32(count) {
        guard let member = Identifier(H5Tget_member_type(type, index)), isSound(member.id) else {
          return false
        }
        let (offset, width) = (H5Tget_member_offset(type, index), H5Tget_size(member.id))
        guard offset >= 0, width > 0, offset <= size, width <= size - offset else { return false }
        places.append(offset..<offset + width)
      }
      places.sort { $0.lowerBound < $1.lowerBound }
      return zip(places, places.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }
    }

    /// The type that numbers are stored as in a file.
    static func stored(_ type: HDF5Number) throws(HDF5Error) -> Identifier {
      let known =
        switch type {
        case .int8: chdf5_int8()
        case .uint8: chdf5_uint8()
        case .int32: chdf5_int32()
        case .uint32: chdf5_uint32()
        case .int64: chdf5_int64()
        case .uint64: chdf5_uint64()
        case .float32: chdf5_float32()
        case .float64: chdf5_float64()
        case .boolean: chdf5_int8()
        }
      guard type == .boolean else {
        return try Identifier.owning(H5Tcopy(known), Library.damaged)
      }
      let truth = try Identifier.owning(H5Tenum_create(known), Library.damaged)
      for (name, value) in [("FALSE", Int8(0)), ("TRUE", Int8(1))] {
        var value = value
        guard unsafe H5Tenum_insert(truth.id, name, &value) >= 0 else { throw Library.damaged }
      }
      return truth
    }
  }

  /// The axes of a data set or attribute.
  struct Extent {
    /// The length of every axis; empty for a scalar.
    let dimensions: [Int]
    /// The number of elements.
    let count: Int

    /// Reads the axes of `space`.
    init(space: borrowing Identifier) throws(HDF5Error) {
      if H5Sget_simple_extent_type(space.id) == H5S_NULL {
        (dimensions, count) = ([0], 0)
        return
      }
      let rank = H5Sget_simple_extent_ndims(space.id)
      guard rank >= 0, rank <= H5S_MAX_RANK else { throw Library.damaged }
      var lengths = [hsize_t](repeating: 0, count: Int(H5S_MAX_RANK))
      guard unsafe H5Sget_simple_extent_dims(space.id, &lengths, nil) == rank else {
        throw Library.damaged
      }
      var count = 1
      var dimensions: [Int] = []
      for length in lengths.prefix(Int(rank)) {
        guard let length = Int(exactly: length) else { throw Library.damaged }
        let (product, isOverflown) = count.multipliedReportingOverflow(by: length)
        guard !isOverflown else { throw Library.damaged }
        count = product
        dimensions.append(length)
      }
      self.dimensions = dimensions
      self.count = count
    }
  }

  /// A part of a data set that is read at once; it is set in the data set's own space.
  struct Selection: ~Copyable {
    /// The space of the elements in memory.
    let memory: Identifier
    /// The number of elements.
    let count: Int

    /// Selects `region` in `space`, all of it where it is nil.
    init(
      _ region: [Range<Int>]?, of space: borrowing Identifier, extent: Extent, name: String
    ) throws(HDF5Error) {
      let region = region ?? extent.dimensions.map { 0..<$0 }
      let fits = zip(region, extent.dimensions).allSatisfy { part, length in
        part.lowerBound >= 0 && part.upperBound <= length
      }
      guard region.count == extent.dimensions.count, fits else {
        throw HDF5Error(.unexpected, "\(name) is smaller than what is asked for")
      }
      let shape = region.map { hsize_t($0.count) }
      let memory = try Identifier.owning(
        region.isEmpty
          ? H5Screate(H5S_SCALAR) : unsafe H5Screate_simple(Int32(region.count), shape, nil),
        Library.damaged)
      if !region.isEmpty {
        let start = region.map { hsize_t($0.lowerBound) }
        guard
          unsafe H5Sselect_hyperslab(space.id, H5S_SELECT_SET, start, nil, shape, nil) >= 0
        else { throw Library.damaged }
      }
      // A part is never larger than the whole, whose size is known.
      count = region.reduce(1) { $0 * $1.count }
      self.memory = memory
    }
  }
#endif
