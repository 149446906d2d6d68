import Quality
import Testing

@Suite struct MetricColumnTests {
  private let values: [MetricValue] = [
    .undefined("first frame"), .value(1), .undefined("grey"), .undefined("grey"),
    .undefined("damaged"), .value(-0.5),
  ]

  @Test func `A column holds what was put in`() {
    let column = MetricColumn(values)
    #expect(Array(column) == values)
    #expect(column.map(\.number) == [nil, 1, nil, nil, nil, -0.5])
    #expect(column[3] == .undefined("grey"))
    #expect(column.indices == 0..<6)
  }

  @Test func `Columns added one to the other are one column`() {
    for split in 0...values.count {
      var column = MetricColumn(values[..<split])
      column.append(contentsOf: MetricColumn(values[split...]))
      #expect(column == MetricColumn(values))
    }
  }

  @Test func `A number that is none has a reason`() {
    let column: MetricColumn = [.value(.nan), .value(2)]
    #expect(Array(column) == [.undefined("not a number"), .value(2)])
  }

  @Test func `Frames without a number are walked in order`() {
    var seen: [String] = []
    MetricColumn(values).forEachUndefined { seen.append("\($0) \($1)") }
    #expect(seen == ["0 first frame", "2 grey", "3 grey", "4 damaged"])
  }

  @Test func `An emptied column is empty`() {
    var column = MetricColumn(values)
    column.removeAll()
    column.append(.value(3))
    #expect(column == [.value(3)])
    #expect(column != [.undefined("grey")])
  }
}
