public import Foundation

/// Datumaro's JSON in the dialect of CVAT's fork (0.3), with skeletons; see ``Datumaro``.
public enum DatumaroCVAT: WritableFormat {
  /// See ``LabelFormat/id``.
  public static let id = "datumaro-cvat"
  /// See ``LabelFormat/summary``.
  public static let summary = "Datumaro JSON as CVAT writes it (0.3, with skeletons)"

  /// See ``LabelFormat/page``.
  public static let page = FormatPage(
    frames: Datumaro.page.frames,
    traps: Datumaro.page.traps + [
      "Datumaro 1.x does not read skeletons; use datumaro for it, where they are points."
    ])

  /// See ``WritableFormat/capabilities``.
  public static let capabilities = Datumaro.capabilities

  /// See ``LabelFormat/matches(head:path:)``.
  public static func matches(head: Data, path: String) -> Bool {
    Datumaro.isDatumaro(head) && !Datumaro.matches(head: head, path: path)
  }

  /// See ``LabelFormat/matches(folder:)``.
  public static func matches(folder: LabelFolder) -> Bool { Datumaro.holds(folder, matches) }

  /// See ``LabelFormat/read(path:options:)``.
  public static func read(path: String, options: ReadOptions) throws(LabelError) -> Dataset {
    try Datumaro.read(path: path, options: options, as: id)
  }

  /// See ``WritableFormat/write(_:to:options:)``.
  public static func write(
    _ dataset: Dataset, to path: String, options: WriteOptions
  ) throws(LabelError) -> LossReport {
    try Datumaro.write(dataset, to: path, hasSkeletons: true)
  }
}
