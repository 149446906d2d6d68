/// What a format can carry; writing into it loses the rest.
public struct FormatCapabilities: Sendable {
  /// What a format calls objects by.
  public enum Identity: Hashable, Sendable {
    /// It has no identity over time.
    case none
    /// Whole numbers of a range.
    case numbers(ClosedRange<Int>)
    /// Whole numbers that tell the class: 1000 times its number, plus 1 to 999. See
    /// ``ClassNumbers``.
    case numbersOfClass
    /// The places in the file, from a first number on.
    case places(from: Int)
    /// Any text.
    case text
  }

  /// How exactly a format writes coordinates.
  public enum Precision: Hashable, Sendable {
    /// As exactly as a double shows.
    case exact
    /// With so many decimals of a pixel.
    case decimals(Int)
    /// With so many decimals of the picture's side.
    case fraction(decimals: Int)
  }

  /// What a format is on disk.
  public enum Output: Hashable, Sendable {
    /// One file, with its usual extension, without the point.
    case file(extension: String)
    /// A folder of files.
    case folder
  }

  /// The kinds of shapes; the others are turned into one of these, or left out.
  public var shapes: Set<Shape.Kind>
  /// What objects are called by.
  public var identity: Identity
  /// How exactly coordinates are written.
  public var precision: Precision
  /// The aspects it carries, besides those that ``shapes`` and ``identity`` tell.
  public var aspects: Set<LabelAspect>
  /// What it is on disk.
  public var output: Output
  /// Whether it holds several videos.
  public var holdsManyVideos: Bool
  /// Whether it cannot be written without the size of the picture.
  public var needsPictureSize: Bool

  /// Creates capabilities.
  public init(
    shapes: Set<Shape.Kind>, identity: Identity, precision: Precision = .exact,
    aspects: Set<LabelAspect>, output: Output, holdsManyVideos: Bool = false,
    needsPictureSize: Bool = false
  ) {
    self.shapes = shapes
    self.identity = identity
    self.precision = precision
    self.aspects = aspects
    self.output = output
    self.holdsManyVideos = holdsManyVideos
    self.needsPictureSize = needsPictureSize
  }

  /// Tells whether it carries `aspect`.
  public func carries(_ aspect: LabelAspect) -> Bool { aspects.contains(aspect) }
}
