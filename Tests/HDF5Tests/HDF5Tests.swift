import Foundation
import HDF5
import Testing

/// A folder that goes away with the test.
final class Scratch {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }
}

@Suite(.enabled(if: HDF5File.isAvailable))
struct HDF5Tests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func write(
    _ name: String, _ body: (borrowing HDF5Output) throws(HDF5Error) -> Void
  ) throws -> String {
    let path = scratch.path(name)
    let output = try HDF5Output.create(path: path)
    try body(output)
    try output.finish()
    return path
  }

  @Test func attributesOfEveryKindComeBack() throws {
    let path = try write("a.h5") { output throws(HDF5Error) in
      try output.add(group: "metadata")
      try output.add(attribute: "json", .text([#"{"ä": 1}"#]), to: "metadata")
      try output.add(attribute: "names", .text(["a", "", "long one"]))
      try output.add(attribute: "count", .integers([-3]))
      try output.add(attribute: "rates", .numbers([0.5, .infinity]))
    }
    let file = try HDF5File.open(path: path)
    #expect(try file.names() == ["metadata"])
    #expect(try file.attributeNames() == ["count", "names", "rates"])
    #expect(try file.attribute("json", of: "metadata")?.text == #"{"ä": 1}"#)
    #expect(try file.attribute("names") == .text(["a", "", "long one"]))
    #expect(try file.attribute("count") == .integers([-3]))
    #expect(try file.attribute("rates") == .numbers([0.5, .infinity]))
    #expect(try file.attribute("nothing") == nil)
    #expect(try file.attribute("json", of: "nothing") == nil)
  }

  @Test(
    arguments: [
      HDF5Number.int8, .uint8, .int32, .uint32, .int64, .uint64, .float32, .float64, .boolean,
    ], [true, false])
  func numbersOfEveryWidthComeBack(type: HDF5Number, isCompressed: Bool) throws {
    let values = [0.0, 1, 1, 0, 1, 0]
    let path = try write("a.h5") { output throws(HDF5Error) in
      try output.add(
        numbers: "group/values", values, dimensions: [2, 3], as: type, isCompressed: isCompressed)
    }
    let file = try HDF5File.open(path: path)
    let dataset = try #require(try file.dataset("group/values"))
    #expect(dataset.dimensions == [2, 3])
    #expect(
      dataset.kind == (type == .float32 || type == .float64 ? .numbers : .integers))
    #expect(try file.numbers("group/values") == values)
    #expect(try file.integers("group/values", in: [1..<2, 0..<2]) == [0, 1])
  }

  @Test func membersOfATableAreReadByName() throws {
    let path = try write("a.h5") { output throws(HDF5Error) in
      try output.add(
        table: "rows",
        [
          HDF5Column("id", .uint64, [7, 8, 9]), HDF5Column("x", .float64, [0.25, .nan, -1]),
          HDF5Column("seen", .boolean, [1, 0, 1]), HDF5Column("kind", .uint8, [0, 1, 255]),
        ])
      try output.add(table: "empty", [HDF5Column("id", .uint64, [])])
    }
    let file = try HDF5File.open(path: path)
    #expect(try file.dataset("rows")?.members == ["id", "x", "seen", "kind"])
    let rows = try file.rows(of: "rows", members: ["seen", "kind", "id", "x"])
    #expect(rows.count == 3)
    #expect((0..<3).map { rows.integer($0, 0) } == [1, 0, 1])
    #expect((0..<3).map { rows.integer($0, 1) } == [0, 1, 255])
    #expect((0..<3).map { rows.integer($0, 2) } == [7, 8, 9])
    #expect(rows[0, 3] == 0.25 && rows[1, 3].isNaN && rows.integer(1, 3) == nil)
    #expect(try file.rows(of: "rows", members: ["id"], in: 1..<3).values == [8, 9])
    #expect(try file.rows(of: "empty", members: ["id"]).count == 0)
  }

  @Test(arguments: [HDF5Text.fixed, .variable])
  func stringsComeBack(text: HDF5Text) throws {
    let strings = ["one", "", "Flügel", String(repeating: "x", count: 300)]
    let path = try write("a.h5") { output throws(HDF5Error) in
      try output.add(strings: "tracks_json", strings, as: text)
      try output.add(strings: "none", [], as: text)
    }
    let file = try HDF5File.open(path: path)
    #expect(try file.dataset("tracks_json")?.kind == .text)
    #expect(try file.strings("tracks_json") == strings)
    #expect(try file.strings("none") == [])
  }

  @Test func manyStringsAreReadInPieces() throws {
    let strings = (0..<10_000).map { "frame \($0)" }
    let path = try write("a.h5") { output throws(HDF5Error) in
      try output.add(strings: "names", strings, as: .variable)
    }
    #expect(try HDF5File.open(path: path).strings("names") == strings)
  }

  @Test func theSameCallsGiveTheSameBytes() throws {
    func make(_ name: String) throws -> Data {
      let path = try write(name) { output throws(HDF5Error) in
        try output.add(group: "g")
        try output.add(attribute: "json", .text(["{}"]), to: "g")
        try output.add(strings: "names", ["a", "bc"], as: .variable)
        try output.add(
          numbers: "n", (0..<300).map { Double($0) }, dimensions: [300], isCompressed: true)
        try output.add(
          table: "t", [HDF5Column("seen", .boolean, [1]), HDF5Column("x", .int8, [1])])
      }
      return try Data(contentsOf: URL(filePath: path))
    }
    let first = try make("a.h5")
    Thread.sleep(forTimeInterval: 1.1)
    #expect(try make("b.h5") == first)
  }

  @Test func anUnfinishedFileLeavesNothing() throws {
    do {
      let output = try HDF5Output.create(path: scratch.path("a.h5"))
      try output.add(group: "g")
    }
    #expect(scratch.names == [])
    _ = try write("a.h5") { output throws(HDF5Error) in try output.add(group: "g") }
    #expect(scratch.names == ["a.h5"])
  }

  @Test func whatIsNotThereIsSaidInASentence() throws {
    let path = try write("a.h5") { output throws(HDF5Error) in
      try output.add(numbers: "n", [1, 2], dimensions: [2])
      try output.add(table: "t", [HDF5Column("x", .int8, [1])])
      try output.add(strings: "s", ["a"], as: .fixed)
    }
    let file = try HDF5File.open(path: path)
    #expect(try file.dataset("nothing") == nil)
    let isFound = file.contains("n/deeper")
    #expect(!isFound)
    func reason(_ body: () throws(HDF5Error) -> Void) -> String {
      do throws(HDF5Error) { try body() } catch { return error.reason }
      return ""
    }
    #expect(
      reason { () throws(HDF5Error) in _ = try file.numbers("nothing") }
        == "the file has no data set called nothing")
    #expect(
      reason { () throws(HDF5Error) in _ = try file.numbers("s") } == "s holds no numbers")
    #expect(
      reason { () throws(HDF5Error) in _ = try file.strings("n") } == "n holds no strings")
    #expect(
      reason { () throws(HDF5Error) in _ = try file.rows(of: "n", members: ["x"]) }
        == "n is no table")
    #expect(
      reason { () throws(HDF5Error) in _ = try file.rows(of: "t", members: ["x", "y"]) }
        == "the table t has no member called y")
    #expect(
      reason { () throws(HDF5Error) in _ = try file.numbers("n", in: [1..<3]) }
        == "n is smaller than what is asked for")
  }

  @Test func textAndCutFilesAreRefused() throws {
    let text = scratch.path("text.h5")
    try Data("scorer,a,a\n".utf8).write(to: URL(filePath: text))
    let whole = try write("a.h5") { output throws(HDF5Error) in
      try output.add(
        numbers: "n", (0..<2000).map { Double($0) }, dimensions: [2000])
    }
    let cut = scratch.path("cut.h5")
    try Data(contentsOf: URL(filePath: whole)).prefix(4000).write(to: URL(filePath: cut))
    for path in [text, cut, scratch.path("missing.h5")] {
      let error = #expect(throws: HDF5Error.self) { _ = try HDF5File.open(path: path) }
      #expect(
        error?.reason
          == "this is no HDF5 file that libhdf5 can open; it may be cut off, so copy it again")
    }
  }

  /// The library itself reads beside its memory here, so it is kept from following references.
  @Test(arguments: [
    (-4, [0xFF, 0xFF, 0xFF, 0x7F]), (-4, [0x40, 0x42, 0x0F, 0]), (0, [0xFF, 0xFF]),
    (8, [0xFF, 0xFF]), (8, [99, 0]),
  ])
  func aDamagedReferenceToAStringIsRefused(offset: Int, bytes: [UInt8]) throws {
    let path = try write("a.h5") { output throws(HDF5Error) in
      try output.add(strings: "names", ["one", "two"], as: .variable)
    }
    var data = try Data(contentsOf: URL(filePath: path))
    let heap = try #require(data.range(of: Data("GCOL".utf8))).lowerBound
    let address = withUnsafeBytes(of: UInt64(heap).littleEndian) { Data($0) }
    let reference = try #require(data.range(of: Data([3, 0, 0, 0]) + address)).lowerBound + 4
    data.replaceSubrange(
      reference + offset..<reference + offset + bytes.count, with: Data(bytes))
    try data.write(to: URL(filePath: path))
    let error = #expect(throws: HDF5Error.self) {
      _ = try HDF5File.open(path: path).strings("names")
    }
    #expect(error?.code == .unreadable || error?.code == .tooLarge)
  }

  @Test func aTableWhoseMembersLieBesideItsRowsIsRefused() throws {
    let path = try write("a.h5") { output throws(HDF5Error) in
      try output.add(
        table: "t", [HDF5Column("first", .float64, [1]), HDF5Column("other", .float64, [2])])
    }
    var data = try Data(contentsOf: URL(filePath: path))
    // The name of a member is followed by its offset, padded to eight bytes.
    let name = try #require(data.range(of: Data("other\0".utf8))).lowerBound
    data[name + 8] = 200
    try data.write(to: URL(filePath: path))
    let error = #expect(throws: HDF5Error.self) {
      _ = try HDF5File.open(path: path).rows(of: "t", members: ["first"])
    }
    #expect(error?.code == .unreadable)
  }

  @Test func moreThanTheFileCanHoldIsRefused() throws {
    let path = try write("a.h5") { output throws(HDF5Error) in
      try output.add(numbers: "n", [1, 2, 3], dimensions: [3])
    }
    var data = try Data(contentsOf: URL(filePath: path))
    // The length of the axis, and the most it may become.
    let lengths = Data([3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0])
    let place = try #require(data.range(of: lengths)).lowerBound
    for start in [place, place + 8] { data[start + 5] = 1 }
    try data.write(to: URL(filePath: path))
    let error = #expect(throws: HDF5Error.self) {
      _ = try HDF5File.open(path: path).numbers("n")
    }
    #expect(error?.code == .tooLarge || error?.code == .unreadable)
  }

  @Test func manyThreadsMayReadAtOnce() async throws {
    let values = (0..<5000).map { Double($0) }
    let path = try write("a.h5") { output throws(HDF5Error) in
      try output.add(numbers: "n", values, dimensions: [5000], isCompressed: true)
    }
    let sums = try await withThrowingTaskGroup(of: Double.self) { group in
      for _ in 0..<8 {
        group.addTask { try HDF5File.open(path: path).numbers("n").reduce(0, +) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sums == [Double](repeating: 12_497_500, count: 8))
  }
}

@Test(.enabled(if: !HDF5File.isAvailable))
func withoutTheLibraryOneSentenceSaysSo() throws {
  let error = #expect(throws: HDF5Error.self) { _ = try HDF5File.open(path: "a.slp") }
  #expect(
    error?.description
      == "this build of continuity was made without libhdf5; install libhdf5-dev, "
      + "run swift package purge-cache and build again")
  #expect(throws: HDF5Error.self) { _ = try HDF5Output.create(path: "a.slp") }
}
