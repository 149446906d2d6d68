import Annotations

/// A MOT Challenge sequence: one folder with the images, labels and detections of a video.
///
/// ```
/// SEQ/seqinfo.ini    name, imDir, frameRate, seqLength
/// SEQ/img1/          numbered images
/// SEQ/gt/gt.txt      labels
/// SEQ/det/det.txt    detections
/// ```
///
/// Every part may be missing as long as the folder has `seqinfo.ini` or the images of `img1`.
struct SequenceFolder {
  /// The folder itself.
  let path: String
  /// The folder of the images; nil where only labels are there.
  let images: String?
  /// The label file; nil where there is none.
  let labels: String?
  /// The detection file; nil where there is none.
  let detections: String?
  /// Frames per second; nil where `seqinfo.ini` does not say.
  let frameRate: Double?
  /// The number of frames; nil where `seqinfo.ini` does not say.
  let frameCount: Int?

  /// Looks at a folder; nil where it is no such sequence.
  init?(path: String) {
    guard isFolder(path) else { return nil }
    let info = SequenceInfo(path: joined(path, "seqinfo.ini"))
    let imageFolder = joined(path, info?.imageFolder ?? "img1")
    let hasImages = isFolder(imageFolder)
    guard info != nil || hasImages else { return nil }
    func file(_ name: String) -> String? {
      let file = joined(path, name)
      return fileExists(file) && !isFolder(file) ? file : nil
    }
    self.path = path
    images = hasImages ? imageFolder : nil
    labels = file("gt/gt.txt") ?? file("gt.txt")
    detections = file("det/det.txt") ?? file("det.txt")
    frameRate = info?.frameRate
    frameCount = info?.frameCount
  }
}
