/// Returns the word of `known` that `word` most likely means; nil where none is near.
///
/// A typing error costs one edit, so near means at most a third of the letters.
package func suggestion(for word: String, among known: [String]) -> String? {
  let best = known.map { (distance: editDistance(word, $0), word: $0) }
    .min { ($0.distance, $0.word) < ($1.distance, $1.word) }
  guard let best, best.distance <= max(1, word.count / 3) else { return nil }
  return best.word
}

/// The number of letters to insert, delete or replace that turn `a` into `b`.
private func editDistance(_ a: String, _ b: String) -> Int {
  let target = Array(b)
  var row = Array(0...target.count)
  for (i, letter) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in target.indices {
      let replaced = diagonal + (letter == target[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[target.count]
}
