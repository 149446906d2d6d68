import Annotations
import Testing
import Timeline

struct TrackTests {
  /// `X` present, `o` declared outside, `.` nothing said.
  private func track(_ drawing: String) -> Track {
    let box = Shape.box(Box(left: 0, top: 0, width: 1, height: 1))
    let states = Array(drawing)
    return Track(
      id: "1",
      instances: states.indices.filter { states[$0] == "X" }
        .map { Instance(frame: $0, shape: box) },
      absences: FrameRange.runs(of: states.indices.filter { states[$0] == "o" }))
  }

  @Test func `presence has three states, and silence in an annotated frame is none of them`() {
    let track = track("..XX.oo.X..")
    let annotated = AnnotatedFrames.only([2, 3, 4, 5])
    #expect(
      (0..<7).map { track.presence(at: $0, annotated: annotated) } == [
        .unknown, .unknown, .present, .present, nil, .absent, .absent,
      ])
    #expect(track.presence(at: 0, annotated: .all) == nil)
    #expect(track.extent == FrameRange(2, 9))
  }

  @Test func `an open absence lasts for ever`() {
    var track = track("XX")
    track.absences = [FrameRange(2, .max)]
    #expect(track.presence(at: 1_000_000, annotated: .all) == .absent)
  }

  @Test func `instances are sorted by frame and keep their order within one`() {
    let box = Shape.box(Box(left: 0, top: 0, width: 1, height: 1))
    let track = Track(
      id: "1",
      instances: [3, 1, 3, 2].enumerated().map {
        Instance(frame: $0.element, shape: box, line: Int32($0.offset))
      })
    #expect(track.instances.map(\.frame) == [1, 2, 3, 3])
    #expect(track.instances.map(\.line) == [1, 3, 0, 2])
    #expect(track.instance(at: 3)?.line == 0)
    #expect(track.instance(at: 4) == nil)
  }

  @Test func `every k-th frame counts from the first of its range`() {
    let annotated = AnnotatedFrames.every(step: 5, in: FrameRange(10, 21))
    #expect((0..<30).filter { annotated.contains($0) } == [10, 15, 20])
    #expect(AnnotatedFrames.every(step: 0, in: FrameRange(0, 2)).contains(1))
  }

  @Test func `a track without instances has no extent`() {
    #expect(Track(id: "1").extent == nil)
    #expect(VideoAnnotations(tracks: [Track(id: "1")]).extent == nil)
  }
}
