import Foundation
import Testing
import VideoIO

/// The files were written by Pillow 13.0.0 and tifffile 2026.3.3 from arrays of numpy 2.4.6 (grey of
/// 2 and 4 bits by hand, by the PNG specification); the samples are those arrays.
@Suite struct StillImageTests {
  enum Kind { case indices, grey8, grey16, colours }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let kind: Kind
    let width: Int
    let height: Int
    let samples: [UInt16]
    let file: Data

    init(
      testDescription: String, _ kind: Kind, _ width: Int, _ height: Int, _ samples: [UInt16],
      _ file: String
    ) {
      self.testDescription = testDescription
      (self.kind, self.width, self.height, self.samples) = (kind, width, height, samples)
      self.file = Data(base64Encoded: file) ?? Data()
    }
  }

  private func kind(_ image: StillImage) -> Kind {
    switch image.content {
    case .indices: .indices
    case .grey8: .grey8
    case .grey16: .grey16
    case .colours: .colours
    }
  }

  private func failure(_ data: Data) throws -> VideoError {
    try #require(throws: VideoError.self) { try StillImage(decoding: data, path: "mask.png") }
  }

  private func file(_ name: String) throws -> Data {
    try #require(Self.cases.first { $0.testDescription == name }).file
  }

  @Test("Samples are as stored", arguments: cases)
  func samplesAreAsStored(_ item: Case) throws {
    let image = try StillImage(decoding: item.file, path: "mask")
    #expect(kind(image) == item.kind)
    #expect(image.width == item.width && image.height == item.height)
    #expect(image.samples == item.samples)
  }

  @Test("A palette keeps its colours")
  func paletteKeepsItsColours() throws {
    let image = try StillImage(decoding: try file("palette of 8 bits"), path: "mask.png")
    guard case .indices(let palette) = image.content else {
      Issue.record("no palette")
      return
    }
    #expect(palette.prefix(4) == [0x0000_00FF, 0xC80A_14FF, 0x1ED2_28FF, 0x323C_DCFF])
  }

  @Test("A file and its bytes give the same picture")
  func fileAndBytes() throws {
    let data = try file("palette of 4 bits")
    let path = NSTemporaryDirectory() + "still-\(UUID().uuidString).png"
    try data.write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let image = try StillImage(decoding: data, path: "")
    #expect(try StillImage(path: path) == image)
  }

  @Test("What is written is read back", arguments: cases)
  func whatIsWrittenIsReadBack(_ item: Case) throws {
    let image = try StillImage(decoding: item.file, path: "mask")
    for type in [StillImage.FileType.png, .tiff] {
      let file = try image.encoded(as: type, path: "out")
      #expect(try StillImage(decoding: file, path: "out") == image)
      #expect(try image.encoded(as: type, path: "out") == file)
    }
  }

  @Test("Pictures of the wrong size cannot be made")
  func wrongSizes() {
    #expect(StillImage(width: 2, height: 2, content: .grey8, samples: [1, 2, 3]) == nil)
    #expect(StillImage(width: 1, height: 1, content: .grey8, samples: [256]) == nil)
    #expect(StillImage(width: 0, height: 0, content: .grey8, samples: []) == nil)
    #expect(StillImage(width: .max, height: .max, content: .grey8, samples: []) == nil)
  }

  @Test("What is cut off or altered is refused as a whole", arguments: cases)
  func damageIsRefused(_ item: Case) throws {
    // Behind its data a PNG file has 12 bytes.
    for count in stride(from: 40, to: item.file.count - 12, by: 7) {
      let error = try failure(item.file.prefix(count))
      #expect(error.code == .nothingDecoded, "cut after \(count) bytes")
    }
    if item.testDescription.hasSuffix("endian") {
      #expect(try failure(item.file.dropLast()).code == .nothingDecoded)
    }
    guard item.file.first == 0x89 else { return }
    var altered = item.file
    altered[altered.count - 20] ^= 0x10
    #expect(try failure(altered).code == .nothingDecoded)
  }

  @Test("A size that would fill the memory is refused by the header")
  func hugeSize() throws {
    var data = try file("PNG grey of 8 bits")
    data.replaceSubrange(16..<24, with: [0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x04, 0x01])
    let error = try failure(data)
    #expect(error.code == .tooLarge)
    #expect(
      error.description
        == "mask.png: the picture has more than 2^26 pixels or no size at all; give a smaller one")
    var tiff = try file("TIFF grey of 8 bits")
    let width = try #require(tiff.firstRange(of: Data([0x00, 0x01, 0x04, 0x00, 1, 0, 0, 0])))
    tiff.replaceSubrange(width.upperBound..<width.upperBound + 4, with: [0xFF, 0xFF, 0x00, 0x00])
    let height = try #require(tiff.firstRange(of: Data([0x01, 0x01, 0x04, 0x00, 1, 0, 0, 0])))
    tiff.replaceSubrange(
      height.upperBound..<height.upperBound + 4, with: [0xFF, 0xFF, 0x00, 0x00])
    #expect(try failure(tiff).code == .tooLarge)
  }

  @Test("Texts in a PNG file are left out, so that they cannot fill the memory")
  func textsAreLeftOut() throws {
    // Were it looked at, its wrong checksum would refuse the picture.
    let text = Data([0, 0, 0, 5] + Array("zTXtk".utf8) + [0, 0, 1, 2] + [0xA1, 0xB2, 0xC3, 0xD4])
    var data = try file("palette of 1 bit")
    let image = try StillImage(decoding: data, path: "")
    for place in [data.count - 12, 33] { data.insert(contentsOf: text, at: place) }
    #expect(try StillImage(decoding: data, path: "") == image)
  }

  @Test("Text, nothing, floating point and stacks are refused with their reason")
  func otherContent() throws {
    #expect(try failure(Data("1 2 3".utf8)).code == .notAnImage)
    #expect(try failure(Data()).code == .notAnImage)
    let float = try #require(Data(base64Encoded: Self.float))
    #expect([.unsupportedPixels, .nothingDecoded].contains(try failure(float).code))
    let stack = try #require(Data(base64Encoded: Self.stack))
    #expect(try failure(stack).code == .severalPictures)
  }

  @Test("A path that names no file is told from one that cannot be read")
  func paths() throws {
    let missing = try #require(throws: VideoError.self) { try StillImage(path: "/no/such.png") }
    #expect(missing.code == .notFound)
    let folder = try #require(throws: VideoError.self) {
      try StillImage(path: NSTemporaryDirectory())
    }
    #expect(folder.code == .unreadable)
  }

  static let float =
    "SUkqAAgAAAANAAABBAABAAAAAwAAAAEBBAABAAAAAgAAAAIBAwABAAAAIAAAAAMBAwABAAAAAQAA"
    + "AAYBAwABAAAAAQAAABEBBAABAAAAwAAAABUBAwABAAAAAQAAABYBBAABAAAAAgAAABcBBAABAAAA"
    + "GAAAABoBBQABAAAAqgAAABsBBQABAAAAsgAAACgBAwABAAAAAQAAAFMBAwABAAAAAwAAAAAAAAAB"
    + "AAAAAQAAAAEAAAABAAAAAAAAAAAAAACAPwAAgD8AAIA/AACAPwAAgD8AAIA/"

  static let stack =
    "SUkqAAgAAAAMAAABBAABAAAAAwAAAAEBBAABAAAAAgAAAAIBAwABAAAAEAAAAAMBAwABAAAAAQAA"
    + "AAYBAwABAAAAAQAAABEBBAABAAAAsAAAABUBAwABAAAAAQAAABYBBAABAAAAAgAAABcBBAABAAAA"
    + "DAAAABoBBQABAAAAngAAABsBBQABAAAApgAAACgBAwABAAAAAQAAAMgAAAABAAAAAQAAAAEAAAAB"
    + "AAAAAAAAAAEA6QPTBxAn//8AAAEA6QPTBxAn//8MAAABBAABAAAAAwAAAAEBBAABAAAAAgAAAAIB"
    + "AwABAAAAEAAAAAMBAwABAAAAAQAAAAYBAwABAAAAAQAAABEBBAABAAAAvAAAABUBAwABAAAAAQAA"
    + "ABYBBAABAAAAAgAAABcBBAABAAAADAAAABoBBQABAAAAXgEAABsBBQABAAAAZgEAACgBAwABAAAA"
    + "AQAAAAAAAAABAAAAAQAAAAEAAAABAAAA"

  static let cases = [
    Case(
      testDescription: "palette of 1 bit", .indices, 3, 2, [0, 1, 0, 1, 1, 0],
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAQMAAACnuvRZAAAABlBMVEUAAADIChTa7kLAAAAADElE"
        + "QVR4nGNwYDgAAAGEAQEKf5BQAAAAAElFTkSuQmCC"),
    Case(
      testDescription: "palette of 2 bits", .indices, 3, 2, [0, 1, 2, 3, 1, 0],
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAgMAAADgGo6JAAAADFBMVEUAAADIChQe0igyPNxAsSwu"
        + "AAAADElEQVR4nGOQYLgAAAEcAOn8lUkKAAAAAElFTkSuQmCC"),
    Case(
      testDescription: "palette of 4 bits", .indices, 3, 2, [0, 1, 2, 3, 9, 15],
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACBAMAAABvWnspAAAAMFBMVEUAAADIChQe0igyPNwAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB6Wf4PAAAADklEQVR4nGNklGew/AAAAe8B"
        + "SwB11JMAAAAASUVORK5CYII="),
    Case(
      testDescription: "palette of 8 bits", .indices, 3, 2, [0, 1, 2, 3, 254, 255],
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAMAAACqqpYoAAADAFBMVEUAAADIChQe0igyPNwAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAB1ThTJAAAAEElEQVR4nGNgYGRiYP73HwADHAIE3V+N0wAAAABJRU5ErkJggg=="),
    Case(
      testDescription: "PNG grey of 1 bit", .grey8, 3, 2, [0, 1, 0, 1, 1, 0],
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAQAAAAC1D1u3AAAADElEQVR4nGNwYDgAAAGEAQEKf5BQ"
        + "AAAAAElFTkSuQmCC"),
    Case(
      testDescription: "PNG grey of 2 bits", .grey8, 3, 2, [0, 1, 2, 3, 1, 0],
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAgAAAADyryFnAAAADElEQVR4nGOQYLgAAAEcAOn8lUkK"
        + "AAAAAElFTkSuQmCC"),
    Case(
      testDescription: "PNG grey of 4 bits", .grey8, 3, 2, [0, 1, 2, 3, 9, 15],
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACBAAAAAB979THAAAADklEQVR4nGNgVGCw/AAAAe0BS6/2"
        + "EBcAAAAASUVORK5CYII="),
    Case(
      testDescription: "PNG grey of 8 bits", .grey8, 3, 2, [0, 1, 2, 3, 254, 255],
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR4nGNkYGRkYP73HwADHwIE"
        + "Er4pWwAAAABJRU5ErkJggg=="),
    Case(
      testDescription: "PNG grey of 16 bits", .grey16, 3, 2, [0, 1, 1001, 2003, 10000, 65535],
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACEAAAAADoj+WFAAAAFklEQVR4nGNgYGBgZH7JwH5ZXeD/"
        + "fwAPjQP9m+0PRQAAAABJRU5ErkJggg=="),
    Case(
      testDescription: "TIFF grey of 8 bits", .grey8, 3, 2, [0, 1, 2, 3, 254, 255],
      "SUkqAAgAAAAJAAABBAABAAAAAwAAAAEBBAABAAAAAgAAAAIBAwABAAAACAAAAAMBAwABAAAAAQAA"
        + "AAYBAwABAAAAAQAAABEBBAABAAAAegAAABYBBAABAAAAAgAAABcBBAABAAAABgAAABwBAwABAAAA"
        + "AQAAAAAAAAAAAQID/v8="),
    Case(
      testDescription: "TIFF grey of 16 bits, little-endian", .grey16, 3, 2,
      [0, 1, 1001, 2003, 10000, 65535],
      "SUkqAAgAAAAMAAABBAABAAAAAwAAAAEBBAABAAAAAgAAAAIBAwABAAAAEAAAAAMBAwABAAAAAQAA"
        + "AAYBAwABAAAAAQAAABEBBAABAAAAsAAAABUBAwABAAAAAQAAABYBBAABAAAAAgAAABcBBAABAAAA"
        + "DAAAABoBBQABAAAAngAAABsBBQABAAAApgAAACgBAwABAAAAAQAAAAAAAAABAAAAAQAAAAEAAAAB"
        + "AAAAAAAAAAEA6QPTBxAn//8="),
    Case(
      testDescription: "TIFF grey of 16 bits, big-endian", .grey16, 3, 2,
      [0, 1, 1001, 2003, 10000, 65535],
      "TU0AKgAAAAgADAEAAAQAAAABAAAAAwEBAAQAAAABAAAAAgECAAMAAAABABAAAAEDAAMAAAABAAEA"
        + "AAEGAAMAAAABAAEAAAERAAQAAAABAAAAsAEVAAMAAAABAAEAAAEWAAQAAAABAAAAAgEXAAQAAAAB"
        + "AAAADAEaAAUAAAABAAAAngEbAAUAAAABAAAApgEoAAMAAAABAAEAAAAAAAAAAAABAAAAAQAAAAEA"
        + "AAABAAAAAAABA+kH0ycQ//8="),
    Case(
      testDescription: "TIFF grey of 16 bits, zlib", .grey16, 3, 2,
      [0, 1, 1001, 2003, 10000, 65535],
      "SUkqAAgAAAAMAAABBAABAAAAAwAAAAEBBAABAAAAAgAAAAIBAwABAAAAEAAAAAMBAwABAAAACAAA"
        + "AAYBAwABAAAAAQAAABEBBAABAAAAsAAAABUBAwABAAAAAQAAABYBBAABAAAAAgAAABcBBAABAAAA"
        + "FwAAABoBBQABAAAAngAAABsBBQABAAAApgAAACgBAwABAAAAAQAAAAAAAAABAAAAAQAAAAEAAAAB"
        + "AAAAAAB4nAEMAPP/AAABAOkD0wcQJ///EDoD/Q=="),
    Case(
      testDescription: "TIFF grey of 16 bits, LZW by Pillow", .grey16, 3, 2,
      [0, 1, 1001, 2003, 10000, 65535],
      "SUkqABgAAACAAAAAEAOkBtMDhATv9/wECQAAAQMAAQAAAAMAAAABAQMAAQAAAAIAAAACAQMAAQAA"
        + "ABAAAAADAQMAAQAAAAUAAAAGAQMAAQAAAAEAAAARAQQAAQAAAAgAAAAWAQMAAQAAAAIAAAAXAQQA"
        + "AQAAABAAAAAcAQMAAQAAAAEAAAAAAAAA"),
    Case(
      testDescription: "PNG colours", .colours, 2, 2,
      [0, 1, 2, 255, 254, 253, 10, 20, 30, 128, 0, 7],
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGNgYGT6/+8vA5eIXAMD"
        + "OwAdmwPBL1n7WAAAAABJRU5ErkJggg=="),
    Case(
      testDescription: "TIFF colours", .colours, 2, 2,
      [0, 1, 2, 255, 254, 253, 10, 20, 30, 128, 0, 7],
      "SUkqAAgAAAAKAAABBAABAAAAAgAAAAEBBAABAAAAAgAAAAIBAwADAAAAhgAAAAMBAwABAAAAAQAA"
        + "AAYBAwABAAAAAgAAABEBBAABAAAAjAAAABUBAwABAAAAAwAAABYBBAABAAAAAgAAABcBBAABAAAA"
        + "DAAAABwBAwABAAAAAQAAAAAAAAAIAAgACAAAAQL//v0KFB6AAAc="),
    Case(
      testDescription: "JPEG grey", .grey8, 8, 8,
      [
        77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77,
        77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77,
        77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77,
      ],
      "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0a"
        + "HBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAAIAAgBAREA/8QAHwAAAQUBAQEB"
        + "AQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1Fh"
        + "ByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZ"
        + "WmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXG"
        + "x8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AOMr/9k="),
    Case(
      testDescription: "PNG grey with alpha", .grey8, 2, 1, [5, 7],
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAQAAABeK7cBAAAADUlEQVR4nGNk/c/ECAADIAEJgO5S"
        + "9QAAAABJRU5ErkJggg=="),
  ]
}
