import Annotations
import Exports
import Foundation
import Quality
import Testing

@Suite struct JSONFindingsTests {
  @Test func aFindingIsTheObjectOfTheContract() {
    #expect(
      text([ExampleFindings.full], as: JSONFindings.self)
        == #"{"rule":"track-gap","level":"error","video":"clip.mp4","source":"labels","#
        + #""track":"7","other_tracks":["8","9"],"class":"person","start_frame":412,"#
        + #""end_frame":431,"start_time":13.747,"end_time":14.381,"score":0.93,"#
        + #""cause":"unexplained","reason":"person 7 is labelled at 411 and 431 but not in "#
        + #"between; nothing covers it","box":[10,20.5,0.3,40.123],"#
        + #""fingerprint":"90f7cc2b11c35c35","proposals":[{"frame":412,"box":[10,0,30,40]},"#
        + #"{"frame":413,"box":[11,20,30,40]}]}"# + "\n")
  }

  @Test func whatIsUnknownIsLeftOut() {
    #expect(
      text([ExampleFindings.bare], as: JSONFindings.self)
        == #"{"rule":"black-frames","level":"note","video":"clip.mp4","start_frame":0,"#
        + #""end_frame":1,"start_time":0,"end_time":0.04,"score":1,"cause":"frame-quality","#
        + #""reason":"one frame is black","fingerprint":"0000000000000001"}"# + "\n")
  }

  @Test func hostileTextsReadBackAsTheyWere() throws {
    let line = text([ExampleFindings.hostile], as: JSONFindings.self)
    #expect(line.split(separator: "\n").count == 1)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let finding = ExampleFindings.hostile.finding
    #expect(object["class"] as? String == finding.className)
    #expect(object["reason"] as? String == finding.reason)
    #expect(object["score"] as? Double == 0)
    #expect(object["start_time"] as? Double == -0.04)
    let box = try #require(object["box"] as? [Any])
    #expect(box[0] is NSNull && box[1] is NSNull)
    #expect(box[2] as? Double == 1e12 && box[3] as? Double == -3)
  }

  @Test func anArrayHoldsTheSameObjects() throws {
    var array = ""
    JSONFindings.writeArray([ExampleFindings.full, ExampleFindings.bare]) {
      (piece: String) throws(Never) in array += piece
    }
    let full = JSONFindings.object(ExampleFindings.full)
    let bare = JSONFindings.object(ExampleFindings.bare)
    #expect(array == "[\n\(full),\n\(bare)\n]\n")
  }

  @Test func noFindingsAreAnEmptyArrayAndNoLines() {
    var array = ""
    JSONFindings.writeArray([]) { (piece: String) throws(Never) in array += piece }
    #expect(array == "[]\n")
    #expect(text([], as: JSONFindings.self) == "")
  }
}
