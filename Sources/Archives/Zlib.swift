internal import CArchive
public import Foundation

/// Streams of zlib (RFC 1950) in memory, as label formats carry them inside text.
public enum Zlib {
  private static let chunk = 1 << 16

  /// Unpacks one zlib stream (`inflate`).
  ///
  /// - Parameters:
  ///   - data: The stream; bytes behind its end are ignored.
  ///   - limit: How many bytes may come out.
  /// - Returns: What was packed.
  /// - Throws: ``ArchiveError`` where the stream is damaged, breaks off or holds more than `limit`.
  public static func inflate(_ data: Data, limit: Int) throws(ArchiveError) -> Data {
    var stream = unsafe z_stream()
    guard unsafe carchive_inflate_init(&stream) == Z_OK else { throw outOfMemory }
    defer { unsafe inflateEnd(&stream) }
    var output = Data()
    let code = unsafe run(&stream, over: data, into: &output, limit: limit) { stream, isLast in
      unsafe CArchive.inflate(stream, Z_NO_FLUSH)
    }
    guard output.count <= limit else {
      throw ArchiveError(
        .tooLarge, "the compressed data holds more than the \(limit) bytes that it may hold")
    }
    guard code == Z_STREAM_END else {
      throw ArchiveError(.damaged, "the compressed data is damaged or cut off")
    }
    return output
  }

  /// Packs bytes as one zlib stream (`deflate`).
  ///
  /// - Parameter data: Any bytes.
  /// - Returns: The stream.
  /// - Throws: ``ArchiveError`` where there is no memory.
  public static func deflate(_ data: Data) throws(ArchiveError) -> Data {
    var stream = unsafe z_stream()
    guard unsafe carchive_deflate_init(&stream) == Z_OK else { throw outOfMemory }
    defer { unsafe deflateEnd(&stream) }
    var output = Data()
    let code = unsafe run(&stream, over: data, into: &output, limit: .max) { stream, isLast in
      unsafe CArchive.deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
    }
    guard code == Z_STREAM_END else { throw outOfMemory }
    return output
  }

  private static var outOfMemory: ArchiveError {
    ArchiveError(.tooLarge, "zlib could not get memory; close other programs")
  }

  /// Feeds `data` piece by piece and collects what comes out, until the stream ends, fails, wants
  /// more than there is, or `output` is longer than `limit`.
  ///
  /// - Returns: The code of the last step.
  private static func run(
    _ stream: inout z_stream, over data: Data, into output: inout Data, limit: Int,
    step: (UnsafeMutablePointer<z_stream>, _ isLast: Bool) -> Int32
  ) -> Int32 {
    var input = [UInt8](data)
    var room = [UInt8](repeating: 0, count: chunk)
    let count = input.count
    return unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe room.withUnsafeMutableBufferPointer { room in
        var fed = 0
        var code = Z_OK
        repeat {
          if unsafe stream.avail_in == 0, fed < count {
            let piece = min(count - fed, 1 << 30)
            unsafe stream.next_in = unsafe input.baseAddress?.advanced(by: fed)
            unsafe stream.avail_in = UInt32(piece)
            fed += piece
          }
          unsafe stream.next_out = room.baseAddress
          unsafe stream.avail_out = UInt32(chunk)
          code = unsafe step(&stream, fed == count)
          let made = unsafe chunk - Int(stream.avail_out)
          if let start = room.baseAddress { unsafe output.append(start, count: made) }
          // Without progress the data ended early.
        } while code == Z_OK && output.count <= limit
        return code
      }
    }
  }
}
