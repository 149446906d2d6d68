/// What the columns of a MOT file mean beyond frame, id and box; the files themselves do not say.
struct MOTDialect {
  /// What stands in column 7.
  enum Seventh {
    /// Nothing of use: missing, all -1, or all 1 in predictions.
    case nothing
    /// 0 marks an object that is not to be judged.
    case useFlag
    /// A score; -1 stands for none.
    case score
  }

  /// The dialect in words.
  var name: String
  /// What stands in column 7.
  var seventh = Seventh.nothing
  /// Whether the score stands in column 9.
  var hasScoreInNinth = false
  /// Whether column 8 is a class number.
  var hasClass = false
  /// Whether column 9 is the visible share.
  var hasVisibility = false
  /// Whether columns 9 and 10 say truncated and occluded.
  var hasOcclusion = false
  /// Whether columns 7 to 9 say out of view, occluded and class, each counted from 1.
  var isUAVDT = false
  /// Names of classes by number.
  var classNames: [Int: String] = [:]

  /// Tells the dialect from what all rows have in common.
  init(rows: [MOTRow], kind: ReadOptions.Kind, hasIdentities: Bool) {
    let columns = rows.map(\.columns).max() ?? 6
    let seventh = Column(rows, \.extra.0)
    let eighth = Column(rows, \.extra.1)
    let ninth = Column(rows, \.extra.2)
    let tenth = Column(rows, \.extra.3)
    self.seventh = Self.seventhColumn(seventh, kind: kind)
    let use = self.seventh == .useFlag ? "" : ", scores in column 7"

    if columns == 9, seventh.isWhole(1...3), eighth.isWhole(1...4), ninth.isWhole(1...3),
      max(seventh.high, ninth.high) > 1
    {
      name = "UAVDT, out of view, occlusion and class in columns 7 to 9"
      self.seventh = .nothing
      hasClass = true
      isUAVDT = true
      classNames = Self.uavdtClasses
    } else if columns == 6 || seventh.isUnset && eighth.isUnset && ninth.isUnset {
      name = columns == 6 ? "boxes without scores" : "result without scores"
    } else if eighth.isUnset && ninth.isUnset && tenth.isUnset || Self.areZero(eighth, ninth, tenth)
    {
      switch self.seventh {
      case .score: name = hasIdentities ? "result with scores in column 7" : "detections"
      case .useFlag: name = "ground truth, boxes only"
      case .nothing: name = "result without scores"
      }
    } else if eighth.isWhole(0...11), ninth.isWhole(0...1), tenth.isWhole(0...2),
      tenth.high > 0 || ninth.low == 0
    {
      name = "VisDrone, class, truncation and occlusion in columns 8 to 10" + use
      hasClass = true
      hasOcclusion = true
      classNames = Self.visDroneClasses
    } else if seventh.isConstant(1), eighth.isWhole(0...10_000), ninth.low > 0, ninth.high < 1,
      kind == .predictions || eighth.low == 0
    {
      name = "BoxMOT, class in column 8 and scores in column 9"
      self.seventh = .nothing
      hasClass = true
      hasScoreInNinth = true
    } else if eighth.isWhole(0...10_000), ninth.isWithin(0, 1) || ninth.isUnset {
      hasClass = true
      hasVisibility = !ninth.isUnset
      if self.seventh == .useFlag {
        name = "MOT16 ground truth"
      } else {
        name = "class in column 8" + use
      }
      classNames = eighth.low >= 1 && eighth.high <= 13 && hasVisibility ? Self.motClasses : [:]
    } else {
      name = "MOT15, world coordinates in columns 8 to 10" + use
    }
  }

  /// The name of the class `number`; empty where there is none.
  func className(_ number: Int32) -> String {
    number >= 0 ? classNames[Int(number)] ?? String(number) : ""
  }

  private static func seventhColumn(_ column: Column, kind: ReadOptions.Kind) -> Seventh {
    if column.isUnset { return .nothing }
    let isFlag = column.isWhole(0...1)
    switch kind {
    case .labels: return isFlag ? .useFlag : .score
    case .predictions: return column.isConstant(1) ? .nothing : .score
    }
  }

  private static func areZero(_ columns: Column...) -> Bool {
    columns.allSatisfy { $0.isUnset || $0.isConstant(0) }
  }

  /// The class numbers of MOT16, MOT17 and MOT20.
  static let motClasses = named(
    from: 1,
    [
      "pedestrian", "person on vehicle", "car", "bicycle", "motorbike", "non motorized vehicle",
      "static person", "distractor", "occluder", "occluder on the ground", "occluder full",
      "reflection", "crowd",
    ])

  private static let visDroneClasses = named(
    from: 0,
    [
      "ignored regions", "pedestrian", "people", "bicycle", "car", "van", "truck", "tricycle",
      "awning-tricycle", "bus", "motor", "others",
    ])

  private static let uavdtClasses = named(from: 1, ["car", "truck", "bus"])

  private static func named(from first: Int, _ names: [String]) -> [Int: String] {
    Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.offset + first, $0.element) })
  }
}

extension MOTDialect {
  /// What the values of one column have in common; -1 and missing ones say nothing.
  fileprivate struct Column {
    var low = Double.infinity
    var high = -Double.infinity
    var areWhole = true

    init(_ rows: [MOTRow], _ value: KeyPath<MOTRow, Double>) {
      for row in rows {
        let value = row[keyPath: value]
        if value.isNaN || value == -1 { continue }
        low = min(low, value)
        high = max(high, value)
        if value != value.rounded() { areWhole = false }
      }
    }

    var isUnset: Bool { low > high }
    func isWithin(_ a: Double, _ b: Double) -> Bool { !isUnset && low >= a && high <= b }
    func isConstant(_ value: Double) -> Bool { low == value && high == value }
    func isWhole(_ range: ClosedRange<Double>) -> Bool {
      areWhole && isWithin(range.lowerBound, range.upperBound)
    }
  }
}
