import Annotations
import Quality
import Testing
import Timeline

@Suite struct DrawingTests {
  @Test func aDrawingBecomesLabelsAbsencesCutsAndUnannotatedFrames() throws {
    let drawing = Drawing(
      """
      a      X.X-Y?
      *b:car ...2.?
      cuts   ...|..
      """)
    let tracks = drawing.source.annotations.tracks
    #expect(tracks.map(\.id) == ["a", "b"])
    #expect(tracks.map(\.className) == ["person", "car"])
    #expect(tracks.map(\.isTracked) == [true, false])
    #expect(tracks[0].instances.map(\.frame) == [0, 2, 4])
    #expect(tracks[0].instances.map(\.className) == [nil, nil, "other"])
    #expect(tracks[0].absences == [FrameRange(3, 4)])
    #expect(tracks[1].instances.map(\.frame) == [3, 3])
    #expect(drawing.video.cuts == [3])
    #expect(drawing.video.frames.count == 6)
    #expect(drawing.source.annotations.annotated == .only([0, 1, 2, 3, 4]))
  }
}
