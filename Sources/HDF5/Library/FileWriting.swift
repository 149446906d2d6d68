#if canImport(CHDF5)
  internal import CHDF5

  /// Owns a file that is written. Every call is made under the library's lock.
  struct FileWriting: ~Copyable {
    // Chunks of at most half a megabyte.
    private static let chunkCount = 1 << 16
    private static let failure = HDF5Error(
      .unwritable, "the file cannot be written; check the folder and the room on the disk")

    private let file: Identifier

    private init(file: consuming Identifier) { self.file = file }

    static func create(path: String) throws(HDF5Error) -> FileWriting {
      Library.enter()
      defer { Library.leave() }
      return FileWriting(
        file: try Identifier.owning(
          unsafe H5Fcreate(path, chdf5_new_only(), chdf5_default, chdf5_default), failure))
    }

    consuming func close() throws(HDF5Error) {
      Library.enter()
      defer { Library.leave() }
      guard H5Fflush(file.id, H5F_SCOPE_LOCAL) >= 0 else { throw Self.failure }
    }

    func add(group: String) throws(HDF5Error) {
      Library.enter()
      defer { Library.leave() }
      let links = try linkProperties()
      let properties = try Identifier.owning(
        H5Pcreate(chdf5_class_group_create()), Self.failure)
      H5Pset_obj_track_times(properties.id, false)
      _ = try Identifier.owning(
        unsafe H5Gcreate2(file.id, group, links.id, properties.id, chdf5_default), Self.failure)
    }

    // Makes the groups in a path as well.
    private func linkProperties() throws(HDF5Error) -> Identifier {
      let links = try Identifier.owning(H5Pcreate(chdf5_class_link_create()), Self.failure)
      guard H5Pset_create_intermediate_group(links.id, 1) >= 0 else { throw Self.failure }
      return links
    }

    func add(
      attribute: String, _ value: HDF5Attribute, to object: String, as text: HDF5Text
    ) throws(HDF5Error) {
      Library.enter()
      defer { Library.leave() }
      let place = try Identifier.owning(
        unsafe H5Oopen(file.id, object, chdf5_default), Self.failure)
      switch value {
      case .text(let strings):
        let type = try Self.textType(text, strings)
        let attribute = try Self.make(attribute, on: place, type: type.id, count: strings.count)
        try unsafe Self.withText(strings, type: type.id) {
          unsafe H5Awrite(attribute.id, type.id, $0)
        }
      case .integers(let values):
        let attribute = try Self.make(
          attribute, on: place, type: chdf5_int64(), count: values.count)
        guard unsafe H5Awrite(attribute.id, chdf5_native_int64(), values) >= 0 else {
          throw Self.failure
        }
      case .numbers(let values):
        let attribute = try Self.make(
          attribute, on: place, type: chdf5_float64(), count: values.count)
        guard unsafe H5Awrite(attribute.id, chdf5_native_double(), values) >= 0 else {
          throw Self.failure
        }
      }
    }

    private static func make(
      _ name: String, on place: borrowing Identifier, type: hid_t, count: Int
    ) throws(HDF5Error) -> Identifier {
      let space =
        count == 1
        ? try Identifier.owning(H5Screate(H5S_SCALAR), failure) : try self.space([count])
      return try Identifier.owning(
        unsafe H5Acreate2(place.id, name, type, space.id, chdf5_default, chdf5_default), failure)
    }

    private static func space(_ dimensions: [Int]) throws(HDF5Error) -> Identifier {
      guard !dimensions.isEmpty else {
        return try Identifier.owning(H5Screate(H5S_SCALAR), failure)
      }
      let lengths = dimensions.map { hsize_t($0) }
      return try Identifier.owning(
        unsafe H5Screate_simple(Int32(dimensions.count), lengths, nil), failure)
    }

    private func make(
      _ name: String, type: hid_t, dimensions: [Int], isCompressed: Bool = false
    ) throws(HDF5Error) -> Identifier {
      let space = try Self.space(dimensions)
      let properties = try Identifier.owning(
        H5Pcreate(chdf5_class_dataset_create()), Self.failure)
      H5Pset_obj_track_times(properties.id, false)
      if isCompressed, !dimensions.isEmpty, !dimensions.contains(0) {
        var chunk = dimensions.map { hsize_t($0) }
        while chunk.reduce(1, *) > Self.chunkCount,
          let axis = chunk.indices.max(by: {
            chunk[$0] < chunk[$1]
          })
        {
          chunk[axis] = (chunk[axis] + 1) / 2
        }
        guard unsafe H5Pset_chunk(properties.id, Int32(chunk.count), chunk) >= 0,
          H5Pset_shuffle(properties.id) >= 0, H5Pset_deflate(properties.id, 6) >= 0
        else { throw Self.failure }
      }
      let links = try linkProperties()
      return try Identifier.owning(
        unsafe H5Dcreate2(
          file.id, name, type, space.id, links.id, properties.id, chdf5_default), Self.failure)
    }

    func add(
      numbers name: String, _ values: [Double], dimensions: [Int], as type: HDF5Number,
      isCompressed: Bool
    ) throws(HDF5Error) {
      Library.enter()
      defer { Library.leave() }
      let stored = try ElementType.stored(type)
      let dataset = try make(
        name, type: stored.id, dimensions: dimensions, isCompressed: isCompressed)
      guard !values.isEmpty else { return }
      if type == .boolean {
        let truths = values.map { Int8($0 == 0 ? 0 : 1) }
        guard
          unsafe H5Dwrite(
            dataset.id, stored.id, chdf5_all, chdf5_all, chdf5_default, truths) >= 0
        else { throw Self.failure }
      } else {
        guard
          unsafe H5Dwrite(
            dataset.id, chdf5_native_double(), chdf5_all, chdf5_all, chdf5_default, values) >= 0
        else { throw Self.failure }
      }
    }

    func add(table name: String, _ columns: [HDF5Column], count: Int) throws(HDF5Error) {
      Library.enter()
      defer { Library.leave() }
      let width = columns.count
      let memory = try Identifier.owning(H5Tcreate(H5T_COMPOUND, 8 * width), Self.failure)
      var stored: [hid_t] = []
      defer { for type in stored { H5Tclose(type) } }
      // The slots of a row in memory, 8 bytes each: a double, or the first byte of a truth value.
      var slots = [UInt64](repeating: 0, count: count * width)
      for (place, column) in columns.enumerated() {
        let type = try ElementType.stored(column.type)
        stored.append(H5Tcopy(type.id))
        let isTruth = column.type == .boolean
        guard
          unsafe H5Tinsert(
            memory.id, column.name, 8 * place, isTruth ? type.id : chdf5_native_double()) >= 0
        else { throw Self.failure }
        for (row, value) in column.values.enumerated() {
          slots[row * width + place] =
            isTruth ? (value == 0 ? 0 : UInt64(1).littleEndian) : value.bitPattern
        }
      }
      let row = try Identifier.owning(
        H5Tcreate(H5T_COMPOUND, stored.reduce(0) { $0 + H5Tget_size($1) }), Self.failure)
      var offset = 0
      for (column, type) in zip(columns, stored) {
        guard unsafe H5Tinsert(row.id, column.name, offset, type) >= 0 else { throw Self.failure }
        offset += H5Tget_size(type)
      }
      let dataset = try make(name, type: row.id, dimensions: [count])
      guard count > 0 else { return }
      guard
        unsafe H5Dwrite(dataset.id, memory.id, chdf5_all, chdf5_all, chdf5_default, slots) >= 0
      else { throw Self.failure }
    }

    // MARK: Strings

    func add(
      strings name: String, _ strings: [String], as text: HDF5Text, dimensions: [Int]
    ) throws(HDF5Error) {
      Library.enter()
      defer { Library.leave() }
      let type = try Self.textType(text, strings)
      let dataset = try make(name, type: type.id, dimensions: dimensions)
      guard !strings.isEmpty else { return }
      try unsafe Self.withText(strings, type: type.id) {
        unsafe H5Dwrite(dataset.id, type.id, chdf5_all, chdf5_all, chdf5_default, $0)
      }
    }

    private static func textType(
      _ text: HDF5Text, _ strings: [String]
    ) throws(HDF5Error) -> Identifier {
      let type = try Identifier.owning(H5Tcopy(chdf5_c_string()), failure)
      if text == .variable {
        guard chdf5_set_variable(type.id) >= 0 else { throw failure }
        H5Tset_cset(type.id, H5T_CSET_UTF8)
      } else {
        let longest = strings.map { $0.utf8.count }.max() ?? 0
        guard H5Tset_size(type.id, max(1, longest)) >= 0 else { throw failure }
        // What numpy's `S` is stored as, which knows nothing of characters.
        H5Tset_strpad(type.id, H5T_STR_NULLPAD)
      }
      return type
    }

    // Lays `strings` out as `type` says and hands the buffer to `write`.
    private static func withText(
      _ strings: [String], type: hid_t, _ write: (UnsafeRawPointer?) -> herr_t
    ) throws(HDF5Error) {
      let isVariable = H5Tis_variable_str(type) > 0
      let width = isVariable ? (strings.map { $0.utf8.count }.max() ?? 0) + 1 : H5Tget_size(type)
      var ends = [0]
      var bytes: [UInt8] = []
      for string in strings {
        // A zero ends a string for the library.
        bytes += string.utf8.prefix { $0 != 0 }
        let padding = isVariable ? 1 : ends[ends.count - 1] + width - bytes.count
        bytes += repeatElement(0, count: padding)
        ends.append(bytes.count)
      }
      let result = unsafe bytes.withUnsafeBytes { buffer in
        guard isVariable else { return unsafe write(buffer.baseAddress) }
        let pointers = unsafe ends.dropLast().map { unsafe buffer.baseAddress?.advanced(by: $0) }
        return unsafe pointers.withUnsafeBytes { unsafe write($0.baseAddress) }
      }
      guard result >= 0 else { throw failure }
    }
  }
#endif
