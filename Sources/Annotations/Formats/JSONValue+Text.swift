import Foundation

extension JSONValue {
  /// Reads a small JSON text whole; `path` is only for messages.
  init(_ data: Data, path: String) throws(LabelError) {
    var json = JSONReader.open(data, path: path)
    self = try json.value()
  }
}
