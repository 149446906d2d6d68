import Timeline

extension Dataset {
  /// Returns what a format of these capabilities can carry, and counts what it cannot.
  ///
  /// Shapes become the nearest kind that the format has, ids what it calls objects by, and what
  /// has no place is taken out. Nothing else changes; in particular no coordinate is rounded.
  public func reduced(to capabilities: FormatCapabilities) -> (dataset: Dataset, losses: LossReport)
  {
    var reduction = Reduction(capabilities: capabilities)
    var dataset = self
    for place in dataset.videos.indices { reduction.reduce(&dataset.videos[place]) }
    return (dataset, reduction.losses)
  }
}

/// The reduction of labels to what a format can carry.
private struct Reduction {
  let capabilities: FormatCapabilities
  var losses = LossReport()

  init(capabilities: FormatCapabilities) { self.capabilities = capabilities }

  func carries(_ aspect: LabelAspect) -> Bool { capabilities.carries(aspect) }

  /// Reduces one video.
  mutating func reduce(_ video: inout VideoAnnotations) {
    let picture = video.width.flatMap { width in video.height.map { (width: width, height: $0) } }
    reduceFacts(of: &video)
    var tracks: [Track] = []
    tracks.reserveCapacity(video.tracks.count)
    for track in video.tracks {
      if let track = reduced(track, picture: picture) { tracks.append(track) }
    }
    video.tracks = tracks
    reduceIdentity(of: &video)
    // Label images: every pixel has one value.
    if capabilities.shapes == [.mask], !carries(.overlaps) {
      losses.add(video.separateMasks())
    }
    reduceOntology(of: &video)
  }

  private mutating func drop<Value>(_ aspect: LabelAspect, _ value: inout Value?) {
    guard value != nil, !carries(aspect) else { return }
    value = nil
    losses.add(aspect)
  }

  private mutating func reduceFacts(of video: inout VideoAnnotations) {
    drop(.videoName, &video.name)
    drop(.frameCount, &video.frameCount)
    drop(.frameRate, &video.frameRate)
    if !carries(.pictureSize) {
      losses.add(.pictureSize, video.width == nil && video.height == nil ? 0 : 1)
      if !capabilities.needsPictureSize { (video.width, video.height) = (nil, nil) }
    }
    if video.annotated != .all, !carries(.annotatedFrames) {
      losses.add(.annotatedFrames)
      video.annotated = .all
    }
    if !carries(.imageNames) {
      losses.add(.imageNames, video.imageNames.count)
      video.imageNames = [:]
    }
    if !carries(.ranges) {
      losses.add(.ranges, video.ranges.count)
      video.ranges = []
    } else if !carries(.rangeDetails) {
      for place in video.ranges.indices {
        let range = video.ranges[place]
        let bare = RangeLabel(range: range.range, name: range.name)
        losses.add(.rangeDetails, range == bare ? 0 : 1)
        video.ranges[place] = bare
      }
    }
  }

  // MARK: Tracks

  private mutating func reduced(_ track: Track, picture: (width: Int, height: Int)?) -> Track? {
    if track.instances.isEmpty, !carries(.emptyTracks) {
      losses.add(.emptyTracks)
      return nil
    }
    var result = track
    if !carries(.absences), !track.absences.isEmpty {
      losses.add(.absences, track.absences.count)
      result.absences = []
    }
    result.attributes = kept(track.attributes, others: .trackAttributes)
    if !carries(.classNames), !track.className.isEmpty {
      losses.add(.classNames, track.instances.count)
      result.className = ""
    }
    var instances: [Instance] = []
    instances.reserveCapacity(track.instances.count)
    var last: FrameIndex?
    for instance in track.instances {
      if instance.frame == last, !carries(.duplicates), track.isTracked,
        capabilities.identity != .none
      {
        losses.add(.duplicates)
        continue
      }
      guard let reduced = reduced(instance, picture: picture) else {
        losses.add(.instances)
        continue
      }
      last = instance.frame
      instances.append(reduced)
    }
    if instances.isEmpty, !track.instances.isEmpty { return nil }
    return Track(
      id: result.id, className: result.className, isTracked: result.isTracked,
      instances: instances, absences: result.absences, attributes: result.attributes)
  }

  /// Takes out the attributes that the format has no place for.
  private mutating func kept(
    _ attributes: [String: String], others: LabelAspect
  ) -> [String: String] {
    guard !attributes.isEmpty else { return attributes }
    return attributes.filter { name, _ in
      let aspect = LabelAspect(reserved: name) ?? others
      // A format that keeps any attribute keeps the reserved ones under their names.
      if carries(aspect) || carries(others) { return true }
      losses.add(aspect)
      return false
    }
  }

  private mutating func reduced(_ instance: Instance, picture: (width: Int, height: Int)?)
    -> Instance?
  {
    guard let shape = reduced(instance.shape, picture: picture) else { return nil }
    var result = instance
    result.shape = shape
    if instance.className != nil, !carries(.classChanges) {
      losses.add(.classChanges)
      result.className = nil
    }
    drop(.confidence, &result.confidence)
    drop(.keyFrames, &result.isKeyFrame)
    switch instance.visibility {
    case .unknown: break
    case .ratio(let ratio):
      guard !carries(.visibilityRatio) else { break }
      losses.add(.visibilityRatio)
      result.visibility =
        carries(.occlusion) ? (ratio >= 1 ? .visible : .occluded) : .unknown
    case .visible, .occluded:
      guard !carries(.occlusion) else { break }
      losses.add(.occlusion)
      result.visibility = .unknown
    }
    if instance.origin != .unknown, !carries(.origin) {
      losses.add(.origin)
      result.origin = .unknown
    }
    result.attributes = kept(instance.attributes, others: .attributes)
    return result
  }

  // MARK: Shapes

  private mutating func reduced(_ shape: Shape, picture: (width: Int, height: Int)?) -> Shape? {
    guard let nearest = shape.nearest(in: capabilities.shapes, picture: picture) else { return nil }
    if nearest.kind != shape.kind { losses.add(.shape) }
    var result = nearest
    switch nearest {
    case .polygon(var polygon):
      if !carries(.holes), polygon.parts.contains(where: { !$0.holes.isEmpty }) {
        losses.add(.holes)
        for part in polygon.parts.indices { polygon.parts[part].holes = [] }
      }
      if !carries(.parts), polygon.parts.count > 1 {
        losses.add(.parts)
        let largest = polygon.parts.max {
          abs(Polygon.signedArea($0.outer)) < abs(Polygon.signedArea($1.outer))
        }
        polygon.parts = largest.map { [$0] } ?? []
      }
      result = .polygon(polygon)
    case .skeleton(var skeleton):
      if !carries(.jointConfidence), skeleton.joints.contains(where: { $0.confidence != nil }) {
        losses.add(.jointConfidence)
        for joint in skeleton.joints.indices { skeleton.joints[joint].confidence = nil }
      }
      if !carries(.hiddenJoints) {
        for joint in skeleton.joints.indices where skeleton.joints[joint].visibility == .hidden {
          losses.add(.hiddenJoints)
          skeleton.joints[joint].visibility = .visible
        }
      }
      result = .skeleton(skeleton)
    default: break
    }
    if isFiner(result, picture: picture) { losses.add(.precision) }
    return result
  }

  /// Whether the format rounds a coordinate of `shape`.
  private func isFiner(_ shape: Shape, picture: (width: Int, height: Int)?) -> Bool {
    let decimals: Int
    let (scaleX, scaleY): (Double, Double)
    switch capabilities.precision {
    case .exact: return false
    case .decimals(let number): (decimals, scaleX, scaleY) = (number, 1, 1)
    case .fraction(let number):
      guard let picture, picture.width > 0, picture.height > 0 else { return false }
      (decimals, scaleX, scaleY) = (number, 1 / Double(picture.width), 1 / Double(picture.height))
    }
    let unit = (0..<max(0, min(12, decimals))).reduce(1.0) { value, _ in value * 10 }
    return !shape.coordinates.allSatisfy { point in
      let (x, y) = (point.x * scaleX * unit, point.y * scaleY * unit)
      return abs(x - x.rounded()) < 1e-6 && abs(y - y.rounded()) < 1e-6
    }
  }

  // MARK: Identity and classes

  private mutating func reduceIdentity(of video: inout VideoAnnotations) {
    switch capabilities.identity {
    case .text: keepDetections(of: &video)
    case .none: takeApart(&video)
    case .numbersOfClass:
      keepDetections(of: &video)
      let numbers = ClassNumbers(video)
      let lost = video.tracks.filter { !numbers.ids.keys.contains($0.id) }
      losses.add(.instances, lost.reduce(0) { $0 + $1.instances.count })
      video.tracks.removeAll { numbers.ids[$0.id] == nil }
      rename(&video) { _, track in numbers.ids[track.id] ?? track.id }
    case .places(let first):
      keepDetections(of: &video)
      rename(&video) { place, _ in String(place + first) }
    case .numbers(let range):
      keepDetections(of: &video)
      number(&video, within: range)
    }
  }

  /// Gives numbers to the tracks whose ids are none, and leaves the others.
  private mutating func number(_ video: inout VideoAnnotations, within range: ClosedRange<Int>) {
    // What has no identity is called by nothing in the file.
    func isCalled(_ track: Track) -> Bool { track.isTracked || !carries(.untracked) }
    var used: Set<Int> = []
    for track in video.tracks {
      // `007` would come back as 7.
      if let id = Int(track.id), String(id) == track.id, range.contains(id) { used.insert(id) }
    }
    var free: Int? = range.lowerBound
    var names: [Int: String] = [:]
    var lost: Set<Int> = []
    for (place, track) in video.tracks.enumerated() where isCalled(track) {
      if let id = Int(track.id), String(id) == track.id, range.contains(id) { continue }
      while let id = free, used.contains(id) { free = id < range.upperBound ? id + 1 : nil }
      if let id = free {
        used.insert(id)
        names[place] = String(id)
      } else {
        lost.insert(place)
        losses.add(.instances, track.instances.count)
        losses.add(.emptyTracks, track.instances.isEmpty ? 1 : 0)
      }
    }
    rename(&video) { place, track in lost.contains(place) ? nil : names[place] ?? track.id }
  }

  /// Makes detections tracks of their own where the format knows no other.
  private mutating func keepDetections(of video: inout VideoAnnotations) {
    guard !carries(.untracked) else { return }
    for place in video.tracks.indices where !video.tracks[place].isTracked {
      losses.add(.untracked)
      video.tracks[place].isTracked = true
    }
  }

  private mutating func takeApart(_ video: inout VideoAnnotations) {
    var loose: [Track] = []
    for track in video.tracks {
      if track.isTracked { losses.add(track.instances.isEmpty ? .emptyTracks : .identity) }
      losses.add(.absences, track.absences.count)
      for instance in track.instances {
        var instance = instance
        let name = instance.className ?? track.className
        instance.className = nil
        loose.append(
          Track(
            id: "#\(loose.count + 1)", className: name, isTracked: false, instances: [instance],
            attributes: track.attributes))
      }
    }
    video.tracks = loose
    for place in video.ranges.indices where video.ranges[place].track != nil {
      losses.add(.rangeDetails)
      video.ranges[place].track = nil
    }
  }

  /// Gives every track the name that `name` has for it; one without a name is taken out.
  private mutating func rename(
    _ video: inout VideoAnnotations, _ name: (Int, Track) -> String?
  ) {
    var names: [String: String] = [:]
    var tracks: [Track] = []
    tracks.reserveCapacity(video.tracks.count)
    for (place, track) in video.tracks.enumerated() {
      guard let new = name(place, track) else { continue }
      names[track.id] = new
      tracks.append(track)
      guard track.id != new else { continue }
      losses.add(.trackIDs)
      tracks[tracks.count - 1].id = new
    }
    video.tracks = tracks
    for place in video.ranges.indices {
      guard let track = video.ranges[place].track else { continue }
      video.ranges[place].track = names[track]
      losses.add(.rangeDetails, names[track] == nil ? 1 : 0)
    }
    for place in video.tracks.indices {
      guard let parent = video.tracks[place].attributes[ReservedAttribute.parent] else { continue }
      video.tracks[place].attributes[ReservedAttribute.parent] = names[parent]
      losses.add(.parents, names[parent] == nil ? 1 : 0)
    }
  }

  private mutating func reduceOntology(of video: inout VideoAnnotations) {
    if !carries(.unusedClasses) {
      var used: Set<String> = []
      for track in video.tracks {
        used.insert(track.className)
        for instance in track.instances {
          if let name = instance.className { used.insert(name) }
        }
      }
      let all = video.ontology.categories.count
      video.ontology.categories.removeAll { !used.contains($0.name) }
      losses.add(.unusedClasses, all - video.ontology.categories.count)
    }
    for place in video.ontology.categories.indices {
      drop(.classIDs, &video.ontology.categories[place].sourceID)
      if !carries(.bones), !video.ontology.categories[place].edges.isEmpty {
        losses.add(.bones, video.ontology.categories[place].edges.count)
        video.ontology.categories[place].edges = []
      }
    }
  }
}

extension LabelAspect {
  /// The aspect that a reserved attribute stands for; nil for any other attribute.
  fileprivate init?(reserved name: String) {
    switch name {
    case ReservedAttribute.ignore: self = .ignore
    case ReservedAttribute.zOrder: self = .zOrder
    case ReservedAttribute.group: self = .group
    case ReservedAttribute.truncated: self = .truncation
    case ReservedAttribute.trackScore: self = .trackScore
    case ReservedAttribute.parent: self = .parents
    default: return nil
    }
  }
}
