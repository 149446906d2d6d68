/// One-to-one assignment of rows to columns over a sparse list of possible pairs.
///
/// Shortest augmenting paths with potentials, after Jonker and Volgenant, "A shortest augmenting
/// path algorithm for dense and sparse linear assignment problems" (1987). Exact; the time grows
/// with the pairs that compete with one another, not with rows times columns.
public struct Assignment {
  /// A row and a column that may be paired.
  public struct Pair: Hashable, Sendable {
    /// The row.
    public var row: Int
    /// The column.
    public var column: Int
    /// What the pair adds to the sum; only positive scores are ever taken.
    public var score: Double

    /// Creates a pair.
    public init(row: Int, column: Int, score: Double) {
      self.row = row
      self.column = column
      self.score = score
    }
  }

  private let columns: Int
  private var edges: [[(column: Int, cost: Double)]]
  private var rowPotential: [Double]
  private var columnPotential: [Double]
  private var rowOfColumn: [Int]
  // Valid in the columns that the current search has reached.
  private var distance: [Double]
  private var previous: [Int]
  private var isDone: [Bool]

  /// Returns the places in `pairs` of those that are taken, rising, so that no row and no column is
  /// taken twice and the sum of the scores is as large as it can be.
  ///
  /// Nobody is forced to pair. `rows` and `columns` bound the numbers in `pairs`.
  public static func best(of pairs: [Pair], rows: Int, columns: Int) -> [Int] {
    var assignment = Assignment(pairs, rows: rows, columns: columns)
    for row in 0..<rows where assignment.edges[row].count > 1 { assignment.augment(from: row) }
    var taken: [Int] = []
    var isTaken = [Bool](repeating: false, count: columns)
    for (place, pair) in pairs.enumerated()
    where pair.score > 0 && assignment.rowOfColumn[pair.column] == pair.row {
      guard !isTaken[pair.column], pair.score == assignment.score(of: pair) else { continue }
      isTaken[pair.column] = true
      taken.append(place)
    }
    return taken
  }

  private init(_ pairs: [Pair], rows: Int, columns: Int) {
    self.columns = columns
    // Every row has a column of its own in which it stays alone at no cost.
    edges = (0..<rows).map { [(columns + $0, 0)] }
    for pair in pairs where pair.score > 0 { edges[pair.row].append((pair.column, -pair.score)) }
    rowPotential = Array(repeating: 0, count: rows)
    columnPotential = Array(repeating: 0, count: columns + rows)
    rowOfColumn = Array(repeating: -1, count: columns + rows)
    distance = Array(repeating: .infinity, count: columns + rows)
    previous = Array(repeating: -1, count: columns + rows)
    isDone = Array(repeating: false, count: columns + rows)
  }

  /// The best score among the pairs of the same row and column.
  private func score(of pair: Pair) -> Double {
    edges[pair.row].lazy.filter { $0.column == pair.column }.map { -$0.cost }.max() ?? 0
  }

  private mutating func augment(from start: Int) {
    rowPotential[start] =
      edges[start].lazy.map { [columnPotential] in $0.cost - columnPotential[$0.column] }.min() ?? 0
    var reached: [Int] = []
    var done: [Int] = []
    var queue = Queue()
    var (row, via, offset) = (start, -1, 0.0)
    while true {
      for (column, cost) in edges[row] {
        let length = offset + cost - rowPotential[row] - columnPotential[column]
        // Rounding can make a way back to a finished column look shorter, and a loop of it.
        guard !isDone[column], length < distance[column] else { continue }
        if distance[column] == .infinity { reached.append(column) }
        distance[column] = length
        previous[column] = via
        queue.push((length, column))
      }
      // A column may stand in the queue more than once; only its shortest distance counts.
      var next = queue.popFirst()
      while let entry = next, isDone[entry.column] || entry.length > distance[entry.column] {
        next = queue.popFirst()
      }
      guard let (length, column) = next else { preconditionFailure("A row can stay alone.") }
      if rowOfColumn[column] < 0 {
        finish(at: column, length, from: start, done)
        break
      }
      done.append(column)
      isDone[column] = true
      (row, via, offset) = (rowOfColumn[column], column, length)
    }
    for column in reached {
      distance[column] = .infinity
      isDone[column] = false
    }
  }

  private mutating func finish(at free: Int, _ length: Double, from start: Int, _ done: [Int]) {
    rowPotential[start] += length
    for column in done {
      columnPotential[column] -= length - distance[column]
      rowPotential[rowOfColumn[column]] += length - distance[column]
    }
    var column = free
    while column >= 0 {
      let before = previous[column]
      rowOfColumn[column] = before < 0 ? start : rowOfColumn[before]
      column = before
    }
  }

  /// A binary heap of columns by distance, then by number, so that ties are always broken alike.
  private struct Queue {
    private var heap: [(length: Double, column: Int)] = []

    mutating func push(_ entry: (length: Double, column: Int)) {
      heap.append(entry)
      var child = heap.count - 1
      while child > 0, heap[child] < heap[(child - 1) / 2] {
        heap.swapAt(child, (child - 1) / 2)
        child = (child - 1) / 2
      }
    }

    mutating func popFirst() -> (length: Double, column: Int)? {
      guard let first = heap.first, let last = heap.popLast() else { return nil }
      guard !heap.isEmpty else { return first }
      heap[0] = last
      var parent = 0
      while true {
        var child = 2 * parent + 1
        guard child < heap.count else { return first }
        if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
        guard heap[child] < heap[parent] else { return first }
        heap.swapAt(child, parent)
        parent = child
      }
    }
  }
}
