import GRDB

extension StoreError {
  /// Puts what went wrong in SQLite into one sentence.
  init(_ error: any Error, path: String) {
    if let error = error as? StoreError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(.failed, path: path, "the store cannot be used: \(error)")
      return
    }
    switch error.resultCode {
    case .SQLITE_NOTADB:
      self.init(
        .notAStore, path: path, "this is no Continuity store; name another file with --store")
    case .SQLITE_CORRUPT:
      self.init(.damaged, path: path, "the store is damaged; move it away and scan again")
    case .SQLITE_FULL:
      self.init(.full, path: path, "the disk is full; make room and scan again")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        .locked, path: path, "another process is writing to the store; try again when it is done")
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(
        .unwritable, path: path,
        "the store cannot be written; check the permissions of the file and of its folder")
    case .SQLITE_IOERR:
      self.init(.failed, path: path, "reading or writing the disk failed; check the disk")
    default:
      self.init(
        .failed, path: path,
        "SQLite refuses the store: \(error.message ?? "result code \(error.resultCode.rawValue)")")
    }
  }
}
