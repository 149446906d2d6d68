internal import CFFmpeg
import Timeline

/// The few facts about the linked FFmpeg libraries that belong to no handle.
enum FFmpeg {
  /// Silences libavformat and libavcodec once a process; what they would say is counted instead.
  ///
  /// The callback is in C and only raises the flag of a ``Decoder``: one into Swift from decoder
  /// threads contends and can deadlock.
  static let quiet: Void = cffmpeg_listen()

  /// Returns FFmpeg's own words for `code`, without a full stop.
  static func message(_ code: Int32) -> String {
    var text = [CChar](repeating: 0, count: Int(AV_ERROR_MAX_STRING_SIZE))
    _ = unsafe av_strerror(code, &text, text.count)
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Creates the error of a failed allocation.
  static func outOfMemory(_ path: String) -> VideoError {
    VideoError(
      .outOfMemory, path: path,
      reason: "FFmpeg could not get memory; close other programs or use fewer threads",
      ffmpegCode: cffmpeg_out_of_memory)
  }

  /// Returns a time base, or nil where `fraction` is none.
  static func timeBase(_ fraction: AVRational) -> TimeBase? {
    guard fraction.num > 0, fraction.den > 0 else { return nil }
    return TimeBase(fraction.num, fraction.den)
  }

  /// Returns `fraction` as a rate, or nil where it is none.
  static func rate(_ fraction: AVRational) -> Double? {
    guard fraction.num > 0, fraction.den > 0 else { return nil }
    return Double(fraction.num) / Double(fraction.den)
  }

  /// Returns the tick, or nil where FFmpeg's value stands for none.
  ///
  /// Ticks are kept within a quarter of the range of `Int64`, so that differences cannot overflow.
  static func tick(_ value: Int64) -> Int64? {
    guard value != cffmpeg_no_pts else { return nil }
    return min(max(value, -(1 << 61)), 1 << 61)
  }
}
