import Foundation
import Testing

/// Clips that the ffmpeg program makes in a moment, one run for all clips of a family.
struct ClipFamily: CustomTestStringConvertible, Sendable {
  let name: String
  /// What makes the clips: encoder arguments by file name; `{}` names the folder.
  let clips: [(name: String, arguments: String)]
  /// Makes further clips from those, by copying and by changing bytes.
  var derive: (@Sendable (ScratchFolder) throws -> [String])?

  var testDescription: String { name }

  /// Makes the clips and returns their names.
  func make(in folder: ScratchFolder) throws -> [String] {
    var arguments = ["-v", "error", "-y"]
    // Pictures that move, with text that counts: 160x120, 1.7 s at three rates.
    for rate in ["25", "24000/1001", "30000/1001"] {
      arguments += ["-f", "lavfi", "-i", "testsrc2=size=160x120:duration=1.7:rate=\(rate)"]
    }
    for clip in clips {
      let options = clip.arguments.split(separator: " ").map(String.init)
      if !options.contains("-map") { arguments += ["-map", "0"] }
      if !options.contains("-frames:v") { arguments += ["-frames:v", "40"] }
      arguments += options + [folder.url.appending(path: clip.name).path]
    }
    try FFmpegPrograms.run("ffmpeg", arguments)
    return try clips.map(\.name) + (derive?(folder) ?? [])
  }

  private static let x264 = "-c:v libx264 -preset veryfast -crf 26 -g 12 -bf 3 -b_strategy 0"
  private static let x265 = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p"

  static let all = [
    ClipFamily(
      name: "H.264",
      clips: [
        ("closed.mp4", x264),
        ("long-gop.mp4", x264 + " -g 250"),
        ("open-gop.mp4", x264 + " -x264-params open-gop=1"),
        ("open-gop.mkv", x264 + " -x264-params open-gop=1"),
        ("open-gop.ts", x264 + " -x264-params open-gop=1"),
        ("refresh.mp4", x264 + " -bf 0 -x264-params intra-refresh=1"),
        ("refresh.ts", x264 + " -bf 0 -x264-params intra-refresh=1"),
        ("film-rate.mp4", "-map 1 " + x264),
        ("ntsc.mkv", "-map 2 " + x264),
        ("late.ts", x264 + " -output_ts_offset 12.5"),
        ("holes.mkv", x264 + " -vf select=not(eq(n\\,20)+between(n\\,28\\,30)) -fps_mode vfr"),
        ("interlaced.ts", x264 + " -flags +ilme+ildct -vf tinterlace=interleave_top"),
        ("ten-bit-422.mkv", x264 + " -pix_fmt yuv422p10le"),
        ("full-444.mp4", x264 + " -pix_fmt yuv444p -vf scale=out_range=pc -color_range pc"),
        ("grey.mp4", x264 + " -pix_fmt gray"),
        ("odd-444.mkv", x264 + " -pix_fmt yuv444p -vf scale=161:121"),
        ("b-frames.avi", x264), ("plain.avi", x264 + " -bf 0"), ("b-frames.flv", x264),
        ("elementary.h264", x264), ("fragments.mp4", x264 + " -movflags +frag_keyframe+empty_moov"),
        ("one.mp4", x264 + " -frames:v 1"),
        ("two-videos.mp4", "-map 0 -map 1 " + x264 + " -s:v:1 96x64"),
        ("small.ts", x264 + " -s 96x64 -output_ts_offset 1.6"),
      ],
      derive: { folder in
        func copy(_ from: String, _ options: String, _ name: String) throws -> String {
          try FFmpegPrograms.run(
            "ffmpeg",
            ["-v", "error", "-y"]
              + options.replacingOccurrences(of: "{}", with: folder.path).split(separator: " ")
              .map { $0 == "IN" ? "\(folder.path)/\(from)" : String($0) } + [
                "\(folder.path)/\(name)"
              ])
          return name
        }
        func bytes(_ name: String) throws -> Data {
          try Data(contentsOf: folder.url.appending(path: name))
        }
        func write(_ name: String, _ data: Data) throws -> String {
          _ = try folder.write(name, data)
          return name
        }
        _ = try copy("closed.mp4", "-i IN -frames:v 1", "cover.png")
        let open = try bytes("open-gop.mkv")
        let stream = try bytes("open-gop.ts")
        var spoilt = stream
        for place in stride(from: 188 * 20 + 90, to: stream.count - 188 * 8, by: 188 * 9) {
          for byte in place..<place + 24 { spoilt[byte] ^= 0x5A }
        }
        // The place of the 30th packet, where the file is cut between two.
        let places = try FFmpegPrograms.run(
          "ffprobe",
          ["-v", "quiet", "-show_entries", "packet=pos", "-of", "csv=p=0", "-i"]
            + ["\(folder.path)/open-gop.mkv"]
        ).split(whereSeparator: { $0 == "\n" || $0 == "," }).compactMap { Int($0) }
        return [
          // A cut without decoding hides the packets before it.
          try copy("open-gop.mp4", "-ss 0.6 -i IN -c copy", "hidden-lead.mp4"),
          try copy(
            "closed.mp4",
            "-i IN -i {}/cover.png -map 0 -map 1 -c copy -disposition:v:1 attached_pic",
            "cover.mp4"),
          try write("size-change.ts", bytes("late.ts").prefix(0) + stream + bytes("small.ts")),
          try write("spoilt.ts", spoilt),
          try write("cut-within.mkv", open.prefix(places[30] + 20)),
          try write("cut-between.mkv", open.prefix(places[30])),
          try write("cut-within.ts", stream.prefix(stream.count / 2 / 188 * 188 + 90)),
          try write("cut-between.ts", stream.prefix(stream.count / 2 / 188 * 188)),
          try write("cut.avi", bytes("plain.avi").prefix(bytes("plain.avi").count * 6 / 10)),
        ]
      }),
    ClipFamily(
      name: "HEVC",
      clips: [
        ("closed.mp4", x265 + " -x265-params log-level=none:keyint=12:open-gop=0:bframes=3"),
        ("open-gop.mp4", x265 + " -x265-params log-level=none:keyint=12:open-gop=1:bframes=3"),
        ("open-gop.mkv", x265 + " -x265-params log-level=none:keyint=12:open-gop=1:bframes=3"),
        ("open-gop.ts", x265 + " -x265-params log-level=none:keyint=12:open-gop=1:bframes=3"),
        (
          "ten-bit.mp4",
          x265 + " -pix_fmt yuv420p10le -x265-params log-level=none:keyint=12:bframes=3"
        ),
      ]),
    ClipFamily(
      name: "AV1, VP9 and VP8",
      clips: [
        ("av1.mp4", "-c:v libsvtav1 -preset 12 -g 12 -pix_fmt yuv420p"),
        ("av1.mkv", "-c:v libaom-av1 -cpu-used 8 -g 12 -lag-in-frames 8 -pix_fmt yuv420p"),
        ("vp9.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 12 -lag-in-frames 8"),
        (
          "vp9-odd-422.mkv",
          "-c:v libvpx-vp9 -cpu-used 8 -deadline realtime -pix_fmt yuv422p -g 12 -s 161x121"
        ),
        (
          "vp9-alpha.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuva420p -g 12"
        ),
        (
          "vp8.webm",
          "-c:v libvpx -deadline realtime -cpu-used 8 -g 12 -auto-alt-ref 1 -lag-in-frames 8"
        ),
      ]),
    ClipFamily(
      name: "older codecs",
      clips: [
        ("mpeg1.mpg", "-c:v mpeg1video -q:v 4 -g 12 -bf 2"),
        ("mpeg2.ts", "-c:v mpeg2video -q:v 4 -g 12 -bf 2"),
        ("mpeg2.mpg", "-c:v mpeg2video -q:v 4 -g 12 -bf 2 -f vob"),
        (
          "mpeg2-interlaced.ts",
          "-c:v mpeg2video -q:v 4 -g 12 -bf 2 -flags +ilme+ildct -vf tinterlace=interleave_top"
        ),
        ("mpeg4.mp4", "-c:v mpeg4 -q:v 4 -g 12 -bf 2"),
        ("mpeg4.avi", "-c:v mpeg4 -q:v 4 -g 12 -bf 2"),
        ("mpeg4-plain.avi", "-c:v mpeg4 -q:v 4 -g 12"),
        ("mjpeg.avi", "-c:v mjpeg -q:v 3 -pix_fmt yuvj420p"),
        ("mjpeg-422.mov", "-c:v mjpeg -q:v 3 -pix_fmt yuvj422p"),
        ("moving.gif", "-c:v gif"), ("cinepak.avi", "-c:v cinepak -frames:v 14"),
        ("ffv1.mkv", "-c:v ffv1 -g 12"), ("huffyuv.avi", "-c:v huffyuv"),
        ("prores.mov", "-c:v prores"),
        ("prores-alpha.mov", "-c:v prores_ks -pix_fmt yuva444p10le"),
        ("qtrle-alpha.mov", "-c:v qtrle -pix_fmt argb -g 12"),
        ("png-alpha.mov", "-c:v png -pix_fmt rgba"),
        ("theora.ogv", "-c:v libtheora -q:v 6 -g 12"), ("wmv2.asf", "-c:v wmv2 -q:v 4 -g 12"),
        ("flv1.flv", "-c:v flv -q:v 4 -g 12"), ("msmpeg4.avi", "-c:v msmpeg4 -q:v 4 -g 12"),
      ]),
  ]
}

/// The programs whose answers are the truth here.
enum FFmpegPrograms {
  static let areThere = ["ffmpeg", "ffprobe"].allSatisfy { name in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }

  /// Runs a program to its end and returns what it printed.
  @discardableResult
  static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 || program == "ffprobe" else {
      throw CocoaError(.executableLoad, userInfo: ["program": program])
    }
    return String(decoding: output, as: UTF8.self)
  }
}
