import Foundation
import Testing

@testable import Annotations

@Suite struct JSONValueTests {
  private func value(
    _ text: String, limit: Int = JSONReader.maximumLeaf
  ) throws -> JSONValue {
    var json = JSONReader.open(Data(text.utf8), path: "x.json")
    return try json.value(limit: limit)
  }

  private func error(_ text: String, limit: Int = JSONReader.maximumLeaf) -> LabelError? {
    #expect(throws: LabelError.self) { try value(text, limit: limit) }
  }

  @Test func `Every kind of value is read`() throws {
    let read = try value(#" {"a": [1, -2.5e1, "x\n\u00e9", true, false, null, {}], "b": []} "#)
    #expect(
      read
        == .members([
          "a": .array([
            .number(1), .number(-25), .string("x\né"), .boolean(true), .boolean(false), .null,
            .object([]),
          ]), "b": .array([]),
        ]))
    #expect(read["a"]?.elements?.count == 7)
    #expect(read["c"] == nil)
    #expect(JSONValue.null["a"] == nil)
  }

  @Test func `A byte-order mark before a value is read over`() throws {
    #expect(try value("\u{FEFF}[1]") == .array([.number(1)]))
  }

  @Test func `Of members of one name the first counts`() throws {
    #expect(try value(#"{"a": 1, "a": 2}"#)["a"] == .number(1))
  }

  @Test func `Numbers are whole only where an Int holds them`() {
    #expect(JSONValue.number(3).integer == 3)
    #expect(JSONValue.number(-0.0).integer == 0)
    for number in [3.5, 1e19, -1e300, .nan, .infinity] as [Double] {
      #expect(JSONValue.number(number).integer == nil)
    }
    #expect(JSONValue.string("3").integer == nil)
  }

  @Test func `Text is what ids and attributes are spelled as`() {
    #expect(JSONValue.number(7).text == "7")
    #expect(JSONValue.number(0.5).text == "0.5")
    #expect(JSONValue.boolean(true).text == "true")
    #expect(JSONValue.string("a").text == "a")
    #expect(JSONValue.null.text == nil)
    #expect(JSONValue.array([]).text == nil)
  }

  @Test func `Truth values may be written as numbers`() {
    #expect(JSONValue.number(0).boolean == false)
    #expect(JSONValue.number(1).boolean == true)
    #expect(JSONValue.number(.nan).boolean == nil)
    #expect(JSONValue.string("true").boolean == nil)
  }

  @Test func `Numbers of an array are all or none`() {
    #expect(JSONValue.array([.number(1), .number(2)]).numbers == [1, 2])
    #expect(JSONValue.array([]).numbers == [])
    #expect(JSONValue.array([.number(1), .null]).numbers == nil)
    #expect(JSONValue.number(1).numbers == nil)
  }

  @Test func `What is written is read back`() throws {
    let members: KeyValuePairs<String, JSONValue?> = [
      "text": .string("a\"\\\n\u{1}\u{2028}größe"), "left out": nil,
      "numbers": .array([
        .number(0.1), .number(1e-7), .number(1e300), .number(9_007_199_254_740_992), .number(-3),
      ]), "nothing": .null, "no": .boolean(false),
    ]
    let written = JSONValue.members(members)
    #expect(try value(written.json) == written)
    // The standard library of another hand agrees.
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(written.json.utf8)) as? [String: Any])
    #expect(object["text"] as? String == "a\"\\\n\u{1}\u{2028}größe")
    #expect(object["numbers"] as? [Double] == [0.1, 1e-7, 1e300, 9_007_199_254_740_992, -3])
    #expect(object.count == 4)
  }

  @Test func `What is no finite number is written as null`() {
    #expect(JSONValue.array([.number(.nan), .number(.infinity)]).json == "[null,null]")
  }

  @Test func `A leaf has a limit`() throws {
    let sentence = "one entry is too large to be a label; export the file again"
    #expect(try value("[1,2,3]", limit: 5).elements?.count == 3)
    #expect(error("[1,2,3,4]", limit: 5)?.reason == sentence)
    #expect(error(#"{"a":1,"b":[2,3,4]}"#, limit: 5)?.reason == sentence)
    // Text counts, too: a file of nothing but long strings would fill the memory.
    let long = String(repeating: "x", count: 640)
    #expect(error(#"["\#(long)",1]"#, limit: 10)?.reason == sentence)
    #expect(error(#"{"\#(long)":1}"#, limit: 10)?.reason == sentence)
  }

  @Test func `Endless nesting is refused`() {
    #expect(error(String(repeating: "[", count: 100_000))?.code == .damaged)
    #expect(error(String(repeating: "{\"a\":", count: 100_000))?.code == .damaged)
  }

  @Test(arguments: ["", " ", "[1,]", "[1", "{\"a\"}", "{\"a\":1,}", "tru", "\"a", "[1 2]", "\u{1}"])
  func `What is no JSON is damaged`(text: String) {
    #expect(error(text)?.code == .damaged)
  }

  @Test func `What follows a value is noticed`() throws {
    for (text, isAlone) in [("{} \r\n", true), ("{} {}", false), ("{}x", false)] {
      var json = JSONReader.open(Data(text.utf8), path: "x.json")
      _ = try json.value()
      #expect(try json.isFinished() == isAlone)
    }
  }
}
