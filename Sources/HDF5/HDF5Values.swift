/// The value of an attribute.
public enum HDF5Attribute: Hashable, Sendable {
  /// Strings, fixed or variable in length; one for a scalar.
  case text([String])
  /// Whole numbers or truth values; one for a scalar.
  case integers([Int])
  /// Numbers; one for a scalar.
  case numbers([Double])

  /// The string, where it is text and just one.
  public var text: String? {
    guard case .text(let strings) = self, strings.count == 1 else { return nil }
    return strings.first
  }

  /// The number, where it is a number and just one.
  public var number: Double? {
    switch self {
    case .text: nil
    case .integers(let values): values.count == 1 ? values.first.map { Double($0) } : nil
    case .numbers(let values): values.count == 1 ? values.first : nil
    }
  }
}

/// What a data set holds.
public struct HDF5Dataset: Hashable, Sendable {
  /// The kinds of elements.
  public enum Kind: Hashable, Sendable {
    /// Whole numbers or truth values of any width.
    case integers
    /// Numbers of any width.
    case numbers
    /// Strings, fixed or variable in length.
    case text
    /// Rows with these members.
    case table([String])
    /// Anything else.
    case other
  }

  /// What an element is.
  public var kind: Kind
  /// The length of every axis, slowest first; empty for a scalar.
  public var dimensions: [Int]
  /// The number of elements.
  public var count: Int

  /// The names of the members of a table; empty for anything else.
  public var members: [String] {
    guard case .table(let members) = kind else { return [] }
    return members
  }
}

/// Rows of a table with the members that were asked for.
public struct HDF5Rows: Hashable, Sendable {
  /// The number of rows.
  public let count: Int
  /// The number of members in a row.
  public let width: Int
  /// The values, row by row.
  public let values: [Double]

  /// The value of the `column`-th member asked for in the `row`-th row read.
  public subscript(row: Int, column: Int) -> Double { values[row * width + column] }

  /// The value as a whole number; nil where it is none.
  public func integer(_ row: Int, _ column: Int) -> Int? { Int(exactly: self[row, column]) }
}

/// How numbers are stored in a file.
public enum HDF5Number: Hashable, Sendable {
  /// 8 bits with sign.
  case int8
  /// 8 bits without sign.
  case uint8
  /// 32 bits with sign.
  case int32
  /// 32 bits without sign.
  case uint32
  /// 64 bits with sign.
  case int64
  /// 64 bits without sign.
  case uint64
  /// IEEE 754 single precision.
  case float32
  /// IEEE 754 double precision.
  case float64
  /// A truth value, as h5py stores one: an enumeration of FALSE and TRUE in 8 bits.
  case boolean
}

/// One member of a table that is written.
public struct HDF5Column: Hashable, Sendable {
  /// The name of the member.
  public var name: String
  /// How the member is stored.
  public var type: HDF5Number
  /// One value a row; for truth values 0 is false.
  public var values: [Double]

  /// Creates a member of a table.
  public init(_ name: String, _ type: HDF5Number, _ values: [Double]) {
    self.name = name
    self.type = type
    self.values = values
  }
}

/// How strings are stored in a file.
public enum HDF5Text: Hashable, Sendable {
  /// All as long as the longest one, filled up with zeros: what numpy calls `S`.
  case fixed
  /// Each as long as it is, in UTF-8.
  case variable
}
