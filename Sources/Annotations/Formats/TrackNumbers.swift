/// Numbers for tracks, for formats that call objects by number and have room for the id elsewhere.
struct TrackNumbers {
  /// The attribute of a track that holds an id which is no number.
  static let attribute = "track_id"

  private var numbers: [String: Int] = [:]

  /// Ids that spell a number keep it; the others get the lowest numbers that are free.
  init(_ tracks: [Track]) {
    var taken: Set<Int> = []
    for track in tracks {
      if let number = Int(track.id), (0...Int(Int32.max)).contains(number),
        String(number) == track.id, taken.insert(number).inserted
      {
        numbers[track.id] = number
      }
    }
    var next = 0
    for track in tracks where numbers[track.id] == nil {
      while !taken.insert(next).inserted { next += 1 }
      numbers[track.id] = next
    }
  }

  /// The number of a track.
  subscript(track: Track) -> Int { numbers[track.id] ?? 0 }

  /// The attributes of a track, with its id where the number does not tell it.
  func attributes(of track: Track) -> [String: String] {
    var attributes = track.attributes
    if String(self[track]) != track.id { attributes[Self.attribute] = track.id }
    return attributes
  }
}

extension VideoAnnotations {
  /// Gives tracks the ids that their attribute ``TrackNumbers/attribute`` holds, where free.
  mutating func restoreTrackIDs() {
    var taken = Set(tracks.map(\.id))
    for place in tracks.indices {
      guard let id = tracks[place].attributes[TrackNumbers.attribute],
        taken.insert(id).inserted
      else { continue }
      tracks[place].attributes[TrackNumbers.attribute] = nil
      tracks[place].id = id
    }
  }
}
