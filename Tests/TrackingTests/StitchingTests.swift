import Annotations
import Foundation
import Testing
import Tracking

struct StitchingTests {
  /// A piece of an object that is 40 wide and 80 high and moves along `path`.
  private func piece(
    _ track: Int, kind: Int = 0, _ steps: Range<Int>, _ path: (Double) -> Point
  ) -> Tracklet {
    Tracklet(
      track: track, kind: kind, start: steps.lowerBound,
      states: steps.map { BoxState(Box(center: path(Double($0)), width: 40, height: 80)) })
  }

  private func line(_ y: Double, _ speed: Double) -> (Double) -> Point {
    { Point(100 + speed * $0, y) }
  }

  /// Objects that walk in parallel lines far apart, as something to learn from.
  private func others(_ count: Int, steps: Range<Int> = 0..<100) -> [Tracklet] {
    (0..<count).map { piece(100 + $0, steps, line(1000 + 300 * Double($0), 3)) }
  }

  private func pairs(_ stitching: Stitching) -> [[Int]] {
    stitching.joins.map { [$0.from, $0.to] }
  }

  @Test("a track that goes on under another id is joined, over a hole of up to the longest gap")
  func joinsAcrossIds() {
    let pieces = [piece(0, 0..<40, line(200, 4)), piece(1, 52..<100, line(200, 4))] + others(4)
    #expect(pairs(Stitching(pieces, longestGap: 12)) == [[0, 1]])
    #expect(pairs(Stitching(pieces, longestGap: 11)) == [])
  }

  @Test("pieces of two kinds, or of two shots, are not joined")
  func neverAcrossKindsOrCuts() {
    let before = piece(0, 0..<40, line(200, 4))
    let other = [before, piece(1, kind: 1, 45..<90, line(200, 4))] + others(4)
    #expect(pairs(Stitching(other, longestGap: 20)) == [])
    let same = [before, piece(1, 45..<90, line(200, 4))] + others(4)
    #expect(pairs(Stitching(same, longestGap: 20, cuts: [42])) == [])
    #expect(pairs(Stitching(same, longestGap: 20, cuts: [45])) == [])
    #expect(pairs(Stitching(same, longestGap: 20, cuts: [90])) == [[0, 1]])
  }

  @Test("two objects that cross while both are unlabelled keep their directions")
  func crossing() {
    let down = { (t: Double) in Point(100 + 4 * t, 200 + 4 * t) }
    let up = { (t: Double) in Point(100 + 4 * t, 600 - 4 * t) }
    let pieces =
      [
        piece(0, 0..<44, down), piece(1, 0..<44, up), piece(2, 56..<100, up),
        piece(3, 56..<100, down),
      ] + others(4)
    #expect(pairs(Stitching(pieces, longestGap: 30)) == [[0, 3], [1, 2]])
  }

  @Test("a start that is as near to two ends is given to neither")
  func ambiguous() {
    let pieces =
      [
        piece(0, 0..<40, { _ in Point(200, 200) }), piece(1, 0..<40, { _ in Point(212, 200) }),
        piece(2, 44..<100, { _ in Point(206, 200) }),
      ] + others(4)
    #expect(pairs(Stitching(pieces, longestGap: 30)) == [])
  }

  @Test("an object on a circle is bridged on the circle, not on the chord")
  func bridgesCurves() throws {
    // A circle of radius 200 in 100 steps; over 12 missing steps the chord misses it by 16 pixels.
    let circle = { (t: Double) in
      Point(500 + 200 * cos(t * 2 * .pi / 100), 500 + 200 * sin(t * 2 * .pi / 100))
    }
    let stitching = Stitching(
      [piece(0, 0..<40, circle), piece(0, 52..<100, circle)], longestGap: 30)
    let bridge = stitching.bridge(from: 0, to: 1)
    #expect(bridge.boxes.count == 12)
    for (step, box) in zip(40..., bridge.boxes) {
      let truth = circle(Double(step))
      #expect(hypot(box.center.x - truth.x, box.center.y - truth.y) < 2)
    }
    #expect(bridge.quality > 1.1)
  }

  @Test("where the camera pans, a hole is bridged along with the others")
  func bridgesCameraMotion() {
    // The camera swings while object 0 is unlabelled; all objects share the swing.
    let swing = { (t: Double) in 120 * sin(t * 2 * .pi / 40) }
    func path(_ x: Double, _ y: Double) -> (Double) -> Point {
      { Point(x + swing($0), y) }
    }
    var pieces = [piece(0, 0..<48, path(500, 300)), piece(0, 68..<100, path(500, 300))]
    for k in 1...6 {
      pieces.append(piece(k, 0..<100, path(400 + 40 * Double(k), 260 + 20 * Double(k))))
    }
    let bridge = Stitching(pieces, longestGap: 30).bridge(from: 0, to: 1)
    for (step, box) in zip(48..., bridge.boxes) {
      #expect(abs(box.center.x - (500 + swing(Double(step)))) < 4)
    }
  }

  @Test("no pieces and a lone piece are no trouble")
  func nothing() {
    #expect(pairs(Stitching([], longestGap: 10)) == [])
    #expect(pairs(Stitching([piece(0, 0..<1, line(0, 0))], longestGap: 10)) == [])
  }
}
