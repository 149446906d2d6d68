import Annotations
import Dispatch
import Foundation

/// What happens where a person or a machine stops the program.
enum Interruption {
  /// Runs `body`; on an interrupt, takes unfinished output away, says so and ends with status 2.
  static func discardingOutput<Result>(_ body: () throws -> Result) rethrows -> Result {
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        UnfinishedOutputs.discard()
        Messages.error("stopped before the end; nothing was written")
        _exit(2)
      }
      source.resume()
      return source
    }
    defer {
      for source in sources { source.cancel() }
      for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
    return try body()
  }
}
