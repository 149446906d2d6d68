import Timeline

/// Makes a track out of an entry: every frame of its ranges, in the numbers of the file.
struct DarwinTrack {
  let annotation: DarwinAnnotation
  /// The layers of masks of the slot, by rising frame.
  let layers: [DarwinAnnotation.Frame]
  let width: Int?
  let pixels: Int?
  let frameCount: Int?
  let origin: Origin

  /// The instances, by rising frame.
  private(set) var instances: [Instance] = []
  /// The number of frames that are not in the file.
  private(set) var filled = 0
  /// How many of them lie between shapes that cannot be moved into each other.
  private(set) var unmoved = 0
  /// What is wrong with single frames.
  private(set) var flaws: [String] = []

  private let properties: DarwinPropertyStates
  // Disjoint and rising.
  private let hidden: [FrameRange]
  // The mask of the layer that was asked last.
  private var lastMask: (layer: Int, mask: Mask?)?
  // What hangs on the shape of a listed frame.
  private var ownAttributes: [FrameIndex: [String: String]] = [:]

  init(
    annotation: DarwinAnnotation, layers: [DarwinAnnotation.Frame], width: Int?, pixels: Int?,
    frameCount: Int?, origin: Origin
  ) {
    self.annotation = annotation
    self.layers = layers
    self.width = width
    self.pixels = pixels
    self.frameCount = frameCount
    self.origin = origin
    properties = DarwinPropertyStates(annotation.properties)
    hidden = FrameRange.merged(annotation.hidden)
  }

  /// The track.
  func track(id: String) -> Track {
    var attributes: [String: String] = [:]
    for property in annotation.properties where property.frame == nil {
      attributes.join(property.name, property.value)
    }
    return Track(
      id: id, className: annotation.name, instances: instances, absences: absences,
      attributes: attributes)
  }

  // Between two ranges, and where the object is hidden within one.
  private var absences: [FrameRange] {
    let ranges = annotation.ranges
    var result = zip(ranges, ranges.dropFirst()).compactMap { a, b in
      a.end < b.start ? FrameRange(a.end, b.start) : nil
    }
    result += hidden
    return FrameRange.merged(result)
  }

  /// Works out the instances; where more than `room` frames would have to be filled in, only those
  /// that are listed.
  mutating func fill(room: Int) {
    let listed = listedInstances()
    guard !listed.isEmpty else { return }
    let wanted = annotation.ranges.reduce(0) { sum, range in
      sum + max(0, min(range.end, frameCount ?? range.end) - max(range.start, listed[0].frame))
    }
    let isTooLong = wanted - listed.count > room
    if isTooLong { flaws.append("its ranges have more frames than can be filled in") }
    if annotation.ranges.isEmpty || isTooLong {
      instances = listed.filter { !isHidden($0.frame) }
      return
    }
    var next = 0
    var last: FrameIndex = -1
    for range in annotation.ranges {
      // Only between listed frames, and behind the last one to the end of the range.
      let end = min(range.end, frameCount ?? range.end)
      var frame = max(range.start, listed[0].frame, last + 1)
      while frame < end {
        while next + 1 < listed.count, listed[next + 1].frame <= frame { next += 1 }
        last = frame
        defer { frame += 1 }
        if isHidden(frame) { continue }
        if listed[next].frame == frame {
          instances.append(listed[next])
        } else {
          filled += 1
          instances.append(
            between(listed[next], next + 1 < listed.count ? listed[next + 1] : nil, at: frame))
        }
      }
    }
  }

  private func isHidden(_ frame: FrameIndex) -> Bool {
    let after = hidden.partitioningIndex { $0.start > frame }
    return after > 0 && hidden[after - 1].contains(frame)
  }

  private mutating func between(_ a: Instance, _ b: Instance?, at frame: FrameIndex) -> Instance {
    var instance = a
    instance.frame = frame
    instance.isKeyFrame = false
    instance.origin = .interpolated
    if annotation.kind == .mask, let mask = mask(at: frame) { instance.shape = .mask(mask) }
    if !annotation.properties.isEmpty {
      instance.attributes = ownAttributes[a.frame, default: [:]]
        .merging(properties.values(at: frame)) { $1 }
    }
    guard annotation.isInterpolated, annotation.kind == .shape, let b else { return instance }
    let share = Double(frame - a.frame) / Double(b.frame - a.frame)
    if let shape = a.shape.moved(to: b.shape, share: share) {
      instance.shape = shape
    } else {
      unmoved += 1
    }
    return instance
  }

  private mutating func listedInstances() -> [Instance] {
    var result: [Instance] = []
    var shape: Shape?
    var attributes: [String: String] = [:]
    for frame in annotation.frames {
      if annotation.kind == .mask {
        if let flaw = layerFlaw {
          flaws.append(flaw)
          return []
        }
        guard let mask = mask(at: frame.number) else {
          flaws.append("frame \(frame.number): no raster layer holds the mask")
          continue
        }
        shape = .mask(mask)
      } else {
        shape = frame.shape ?? shape
      }
      guard let shape else {
        flaws.append("frame \(frame.number): there is no shape")
        continue
      }
      attributes =
        annotation.hasKeyFramesOnly
        ? attributes.merging(frame.attributes) { _, new in new } : frame.attributes
      ownAttributes[frame.number] = attributes
      let isKeyFrame = frame.isKeyFrame ?? (annotation.hasKeyFramesOnly ? true : nil)
      let made: Origin = frame.isInferred ? .model : isKeyFrame == false ? .interpolated : origin
      result.append(
        Instance(
          frame: frame.number, shape: shape, isKeyFrame: isKeyFrame, origin: made,
          confidence: frame.confidence,
          attributes: attributes.merging(properties.values(at: frame.number)) { $1 },
          line: Int32(clamping: annotation.line)))
    }
    return result
  }

  private var layerFlaw: String? {
    guard let pixels else {
      return "the size of the picture is missing, without which masks are not"
    }
    guard let wrong = layers.first(where: { ($0.raster?.totalPixels ?? pixels) != pixels }) else {
      return nil
    }
    return "frame \(wrong.number): the raster layer has \(wrong.raster?.totalPixels ?? 0) pixels"
      + " instead of \(pixels)"
  }

  // The layer of a frame, or the last one before.
  private mutating func mask(at frame: FrameIndex) -> Mask? {
    let place = layers.partitioningIndex { $0.number > frame } - 1
    guard place >= 0, let id = annotation.id.spelling, let width else { return nil }
    if let lastMask, lastMask.layer == place { return lastMask.mask }
    let mask = layers[place].raster?.mask(of: id, width: width)
    lastMask = (place, mask)
    return mask
  }
}

extension FrameRange {
  /// The frames of all `ranges` as disjoint rising ranges that do not touch.
  static func merged(_ ranges: [FrameRange]) -> [FrameRange] {
    var result: [FrameRange] = []
    for range in ranges.sorted(by: { $0.start < $1.start }) where range.end > range.start {
      if let last = result.last, range.start <= last.end {
        result[result.count - 1] = FrameRange(last.start, max(last.end, range.end))
      } else {
        result.append(range)
      }
    }
    return result
  }
}

/// What the properties of an entry say from frame to frame.
struct DarwinPropertyStates {
  private var frames: [Int] = []
  private var states: [[String: String]] = []

  /// Works out the states; values of the whole object are left aside.
  init(_ properties: [DarwinAnnotation.Property]) {
    let changes = properties.enumerated().compactMap { place, property in
      property.frame.map { (frame: $0, place: place) }
    }.sorted { ($0.frame, $0.place) < ($1.frame, $1.place) }
    var state: [String: String] = [:]
    var renewed: Set<String> = []
    for change in changes {
      let property = properties[change.place]
      if frames.last != change.frame {
        frames.append(change.frame)
        states.append(state)
        renewed = []
      }
      if renewed.insert(property.name).inserted {
        state[property.name] = property.value
      } else {
        state.join(property.name, property.value)
      }
      states[states.count - 1] = state
    }
  }

  /// The values that hold in a frame.
  func values(at frame: FrameIndex) -> [String: String] {
    let place = frames.partitioningIndex { $0 > frame }
    return place > 0 ? states[place - 1] : [:]
  }
}

extension [String: String] {
  /// Adds one of several values of `name`, after a comma.
  fileprivate mutating func join(_ name: String, _ value: String?) {
    guard let value else { return }
    self[name] = self[name].map { $0 + "," + value } ?? value
  }
}
