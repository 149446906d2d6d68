import Exports
import Testing

@Suite struct CSVFindingsTests {
  private let header =
    "rule,level,video,source,track,other_tracks,class,start_frame,end_frame,start_time,"
    + "end_time,score,cause,reason,left,top,width,height,fingerprint,proposals\n"

  @Test func aFindingIsARowUnderAFixedHeader() {
    #expect(
      text([ExampleFindings.full, ExampleFindings.bare], as: CSVFindings.self)
        == header
        + "track-gap,error,clip.mp4,labels,7,8;9,person,412,431,13.747,14.381,0.93,unexplained,"
        + "person 7 is labelled at 411 and 431 but not in between; nothing covers it,10,20.5,"
        + "0.3,40.123,90f7cc2b11c35c35,2\n"
        + "black-frames,note,clip.mp4,,,,,0,1,0,0.04,1,frame-quality,one frame is black,,,,,"
        + "0000000000000001,0\n")
  }

  @Test func noCellIsTakenForAFormulaAndQuotesAreDoubled() {
    #expect(
      text([ExampleFindings.hostile], as: CSVFindings.self)
        == header
        + "class-flip,warning,'+clip.mp4,'=1+1,-1,'@x,\"a \"\"quoted\"\", class\nof two lines\","
        + "0,2,-0.04,3600,0,unexplained,'\t\u{1}\\ größer 物 🎬,,,1000000000000,-3,-0,0\n")
  }

  @Test func everyRowHasAsManyCellsAsTheHeader() {
    // Counted by hand: 20 columns, so 19 commas in a row without quotes.
    #expect(header.filter { $0 == "," }.count == 19)
    let rows = text([ExampleFindings.full, ExampleFindings.bare], as: CSVFindings.self)
    #expect(rows.split(separator: "\n").allSatisfy { $0.filter { $0 == "," }.count == 19 })
  }
}
