import Foundation
import Timeline

/// The images of a COCO file, and how they are put in order as frames of videos.
///
/// COCO knows images, not frames. The number of a frame is, in this order, `frame_index`;
/// `frame_id`, which may count just the listed images; the number at the end of the file name; the
/// place in the list of images.
struct COCOImages {
  /// One image.
  struct Image {
    /// The place of its video in the order of first appearance; -1 where it names none.
    var video: Int32 = -1
    /// `frame_index`; -1 where there is none.
    var index: Int32 = -1
    /// `frame_id`, and in a list of results the id of the image; -1 where there is none.
    var frameID: Int32 = -1
    /// The number at the end of the file name; -1 where there is none.
    var fileNumber: Int32 = -1
    /// The place of the folder of the file name.
    var folder: Int32 = -1
    /// The place of what comes before the number in the file name.
    var prefix: Int32 = -1
    var width: Int32 = 0
    var height: Int32 = 0
    /// `nframes`, the frames of the video as PoseTrack states them; 0 where it is not stated.
    var videoLength: Int32 = 0
    /// `is_labeled` as PoseTrack has it; nil where it is not stated.
    var isLabelled: Bool?
    /// The place in the list of images; -1 for one that only annotations speak of.
    var place: Int32 = -1
    /// The place of its video in the result, and its frame there.
    var group: Int32 = -1
    var frame: Int32 = 0
  }

  /// One video of the file.
  struct Video {
    var name: String?
    var width: Int?
    var height: Int?
    var frameRate: Double?
    var frameCount: Int?
    /// Classes of which the file says that none is in the video.
    var absentClasses: [SourceIdentity] = []
    /// Classes of which not every object is labelled.
    var partlyLabelledClasses: [SourceIdentity] = []
    /// Other labels of ranges, which Continuity adds.
    var ranges: [RangeLabel] = []
  }

  /// A part of an image that is not to be judged.
  struct IgnoredRegion {
    var image: Int32
    var ring: [Point]
    var line: Int32
  }

  /// The ids of the images; the place of one is its place in ``images``.
  private(set) var slots = IdentitySlots()
  private(set) var images: [Image] = []
  /// What PoseTrack's images say is not to be judged.
  private(set) var ignoredRegions: [IgnoredRegion] = []
  /// Whether annotations have the attributes that CVAT writes, whose file names count from 0.
  var areFromCVAT = false
  /// Whether file names count from 0 whatever they look like, as PoseTrack's do.
  var areFilesFromZero = false

  private var videoSlots = IdentitySlots()
  private var videos: [Int32: Video] = [:]
  private var texts = IdentitySlots()
  private var names: [Int32: String] = [:]
  private var listed = 0
  // The video of every group as the file lists it; -1 for a group that is a folder.
  private var groupVideos: [Int32] = []

  /// The place of the image with the id `identity`.
  mutating func slot(of identity: SourceIdentity) -> Int32 {
    let slot = slots.slot(of: identity)
    while images.count <= Int(slot) { images.append(Image()) }
    return slot
  }

  /// The place of the video with the id `identity`; -1 for no id.
  mutating func videoSlot(of identity: SourceIdentity) -> Int32 {
    identity == .none ? -1 : videoSlots.slot(of: identity)
  }

  /// The place of the video that a group is; -1 for a group that is a folder.
  func video(ofGroup group: Int32) -> Int32 { groupVideos[Int(group)] }

  // MARK: Reading

  /// Reads one entry of `images`; returns what is wrong with it.
  mutating func readImage(_ json: inout JSONReader) throws(LabelError) -> String? {
    guard try json.beginObject() else { return "the image is no object" }
    var image = Image()
    var (id, video) = (SourceIdentity.none, SourceIdentity.none)
    var name: String?
    var regions: (x: [[Double]], y: [[Double]]) = ([], [])
    let line = Int32(clamping: json.line)
    while let key = try json.nextKey() {
      switch key {
      case "id": id = try json.identity()
      case "video_id": video = try json.identity()
      case "vid_id":
        let identity = try json.identity()
        if video == .none { video = identity }
      case "frame_index": image.index = Self.frameNumber(try json.number())
      case "frame_id":
        let number = Self.frameNumber(try json.number())
        // PoseTrack numbers its images over all videos.
        if !areFilesFromZero { image.frameID = number }
      case "file_name": name = try json.string()
      case "nframes": image.videoLength = Int32(clamping: Self.frameCount(try json.number()) ?? 0)
      case "is_labeled": image.isLabelled = try json.boolean()
      case "ignore_regions_x": regions.x = try Self.lists(&json)
      case "ignore_regions_y": regions.y = try Self.lists(&json)
      case "width": image.width = Int32(clamping: Self.size(try json.number()) ?? 0)
      case "height": image.height = Int32(clamping: Self.size(try json.number()) ?? 0)
      default: try json.skip()
      }
    }
    if case .none = id { return "the image has no usable id" }
    image.video = videoSlot(of: video)
    if let name { image = named(name, image) }
    let slot = Int(slot(of: id))
    guard images[slot].place < 0 else { return "an image before has the same id" }
    image.place = Int32(clamping: listed)
    listed += 1
    images[slot] = image
    names[Int32(clamping: slot)] = name
    guard regions.x.count == regions.y.count else {
      return "the regions to ignore have x and y in different numbers"
    }
    for (x, y) in zip(regions.x, regions.y) where x.count == y.count && x.count > 2 {
      let ring = zip(x, y).map { Point($0, $1) }
      ignoredRegions.append(
        IgnoredRegion(image: Int32(clamping: slot), ring: ring, line: line))
    }
    return nil
  }

  private static func lists(_ json: inout JSONReader) throws(LabelError) -> [[Double]] {
    var lists: [[Double]] = []
    guard try json.beginArray() else { return [] }
    while try json.nextElement() {
      var list: [Double] = []
      if try json.beginArray() {
        while try json.nextElement() {
          if let number = try json.number(), abs(number) <= 1e9 { list.append(number) }
        }
      }
      lists.append(list)
    }
    return lists
  }

  /// Reads one entry of `videos`; returns what is wrong with it.
  mutating func readVideo(_ json: inout JSONReader) throws(LabelError) -> String? {
    guard try json.beginObject() else { return "the video is no object" }
    var video = Video()
    var id = SourceIdentity.none
    while let key = try json.nextKey() {
      switch key {
      case "id": id = try json.identity()
      case "name", "file_name": video.name = try json.string() ?? video.name
      case "width": video.width = Self.size(try json.number())
      case "height": video.height = Self.size(try json.number())
      case "length", "num_frames": video.frameCount = Self.frameCount(try json.number())
      case "fps":
        let rate = try json.number()
        if let rate, rate > 0, rate <= 10_000 { video.frameRate = rate }
      case "neg_category_ids": video.absentClasses = try json.identities()
      case "not_exhaustive_category_ids": video.partlyLabelledClasses = try json.identities()
      case LabelRangeText.key: video.ranges = try LabelRangeText.read(&json)
      default: try json.skip()
      }
    }
    if case .none = id { return "the video has no usable id" }
    videos[videoSlots.slot(of: id)] = video
    return nil
  }

  /// Makes images out of the ids in a bare list of results.
  mutating func listIdentities() {
    for (slot, identity) in slots.identities.enumerated() {
      images[slot].place = Int32(clamping: slot)
      switch identity {
      case .number(let number): images[slot].frameID = Self.frameNumber(Double(number))
      case .text(let text): images[slot] = named(text, images[slot])
      case .none: break
      }
    }
  }

  static func size(_ value: Double?) -> Int? {
    guard let value, value >= 1, value <= 1e9 else { return nil }
    return Int(value)
  }

  /// A number of frames that a video can have; nil for anything else.
  static func frameCount(_ value: Double?) -> Int? {
    size(value).flatMap { $0 <= LabelFormats.maximumFrame + 1 ? $0 : nil }
  }

  static func frameNumber(_ value: Double?) -> Int32 {
    guard let value, value >= 0, value <= Double(LabelFormats.maximumFrame),
      value == value.rounded()
    else { return -1 }
    return Int32(value)
  }

  private mutating func named(_ name: String, _ image: Image) -> Image {
    let file = ImageFileName(name)
    var image = image
    image.folder = texts.slot(of: .text(file.folder))
    image.prefix = texts.slot(of: .text("p" + file.prefix))
    image.fileNumber = file.number.map { Int32(clamping: $0) } ?? -1
    return image
  }
}

// MARK: - Putting in order

extension COCOImages {
  /// Groups the images into videos and gives each its frame.
  ///
  /// - Parameters:
  ///   - options: The number of the first frame, where a person says it, and the videos.
  ///   - areResults: Whether the images are known from a bare list of results only.
  ///   - notes: Gets a sentence on how frames were numbered.
  /// - Returns: The videos, still without tracks, in the order of their first images.
  mutating func arrange(
    _ options: ReadOptions, areResults: Bool, notes: inout [String]
  ) -> [VideoAnnotations] {
    let order = images.indices.filter { images[$0].place >= 0 }
      .sorted { images[$0].place < images[$1].place }
    var result: [VideoAnnotations] = []
    for members in groups(order) {
      let name = groupName(members)
      for part in parts(members) {
        let partName = part.count == members.count ? name : prefixedName(name, part)
        result.append(
          video(part, name: partName, options, areResults: areResults, &notes))
        groupVideos.append(images[part[0]].video)
        for slot in part { images[slot].group = Int32(clamping: result.count - 1) }
      }
    }
    return result
  }

  // By the video an image names, else by its folder.
  private func groups(_ order: [Int]) -> [[Int]] {
    var places: [Int64: Int] = [:]
    var groups: [[Int]] = []
    for slot in order {
      let image = images[slot]
      let key =
        image.video >= 0 ? Int64(image.video) : Int64(image.folder) + Int64(Int32.max) + 2
      if let place = places[key] {
        groups[place].append(slot)
      } else {
        places[key] = groups.count
        groups.append([slot])
      }
    }
    return groups
  }

  // One folder may hold frames of several videos, told apart by what stands before the number.
  private func parts(_ members: [Int]) -> [[Int]] {
    guard images[members[0]].video < 0, !areDistinct(members, \.index),
      !areDistinct(members, \.frameID), !areDistinct(members, \.fileNumber),
      members.allSatisfy({ images[$0].fileNumber >= 0 })
    else { return [members] }
    var places: [Int32: Int] = [:]
    var parts: [[Int]] = []
    for slot in members {
      if let place = places[images[slot].prefix] {
        parts[place].append(slot)
      } else {
        places[images[slot].prefix] = parts.count
        parts.append([slot])
      }
    }
    return parts
  }

  private func groupName(_ members: [Int]) -> String? {
    let first = images[members[0]]
    if first.video >= 0, let name = videos[first.video]?.name { return name }
    let folder = first.folder >= 0 ? texts.identities[Int(first.folder)].spelling : nil
    return folder.flatMap(ImageFileName.videoName)
      ?? (first.video >= 0 ? videoSlots.identities[Int(first.video)].spelling : nil)
  }

  private func prefixedName(_ name: String?, _ members: [Int]) -> String? {
    let place = images[members[0]].prefix
    guard place >= 0, let text = texts.identities[Int(place)].spelling else { return name }
    var prefix = text.dropFirst()
    while let last = prefix.last, "_-. ".contains(last) { prefix.removeLast() }
    if prefix.isEmpty { return name }
    return (name.map { $0 + "/" } ?? "") + prefix
  }

  private func areDistinct(_ members: [Int], _ number: KeyPath<Image, Int32>) -> Bool {
    var seen: Set<Int32> = []
    return members.allSatisfy {
      images[$0][keyPath: number] >= 0 && seen.insert(images[$0][keyPath: number]).inserted
    }
  }

  private mutating func video(
    _ members: [Int], name: String?, _ options: ReadOptions, areResults: Bool,
    _ notes: inout [String]
  ) -> VideoAnnotations {
    let known = images[members[0]].video >= 0 ? videos[images[members[0]].video] : nil
    let hint = options.video(named: name)
    let chosen = numbers(members, hint, areResults: areResults)
    let first = LabelFormats.safeBase(options.base) ?? chosen.base
    notes.append("frames are numbered by \(chosen.source), counting from \(first)")
    if let note = disagreement(members, chosen.numbers, chosen.source) { notes.append(note) }
    var video = VideoAnnotations(name: name, base: first)
    var frames: [FrameIndex] = []
    for (slot, number) in zip(members, chosen.numbers) {
      let frame = Int(number) - first
      images[slot].frame = Int32(clamping: frame)
      guard frame >= 0 else { continue }
      if images[slot].isLabelled != false { frames.append(frame) }
      video.imageNames[frame] = names[Int32(clamping: slot)]
    }
    let sized = members.first { images[$0].width > 0 && images[$0].height > 0 }
    video.width = known?.width ?? sized.map { Int(images[$0].width) }
    video.height = known?.height ?? sized.map { Int(images[$0].height) }
    video.frameRate = known?.frameRate
    let length = members.map { images[$0].videoLength }.max() ?? 0
    video.frameCount = known?.frameCount ?? (length > 0 ? Int(length) : nil)
    let areAll = video.frameCount == frames.count && Set(frames) == Set(frames.indices)
    video.annotated = areResults || areAll ? .all : AnnotatedFrames(frames)
    return video
  }

  private func numbers(
    _ members: [Int], _ hint: VideoHint?, areResults: Bool
  ) -> (numbers: [Int32], base: Int, source: String) {
    for (number, source) in [(\Image.index, "frame_index"), (\Image.frameID, "frame_id")]
    where areDistinct(members, number) && !countsListedImages(members, number, hint) {
      let numbers = members.map { images[$0][keyPath: number] }
      if !areResults { return (numbers, 0, source) }
      return (numbers, numbers.contains(0) ? 0 : 1, "image_id")
    }
    if areDistinct(members, \.fileNumber) {
      let numbers = members.map { images[$0].fileNumber }
      let countsFromZero =
        numbers.contains(0) || areFilesFromZero
        || areFromCVAT && members.allSatisfy(isCVATName)
      return (numbers, countsFromZero ? 0 : 1, "the number at the end of the file name")
    }
    return (members.indices.map { Int32(clamping: $0) }, 0, "the order of the images")
  }

  // CVAT calls the frames of a video frame_000000, frame_000001 and so on.
  private func isCVATName(_ slot: Int) -> Bool {
    let prefix = images[slot].prefix
    return prefix >= 0 && texts.identities[Int(prefix)] == .text("pframe_")
  }

  // TAO's file names count from 1 and its frame_index from 0: one distance, no disagreement.
  private func disagreement(
    _ members: [Int], _ numbers: [Int32], _ source: String
  ) -> String? {
    guard source.hasPrefix("frame_"), areDistinct(members, \.fileNumber) else { return nil }
    let distances = zip(members, numbers).map { images[$0].fileNumber - $1 }
    guard let usual = distances.mostFrequent else { return nil }
    let odd = distances.count { $0 != usual }
    return odd == 0
      ? nil
      : "\(source) and the numbers of the file names do not run alike in \(odd) images;"
        + " \(source) was taken"
  }

  // mmtracking's frame_id counts the images that are listed, be it every fifth one of the video.
  // Only the video itself tells: it has as many frames as the numbers of the files need.
  private func countsListedImages(
    _ members: [Int], _ number: KeyPath<Image, Int32>, _ hint: VideoHint?
  ) -> Bool {
    guard let count = hint?.frameCount, areDistinct(members, \.fileNumber) else { return false }
    let numbers = members.map { Int(images[$0][keyPath: number]) }
    let files = members.map { Int(images[$0].fileNumber) }
    guard let last = numbers.max(), let lastFile = files.max() else { return false }
    return last == members.count - 1 && lastFile > last + 1 && lastFile <= count
      && count > members.count
  }

  /// The video of a group as the file lists it; nil for a group that is a folder.
  func listedVideo(ofGroup group: Int) -> Video? { videos[groupVideos[group]] }
}

extension AnnotatedFrames {
  /// Exactly the given frames, as a step and a range where they lie evenly.
  init(_ frames: [FrameIndex]) {
    let sorted = Set(frames).sorted()
    guard let low = sorted.first, let high = sorted.last else {
      self = .only([])
      return
    }
    let step = sorted.count > 1 ? sorted[1] - sorted[0] : 1
    let areEven = zip(sorted.dropFirst(), sorted).allSatisfy { $0 - $1 == step }
    self =
      areEven ? .every(step: step, in: FrameRange(low, high + 1)) : .only(Set(sorted))
  }
}
