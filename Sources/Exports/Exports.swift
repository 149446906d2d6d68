/// The catalog of exports.
public enum Exports {
  /// Every export, in the order in which they are listed.
  public static let all: [any FindingExport.Type] = [
    CSVFindings.self,
    JSONFindings.self,
  ]

  /// Returns the export called `id`.
  public static func named(_ id: String) -> (any FindingExport.Type)? {
    all.first { $0.id == id }
  }
}
