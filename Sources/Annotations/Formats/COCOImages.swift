import Foundation
import Timeline

/// The images of a COCO file, and how they are put in order as frames of videos.
///
/// COCO knows images, not frames. The number of a frame is, in this order, `frame_id` or
/// `frame_index`; the number at the end of the file name; the place in the list of images.
struct COCOImages {
  /// One image.
  struct Image {
    /// The place of its video in the order of first appearance; -1 where it names none.
    var video: Int32 = -1
    /// `frame_id` or `frame_index`; -1 where there is none.
    var index: Int32 = -1
    /// The number at the end of the file name; -1 where there is none.
    var fileNumber: Int32 = -1
    /// The place of the folder of the file name.
    var folder: Int32 = -1
    /// The place of what comes before the number in the file name.
    var prefix: Int32 = -1
    var width: Int32 = 0
    var height: Int32 = 0
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
  }

  /// The ids of the images; the place of one is its place in ``images``.
  private(set) var slots = IdentitySlots()
  private(set) var images: [Image] = []
  /// Whether annotations have the attributes that CVAT writes, whose file names count from 0.
  var areFromCVAT = false

  private var videoSlots = IdentitySlots()
  private var videos: [Int32: Video] = [:]
  private var texts = IdentitySlots()
  private var listed = 0

  /// The place of the image with the id `identity`.
  mutating func slot(of identity: SourceIdentity) -> Int32 {
    let slot = slots.slot(of: identity)
    while images.count <= Int(slot) { images.append(Image()) }
    return slot
  }

  // MARK: Reading

  /// Reads one entry of `images`; returns what is wrong with it.
  mutating func readImage(_ json: inout JSONReader) throws(LabelError) -> String? {
    guard try json.beginObject() else { return "the image is no object" }
    var image = Image()
    var (id, video) = (SourceIdentity.none, SourceIdentity.none)
    while let key = try json.nextKey() {
      switch key {
      case "id": id = try json.identity()
      case "video_id", "vid_id": video = try json.identity()
      case "frame_id", "frame_index": image.index = Self.frameNumber(try json.number())
      case "file_name": if let name = try json.string() { image = named(name, image) }
      case "width": image.width = Int32(clamping: Self.size(try json.number()) ?? 0)
      case "height": image.height = Int32(clamping: Self.size(try json.number()) ?? 0)
      default: try json.skip()
      }
    }
    if case .none = id { return "the image has no usable id" }
    if video != .none { image.video = videoSlots.slot(of: video) }
    let slot = Int(slot(of: id))
    guard images[slot].place < 0 else { return "an image before has the same id" }
    image.place = Int32(clamping: listed)
    listed += 1
    images[slot] = image
    return nil
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
      case "length", "num_frames": video.frameCount = Self.size(try json.number())
      case "fps":
        let rate = try json.number()
        if let rate, rate > 0, rate <= 10_000 { video.frameRate = rate }
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
      case .number(let number): images[slot].index = Self.frameNumber(Double(number))
      case .text(let text): images[slot] = named(text, images[slot])
      case .none: break
      }
    }
  }

  private static func size(_ value: Double?) -> Int? {
    guard let value, value >= 1, value <= 1e9 else { return nil }
    return Int(value)
  }

  private static func frameNumber(_ value: Double?) -> Int32 {
    guard let value, value >= 0, value <= Double(LabelFormats.maximumFrame),
      value == value.rounded()
    else { return -1 }
    return Int32(value)
  }

  private mutating func named(_ name: String, _ image: Image) -> Image {
    var image = image
    let path = name.utf8.split(whereSeparator: {
      $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\")
    })
    let folder = path.dropLast().map { String(Substring($0)) }.joined(separator: "/")
    image.folder = texts.slot(of: .text(folder))
    guard let file = path.last else { return image }
    let dot = file.lastIndex(of: UInt8(ascii: "."))
    let stem = dot.map { file[..<$0] } ?? file
    let digits = stem.reversed().prefix { $0 &- 48 <= 9 }.count
    let prefix = stem.dropLast(digits)
    image.prefix = texts.slot(of: .text("p" + String(Substring(prefix))))
    if digits > 0, let number = Double(String(Substring(stem.suffix(digits)))) {
      image.fileNumber = Self.frameNumber(number)
    }
    return image
  }
}

// MARK: - Putting in order

extension COCOImages {
  /// Groups the images into videos and gives each its frame.
  ///
  /// - Parameters:
  ///   - base: The number of the first frame, where a person says it.
  ///   - areResults: Whether the images are known from a bare list of results only.
  ///   - notes: Gets a sentence on how frames were numbered.
  /// - Returns: The videos, still without tracks, in the order of their first images.
  mutating func arrange(
    base: Int?, areResults: Bool, notes: inout [String]
  ) -> [VideoAnnotations] {
    let order = images.indices.filter { images[$0].place >= 0 }
      .sorted { images[$0].place < images[$1].place }
    var result: [VideoAnnotations] = []
    for members in groups(order) {
      let name = groupName(members)
      for part in parts(members) {
        let partName = part.count == members.count ? name : prefixedName(name, part)
        result.append(
          video(part, name: partName, base: base, areResults: areResults, &notes))
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
      !areDistinct(members, \.fileNumber), members.allSatisfy({ images[$0].fileNumber >= 0 })
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
    if first.video >= 0 {
      return videos[first.video]?.name ?? videoSlots.identities[Int(first.video)].spelling
    }
    guard first.folder >= 0, let folder = texts.identities[Int(first.folder)].spelling else {
      return nil
    }
    var parts = folder.split(separator: "/")
    while let last = parts.last, ["img1", "images", "frames", "JPEGImages"].contains(last) {
      parts.removeLast()
    }
    return parts.isEmpty ? nil : parts.joined(separator: "/")
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
    _ members: [Int], name: String?, base: Int?, areResults: Bool, _ notes: inout [String]
  ) -> VideoAnnotations {
    let chosen = numbers(members, areResults: areResults)
    let first = LabelFormats.safeBase(base) ?? chosen.base
    notes.append("frames are numbered by \(chosen.source), counting from \(first)")
    var video = VideoAnnotations(name: name, base: first)
    var frames: [FrameIndex] = []
    for (slot, number) in zip(members, chosen.numbers) {
      let frame = Int(number) - first
      images[slot].frame = Int32(clamping: frame)
      if frame >= 0 { frames.append(frame) }
    }
    let known = images[members[0]].video >= 0 ? videos[images[members[0]].video] : nil
    let sized = members.first { images[$0].width > 0 && images[$0].height > 0 }
    video.width = known?.width ?? sized.map { Int(images[$0].width) }
    video.height = known?.height ?? sized.map { Int(images[$0].height) }
    video.frameRate = known?.frameRate
    video.frameCount = known?.frameCount
    video.annotated = areResults ? .all : AnnotatedFrames(frames)
    return video
  }

  private func numbers(
    _ members: [Int], areResults: Bool
  ) -> (numbers: [Int32], base: Int, source: String) {
    if areDistinct(members, \.index) {
      let numbers = members.map { images[$0].index }
      if !areResults { return (numbers, 0, "frame_id") }
      return (numbers, numbers.contains(0) ? 0 : 1, "image_id")
    }
    if areDistinct(members, \.fileNumber) {
      let numbers = members.map { images[$0].fileNumber }
      let countsFromZero = numbers.contains(0) || areFromCVAT && members.allSatisfy(isCVATName)
      return (numbers, countsFromZero ? 0 : 1, "the number at the end of the file name")
    }
    return (members.indices.map { Int32(clamping: $0) }, 0, "the order of the images")
  }

  // CVAT calls the frames of a video frame_000000, frame_000001 and so on.
  private func isCVATName(_ slot: Int) -> Bool {
    let prefix = images[slot].prefix
    return prefix >= 0 && texts.identities[Int(prefix)] == .text("pframe_")
  }
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
