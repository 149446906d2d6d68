public import Quality

/// Writes findings for another program or for people. One export is one file.
public protocol FindingExport: Sendable {
  /// The id on the command line: `--format csv`.
  static var id: String { get }
  /// One line for the list of exports.
  static var summary: String { get }

  /// Writes `findings` piece by piece.
  ///
  /// `sink` is given text that ends anywhere; what it throws, this throws.
  static func write<Failure: Error>(
    _ findings: some Sequence<ReportedFinding>, to sink: (String) throws(Failure) -> Void
  ) throws(Failure)
}
