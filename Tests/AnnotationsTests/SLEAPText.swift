import Foundation
import HDF5

/// A SLEAP file of a test's own, table by table.
struct SLEAPText {
  /// format_id.
  var version = 1.2
  /// The metadata as JSON: one skeleton of the nodes head, tail and ear, with a bone and a link.
  var metadata = SLEAPText.metadata(SLEAPText.links)
  var videos = [#"{"backend":{"filename":"/data/flies/clip.mp4","shape":[20,48,64,1],"fps":25}}"#]
  var tracks = [#"[0,"female"]"#, #"[3,"male"]"#]
  /// video, frame_idx, first instance, first instance that is no more of it.
  var frames: [[Double]] = []
  /// instance_type, skeleton, track, from_predicted, score, first point, first point of the next.
  var instances: [[Double]] = []
  /// x, y, visible.
  var points: [[Double]] = []
  /// x, y, visible, score.
  var predicted: [[Double]] = []

  static let links = #"""
    [{"edge_insert_idx":1,"key":0,"source":2,"target":0,
      "type":{"py/reduce":[{"py/type":"sleap.skeleton.EdgeType"},{"py/tuple":[1]}]}},
     {"key":0,"source":2,"target":0,
      "type":{"py/reduce":[{"py/type":"sleap.skeleton.EdgeType"},{"py/tuple":[2]}]}},
     {"edge_insert_idx":0,"key":0,"source":0,"target":1,"type":{"py/id":1}}]
    """#

  static func metadata(_ links: String, nodes: String = #"[{"id":2},{"id":0},{"id":1}]"#) -> String
  {
    #"""
    {"version":"2.0.0","skeletons":[{"directed":true,
     "graph":{"name":"fly","num_edges_inserted":2},"links":\#(links),"multigraph":true,
     "nodes":\#(nodes)}],
     "nodes":[{"name":"tail","weight":1.0},{"name":"ear","weight":1.0},{"name":"head","weight":1.0}],
     "videos":[],"tracks":[],"suggestions":[],"negative_anchors":{}}
    """#
  }

  /// Two frames: a person's instance with a hidden and a missing joint, a predicted one, and one
  /// without track.
  static let example: SLEAPText = {
    var text = SLEAPText()
    text.frames = [[0, 4, 0, 2], [0, 9, 2, 3], [0, 12, 3, 3]]
    text.instances = [
      [0, 0, 1, -1, .nan, 0, 3], [1, 0, 0, -1, 2.5, 0, 3], [0, 0, -1, -1, 0, 3, 6],
    ]
    text.points = [
      [10, 20, 1], [11.5, 21, 0], [.nan, .nan, 1], [1, 2, 1], [3, 4, 1], [5, 6, 1],
    ]
    text.predicted = [[30, 40, 1, 0.5], [31, 41, 1, 1.25], [.nan, .nan, 0, 0]]
    return text
  }()

  /// Writes the file.
  func write(to path: String) throws {
    func columns(_ names: [(String, HDF5Number)], _ rows: [[Double]]) -> [HDF5Column] {
      names.enumerated().map { place, name in
        HDF5Column(name.0, name.1, rows.map { $0[place] })
      }
    }
    let output = try HDF5Output.create(path: path)
    try output.add(group: "metadata")
    try output.add(attribute: "format_id", .numbers([version]), to: "metadata")
    try output.add(attribute: "json", .text([metadata]), to: "metadata", as: .fixed)
    try output.add(strings: "videos_json", videos, as: .fixed)
    try output.add(strings: "tracks_json", tracks, as: .variable)
    try output.add(
      table: "frames",
      columns(
        [
          ("video", .uint32), ("frame_idx", .uint64), ("instance_id_start", .uint64),
          ("instance_id_end", .uint64),
        ], frames))
    try output.add(
      table: "instances",
      [HDF5Column("instance_id", .int64, instances.indices.map { Double($0) })]
        + columns(
          [
            ("instance_type", .uint8), ("skeleton", .uint32), ("track", .int32),
            ("from_predicted", .int64), ("score", .float32), ("point_id_start", .uint64),
            ("point_id_end", .uint64),
          ], instances))
    let point: [(String, HDF5Number)] = [("x", .float64), ("y", .float64), ("visible", .boolean)]
    try output.add(table: "points", columns(point, points))
    try output.add(table: "pred_points", columns(point + [("score", .float64)], predicted))
    try output.finish()
  }
}
