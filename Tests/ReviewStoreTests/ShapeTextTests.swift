import Annotations
import Foundation
import ReviewStore
import Testing

@Suite struct ShapeTextTests {
  @Test(arguments: [
    (
      Shape.rotatedBox(RotatedBox(center: Point(1, 2.5), width: 3, height: 4, angle: 0.5)),
      #"{"kind":"rotated-box","center":[1,2.5],"width":3,"height":4,"angle":0.5}"#
    ),
    (
      .ellipse(Ellipse(center: Point(1, 2), radiusX: 3, radiusY: 4)),
      #"{"kind":"ellipse","center":[1,2],"radius_x":3,"radius_y":4,"angle":0}"#
    ),
    (
      .polygon(
        Polygon(parts: [
          .init(
            outer: [Point(0, 0), Point(9, 0), Point(9, 9)],
            holes: [[Point(7, 1), Point(8, 1), Point(8, 2)]])
        ])),
      #"{"kind":"polygon","parts":[{"outer":[[0,0],[9,0],[9,9]],"#
        + #""holes":[[[7,1],[8,1],[8,2]]]}]}"#
    ),
    (.points([Point(0.1, .nan)]), #"{"kind":"points","points":[[0.1,null]]}"#),
    (
      .skeleton(
        Skeleton(joints: [
          Joint(name: "head", position: Point(1, 2), visibility: .visible, confidence: 0.5),
          Joint(name: "tail", position: Point(0, 0), visibility: .absent),
        ])),
      #"{"kind":"skeleton","joints":[{"name":"head","position":[1,2],"visibility":2,"#
        + #""confidence":0.5},{"name":"tail","position":[0,0],"visibility":0}]}"#
    ),
    (
      Mask(left: 5, top: 6, width: 2, height: 2, runs: [1, 2, 1]).map { .mask($0) }
        ?? .points([]),
      #"{"kind":"mask","left":5,"top":6,"width":2,"height":2,"runs":[1,2,1]}"#
    ),
  ])
  func aShapeIsStoredAsJSONWithItsKind(shape: Shape, json: String) throws {
    let fixture = try StoreFixture()
    let store = try ReviewStore.open(path: fixture.path())
    let track = Track(id: "1", instances: [Instance(frame: 0, shape: shape)])
    try StoreFixture.scan(store, labels: VideoAnnotations(tracks: [track]), findings: [])
    try store.close()
    #expect(
      try rows(fixture.path(), "SELECT shape, kind FROM instances") == [
        "\(json)|\(shape.kind.rawValue)"
      ])
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json.utf8)) }
  }
}
