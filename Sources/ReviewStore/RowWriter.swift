import GRDB
import GRDBSQLite
import Quality

/// Inserts many rows with one prepared statement.
///
/// Values are bound straight to SQLite, since `Statement.execute(arguments:)` boxes every one.
struct RowWriter {
  private let db: Database
  private let statement: Statement
  private var column: Int32 = 0

  /// Prepares `INSERT INTO table VALUES (?, ...)`.
  init(_ db: Database, table: String, columns: Int) throws {
    try self.init(db, into: table, columns: columns)
  }

  /// Prepares `INSERT INTO table (columns) VALUES (?, ...)`.
  init(_ db: Database, table: String, columns: [String]) throws {
    let names = columns.joined(separator: ", ")
    try self.init(db, into: "\(table) (\(names))", columns: columns.count)
  }

  private init(_ db: Database, into target: String, columns: Int) throws {
    let marks = Array(repeating: "?", count: columns).joined(separator: ", ")
    self.db = db
    statement = try db.cachedStatement(sql: "INSERT INTO \(target) VALUES (\(marks))")
  }

  /// Binds the next column; nil is NULL.
  mutating func bind(_ value: Int?) {
    column += 1
    if let value {
      sqlite3_bind_int64(statement.sqliteStatement, column, Int64(value))
    } else {
      sqlite3_bind_null(statement.sqliteStatement, column)
    }
  }

  /// Binds the next column; nil is NULL, and so is NaN, as SQLite has it.
  mutating func bind(_ value: Double?) {
    column += 1
    if let value {
      sqlite3_bind_double(statement.sqliteStatement, column, value)
    } else {
      sqlite3_bind_null(statement.sqliteStatement, column)
    }
  }

  /// Binds the next column; nil is NULL.
  mutating func bind(_ value: String?) {
    column += 1
    if let value {
      let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      sqlite3_bind_text(
        statement.sqliteStatement, column, value, Int32(clamping: value.utf8.count), copied)
    } else {
      sqlite3_bind_null(statement.sqliteStatement, column)
    }
  }

  /// Binds the number and the reason of a value in the next two columns.
  mutating func bind(_ value: MetricValue) {
    switch value {
    case .value(let number):
      bind(number)
      bind(nil as String?)
    case .undefined(let reason):
      bind(nil as Double?)
      bind(reason)
    }
  }

  /// Writes the row whose columns were bound.
  mutating func insert() throws {
    column = 0
    let code = sqlite3_step(statement.sqliteStatement)
    sqlite3_reset(statement.sqliteStatement)
    guard code == SQLITE_DONE else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: String(cString: sqlite3_errmsg(db.sqliteConnection)))
    }
  }
}
