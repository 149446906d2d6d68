/// The middle of the values, the mean of the middle two where their number is even; nil of none.
func median(of values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// The value that a share of the values, rounded down, stays below; nil of none.
func quantile(_ share: Double, of values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  let place = Int(Double(values.count) * min(1, max(0, share)))
  return values.sorted()[min(values.count - 1, place)]
}
