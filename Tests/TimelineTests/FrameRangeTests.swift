import Testing
import Timeline

// Expected values are counted by hand.
struct FrameRangeTests {
  @Test("the end is the first frame that does not belong")
  func halfOpen() {
    let range = FrameRange(412, 431)
    #expect(range.count == 19)
    #expect(range.contains(412) && range.contains(430))
    #expect(!range.contains(431) && !range.contains(411))
    #expect(range.description == "412..<431")
  }

  @Test("neighbours do not overlap")
  func overlap() {
    #expect(FrameRange(0, 5).overlaps(FrameRange(4, 9)))
    #expect(!FrameRange(0, 5).overlaps(FrameRange(5, 9)))
    #expect(!FrameRange(3, 3).overlaps(FrameRange(3, 3)))
  }

  @Test("clamping a range that lies outside gives an empty one inside the limits")
  func clamped() {
    #expect(FrameRange(2, 8).clamped(to: FrameRange(4, 6)) == FrameRange(4, 6))
    #expect(FrameRange(0, 2).clamped(to: FrameRange(4, 6)) == FrameRange(4, 4))
    #expect(FrameRange(8, 9).clamped(to: FrameRange(4, 6)) == FrameRange(6, 6))
  }

  @Test("runs join neighbours, in any order and with repeats")
  func runs() {
    #expect(
      FrameRange.runs(of: [7, 3, 4, 4, 9, 5])
        == [FrameRange(3, 6), FrameRange(7, 8), FrameRange(9, 10)])
    #expect(FrameRange.runs(of: []) == [])
  }
}
