import Annotations
import Dispatch
import Foundation

/// What happens where a person or a machine stops the program.
enum Interruption {
  /// Runs `body`; on an interrupt, takes unfinished output away and ends as the signal would have.
  static func discardingOutput<Result>(_ body: () throws -> Result) rethrows -> Result {
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        UnfinishedOutputs.discard()
        signal(number, SIG_DFL)
        kill(getpid(), number)
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
