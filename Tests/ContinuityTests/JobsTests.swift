import Foundation
import GRDB
import Quality
import ReviewStore
import Testing

/// Several videos at a time, and a scan that is killed.
@Suite struct JobsTests {
  let program: Program

  init() throws { program = try Program() }

  private func removeStore() throws {
    for suffix in ["", "-wal", "-shm"] {
      let file = program.folder.appendingPathComponent("continuity.sqlite" + suffix)
      if FileManager.default.fileExists(atPath: file.path) {
        try FileManager.default.removeItem(at: file)
      }
    }
  }

  // damaged.ts and the truncated ones start anew in the middle where several threads decode.
  @Test func `Any number of jobs prints the same, byte for byte`() throws {
    let clips = [
      "black-frozen.mp4", "damaged.ts", "cuts.mp4", "truncated.ts", "cfr-bframes.mp4",
      "size-change.ts", "truncated.mp4",
    ]
    for clip in clips { try program.copyClip(clip) }
    try program.write(
      "1,7,10,10,20,20,1,-1,-1,-1\n52,7,10,10,20,20,1,-1,-1,-1\n", to: "labels/cuts.txt")
    var results: [Program.Result] = []
    for jobs in [1, 2, 4] {
      try removeStore()
      results.append(
        try program.run(
          "scan \(clips.joined(separator: " ")) --labels labels --format json --jobs \(jobs)"))
    }
    #expect(results[0].status == 1)
    #expect(results[0].output.contains("\"damaged.ts\""))
    #expect(results[0].output.contains("\"rule\":\"black-frames\""))
    #expect(results[1] == results[0])
    #expect(results[2] == results[0])
  }

  @Test func `A killed scan leaves a store that says so, and the next one mends it`() throws {
    try program.copyClip("cfr-bframes.mp4")
    // The fixture over and over: 6000 frames, a dozen batches.
    try program.execute(
      "ffmpeg -v error -stream_loop 119 -i cfr-bframes.mp4 -c copy long.ts")
    let process = try program.start("scan long.ts --format json")
    let path = program.folder.appendingPathComponent("continuity.sqlite").path
    while process.isRunning, measuredFrames(path) == 0 { usleep(2000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)

    let killed = try ReviewStore.openExisting(path: path)
    #expect(try killed.unfinishedRun()?.inputs == ["long.ts"])
    #expect(try killed.findings() == [])
    try killed.close()
    let mended = try program.run("scan long.ts --format json")
    #expect(try ReviewStore.openExisting(path: path).unfinishedRun() == nil)
    try removeStore()
    #expect(try program.run("scan long.ts --format json") == mended)
    #expect(mended.output.contains("\"frame_count\" : 6000"))
  }

  // How many frames have values, as another process sees it.
  private func measuredFrames(_ path: String) -> Int {
    var configuration = Configuration()
    configuration.readonly = true
    guard let store = try? DatabaseQueue(path: path, configuration: configuration) else { return 0 }
    defer { try? store.close() }
    let count = try? store.read { db in
      try Int.fetchOne(db, sql: "SELECT count(*) FROM frame_measurement")
    }
    return count.flatMap { $0 } ?? 0
  }

  @Test(arguments: ["0", "-2"]) func `No job at all is refused`(jobs: String) throws {
    try program.copyClip("cfr-bframes.mp4")
    #expect(
      try program.run("scan cfr-bframes.mp4 --jobs \(jobs)")
        == Program.Result(
          status: 2, output: "",
          errors:
            "error: --jobs is the number of videos at a time, so at least 1, not \(jobs).\n"))
  }

  @Test func `An unknown metric is refused, and the near one named`() throws {
    try program.copyClip("cfr-bframes.mp4")
    let result = try program.run("scan cfr-bframes.mp4 --metrics tenengrad-rew")
    #expect(result.status == 2)
    #expect(
      result.errors.hasPrefix(
        "error: there is no frame metric called tenengrad-rew; do you mean tenengrad-raw? ("))
  }

  @Test func `Metrics on request are marked in the list and measured where named`() throws {
    let id = try #require(FrameMetrics.onRequest.first).info.id
    let line = try program.run("metrics").output.split(separator: "\n").first {
      $0.hasPrefix("\(id) ")
    }
    #expect(line?.hasSuffix("(on request)") == true)
    #expect(try program.run("metrics \(id)").status == 0)
    try program.copyClip("cfr-bframes.mp4")
    #expect(try program.run("scan cfr-bframes.mp4 --metrics \(id)").status == 0)
    let store = try ReviewStore.openExisting(
      path: program.folder.appendingPathComponent("continuity.sqlite").path)
    #expect(try store.frameMetrics(ofVideo: "cfr-bframes.mp4")[id]?.count == 50)
  }
}
