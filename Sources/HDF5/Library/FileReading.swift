#if canImport(CHDF5)
  internal import CHDF5
  import Foundation

  /// Owns an open file and reads from it. Every call is made under the library's lock.
  struct FileReading: ~Copyable {
    static let isAvailable = true
    // No file of labels has that many links or attributes in one place.
    private static let maximumNames = 10_000
    // Deflate packs at most 1032 bytes into one.
    private static let highestRatio = 1100
    private static let maximumBytes = HDF5File.maximumCount * 8
    // Strings are read piece by piece, so that what they need is known before it is allocated.
    private static let stringsAtOnce = 4096

    private let file: Identifier
    private let size: Int

    private init(file: consuming Identifier, size: Int) {
      self.file = file
      self.size = size
    }

    static func open(path: String) throws(HDF5Error) -> FileReading {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      let size = (attributes?[.size] as? Int) ?? 0
      Library.enter()
      defer { Library.leave() }
      let access = try Identifier.owning(H5Pcreate(chdf5_class_file_access()), Library.damaged)
      chdf5_no_file_locking(access.id)
      let file = try Identifier.owning(
        unsafe H5Fopen(path, chdf5_read_only(), access.id),
        HDF5Error(
          .unreadable,
          "this is no HDF5 file that libhdf5 can open; it may be cut off, so copy it again"))
      return FileReading(file: file, size: size)
    }

    // MARK: Names

    func contains(_ name: String) -> Bool {
      Library.enter()
      defer { Library.leave() }
      return exists(name)
    }

    // A link that leads into another file counts as none, wherever it stands in the path.
    private func exists(_ name: String) -> Bool {
      guard name != "/" else { return true }
      var path = ""
      for part in name.split(separator: "/") {
        path += "/" + part
        let kind = unsafe chdf5_link_kind(file.id, path)
        guard kind == H5L_TYPE_HARD.rawValue || kind == H5L_TYPE_SOFT.rawValue else {
          return false
        }
        guard unsafe H5Oexists_by_name(file.id, path, chdf5_default) > 0 else { return false }
      }
      return !path.isEmpty
    }

    private func object(_ name: String) -> Identifier? {
      guard exists(name) else { return nil }
      return unsafe Identifier(H5Oopen(file.id, name, chdf5_default))
    }

    func names(in group: String) throws(HDF5Error) -> [String] {
      Library.enter()
      defer { Library.leave() }
      guard let place = object(group), H5Iget_type(place.id) == H5I_GROUP else { return [] }
      var info = H5G_info_t()
      guard unsafe H5Gget_info(place.id, &info) >= 0 else { throw Library.damaged }
      let count = Int(clamping: info.nlinks)
      guard count <= Self.maximumNames else { throw Self.tooManyNames(group) }
      var names: [String] = []
      for index in 0..<count {
        names.append(
          try unsafe Self.name { buffer, room in
            unsafe H5Lget_name_by_idx(
              place.id, ".", H5_INDEX_NAME, H5_ITER_INC, hsize_t(index), buffer, room,
              chdf5_default)
          })
      }
      return names
    }

    func attributeNames(of object: String) throws(HDF5Error) -> [String] {
      Library.enter()
      defer { Library.leave() }
      guard let place = self.object(object) else { return [] }
      let count = H5Aget_num_attrs(place.id)
      guard count >= 0 else { throw Library.damaged }
      guard count <= Self.maximumNames else { throw Self.tooManyNames(object) }
      var names: [String] = []
      for index in 0..<count {
        names.append(
          try unsafe Self.name { buffer, room in
            unsafe H5Aget_name_by_idx(
              place.id, ".", H5_INDEX_NAME, H5_ITER_INC, hsize_t(index), buffer, room,
              chdf5_default)
          })
      }
      return names
    }

    private static func tooManyNames(_ place: String) -> HDF5Error {
      HDF5Error(.tooLarge, "\(place) holds more than \(maximumNames) names; no label file does")
    }

    // Asks for the length first, as the library wants it.
    private static func name(
      _ read: (UnsafeMutablePointer<CChar>?, Int) -> Int
    ) throws(HDF5Error) -> String {
      let length = read(nil, 0)
      guard length >= 0, length < 1 << 16 else { throw Library.damaged }
      var bytes = [CChar](repeating: 0, count: length + 1)
      let result = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        unsafe read(buffer.baseAddress, buffer.count)
      }
      guard result >= 0 else { throw Library.damaged }
      return String(decoding: bytes.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: Attributes

    func attribute(_ name: String, of object: String) throws(HDF5Error) -> HDF5Attribute? {
      Library.enter()
      defer { Library.leave() }
      guard let place = self.object(object), unsafe H5Aexists(place.id, name) > 0 else {
        return nil
      }
      let attribute = try Identifier.owning(
        unsafe H5Aopen(place.id, name, chdf5_default), Library.damaged)
      let type = try Identifier.owning(H5Aget_type(attribute.id), Library.damaged)
      let space = try Identifier.owning(H5Aget_space(attribute.id), Library.damaged)
      let count = try Extent(space: space).count
      let width = H5Tget_size(type.id)
      try checkSize(of: name, count: count, width: width)
      switch ElementType.kind(of: type.id) {
      case .text:
        // Any of them may be as long as the file.
        guard count <= 1 || count <= Self.maximumBytes / max(1, size) else {
          throw Self.tooLarge(name)
        }
        return .text(
          try unsafe Self.strings(count: count, type: type.id, space: space.id) {
            unsafe H5Aread(attribute.id, type.id, $0)
          })
      case .integers:
        var values = [Int](repeating: 0, count: count)
        guard unsafe H5Aread(attribute.id, chdf5_native_int64(), &values) >= 0 else {
          throw Library.damaged
        }
        return .integers(values)
      case .numbers:
        var values = [Double](repeating: 0, count: count)
        guard unsafe H5Aread(attribute.id, chdf5_native_double(), &values) >= 0 else {
          throw Library.damaged
        }
        return .numbers(values)
      case .table, .other: return nil
      }
    }

    // MARK: Data sets

    /// An open data set with what is known about it.
    private struct Source: ~Copyable {
      let dataset: Identifier
      let type: Identifier
      let space: Identifier
      let extent: Extent
      let kind: HDF5Dataset.Kind
    }

    func dataset(_ name: String) throws(HDF5Error) -> HDF5Dataset? {
      Library.enter()
      defer { Library.leave() }
      guard let place = object(name), H5Iget_type(place.id) == H5I_DATASET else { return nil }
      let source = try source(name)
      return HDF5Dataset(
        kind: source.kind, dimensions: source.extent.dimensions, count: source.extent.count)
    }

    private func source(_ name: String) throws(HDF5Error) -> Source {
      guard let dataset = object(name), H5Iget_type(dataset.id) == H5I_DATASET else {
        throw HDF5Error(.unexpected, "the file has no data set called \(name)")
      }
      let type = try Identifier.owning(H5Dget_type(dataset.id), Library.damaged)
      let space = try Identifier.owning(H5Dget_space(dataset.id), Library.damaged)
      let layout = try Identifier.owning(H5Dget_create_plist(dataset.id), Library.damaged)
      try checkLayout(layout.id, of: name, width: H5Tget_size(type.id))
      let extent = try Extent(space: space)
      try checkSize(of: name, count: extent.count, width: H5Tget_size(type.id))
      let kind = ElementType.kind(of: type.id)
      return Source(dataset: dataset, type: type, space: space, extent: extent, kind: kind)
    }

    // Data in other files is not read; a chunk has to be in memory as a whole.
    private func checkLayout(_ layout: hid_t, of name: String, width: Int) throws(HDF5Error) {
      let kind = H5Pget_layout(layout)
      guard kind == H5D_COMPACT || kind == H5D_CONTIGUOUS || kind == H5D_CHUNKED,
        H5Pget_external_count(layout) == 0
      else {
        throw HDF5Error(
          .unexpected, "\(name) keeps its data in another file; put it into this one first")
      }
      guard kind == H5D_CHUNKED else { return }
      var chunk = [hsize_t](repeating: 0, count: Int(H5S_MAX_RANK))
      let rank = unsafe H5Pget_chunk(layout, H5S_MAX_RANK, &chunk)
      guard rank >= 0 else { throw Library.damaged }
      var bytes = width
      for length in chunk.prefix(Int(rank)) {
        let (product, isOverflown) = bytes.multipliedReportingOverflow(by: Int(clamping: length))
        guard !isOverflown, product <= Self.maximumBytes else { throw Self.tooLarge(name) }
        bytes = product
      }
    }

    private func checkSize(of name: String, count: Int, width: Int) throws(HDF5Error) {
      let (bytes, isOverflown) = count.multipliedReportingOverflow(by: max(1, width))
      guard !isOverflown, bytes / Self.highestRatio <= size else {
        throw HDF5Error(
          .tooLarge, "\(name) claims more values than the file can hold; copy or export it again")
      }
    }

    private static func tooLarge(_ name: String) -> HDF5Error {
      HDF5Error(
        .tooLarge, "\(name) is larger than the \(maximumBytes >> 20) MB that are read at once")
    }

    func numbers(_ name: String, in region: [Range<Int>]?) throws(HDF5Error) -> [Double] {
      try read(name, in: region, as: chdf5_native_double(), empty: 0.0)
    }

    func integers(_ name: String, in region: [Range<Int>]?) throws(HDF5Error) -> [Int] {
      try read(name, in: region, as: chdf5_native_int64(), empty: 0)
    }

    private func read<Element>(
      _ name: String, in region: [Range<Int>]?, as type: @autoclosure () -> hid_t, empty: Element
    ) throws(HDF5Error) -> [Element] {
      Library.enter()
      defer { Library.leave() }
      let source = try source(name)
      guard source.kind == .integers || source.kind == .numbers else {
        throw HDF5Error(.unexpected, "\(name) holds no numbers")
      }
      let selection = try Selection(region, of: source.space, extent: source.extent, name: name)
      guard selection.count <= HDF5File.maximumCount else { throw Self.tooLarge(name) }
      var values = [Element](repeating: empty, count: selection.count)
      guard selection.count > 0 else { return values }
      let result = unsafe values.withUnsafeMutableBytes { buffer in
        unsafe H5Dread(
          source.dataset.id, type(), selection.memory.id, source.space.id, chdf5_default,
          buffer.baseAddress)
      }
      guard result >= 0 else { throw Self.unreadable(name) }
      return values
    }

    private static func unreadable(_ name: String) -> HDF5Error {
      HDF5Error(
        .unreadable,
        "\(name) cannot be read; the file is damaged or packed by a filter that libhdf5 lacks")
    }

    func rows(
      of name: String, members: [String], in rows: Range<Int>?
    ) throws(HDF5Error) -> HDF5Rows {
      Library.enter()
      defer { Library.leave() }
      let source = try source(name)
      guard case .table(let known) = source.kind, source.extent.dimensions.count == 1 else {
        throw HDF5Error(.unexpected, "\(name) is no table")
      }
      if let missing = members.first(where: { !known.contains($0) }) {
        throw HDF5Error(.unexpected, "the table \(name) has no member called \(missing)")
      }
      let selection = try Selection(
        rows.map { [$0] }, of: source.space, extent: source.extent, name: name)
      let width = members.count
      guard width > 0, selection.count <= HDF5File.maximumCount / width else {
        throw Self.tooLarge(name)
      }
      // The library picks the members by name and turns them into doubles.
      let type = try Identifier.owning(H5Tcreate(H5T_COMPOUND, 8 * width), Library.damaged)
      for (place, member) in members.enumerated() {
        guard try isNumber(member, of: source.type),
          unsafe H5Tinsert(type.id, member, 8 * place, chdf5_native_double()) >= 0
        else {
          throw HDF5Error(.unexpected, "the member \(member) of the table \(name) is no number")
        }
      }
      var values = [Double](repeating: 0, count: selection.count * width)
      if selection.count > 0 {
        guard
          unsafe H5Dread(
            source.dataset.id, type.id, selection.memory.id, source.space.id, chdf5_default,
            &values) >= 0
        else { throw Self.unreadable(name) }
      }
      return HDF5Rows(count: selection.count, width: width, values: values)
    }

    private func isNumber(
      _ member: String, of table: borrowing Identifier
    ) throws(HDF5Error) -> Bool {
      let index = unsafe H5Tget_member_index(table.id, member)
      guard index >= 0 else { return false }
      let type = try Identifier.owning(
        H5Tget_member_type(table.id, UInt32(index)), Library.damaged)
      let kind = ElementType.kind(of: type.id)
      return kind == .integers || kind == .numbers
    }

    // MARK: Strings

    func strings(_ name: String) throws(HDF5Error) -> [String] {
      Library.enter()
      defer { Library.leave() }
      let source = try source(name)
      guard source.kind == .text else {
        throw HDF5Error(.unexpected, "\(name) holds no strings")
      }
      let isVariable = H5Tis_variable_str(source.type.id) > 0
      guard source.extent.dimensions.count <= 1 || !isVariable else {
        throw HDF5Error(.unexpected, "\(name) is no plain list of strings")
      }
      let (count, width) = (source.extent.count, H5Tget_size(source.type.id))
      guard count <= Self.maximumBytes / max(1, width) else { throw Self.tooLarge(name) }
      guard count > 0 else { return [] }
      guard isVariable, source.extent.dimensions.count == 1 else {
        return try unsafe Self.strings(count: count, type: source.type.id, space: source.space.id) {
          unsafe H5Dread(
            source.dataset.id, source.type.id, chdf5_all, chdf5_all, chdf5_default, $0)
        }
      }
      var (strings, total): ([String], Int) = ([], 0)
      for start in stride(from: 0, to: count, by: Self.stringsAtOnce) {
        let rows = start..<min(count, start + Self.stringsAtOnce)
        let part = try Selection([rows], of: source.space, extent: source.extent, name: name)
        var bytes: hsize_t = 0
        guard
          unsafe H5Dvlen_get_buf_size(
            source.dataset.id, source.type.id, source.space.id, &bytes) >= 0
        else { throw Self.unreadable(name) }
        total += Int(clamping: min(bytes, 1 << 40))
        guard total <= Self.maximumBytes else { throw Self.tooLarge(name) }
        strings += try unsafe Self.strings(
          count: rows.count, type: source.type.id, space: part.memory.id
        ) {
          unsafe H5Dread(
            source.dataset.id, source.type.id, part.memory.id, source.space.id, chdf5_default, $0)
        }
      }
      return strings
    }

    // Reads strings by `read` into a buffer as their own type lays them out.
    private static func strings(
      count: Int, type: hid_t, space: hid_t, _ read: (UnsafeMutableRawPointer?) -> herr_t
    ) throws(HDF5Error) -> [String] {
      if H5Tis_variable_str(type) > 0 {
        var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        let result = unsafe pointers.withUnsafeMutableBytes { unsafe read($0.baseAddress) }
        guard result >= 0 else { throw Library.damaged }
        let strings = unsafe pointers.map { pointer in
          guard let pointer = unsafe pointer else { return "" }
          return unsafe String(cString: pointer)
        }
        _ = unsafe pointers.withUnsafeMutableBytes {
          unsafe chdf5_reclaim(type, space, $0.baseAddress)
        }
        return strings
      }
      let width = H5Tget_size(type)
      var bytes = [UInt8](repeating: 0, count: count * width)
      let result = unsafe bytes.withUnsafeMutableBytes { unsafe read($0.baseAddress) }
      guard result >= 0 else { throw Library.damaged }
      let isSpacePadded = H5Tget_strpad(type) == H5T_STR_SPACEPAD
      return (0..<count).map { place in
        var text = bytes[place * width..<(place + 1) * width].prefix { $0 != 0 }
        while isSpacePadded, text.last == UInt8(ascii: " ") { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
      }
    }
  }
#endif
