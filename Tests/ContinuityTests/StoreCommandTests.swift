import Foundation
import ReviewStore
import Testing

/// What happens to a store between scans: nothing overwrites it, nothing replaces silently.
@Suite struct StoreCommandTests {
  let program: Program

  init() throws { program = try Program() }

  private func path(_ name: String) -> String { program.folder.appendingPathComponent(name).path }

  @Test(arguments: ["findings", "findings --json", "export --format csv --output -"])
  func `A scan that was not finished is told, and the next one mends it`(call: String) throws {
    try program.copyClip("one-frame.mp4")
    let store = try ReviewStore.open(path: path("continuity.sqlite"))
    _ = try store.beginRun(
      RunInfo(
        toolVersion: "1", inputs: [.init(path: "one-frame.mp4", size: 1, sha256: nil)]))
    try store.close()
    let result = try program.run(call)
    #expect(result.status == 0)
    #expect(result.errors.hasPrefix("note: the scan of one-frame.mp4 begun at 20"))
    #expect(result.errors.hasSuffix("Z was not finished; scan again for complete findings.\n"))
    #expect(try program.run("scan one-frame.mp4").status == 0)
    #expect(try program.run(call).errors == "")
  }
}
