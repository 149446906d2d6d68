import Foundation
import Testing

@testable import Scan

/// Expected values are the examples of FIPS 180-4 and of `sha256sum`.
@Suite struct SHA256Tests {
  private func hash(_ data: Data, piece: Int = 1000) -> String {
    var hash = SHA256()
    for start in stride(from: 0, to: data.count, by: piece) {
      hash.update(data[start..<min(start + piece, data.count)])
    }
    return hash.finish()
  }

  @Test func `Known texts have their known hashes`() {
    #expect(
      hash(Data()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      hash(Data("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hash(Data("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      hash(Data(repeating: UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func `A whole file is hashed to its end`() throws {
    let workspace = try Workspace()
    #expect(
      InputHash.whole(path: try workspace.write("abc", to: "a.txt"))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(InputHash.whole(path: workspace.file("missing.txt")) == nil)
  }

  @Test(arguments: 0...130)
  func `The size of the pieces does not matter`(length: Int) {
    let data = Data((0..<length).map { UInt8($0) })
    let whole = hash(data)
    #expect(hash(data, piece: 1) == whole)
    #expect(hash(data, piece: 63) == whole)
  }
}
