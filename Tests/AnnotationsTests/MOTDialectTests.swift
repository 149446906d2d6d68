import Annotations
import Testing
import Timeline

struct MOTDialectTests {
  private func read(_ text: String, _ kind: ReadOptions.Kind) throws -> Dataset {
    try LabelText.read(text, as: MOT.self, name: "gt.txt", ReadOptions(kind: kind))
  }

  @Test func `MOT16 ground truth has classes and visibility, and 0 in column 7 is ignored`() throws
  {
    let dataset = try read(
      "1,1,0,0,9,9,1,1,0.75\n1,2,50,0,9,9,0,8,1\n2,1,0,0,9,9,0,1,0\n", .labels)
    #expect(dataset.dialect == "MOT16 ground truth, frames from 1")
    let tracks = dataset.videos[0].tracks
    #expect(tracks.map(\.className) == ["pedestrian", "distractor"])
    #expect(tracks.map(\.isIgnored) == [false, true])
    #expect(tracks[0].instances.map(\.visibility) == [.ratio(0.75), .ratio(0)])
    #expect(tracks[0].instances.map { $0.attributes["ignore"] } == [nil, "true"])
    #expect(tracks[0].instances.allSatisfy { $0.confidence == nil })
  }

  @Test func `MOT15 world coordinates are neither class nor visibility`() throws {
    let dataset = try read("1,1,88,99,61,218,1,4.4852,5.5016,0\n", .labels)
    #expect(dataset.dialect == "MOT15, world coordinates in columns 8 to 10, frames from 1")
    let track = dataset.videos[0].tracks[0]
    #expect(track.className == "")
    #expect(track.instances[0].visibility == .unknown)
  }

  @Test func `ByteTrack writes scores in column 7`() throws {
    let dataset = try read("1,1,0,0,9,9,0.93,-1,-1,-1\n", .predictions)
    #expect(dataset.dialect == "result with scores in column 7, frames from 1")
    #expect(dataset.videos[0].tracks[0].instances[0].confidence == 0.93)
  }

  @Test func `detections have scores and no ids`() throws {
    let dataset = try read("1,-1,0,0,9,9,0.93,-1,-1,-1\n", .predictions)
    #expect(dataset.dialect == "detections, frames from 1")
    #expect(dataset.videos[0].tracks[0].instances[0].confidence == 0.93)
  }

  @Test func `Norfair writes -1 throughout, which is no score`() throws {
    let dataset = try read("1,1,0,0,9,9,-1,-1,-1,-1\n", .predictions)
    #expect(dataset.dialect == "result without scores, frames from 1")
    #expect(dataset.videos[0].tracks[0].instances[0].confidence == nil)
  }

  @Test func `BoxMOT writes 1, the class and then the score in column 9`() throws {
    let dataset = try read(
      "1,1,0,0,9,9,1,0,0.87\n2,1,0,0,9,9,1,0,0.91\n", .predictions)
    #expect(dataset.dialect == "BoxMOT, class in column 8 and scores in column 9, frames from 1")
    let track = dataset.videos[0].tracks[0]
    #expect(track.className == "0")
    #expect(track.instances.map(\.confidence) == [0.87, 0.91])
    #expect(track.instances.allSatisfy { $0.visibility == .unknown })
  }

  @Test func `a score with a class in column 8 and nothing after it is told apart`() throws {
    let dataset = try read("1,1,0,0,9,9,0.87,2,-1,-1\n", .predictions)
    let track = dataset.videos[0].tracks[0]
    #expect(track.className == "2")
    #expect(track.instances[0].confidence == 0.87)
  }

  @Test func `VisDrone has class, truncation and occlusion in columns 8 to 10`() throws {
    let dataset = try read(
      "1,0,10,10,9,9,1,4,0,0\n2,0,10,10,9,9,1,4,0,1\n1,1,90,10,9,9,0,0,0,0\n", .labels)
    #expect(
      dataset.dialect
        == "VisDrone, class, truncation and occlusion in columns 8 to 10, frames from 1")
    let tracks = dataset.videos[0].tracks
    #expect(tracks.map(\.className) == ["car", "ignored regions"])
    #expect(tracks[0].instances.map(\.visibility) == [.visible, .occluded])
    #expect(tracks[1].isIgnored)
  }

  @Test func `one id of two classes stays one track and names the odd row`() throws {
    let dataset = try read(
      "1,1,0,0,9,9,1,1,1\n2,1,0,0,9,9,1,3,1\n3,1,0,0,9,9,1,1,0.5\n", .labels)
    let tracks = dataset.videos[0].tracks
    #expect(tracks.map(\.className) == ["pedestrian"])
    #expect(tracks[0].instances.map(\.className) == [nil, "car", nil])
  }

  @Test func `an id that is counted class by class becomes one track a class`() throws {
    let dataset = try read(
      "1,1,0,0,9,9,1,1,1\n1,1,50,0,9,9,1,3,1\n2,1,1,0,9,9,1,1,0.5\n", .labels)
    let tracks = dataset.videos[0].tracks
    #expect(tracks.map(\.id) == ["1/pedestrian", "1/car"])
    #expect(tracks.map(\.instances.count) == [2, 1])
    #expect(dataset.report.notes.contains { $0.contains("id/class") })
  }

  @Test func `two classes on the same box are a double label, not two objects`() throws {
    let dataset = try read(
      "1,1,0,0,9,9,1,1,1\n1,1,0,0,9,9,1,3,1\n2,1,1,0,9,9,1,1,0.5\n", .labels)
    #expect(dataset.videos[0].tracks.map(\.id) == ["1"])
  }
}
