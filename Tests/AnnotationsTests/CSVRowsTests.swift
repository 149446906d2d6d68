import Foundation
import Testing

@testable import Annotations

@Suite struct CSVRowsTests {
  private func rows(_ text: String, separator: UInt8 = UInt8(ascii: ",")) throws -> [[String]] {
    try rowsAndLines(Data(text.utf8), separator: separator).map(\.fields)
  }

  private func rowsAndLines(
    _ bytes: Data, separator: UInt8 = UInt8(ascii: ",")
  ) throws -> [(fields: [String], line: Int)] {
    let file = try LabelText(bytes, name: "rows.csv")
    defer { file.remove() }
    var rows: [(fields: [String], line: Int)] = []
    try CSVRows.forEach(in: file.path, separator: separator) { rows.append(($0, $1)) }
    return rows
  }

  // The expected rows are what the module csv of Python 3.11.7 gives, without rows of no field.
  @Test(
    arguments: [
      ("a,b,c\r\nd,e,f\r\n", [["a", "b", "c"], ["d", "e", "f"]]),
      ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
      ("a,\"b,c\",d\n", [["a", "b,c", "d"]]),
      ("a,\"b \"\"c\"\" d\",e\n", [["a", "b \"c\" d", "e"]]),
      ("\"line\none\",b\nc,d\n", [["line\none", "b"], ["c", "d"]]),
      ("\"a\r\nb\",c\r\n", [["a\r\nb", "c"]]),
      ("\"\"\na\n", [[""], ["a"]]),
      ("\"\",x\n", [["", "x"]]),
      ("\"\"\"a\"\n", [["\"a"]]),
      ("\"\"\"\"\n", [["\""]]),
      ("a\"b,c\"d\n", [["a\"b", "c\"d"]]),
      ("\"a\"b,c\n", [["ab", "c"]]),
      ("\"a\" \"b\",c\n", [["a \"b\"", "c"]]),
      (" \"a\",b\n", [[" \"a\"", "b"]]),
      ("a,,\n", [["a", "", ""]]),
      ("\n\na\n\n", [["a"]]),
      ("\r\n\r\na\r\n", [["a"]]),
      ("a\rb\rc", [["a"], ["b"], ["c"]]),
      ("a\r\n\nb\n", [["a"], ["b"]]),
      (",\n", [["", ""]]),
      ("a,b\n\"c\"", [["a", "b"], ["c"]]),
      ("\"größe\",日本\n", [["größe", "日本"]]),
      ("\"a\"\"\"\"b\"\n", [["a\"\"b"]]),
      ("\"\",\"\"\n", [["", ""]]),
      ("\"a\"\"\"\n", [["a\""]]),
    ] as [(String, [[String]])])
  func `Rows are those that Python reads`(text: String, expected: [[String]]) throws {
    #expect(try rows(text) == expected)
  }

  @Test func `A byte-order mark is no part of the first field`() throws {
    #expect(try rows("\u{FEFF}\"a\",b\n") == [["a", "b"]])
    #expect(try rows("\u{FEFF}") == [])
    // Only at the front, and only whole.
    #expect(try rows("a,\u{FEFF}b\n") == [["a", "\u{FEFF}b"]])
    let half = try rowsAndLines(Data([0xEF, 0xBB, 0x61, 0x0A]))
    #expect(half.map(\.fields) == [["\u{FFFD}a"]])
  }

  @Test func `A row is called by the line it begins on`() throws {
    let text = "a\r\n\"b\nb\nb\",1\nc\n\n\nd\re\n"
    #expect(try rowsAndLines(Data(text.utf8)).map(\.line) == [1, 2, 5, 8, 9])
  }

  @Test func `Another separator leaves commas alone`() throws {
    #expect(try rows("a,b;c\n", separator: UInt8(ascii: ";")) == [["a,b", "c"]])
    #expect(try rows("a b\tc\n", separator: 9) == [["a b", "c"]])
  }

  @Test func `Rows that lie across the pieces of reading stay whole`() throws {
    // 65,536 bytes are read at once; the quoted field ends beyond them.
    let long = String(repeating: "x", count: 65_530)
    #expect(try rows("\(long),\"y\r\n\"\"z\",1\r\n2\n") == [[long, "y\r\n\"z", "1"], ["2"]])
  }

  @Test func `A quote that is not closed is said with its line`() throws {
    let error = #expect(throws: LabelError.self) { try rows("a\nb,\"c\nd\n") }
    #expect(error?.line == 2)
    #expect(error?.reason == "the file ends inside a quoted field; export the file again")
  }

  @Test func `A row without end is given up`() throws {
    let text = "a\n\"" + String(repeating: "x,\n", count: CSVRows.maximumLength / 3 + 1)
    let error = #expect(throws: LabelError.self) { try rows(text) }
    #expect(error?.line == 2)
    #expect(error?.reason == "the row is too long for labels; a quote may not be closed")
  }

  @Test func `A missing file is said`() throws {
    let error = #expect(throws: LabelError.self) {
      try CSVRows.forEach(in: "/nowhere/rows.csv") { _, _ in }
    }
    #expect(error?.code == .unreadable)
  }

  // The texts are those of Python's csv.writer with line feeds, which leaves a lone CR bare before
  // version 3.13; quoted it is read back by everybody.
  @Test(
    arguments: [
      (["a", "b"], "a,b\n"), (["a,b", "c\"d"], "\"a,b\",\"c\"\"d\"\n"),
      (["x\ny", "z"], "\"x\ny\",z\n"), ([""], "\"\"\n"), (["", ""], ",\n"),
      ([" a", "größe"], " a,größe\n"), (["z\r"], "\"z\r\"\n"),
    ] as [([String], String)])
  func `Rows are written as Python writes them and read back`(
    fields: [String], text: String
  ) throws {
    #expect(CSVRows.text(fields) == text)
    #expect(try rows(text) == [fields])
  }
}
