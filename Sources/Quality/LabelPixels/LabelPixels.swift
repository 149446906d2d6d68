public import Annotations
import CLuma
import Timeline
import VideoIO

/// Asks the pictures of a video whether labels are shifted in time, while the video is read once.
///
/// Create it with the labels of all sources before the first frame, lend it the working picture of
/// every frame in order, and take the ``evidence()`` after the last. A reading that begins anew takes
/// a new one.
///
/// Two things are kept of the pixels: seven working pictures, and per label the few numbers that the
/// estimators need. What is new in a picture is told without a background model: it differs from
/// the picture 3 frames earlier and from the one 3 frames later. A median or a running background
/// was no better on people, and worse on animals that rest.
///
/// Of a source with more than 20,000 labels an even choice of stretches of tracks is asked for, so
/// that the cost of a frame has a limit. Frames far from any label cost nothing.
public struct LabelPixels: Sendable {
  /// The distance in frames between the pictures that are compared to find what moves.
  private static let lag = 3
  private static let kept = 2 * lag + 1
  /// Frames around a stretch in which its pictures are needed.
  private static let margin = LabelStretch.reach + lag + 1
  /// Changes below this level, or below the noise of the picture, are no motion.
  private static let smallestChange = 3.0

  // Stretches of all sources by their first frame.
  private var stretches: [LabelStretch] = []
  private var sourceOf: [Int] = []
  private let sourceCount: Int
  private let size: SIMD2<Float>

  private var frame = 0
  // stretches[..<started] have begun; `running` are the places of those that have not ended.
  private var started = 0
  private var running: [Int] = []

  private var pictures: [[UInt8]] = []
  // The number of pictures in a row that were kept, up to the last frame.
  private var run = 0
  private var table = PictureSums()

  /// Prepares a reading of a video whose frames are `width` by `height` pixels to the labels.
  public init(_ sources: [VideoAnnotations], width: Int, height: Int) {
    size = SIMD2(Float(max(1, width)), Float(max(1, height)))
    sourceCount = sources.count
    var all: [(stretch: LabelStretch, source: Int)] = []
    for (source, annotations) in sources.enumerated() {
      all += LabelStretch.stretches(of: annotations).map { ($0, source) }
    }
    let order = all.indices.sorted {
      (all[$0].stretch.frames.start, $0) < (all[$1].stretch.frames.start, $1)
    }
    stretches = order.map { all[$0].stretch }
    sourceOf = order.map { all[$0].source }
  }

  /// Looks at the next frame, in presentation order.
  public mutating func measure(_ pass: borrowing FramePass) {
    let (width, height) = (pass.workingWidth, pass.workingHeight)
    pass.withWorkingLuma { luma in
      unsafe luma.withUnsafePixels { pixels in
        let picture = unsafe UnsafeBufferPointer(start: pixels, count: width * height)
        unsafe measure(picture.span, width: width, height: height)
      }
    }
  }

  /// Looks at the next frame, in presentation order.
  ///
  /// `picture` holds `width * height` levels, row by row: the whole frame, scaled as one likes, but
  /// alike for all frames. Frames of another size than the one before begin anew.
  public mutating func measure(_ picture: Span<UInt8>, width: Int, height: Int) {
    precondition(picture.count == width * height && width > 0 && height > 0, "One byte a pixel.")
    defer { frame += 1 }
    select()
    guard !running.isEmpty else {
      run = 0
      return
    }
    if width != table.width || height != table.height {
      table.resize(width: width, height: height, of: size)
      pictures = Array(
        repeating: Array(repeating: 0, count: width * height), count: Self.kept)
      run = 0
    }
    unsafe pictures[frame % Self.kept].withUnsafeMutableBufferPointer { copy in
      unsafe picture.withUnsafeBufferPointer { picture in
        _ = unsafe copy.update(fromContentsOf: picture)
      }
    }
    run += 1
    if run >= 2 { addChanges() }
    if run >= Self.kept { addContrasts() }
  }

  /// What the pictures say about each source, in the order of the sources.
  public func evidence() -> [OffsetEvidence] {
    (0..<sourceCount).map { source in
      OffsetEvidence(stretches.indices.lazy.filter { sourceOf[$0] == source }.map { stretches[$0] })
    }
  }

  /// Finds the stretches that need this frame.
  private mutating func select() {
    while started < stretches.count,
      stretches[started].frames.start - Self.margin <= frame
    {
      running.append(started)
      started += 1
    }
    running.removeAll { stretches[$0].frames.end + Self.margin <= frame }
  }

  private func place(_ frame: Int) -> Int { frame % Self.kept }

  private mutating func addChanges() {
    let before = frame - 1
    guard running.contains(where: { stretches[$0].frames.contains(before) }) else { return }
    let (a, b) = (place(before), place(frame))
    let (width, height) = (table.width, table.height)
    // 1.4826 times the median is the deviation of noise; three of them are seldom noise.
    let median = unsafe cluma_median_change(pictures[a], pictures[b], width, height)
    let floor = max(Self.smallestChange, (3 * 1.4826 * Double(median)).rounded())
    unsafe cluma_change_sums(
      pictures[a], pictures[b], width, height, UInt8(min(255, floor)), &table.sums)
    for place in running { stretches[place].addChange(table, at: before) }
  }

  private mutating func addContrasts() {
    let middle = frame - Self.lag
    unsafe cluma_two_sided_sums(
      pictures[place(middle - Self.lag)], pictures[place(middle)], pictures[place(frame)],
      table.width, table.height, &table.sums)
    for place in running { stretches[place].addContrasts(table, at: middle) }
  }
}
