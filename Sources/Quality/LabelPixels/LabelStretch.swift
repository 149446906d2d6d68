import Annotations
import Timeline

/// The labels of one track over a stretch of frames, and what the pixels showed at them.
struct LabelStretch: Sendable {
  /// The farthest shift that is tried, in frames, either way.
  static let reach = 6
  /// The number of shifts.
  static let shifts = 2 * reach + 1
  /// A track is cut where it has no label for more frames than this.
  private static let longestGap = 50
  /// A stretch of fewer labels says nothing about changes of speed.
  private static let fewestLabels = 20
  /// How far an object moves in a frame to tell one frame from the next, in object sizes.
  private static let slowest: Float = 0.02
  /// The frames before and after a label over which it must move so.
  private static let span = 3
  /// No more labels of a source than this are asked for; of more, an even choice of stretches is.
  static let mostLabels = 20_000
  /// The length of the stretches to choose from, in frames.
  private static let choiceLength = 200

  /// The frames, from the first label to the last.
  let frames: FrameRange
  /// The box in every frame as left, top, right, bottom in pixels; NaN where there is no label.
  private(set) var boxes: [SIMD4<Float>]
  /// The number of labels.
  let labelCount: Int
  /// How far the centre moves to the next frame, in object sizes; NaN where that is unknown.
  let speeds: [Float]
  /// The place of a moving label in ``contrasts``; -1 for the others.
  private let places: [Int32]
  /// For every moving label, how much more the pictures changed inside it than around it, by shift.
  ///
  /// NaN where no picture was compared.
  private(set) var contrasts: [Float]
  /// How much the picture changes to the next frame around a label, per pixel of the label.
  private(set) var changes: [Float]

  private init(_ labels: ArraySlice<(frame: FrameIndex, box: SIMD4<Float>)>) {
    let (first, last) = (labels[labels.startIndex].frame, labels[labels.endIndex - 1].frame)
    frames = FrameRange(first, last + 1)
    labelCount = labels.count
    let none = SIMD4<Float>(repeating: .nan)
    var boxes = Array(repeating: none, count: frames.count)
    for label in labels { boxes[label.frame - first] = label.box }
    let all = boxes
    func travel(_ a: Int, _ b: Int) -> Float {
      guard all.indices.contains(a), all.indices.contains(b) else { return .nan }
      let step = (all[b].lowHalf + all[b].highHalf - all[a].lowHalf - all[a].highHalf) / 2
      return (step.x * step.x + step.y * step.y).squareRoot()
    }
    speeds = all.indices.map { travel($0, $0 + 1) / Self.size(all[$0]) }
    let farEnough = Self.slowest * Float(2 * Self.span)
    var count: Int32 = 0
    places = all.indices.map { place in
      let moved = travel(place - Self.span, place + Self.span) / Self.size(all[place])
      guard moved > farEnough else { return -1 }
      count += 1
      return count - 1
    }
    self.boxes = boxes
    contrasts = Array(repeating: .nan, count: Int(count) * Self.shifts)
    changes = Array(repeating: .nan, count: frames.count)
  }

  private static func size(_ box: SIMD4<Float>) -> Float {
    ((box.z - box.x) * (box.w - box.y)).squareRoot()
  }

  /// Picks the stretches of a source to ask for.
  ///
  /// Where all tracks together have more than ``mostLabels`` labels, tracks are cut and every k-th
  /// stretch in the order of time is taken, so that the whole video keeps its say.
  static func stretches(of annotations: VideoAnnotations) -> [LabelStretch] {
    var runs: [[(frame: FrameIndex, box: SIMD4<Float>)]] = []
    var count = 0
    for track in annotations.tracks where track.isTracked && !track.isIgnored {
      for run in Self.runs(of: track) {
        runs.append(run)
        count += run.count
      }
    }
    guard count > mostLabels else { return runs.map { LabelStretch($0[...]) } }
    var pieces: [ArraySlice<(frame: FrameIndex, box: SIMD4<Float>)>] = []
    for run in runs {
      for start in stride(from: 0, to: run.count, by: choiceLength) {
        let piece = run[start..<min(start + choiceLength, run.count)]
        if piece.count >= fewestLabels { pieces.append(piece) }
      }
    }
    let order = pieces.indices.sorted {
      (pieces[$0][pieces[$0].startIndex].frame, $0) < (pieces[$1][pieces[$1].startIndex].frame, $1)
    }
    let step = (count + mostLabels - 1) / mostLabels
    return stride(from: 0, to: order.count, by: step).map { LabelStretch(pieces[order[$0]]) }
  }

  private static func runs(of track: Track) -> [[(frame: FrameIndex, box: SIMD4<Float>)]] {
    var runs: [[(frame: FrameIndex, box: SIMD4<Float>)]] = []
    var run: [(frame: FrameIndex, box: SIMD4<Float>)] = []
    func close() {
      if run.count >= fewestLabels { runs.append(run) }
      run.removeAll(keepingCapacity: true)
    }
    for instance in track.instances {
      guard let box = instance.shape.bounds, box.isValid else { continue }
      if let last = run.last?.frame {
        if instance.frame == last { continue }
        if instance.frame - last > longestGap { close() }
      }
      run.append(
        (
          instance.frame,
          SIMD4(Float(box.left), Float(box.top), Float(box.right), Float(box.bottom))
        ))
    }
    close()
    return runs
  }

  /// Takes in how much pictures around `frame` differ from this one, for all shifts.
  mutating func addContrasts(_ table: PictureSums, at frame: FrameIndex) {
    let first = max(frame - Self.reach, frames.start)
    let last = min(frame + Self.reach, frames.end - 1)
    guard first <= last else { return }
    for label in first...last {
      let place = label - frames.start
      guard places[place] >= 0 else { continue }
      contrasts[Int(places[place]) * Self.shifts + label - frame + Self.reach] =
        table.contrast(of: boxes[place])
    }
  }

  /// Takes in how much the picture changes from `frame` to the next.
  ///
  /// The sum is over all places where the track is within reach: a box that is shifted in time
  /// would miss the object, and most where the object is fast.
  mutating func addChange(_ table: PictureSums, at frame: FrameIndex) {
    guard frames.contains(frame), !boxes[frame - frames.start].x.isNaN else { return }
    let place = frame - frames.start
    var region = boxes[place]
    for other in max(0, place - Self.reach)...min(boxes.count - 1, place + Self.reach) {
      let box = boxes[other]
      guard !box.x.isNaN else { continue }
      region.lowHalf = pointwiseMin(region.lowHalf, box.lowHalf)
      region.highHalf = pointwiseMax(region.highHalf, box.highHalf)
    }
    let box = boxes[place]
    changes[place] = table.sum(of: region) / ((box.z - box.x) * (box.w - box.y))
  }

  /// Calls `body` for every moving label that has all contrasts, with its place in ``frames``.
  func forEachContrast(_ body: (_ place: Int, _ contrasts: ArraySlice<Float>) -> Void) {
    for place in places.indices where places[place] >= 0 {
      let start = Int(places[place]) * Self.shifts
      let row = contrasts[start..<start + Self.shifts]
      if row.allSatisfy({ !$0.isNaN }) { body(place, row) }
    }
  }
}
