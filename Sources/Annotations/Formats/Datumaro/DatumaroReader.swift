/// Reads the top level of a Datumaro file and hands on its items one by one.
struct DatumaroReader {
  private var content: DatumaroContent
  private var sawItems = false
  private var sawCategories = false
  private var version: String?

  private init(options: ReadOptions) { content = DatumaroContent(options: options) }

  /// Reads the file at `path` as the format called `format`.
  static func read(
    path: String, options: ReadOptions, as format: String
  ) throws(LabelError) -> Dataset {
    var reader = DatumaroReader(options: options)
    try reader.pass(path)
    // Items that come before the classes they name are read in a second pass.
    if reader.sawItems, reader.content.report.rowCount == 0, reader.sawCategories {
      try reader.pass(path, takesCategories: false)
    }
    guard reader.sawItems, reader.sawCategories else {
      throw LabelError(
        .wrongFormat, path: path,
        "Datumaro writes categories and items, and one of them is missing; name the right format")
    }
    return reader.content.dataset(
      format: format, dialect: reader.version.map { "Datumaro \($0)" } ?? "Datumaro 0.3 (CVAT)")
  }

  private mutating func pass(
    _ path: String, takesCategories: Bool = true
  ) throws(LabelError) {
    var json = try JSONReader.open(path: path)
    guard try json.kind() == .object, try json.beginObject() else {
      throw LabelError(
        .wrongFormat, path: path, "the file is no JSON object; name the right format")
    }
    while let key = try json.nextKey() {
      switch key {
      case "dm_format_version": version = try json.text() ?? version
      case "info", "infos": content.facts = try json.value()
      case "categories" where takesCategories:
        content.take(categories: try json.value())
        sawCategories = true
      case "items":
        sawItems = true
        guard sawCategories else {
          try json.skip()
          continue
        }
        guard try json.beginArray() else { continue }
        while try json.nextElement() {
          let line = json.line
          content.take(item: try json.value(), line: line)
        }
      default: try json.skip()
      }
    }
  }
}
