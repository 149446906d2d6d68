import Annotations
import Foundation
import Testing

/// The XML beneath CVAT's format, through the format.
struct XMLScannerTests {
  @Test func `Tags that lie across the blocks of a read are whole`() throws {
    // About 550 KB, so that several blocks end somewhere inside a tag.
    let tracks = (0..<500).map { CVATText.track(id: "\($0)", "KXXXXXXXXX") + "\n" }.joined()
    let text = CVATText.task(tracks)
    #expect(text.utf8.count > 500_000)
    let video = try #require(try CVATText.read(text).videos.first)
    #expect(video.instanceCount == 5000)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let last = try #require(lines.lastIndex { $0.contains("<track") }) + 1
    #expect(video.tracks.last?.instances.last?.line == Int32(last))
  }

  @Test func `Entities, letters beyond ASCII, comments and quotes are read`() throws {
    let text = CVATText.task(
      "<!-- a > b --><track id='&lt;&#65;&#x42;&quot;' label=\"Fußgänger\"></track>")
    let track = try #require(try CVATText.read(text).videos.first?.tracks.first)
    #expect(track.id == "<AB\"")
    #expect(track.className == "Fußgänger")
  }

  @Test func `A byte order mark and Windows line ends do no harm`() throws {
    let text = "\u{feff}" + CVATText.task(CVATText.track("KX")).replacing("\n", with: "\r\n")
    #expect(try CVATText.read(text, format: nil).videos.first?.instanceCount == 2)
  }

  @Test(arguments: [
    "<annotations><track fr\u{d9}me=\"1\"/></annotations>",
    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><annotations/>",
  ])
  func `Other encodings are refused in words`(text: String) throws {
    let latin = try #require(text.data(using: .isoLatin1))
    let error = try #require(throws: LabelError.self) { try CVATText.read(latin) }
    #expect(error.reason.contains("UTF-8"))
    let wide = try #require(text.data(using: .utf16))
    let other = try #require(throws: LabelError.self) { try CVATText.read(wide) }
    #expect(other.reason.contains("UTF-16"))
  }

  @Test(arguments: [
    "<track id=\"0\" id=\"1\"></track>", "<track id></track>", "<track id=0></track>",
    "<track id=\"&nbsp;\"></track>", "< track></track>", "<track id=\"0\" <box/></track>",
    "</annotations><annotations>",
  ])
  func `What is no XML is damaged`(element: String) throws {
    let error = try #require(throws: LabelError.self) {
      try CVATText.read(CVATText.task(element))
    }
    #expect(error.code == .damaged)
  }
}
