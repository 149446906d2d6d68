import Foundation

/// Zip archives made byte by byte, so that they can be wrong on purpose.
struct ZipText {
  /// One entry, stored without compression.
  struct Entry {
    var name: String
    var content = "text"
    /// Bit 0 says encrypted, bit 11 that the name is UTF-8.
    var flags: UInt16 = 1 << 11
    /// The file type and rights of Unix, as in the upper half of the external attributes.
    var mode: UInt32 = 0o100644
    /// The checksum where it is not to be right.
    var checksum: UInt32?
  }

  /// The bytes of an archive.
  static func archive(_ entries: [Entry]) -> Data {
    var (file, directory) = (Data(), Data())
    for entry in entries {
      let (name, content) = (Data(entry.name.utf8), Data(entry.content.utf8))
      var fields = Data()
      fields.append(20, as: UInt16.self)  // version needed
      fields.append(entry.flags, as: UInt16.self)
      fields.append(0, as: UInt16.self)  // stored
      fields.append(0x0021_0000, as: UInt32.self)  // 1 January 1980
      fields.append(entry.checksum ?? checksum(content), as: UInt32.self)
      fields.append(UInt32(content.count), as: UInt32.self)
      fields.append(UInt32(content.count), as: UInt32.self)
      fields.append(UInt16(name.count), as: UInt16.self)
      fields.append(0, as: UInt16.self)  // no extra field
      directory.append(Data([0x50, 0x4b, 1, 2]))
      directory.append(0x0314, as: UInt16.self)  // made on Unix
      directory.append(fields)
      directory.append(Data(count: 6))  // comment, disk, internal attributes
      directory.append(entry.mode << 16, as: UInt32.self)
      directory.append(UInt32(file.count), as: UInt32.self)
      directory.append(name)
      file.append(Data([0x50, 0x4b, 3, 4]) + fields + name + content)
    }
    let start = UInt32(file.count)
    file.append(directory + Data([0x50, 0x4b, 5, 6, 0, 0, 0, 0]))
    file.append(UInt16(entries.count), as: UInt16.self)
    file.append(UInt16(entries.count), as: UInt16.self)
    file.append(UInt32(directory.count), as: UInt32.self)
    file.append(start, as: UInt32.self)
    file.append(0, as: UInt16.self)
    return file
  }

  /// CRC-32 as in ISO 3309.
  private static func checksum(_ data: Data) -> UInt32 {
    ~data.reduce(0xffff_ffff) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
        sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1
      }
    }
  }
}

extension Data {
  fileprivate mutating func append<Number: FixedWidthInteger>(
    _ value: Number, as type: Number.Type
  ) {
    for place in 0..<(Number.bitWidth / 8) {
      append(UInt8(truncatingIfNeeded: value >> (8 * place)))
    }
  }
}

/// A folder that is removed at the end of a test.
final class TestFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "archives-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func write(_ name: String, _ data: Data) throws -> String {
    let path = path + "/" + name
    try data.write(to: URL(fileURLWithPath: path))
    return path
  }

  /// All files below the folder.
  func files(below name: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path + "/" + name).sorted()
  }

  /// The text of a file.
  func text(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }

  /// Makes a folder and returns its path.
  func folder(_ name: String) throws -> String {
    let path = path + "/" + name
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }
}
