import Annotations
import Foundation
import Testing
import Timeline

/// The headers are those that DeepLabCut 2 and 3 and Lightning Pose write; files made by pandas,
/// sleap-io and movement are checked by `tools/conformance`.
@Suite struct DeepLabCutTests {
  private func joints(_ instance: Instance?) -> [Joint] {
    guard case .skeleton(let skeleton)? = instance?.shape else { return [] }
    return skeleton.joints
  }

  @Test func `an analysis of one animal`() throws {
    let dataset = try LabelText.read(
      """
      scorer,DLC_net,DLC_net,DLC_net,DLC_net,DLC_net,DLC_net
      bodyparts,nose,nose,nose,tail,tail,tail
      coords,x,y,likelihood,x,y,likelihood
      0,10,20,0.9,30,40,0.125
      1,11,21,1,,,

      """, name: "m3v1mp4DLC_net_filtered.csv")
    #expect(dataset.format == "dlc")
    #expect(dataset.dialect == "analysis")
    let video = dataset.videos[0]
    #expect(video.name == "m3v1mp4")
    #expect(video.annotated == .all)
    #expect(video.tracks.map(\.id) == ["animal"])
    #expect(video.tracks[0].instances.map(\.origin) == [.model, .model])
    let first = joints(video.tracks[0].instances[0])
    #expect(first.map(\.name) == ["nose", "tail"])
    #expect(first.map(\.confidence) == [0.9, 0.125])
    #expect(first[0].position == Point(10.5, 20.5))
    #expect(joints(video.tracks[0].instances[1]).map(\.visibility) == [.visible, .absent])
  }

  private let several = """
    scorer,,,me,me,me,me,me,me,me,me
    individuals,,,mus1,mus1,mus1,mus1,mus2,mus2,single,single
    bodyparts,,,A,A,B,B,A,A,D,D
    coords,,,x,y,x,y,x,y,x,y
    labeled-data,video,img000.png,0,1,2,3,4,5,,
    labeled-data,video,img0012.png,12,13,,,,,22,23
    labeled-data,other,img7.png,1,1,1,1,1,1,1,1
    labeled-data,video,img020.png,,,,,,,,

    """

  @Test func `a label set of several animals, paths in three columns`() throws {
    let dataset = try LabelText.read(several)
    #expect(dataset.dialect == "label set, several individuals")
    #expect(dataset.videos.map(\.name) == ["video", "other"])
    let video = dataset.videos[0]
    #expect(video.annotated == .only([0, 12, 20]))
    #expect(video.imageNames == [0: "img000.png", 12: "img0012.png", 20: "img020.png"])
    #expect(video.tracks.map(\.id) == ["mus1", "mus2", "single"])
    #expect(video.tracks.map(\.className) == ["", "", "single"])
    #expect(video.tracks.map { $0.instances.map(\.frame) } == [[0, 12], [0], [12]])
    #expect(video.tracks[0].instances.allSatisfy { $0.origin == .human })
    #expect(video.ontology.categories.map(\.joints) == [["A", "B"], ["D"]])
  }

  @Test(arguments: ["labeled-data/video/img3.png", #"labeled-data\video\img3.png"#])
  func `paths in one column, of either kind`(_ path: String) throws {
    let video = try LabelText.read(
      "scorer,me,me\nbodyparts,A,A\ncoords,x,y\n\(path),1,2\n"
    ).videos[0]
    #expect(video.name == "video")
    #expect(video.tracks[0].instances.map(\.frame) == [3])
  }

  @Test func `Lightning Pose's predictions with columns of its own`() throws {
    let dataset = try LabelText.read(
      """
      scorer,heatmap_tracker,heatmap_tracker,heatmap_tracker,heatmap_tracker
      bodyparts,paw,paw,paw,paw
      coords,x,y,likelihood,x_posterior_var
      0,1,2,0.5,9
      1,3,4,0.25,9

      """)
    #expect(dataset.dialect == "Lightning Pose, analysis")
    let instances = dataset.videos[0].tracks[0].instances
    #expect(instances.map { joints($0).map(\.confidence) } == [[0.5], [0.25]])
    #expect(joints(instances[1])[0].position == Point(3.5, 4.5))
  }

  @Test func `an analysis of some frames says which`() throws {
    let video = try LabelText.read(
      "scorer,s,s\nbodyparts,A,A\ncoords,x,y\n5,1,2\n7,1,2\n8,,\n"
    ).videos[0]
    #expect(video.annotated == .only([5, 7, 8]))
    #expect(video.tracks[0].instances.map(\.origin) == [.imported, .imported])
  }

  @Test func `bad rows`() throws {
    let dataset = try LabelText.read(
      "scorer,s,s\nbodyparts,A,A\ncoords,x,y\n0,1,2\n-1,1,2\n1.5,1,2\n2,one,2\n3,1e12,2\n"
        + "99999999999,1,2\n4,5,6\n")
    #expect(
      dataset.report.badRows.map(\.reason) == [
        "the row begins neither with a frame nor with an image",
        "the row begins neither with a frame nor with an image", "a coordinate of A is no number",
        "a coordinate of A is none that a picture has",
        "the row begins neither with a frame nor with an image",
      ])
    #expect(dataset.report.badRows.map(\.line) == [5, 6, 7, 8, 9])
    #expect(dataset.videos[0].tracks[0].instances.map(\.frame) == [0, 4])
  }

  @Test(arguments: [
    "a,b,c\n1,2,3\n", "scorer,s,s\n0,1,2\n", "scorer,s\nscorer,s\n", "scorer,s\ncoords,x\n",
    "scorer,s,s\nbodyparts,A,A\ncoords,likelihood,z\n0,1,2\n", "scorer,s,s\n",
  ])
  func `other headers`(_ text: String) {
    let reason = LabelText.error(text, as: DeepLabCut.self)?.reason
    #expect(
      reason
        == "the first rows are not scorer, bodyparts and coords, so this is no DeepLabCut CSV; name"
        + " its format after a colon")
  }

  @Test func `with scores an analysis is written, without them a label set`() throws {
    func written(_ confidence: Double?, id: String) throws -> String {
      let shape = Shape.skeleton(
        Skeleton(joints: [
          Joint(name: "A", position: Point(1.5, 2.5), visibility: .visible, confidence: confidence)
        ]))
      let video = VideoAnnotations(
        name: "clip.mp4", annotated: .only([0, 2]),
        tracks: [Track(id: id, instances: [Instance(frame: 2, shape: shape)])])
      let file = try LabelText("", name: "clip.csv")
      defer { file.remove() }
      _ = try LabelFormats.write(
        Dataset(format: "x", videos: [video]), as: DeepLabCut.self, to: file.path)
      return try String(contentsOfFile: file.path, encoding: .utf8)
    }
    #expect(
      try written(0.5, id: "mus1") == """
        scorer,continuity,continuity,continuity
        individuals,mus1,mus1,mus1
        bodyparts,A,A,A
        coords,x,y,likelihood
        0,,,
        1,,,
        2,1.0,2.0,0.5

        """)
    #expect(
      try written(nil, id: "animal") == """
        scorer,continuity,continuity
        bodyparts,A,A
        coords,x,y
        labeled-data/clip/img00000.png,,
        labeled-data/clip/img00002.png,1.0,2.0

        """)
  }
}
