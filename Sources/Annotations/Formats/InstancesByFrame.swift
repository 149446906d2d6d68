import Timeline

extension VideoAnnotations {
  /// Calls `body` with all instances and their tracks, frame by frame; within a frame in the order
  /// of the tracks.
  ///
  /// That is the order of formats that write a row an object and frame.
  func forEachInstanceByFrame(
    _ body: (Track, Instance) throws(LabelError) -> Void
  ) throws(LabelError) {
    var rows: [(frame: FrameIndex, track: Int32, place: Int32)] = []
    rows.reserveCapacity(instanceCount)
    for (number, track) in tracks.enumerated() {
      for place in track.instances.indices {
        rows.append((track.instances[place].frame, Int32(number), Int32(place)))
      }
    }
    rows.sort { ($0.frame, $0.track, $0.place) < ($1.frame, $1.track, $1.place) }
    for row in rows {
      let track = tracks[Int(row.track)]
      try body(track, track.instances[Int(row.place)])
    }
  }
}
