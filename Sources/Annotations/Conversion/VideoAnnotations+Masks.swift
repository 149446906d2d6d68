import Timeline

extension VideoAnnotations {
  /// Gives every pixel to one mask only, as label images have it, and cuts masks at the picture.
  ///
  /// Of masks that share pixels the one of the higher ``ReservedAttribute/zOrder`` keeps them, else
  /// that of the later track; what is not to be judged lies below all. Masks that keep no pixel
  /// are taken out.
  ///
  /// - Returns: How many masks lost pixels, and how many were taken out.
  mutating func separateMasks() -> LossReport {
    var losses = LossReport()
    var frames: [FrameIndex: [Place]] = [:]
    for (place, track) in tracks.enumerated() {
      for (index, instance) in track.instances.enumerated() {
        guard case .mask = instance.shape else { continue }
        let order = instance.attributes[ReservedAttribute.zOrder].flatMap { Int($0) } ?? 0
        frames[instance.frame, default: []].append(
          Place(track: place, index: index, order: track.isIgnored ? .min : order))
      }
    }
    var changed: [Int: [Int: Shape?]] = [:]
    for places in frames.values {
      var covered = PixelRows()
      // From the top down.
      for place in places.sorted(by: { ($0.order, $0.track) > ($1.order, $1.track) }) {
        guard case .mask(let mask) = tracks[place.track].instances[place.index].shape else {
          continue
        }
        let spans = mask.rowSpans(
          frameWidth: width ?? Mask.maximumPixels, frameHeight: height ?? Mask.maximumPixels)
        let rest = covered.take(spans)
        let kept = rest.spans.isEmpty ? nil : Mask(spans: rest)
        if kept == nil {
          losses.add(.instances)
        } else if kept?.area != mask.area {
          losses.add(.overlaps)
        } else if kept == mask {
          continue
        }
        changed[place.track, default: [:]][place.index] = .some(kept.map { .mask($0) })
      }
    }
    for (place, shapes) in changed { tracks[place].replaceShapes(shapes) }
    tracks.removeAll { $0.instances.isEmpty }
    return losses
  }

  private struct Place {
    var track: Int
    var index: Int
    var order: Int
  }
}

extension Track {
  /// Gives instances another shape by their place; those that get none are taken out.
  fileprivate mutating func replaceShapes(_ shapes: [Int: Shape?]) {
    self = Track(
      id: id, className: className, isTracked: isTracked,
      instances: instances.enumerated().compactMap { place, instance in
        guard let shape = shapes[place] else { return instance }
        return shape.map {
          var changed = instance
          changed.shape = $0
          return changed
        }
      }, absences: absences, attributes: attributes)
  }
}

/// The pixels of a frame that have an owner, as pieces of rows that do not touch.
private struct PixelRows {
  private var rows: [Int32: [Range<Int32>]] = [:]

  /// Takes the pixels of `spans` that have no owner yet, and returns them.
  mutating func take(_ spans: MaskSpans) -> MaskSpans {
    var free = MaskSpans()
    for span in spans.spans {
      var pieces = rows[span.line] ?? []
      let first = pieces.partitioningIndex { $0.upperBound >= span.start }
      var (last, start) = (first, span.start)
      while last < pieces.count, pieces[last].lowerBound <= span.end {
        free.append(line: span.line, start: start, end: min(pieces[last].lowerBound, span.end))
        start = max(start, pieces[last].upperBound)
        last += 1
      }
      free.append(line: span.line, start: start, end: span.end)
      let low = first < last ? min(span.start, pieces[first].lowerBound) : span.start
      let high = first < last ? max(span.end, pieces[last - 1].upperBound) : span.end
      pieces.replaceSubrange(first..<last, with: CollectionOfOne(low..<high))
      rows[span.line] = pieces
    }
    return free
  }
}
