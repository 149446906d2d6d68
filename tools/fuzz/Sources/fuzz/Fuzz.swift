import Annotations
import Foundation
import Scan

/// The formats of one family, named by the environment: `FUZZ_FORMATS=mot,kitti`.
private let formats: [any LabelFormat.Type] = {
  let names = ProcessInfo.processInfo.environment["FUZZ_FORMATS"] ?? ""
  let chosen = names.split(separator: ",").compactMap { LabelFormats.named(String($0)) }
  precondition(!chosen.isEmpty, "FUZZ_FORMATS names no format")
  return chosen
}()

private let file = FileManager.default.temporaryDirectory
  .appendingPathComponent("fuzz-\(ProcessInfo.processInfo.processIdentifier)").path

private let options = ReadOptions(
  videos: [VideoHint(name: "clip.mp4", width: 640, height: 480, frameCount: 100, frameRate: 25)])

/// What libFuzzer calls: the first byte chooses the format, the rest is the file.
///
/// Reading may refuse the file; it must not crash, hang or fill the memory. What was read is
/// reduced to every other format of the family, which walks over all of it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 1 else { return 0 }
  let format = formats[Int(start[0]) % formats.count]
  guard let handle = fopen(file, "wb") else { return 0 }
  fwrite(start + 1, 1, count - 1, handle)
  fclose(handle)
  _ = format.matches(head: Data(bytes: start + 1, count: min(count - 1, 65_536)), path: file)
  guard let dataset = try? format.read(path: file, options: options) else { return 0 }
  for case let other as any WritableFormat.Type in formats {
    _ = dataset.reduced(to: other.capabilities)
  }
  return 0
}
