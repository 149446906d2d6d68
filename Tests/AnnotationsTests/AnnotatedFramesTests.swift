import Annotations
import Testing
import Timeline

@Suite struct AnnotatedFramesTests {
  private static let kinds: [AnnotatedFrames] = [
    .all, .every(step: 5, in: FrameRange(3, 41)), .every(step: 1, in: FrameRange(10, 20)),
    .only([4, 7, 8, 30]), .only([]),
  ]

  @Test(arguments: kinds)
  func theCountIsTheNumberOfFramesThatAreContained(frames: AnnotatedFrames) {
    for start in 0..<45 {
      for end in start..<50 {
        let expected = (start..<end).filter { frames.contains($0) }.count
        #expect(frames.count(in: FrameRange(start, end)) == expected)
      }
    }
  }

  @Test func neighboursAreTheNearestAnnotatedFrames() {
    let frames = AnnotatedFrames.every(step: 5, in: FrameRange(0, 100))
    let limits = FrameRange(10, 91)
    #expect(frames.last(before: 20, in: limits) == 15)
    #expect(frames.last(before: 10, in: limits) == nil)
    #expect(frames.last(before: 1000, in: limits) == 90)
    #expect(frames.first(after: 20, in: limits) == 25)
    #expect(frames.first(after: 90, in: limits) == nil)
    #expect(frames.first(after: .max, in: limits) == nil)
  }
}
