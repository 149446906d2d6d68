import Annotations
import Testing

@Suite struct JSONTextTests {
  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (-0.0004, "0"), (1.0, "1"), (0.1 + 0.2, "0.3"), (-1.25, "-1.25"),
    (13.7474999, "13.747"), (0.0005, "0.001"), (2.04, "2.04"), (1e9, "1000000000"),
    (1e300, "1e+300"), (.nan, "null"), (-.infinity, "null"),
  ])
  func numbersAreRoundedWithoutZerosAtTheEnd(value: Double, text: String) {
    #expect(JSONText.number(value, decimals: 3) == text)
  }

  @Test(arguments: [(0.1 + 0.2, "0.30000000000000004"), (7.0, "7"), (.nan, "null")])
  func exactNumbersReadBackAsTheyWere(value: Double, text: String) {
    #expect(JSONText.number(value) == text)
  }

  // RFC 8259, section 7.
  @Test func stringsEscapeWhatJSONDemands() {
    #expect(
      JSONText.string("a\"b\\c\n\r\t\u{0}\u{1F}ü🎬\u{2028}")
        == #""a\"b\\c\n\r\t\u0000\u001fü🎬\u2028""#)
  }
}
