import Foundation
import Testing
import Timeline

@testable import Annotations

/// Files with key frames only, and files that only look like them.
struct CVATKeyFramesTests {
  @Test func `Frames between sparse key frames are filled in as interpolated`() throws {
    let data = try CVATText.read(CVATText.task(CVATText.track("K....K...o")))
    let track = try #require(data.videos.first?.tracks.first)
    #expect(data.dialect == "CVAT for video 1.1, task, key frames only")
    #expect(track.instances.map(\.frame) == Array(0..<9))
    #expect(
      track.instances.filter { $0.origin == .interpolated }.map(\.frame) == [1, 2, 3, 4, 6, 7, 8])
    #expect(track.instances.map(\.shape.bounds?.left) == (0..<9).map(Double.init))
    #expect(track.absences == [FrameRange(9, Int.max)])
    #expect(data.report.notes.contains { $0.contains("key frames only") })
  }

  @Test(arguments: ["KXX..KXX", "KKKK..KKK", "KK.KK.KK", "Ko.Ko"])
  func `A hole stays a hole where frames are written one by one`(drawing: String) throws {
    let data = try CVATText.read(CVATText.task(CVATText.track(drawing)))
    #expect(data.videos.first?.instanceCount == drawing.count { "KX".contains($0) })
    #expect(data.report.notes.isEmpty)
  }

  @Test func `Nothing is filled in while the object is outside`() throws {
    let data = try CVATText.read(CVATText.task(stop: 10, CVATText.track("K..o...K..K")))
    #expect(data.videos.first?.tracks.first?.instances.map(\.frame) == [0, 1, 2, 7, 8, 9, 10])
    #expect(data.videos.first?.tracks.first?.absences == [FrameRange(3, 7)])
  }

  @Test func `Filling follows the step of the task`() throws {
    let text = CVATText.task(stop: 12, filter: "step=3", CVATText.track(step: 3, "K...K"))
    let track = try #require(try CVATText.read(text).videos.first?.tracks.first)
    #expect(track.instances.map(\.frame) == [0, 3, 6, 9, 12])
  }

  @Test func `Numbers that would fill memory are left as holes`() throws {
    let shape =
      "keyframe=\"1\" outside=\"0\" occluded=\"0\" xtl=\"0\" ytl=\"0\" xbr=\"1\" ybr=\"1\""
    let boxes = "<box frame=\"0\" \(shape)/><box frame=\"9000000\" \(shape)/>"
    let data = try CVATText.read(CVATText.task("<track id=\"0\" label=\"a\">\(boxes)</track>"))
    #expect(data.videos.first?.instanceCount == 2)
    #expect(data.report.notes.contains { $0.contains("too many") })
  }

  /// The shape at frame 1 of a track with the two shapes at frames 0 and 4.
  private func quarter(_ name: String, _ first: String, _ second: String) throws -> Shape? {
    let flags = "keyframe=\"1\" outside=\"0\" occluded=\"0\""
    let text = CVATText.task(
      "<track id=\"0\" label=\"car\"><\(name) frame=\"0\" \(flags) \(first)/>"
        + "<\(name) frame=\"4\" \(flags) \(second)/></track>")
    return try CVATText.read(text).videos.first?.tracks.first?.instance(at: 1)?.shape
  }

  @Test func `Angles go the short way`() throws {
    let box = "xtl=\"0\" ytl=\"0\" xbr=\"2\" ybr=\"2\""
    let shape = try quarter("box", "\(box) rotation=\"350\"", "\(box) rotation=\"10\"")
    guard case .rotatedBox(let turned) = shape else {
      Issue.record("no turned box")
      return
    }
    #expect(abs(turned.angle * 180 / .pi - 355) < 1e-9)
  }

  @Test func `One place moves and several stay`() throws {
    #expect(try quarter("points", "points=\"0,0\"", "points=\"8,4\"") == .points([Point(2, 1)]))
    #expect(
      try quarter("points", "points=\"0,0;1,1\"", "points=\"8,4;1,1\"")
        == .points([Point(0, 0), Point(1, 1)]))
  }

  @Test func `Polygon vertices are matched by the length along the line`() throws {
    // A square that moves right by 4: a quarter of the way is 1.
    let moved = try quarter(
      "polygon", "points=\"0,0;2,0;2,2;0,2\"", "points=\"4,0;6,0;6,2;4,2\"")
    #expect(moved == .polygon(Polygon([Point(1, 0), Point(3, 0), Point(3, 2), Point(1, 2)])))
    // The second line has a vertex more, at a quarter: it comes out of the first one.
    let line = try quarter("polyline", "points=\"0,0;4,0\"", "points=\"0,4;1,4;4,4\"")
    #expect(line == .polyline([Point(0, 1), Point(0.25, 1), Point(4, 1)]))
  }

  /// Expected values from CVAT's own `interpolate_position` (annotation.py at 01b6b0e).
  @Test func `Vertices that come to lie close together are dropped`() throws {
    let thinned = try quarter(
      "polyline", "points=\"0,0;5,0;5.5,0;10,0\"", "points=\"0,10;10,10\"")
    #expect(
      thinned == .polyline([Point(0, 2.5), Point(3.75, 2.5), Point(6.625, 2.5), Point(10, 2.5)]))
    let opposite = try #require(
      Shape.polyline([Point(0, 0), Point(10, 0), Point(20, 0)]).interpolatedByCVAT(
        to: .polyline([Point(0, 8), Point(1, 8), Point(2, 8), Point(3, 8), Point(20, 8)]),
        share: 0.5))
    #expect(
      opposite
        == .polyline([Point(0, 4), Point(0.5, 4), Point(1, 4), Point(6.5, 4), Point(20, 4)]))
    let square = try #require(
      Shape.polygon(Polygon([Point(0, 0), Point(10, 0), Point(10, 10), Point(0, 10)]))
        .interpolatedByCVAT(
          to: .polygon(
            Polygon([Point(0, 0), Point(20, 0), Point(20, 5), Point(20, 10), Point(0, 10)])),
          share: 0.5))
    #expect(
      square
        == .polygon(
          Polygon([Point(0, 0), Point(15, 0), Point(15, 7.5), Point(15, 10), Point(0, 10)])))
  }

  @Test func `Masks are not filled in`() throws {
    let mask = "rle=\"0, 4\" left=\"0\" top=\"0\" width=\"2\" height=\"2\""
    #expect(try quarter("mask", mask, mask) == nil)
  }
}
