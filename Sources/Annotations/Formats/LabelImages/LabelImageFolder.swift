import Foundation
import Timeline

/// The label images of one video: a folder of numbered files.
struct LabelImageFolder {
  /// One image with its number.
  struct Image {
    /// The last number in the file's name.
    var number: Int
    /// The path within the whole folder.
    var file: String
  }

  /// The folder within the whole one; empty for the whole one itself.
  var path: String
  /// The images by rising number.
  var images: [Image] = []
  /// Files that have no number, one that is too large, or that of another file.
  var unnumbered: [String] = []

  /// The folders in `folder` that hold files with one of these extensions, sorted by path.
  static func all(in folder: LabelFolder, extensions: Set<String>) -> [LabelImageFolder] {
    var places: [String: Int] = [:]
    var found: [LabelImageFolder] = []
    for file in folder.files(extensions: extensions) {
      let parts = file.split(separator: "/")
      let path = parts.dropLast().joined(separator: "/")
      let place = places[path, default: found.count]
      if place == found.count {
        places[path] = place
        found.append(LabelImageFolder(path: path))
      }
      if let number = number(of: parts.last ?? "") {
        found[place].images.append(Image(number: number, file: file))
      } else {
        found[place].unnumbered.append(file)
      }
    }
    for place in found.indices { found[place].sort() }
    return found.sorted { $0.path < $1.path }
  }

  private mutating func sort() {
    images.sort { ($0.number, $0.file) < ($1.number, $1.file) }
    var kept: [Image] = []
    for image in images {
      if image.number == kept.last?.number {
        unnumbered.append(image.file)
      } else {
        kept.append(image)
      }
    }
    images = kept
  }

  /// The last number in a file's name; nil where there is none or it is no frame number.
  static func number(of name: Substring) -> Int? {
    let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name
    guard let last = stem.lastIndex(where: { $0.isASCII && $0.isNumber }) else { return nil }
    let digits = stem[...last].reversed().prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(String(digits.reversed())), number <= LabelFormats.maximumFrame else {
      return nil
    }
    return number
  }

  /// The last part of ``path``, or of the whole folder's; nil where it names a kind of folder.
  func name(in folder: LabelFolder) -> String? {
    let parts = (folder.path + "/" + path).split(separator: "/")
    guard let last = parts.last.map(String.init) else { return nil }
    let kinds: Set<String> = [
      "annotations", "gt", "instances", "labels", "masks", "pred", "predictions",
      "segmentationmask", "segmentation", "tra", ".", "..",
    ]
    return kinds.contains(last.lowercased()) ? nil : last
  }

  /// The frames that the images stand for, `base` being the number of the first frame.
  func annotated(base: Int) -> AnnotatedFrames {
    let frames = images.map { $0.number - base }
    guard let first = frames.first, let last = frames.last else { return .only([]) }
    let step = frames.count > 1 ? frames[1] - first : 1
    let isEven = zip(frames, frames.dropFirst()).allSatisfy { $1 - $0 == step }
    return isEven ? .every(step: step, in: FrameRange(first, last + 1)) : .only(Set(frames))
  }
}

/// Reads label images one by one, so that one is in memory at a time, and keeps their masks.
struct LabelImageReader {
  /// What was read and what could not be.
  var report = ReadReport()
  /// The instances by value.
  private(set) var instances: [UInt16: [Instance]] = [:]

  private let folder: LabelFolder
  private let decoder: any LabelImages
  private let origin: Origin
  private var sizes: [(width: Int, height: Int, file: String)] = []
  private var failure: LabelError?

  /// Prepares reading from `folder`.
  ///
  /// - Throws: A ``LabelError`` where the caller brought no decoder.
  init(_ folder: LabelFolder, _ options: ReadOptions) throws(LabelError) {
    guard let decoder = options.images else {
      throw LabelError(
        .incomplete, path: folder.path, "these labels are images, and nothing here decodes them")
    }
    self.folder = folder
    self.decoder = decoder
    origin = options.origin
  }

  /// Reads the images of one video and forgets those of the one before.
  ///
  /// - Parameters:
  ///   - video: The images.
  ///   - base: The number of the first frame.
  ///   - flaw: Says what is wrong with a picture of another kind, as part of a sentence.
  /// - Throws: A ``LabelError`` where not one image can be used.
  mutating func read(
    _ video: LabelImageFolder, base: Int, flaw: (LabelImage) -> String?
  ) throws(LabelError) {
    instances = [:]
    sizes = []
    failure = nil
    for file in video.unnumbered {
      report.rowCount += 1
      report.addBadRow(line: 0, "\(file) has no frame number of its own in its name")
    }
    for image in video.images {
      do throws(LabelError) {
        try read(image, frame: image.number - base, flaw)
      } catch {
        report.rowCount += 1
        report.addBadRow(line: 0, "\(image.file): \(error.reason)")
        failure = failure ?? error
      }
    }
    if sizes.isEmpty, let failure { throw failure }
    noteSizes()
  }

  private mutating func read(
    _ image: LabelImageFolder.Image, frame: FrameIndex, _ flaw: (LabelImage) -> String?
  ) throws(LabelError) {
    guard frame >= 0 else {
      throw LabelError(
        .wrongFormat, path: image.file, "the number is lower than that of the first frame")
    }
    let picture = try decoder.decode(path: folder.path(of: image.file))
    if let flaw = flaw(picture) { throw LabelError(.wrongFormat, path: image.file, flaw) }
    sizes.append((picture.width, picture.height, image.file))
    for (value, mask) in picture.masks {
      report.rowCount += 1
      instances[value, default: []].append(
        Instance(frame: frame, shape: .mask(mask), origin: origin))
    }
  }

  /// The size of most images read last; nil where none could be read.
  var size: (width: Int, height: Int)? {
    guard let common = sizes.lazy.map({ [$0.width, $0.height] }).mostFrequent else { return nil }
    return (common[0], common[1])
  }

  private mutating func noteSizes() {
    guard let size else { return }
    let others = sizes.filter { $0.width != size.width || $0.height != size.height }
    guard let first = others.first else { return }
    report.addNote(
      "\(others.count) of \(sizes.count) label images are not \(size.width)x\(size.height) as the"
        + " others; the first is \(first.file) with \(first.width)x\(first.height)")
  }
}
