import Archives
import Foundation
import Testing

@Suite("Zlib streams")
struct ZlibTests {
  /// `zlib.compress(b"continuity" * 3)` of Python 3.11.
  private static let packed = Data([
    0x78, 0x9c, 0x4b, 0xce, 0xcf, 0x2b, 0xc9, 0xcc, 0x2b, 0xcd, 0x2c, 0xa9, 0x4c, 0xc6, 0xc2, 0x02,
    0x00, 0xc8, 0x79, 0x0d, 0x03,
  ])
  private static let plain = Data("continuitycontinuitycontinuity".utf8)

  @Test func unpacksWhatPythonPacked() throws {
    #expect(try Zlib.inflate(Self.packed, limit: 30) == Self.plain)
  }

  @Test func ignoresBytesBehindTheStream() throws {
    #expect(try Zlib.inflate(Self.packed + Data([1, 2, 3]), limit: 30) == Self.plain)
  }

  @Test("What is packed is unpacked", arguments: [0, 1, 65_535, 65_536, 65_537, 1_000_000])
  func roundTrip(count: Int) throws {
    let data = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) })
    #expect(try Zlib.inflate(Zlib.deflate(data), limit: count) == data)
  }

  @Test func refusesMoreThanTheLimit() throws {
    let bomb = try Zlib.deflate(Data(count: 50_000_000))
    #expect(
      throws: ArchiveError(
        .tooLarge, "the compressed data holds more than the 1000 bytes that it may hold")
    ) { try Zlib.inflate(bomb, limit: 1000) }
  }

  @Test(
    "Damage is an error",
    arguments: [
      Data(), Data([0x78]), packed.dropLast(5), packed.dropFirst(), Data("no zlib at all".utf8),
      packed.prefix(10) + Data([0xff]) + packed.dropFirst(11),
    ])
  func damage(data: Data) {
    #expect(throws: ArchiveError(.damaged, "the compressed data is damaged or cut off")) {
      try Zlib.inflate(data, limit: 1000)
    }
  }
}
