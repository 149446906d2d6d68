import Testing
import Tracking

struct AssignmentTests {
  /// Scores from -1000 to 1000 by a linear congruential generator, row by row.
  private func scores(seed: UInt64, rows: Int, columns: Int) -> [Assignment.Pair] {
    var state = seed + 1
    return (0..<rows * columns).map { place in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let score = Double((state >> 33) % 2001) - 1000
      return Assignment.Pair(row: place / columns, column: place % columns, score: score)
    }
  }

  // The sums are scipy 1.17.1's linear_sum_assignment on the same numbers, with negative scores
  // raised to 0 and a column of zeros for every row, so that nobody is forced to pair.
  @Test(
    "the sum of the scores is scipy's",
    arguments: [
      (0, 3, 3, 1435.0), (1, 4, 6, 2434), (2, 7, 5, 4009), (3, 12, 12, 9733), (4, 40, 30, 27858),
    ])
  func sumIsOptimal(seed: UInt64, rows: Int, columns: Int, sum: Double) {
    let pairs = scores(seed: seed, rows: rows, columns: columns)
    let taken = Assignment.best(of: pairs, rows: rows, columns: columns).map { pairs[$0] }
    #expect(taken.reduce(0) { $0 + $1.score } == sum)
    #expect(Set(taken.map(\.row)).count == taken.count)
    #expect(Set(taken.map(\.column)).count == taken.count)
    #expect(taken.allSatisfy { $0.score > 0 })
  }

  @Test("a greedy first choice is given up where the sum gains")
  func greedyIsNotBest() {
    let pairs: [Assignment.Pair] = [
      .init(row: 0, column: 0, score: 10), .init(row: 0, column: 1, score: 9),
      .init(row: 1, column: 0, score: 8),
    ]
    #expect(Assignment.best(of: pairs, rows: 2, columns: 2) == [1, 2])
  }

  @Test("a pair that is listed twice is taken once, at its better score")
  func repeatedPair() {
    let pairs: [Assignment.Pair] = [
      .init(row: 0, column: 0, score: 1), .init(row: 0, column: 0, score: 2),
    ]
    #expect(Assignment.best(of: pairs, rows: 1, columns: 1) == [1])
  }

  @Test("nothing is taken where nothing is positive, or nothing is there")
  func nothing() {
    #expect(Assignment.best(of: [], rows: 0, columns: 0).isEmpty)
    #expect(Assignment.best(of: [.init(row: 0, column: 0, score: 0)], rows: 1, columns: 1).isEmpty)
    #expect(Assignment.best(of: [.init(row: 0, column: 0, score: -3)], rows: 1, columns: 1).isEmpty)
  }

  // The sum is scipy 1.17.1's on the same numbers.
  @Test("scores that only rounding tells apart end in an assignment all the same")
  func roundingDoesNotLoop() {
    let pairs = scores(seed: 7, rows: 200, columns: 200).map { pair in
      Assignment.Pair(row: pair.row, column: pair.column, score: pair.score / 7 + 1e9)
    }
    let taken = Assignment.best(of: pairs, rows: 200, columns: 200)
    #expect(taken.count == 200)
    #expect(abs(taken.reduce(0) { $0 + (pairs[$1].score - 1e9) } - 28142.857) < 0.01)
  }
}
