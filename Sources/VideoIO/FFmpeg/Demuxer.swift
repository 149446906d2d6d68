internal import CFFmpeg
import Timeline

/// Owns one `AVFormatContext` on a local file and reads the packets of its first video stream.
@safe struct Demuxer: ~Copyable {
  private let context: UnsafeMutablePointer<AVFormatContext>
  private let stream: UnsafeMutablePointer<AVStream>
  private let codec: AVCodecID
  /// What the header says.
  let info: VideoInfo

  // Text is "video" for FFmpeg's terminal renderer, and these read other files than the named one.
  private static let refused: Set<String> = ["tty", "concat", "hls", "dash", "image2"]

  private init(
    _ context: UnsafeMutablePointer<AVFormatContext>, stream: UnsafeMutablePointer<AVStream>,
    info: VideoInfo
  ) {
    unsafe self.context = unsafe context
    unsafe self.stream = unsafe stream
    codec = unsafe stream.pointee.codecpar.pointee.codec_id
    self.info = info
  }

  deinit {
    var context: UnsafeMutablePointer<AVFormatContext>? = unsafe context
    unsafe avformat_close_input(&context)
  }

  /// Opens the file at `path` and picks the first stream of moving pictures.
  ///
  /// Cover pictures are no video. Of several video streams the first is read, as annotation tools
  /// do; the others are not even demuxed.
  static func open(path: String) throws(VideoError) -> Demuxer {
    let input = try InputFile.open(path: path)
    return try input.selectVideo(path: path)
  }

  /// Opens a decoder for the stream.
  func decoder(threads: Int) throws(VideoError) -> Decoder {
    try unsafe Decoder.open(
      codec: codec, parameters: stream.pointee.codecpar, timeBase: stream.pointee.time_base,
      threads: threads, path: info.path)
  }

  /// Goes to a packet stored at or before `tick`, so that ``read(into:)`` goes on there
  /// (`av_seek_frame`).
  ///
  /// - Returns: Whether the container could; where it could not, reading goes on anywhere.
  func seek(to tick: Int64) -> Bool {
    unsafe av_seek_frame(context, stream.pointee.index, tick, AVSEEK_FLAG_BACKWARD) >= 0
  }

  /// How packets of the stream tell where a decoder may start.
  var entry: StreamEntry {
    let parameters = unsafe stream.pointee.codecpar.pointee
    var header: [UInt8] = []
    if let data = unsafe parameters.extradata {
      let size = unsafe Int(parameters.extradata_size)
      unsafe header.append(
        contentsOf: UnsafeBufferPointer(start: data, count: max(0, min(8, size))))
    }
    return StreamEntry(codec: codec, header: header)
  }

  /// Whether the file ends within a packet of a transport stream, of which it is a row.
  private var endsWithinPacket: Bool {
    guard info.container == "mpegts", let input = unsafe context.pointee.pb else { return false }
    let size = unsafe avio_size(input)
    // The packets of a broadcast, of a disc (with a clock) and with error correction.
    return size > 0 && [188, 192, 204].allSatisfy { size % $0 != 0 }
  }

  /// Reads the next packet of the video stream (`av_read_frame`).
  func read(into packet: borrowing Packet) -> PacketRead {
    var refusals = 0
    while true {
      packet.clear()
      let code = unsafe av_read_frame(context, packet.pointer)
      if code >= 0 {
        if unsafe packet.streamIndex == stream.pointee.index { return .packet(codec) }
      } else if code == cffmpeg_again, refusals < 1000 {
        refusals += 1
      } else if code == cffmpeg_end {
        // libavformat reports the end also where reading failed; the reason stays in the reader.
        let hidden = unsafe context.pointee.pb?.pointee.error ?? 0
        if hidden < 0 && hidden != cffmpeg_end { return .failed(hidden) }
        return .end(isCutOff: endsWithinPacket)
      } else {
        return .failed(code)
      }
    }
  }

  /// An opened file before its streams are known.
  @safe private struct InputFile: ~Copyable {
    var context: UnsafeMutablePointer<AVFormatContext>?

    deinit {
      var context = unsafe context
      unsafe avformat_close_input(&context)
    }

    static func open(path: String) throws(VideoError) -> InputFile {
      var context: UnsafeMutablePointer<AVFormatContext>?
      // The prefix keeps a colon in a name from being taken for a network protocol.
      let code = unsafe avformat_open_input(&context, "file:" + path, nil, nil)
      guard code >= 0, unsafe context != nil else {
        throw VideoError(
          .notAVideo, path: path,
          reason: "FFmpeg cannot read this as a video (\(FFmpeg.message(code))); check that the "
            + "path names a video and that the file was copied to its end",
          ffmpegCode: code)
      }
      return unsafe InputFile(context: context)
    }

    consuming func selectVideo(path: String) throws(VideoError) -> Demuxer {
      guard let context = unsafe context else { throw FFmpeg.outOfMemory(path) }
      let container = unsafe String(cString: context.pointee.iformat.pointee.name)
      if Demuxer.refused.contains(container) {
        throw VideoError(
          .notAVideo, path: path,
          reason: "this is \(container == "tty" ? "a text file" : "a list of other files"), not a "
            + "video; give the path of a video, a folder of images or an image pattern")
      }
      let code = unsafe avformat_find_stream_info(context, nil)
      guard code >= 0 else {
        throw VideoError(
          .notAVideo, path: path,
          reason: "the streams cannot be read (\(FFmpeg.message(code))); the file may be cut off "
            + "or damaged",
          ffmpegCode: code)
      }
      var chosen: UnsafeMutablePointer<AVStream>?
      var (count, covers) = (0, 0)
      for index in 0..<Int(unsafe context.pointee.nb_streams) {
        guard let stream = unsafe context.pointee.streams[index] else { continue }
        let isCover =
          unsafe stream.pointee.disposition
          & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS) != 0
        let isVideo = unsafe stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
        if isVideo && isCover { covers += 1 }
        if isVideo && !isCover {
          count += 1
          if unsafe chosen == nil {
            unsafe chosen = unsafe stream
            continue
          }
        }
        unsafe stream.pointee.discard = AVDISCARD_ALL
      }
      guard let stream = unsafe chosen else {
        throw VideoError(
          .noVideoStream, path: path,
          reason: "the file holds no video stream (FFmpeg reads it as \(container)); give a file "
            + "with moving pictures")
      }
      guard
        let info = unsafe describe(
          stream, container: container, count: count, covers: covers, path: path)
      else {
        throw VideoError(
          .notAVideo, path: path,
          reason: "the video stream has no picture size or no clock; the file may be cut off or "
            + "damaged")
      }
      unsafe self.context = nil
      return unsafe Demuxer(context, stream: stream, info: info)
    }

    private func describe(
      _ stream: UnsafeMutablePointer<AVStream>, container: String, count: Int, covers: Int,
      path: String
    ) -> VideoInfo? {
      let parameters = unsafe stream.pointee.codecpar.pointee
      guard let timeBase = unsafe FFmpeg.timeBase(stream.pointee.time_base) else { return nil }
      guard unsafe parameters.width > 0, unsafe parameters.height > 0 else { return nil }
      let format = unsafe PixelLayout(AVPixelFormat(rawValue: parameters.format))
      let frames = unsafe stream.pointee.nb_frames
      let length = unsafe duration(of: stream, timeBase)
      return unsafe VideoInfo(
        path: path, container: container,
        codec: String(cString: avcodec_get_name(parameters.codec_id)),
        pixelFormat: format?.name ?? "unknown", width: Int(parameters.width),
        height: Int(parameters.height), rotation: rotation(of: stream), timeBase: timeBase,
        headerFrameCount: frames > 0 ? Int(frames) : nil,
        headerDuration: length?.seconds,
        nominalFrameRate: FFmpeg.rate(stream.pointee.avg_frame_rate)
          ?? FFmpeg.rate(stream.pointee.r_frame_rate),
        bitDepth: format?.depth ?? 8,
        isFullRange: format?.isFullRange(parameters.color_range, codec: parameters.codec_id)
          ?? false,
        videoStreamCount: count, attachedPictureCount: covers,
        isInterlaced: isInterlaced(parameters.field_order),
        startTick: FFmpeg.tick(stream.pointee.start_time), imageNames: [],
        durationScope: length?.scope)
    }

    /// The stream's length, or the container's where that is read from the file, not guessed.
    private func duration(
      of stream: UnsafeMutablePointer<AVStream>, _ timeBase: TimeBase
    ) -> (seconds: Double, scope: VideoInfo.DurationScope?)? {
      guard let context = unsafe context else { return nil }
      let method = unsafe context.pointee.duration_estimation_method
      func scope(_ scope: VideoInfo.DurationScope) -> VideoInfo.DurationScope? {
        method == AVFMT_DURATION_FROM_STREAM ? scope : nil
      }
      if let ticks = unsafe FFmpeg.tick(stream.pointee.duration), ticks > 0 {
        return (timeBase.seconds(ticks), scope(.stream))
      }
      guard method != AVFMT_DURATION_FROM_BITRATE,
        let ticks = unsafe FFmpeg.tick(context.pointee.duration), ticks > 0
      else { return nil }
      let isAlone = unsafe context.pointee.nb_streams == 1
      return (Double(ticks) / Double(AV_TIME_BASE), scope(isAlone ? .stream : .file))
    }

    private func isInterlaced(_ order: AVFieldOrder) -> Bool? {
      switch order {
      case AV_FIELD_PROGRESSIVE: false
      case AV_FIELD_TT, AV_FIELD_BB, AV_FIELD_TB, AV_FIELD_BT: true
      default: nil
      }
    }

    private func rotation(of stream: UnsafeMutablePointer<AVStream>) -> Int {
      guard let matrix = unsafe cffmpeg_display_matrix(stream) else { return 0 }
      let degrees = unsafe av_display_rotation_get(matrix)
      guard degrees.isFinite else { return 0 }
      return ((Int(degrees.rounded()) % 360) + 360) % 360
    }
  }
}
