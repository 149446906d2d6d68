/// Says that no `kind` of thing is called `name`, what may be meant, and what there is.
package func unknownName(_ kind: String, _ name: String, known: [String]) -> String {
  let list = known.isEmpty ? "there is none" : "known are \(known.joined(separator: ", "))"
  return "there is no \(kind) called \(name)\(suggestion(for: name, among: known)) (\(list))"
}

/// Asks for the word of `known` that `word` most likely means: `; do you mean track-gap?`.
///
/// Empty where none is near. A typing error costs one edit, so near means at most a third of the
/// letters.
func suggestion(for word: String, among known: [String]) -> String {
  let best = known.map { (distance: editDistance(word, $0), word: $0) }
    .min { ($0.distance, $0.word) < ($1.distance, $1.word) }
  guard let best, best.distance <= max(1, word.count / 3) else { return "" }
  return "; do you mean \(best.word)?"
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
