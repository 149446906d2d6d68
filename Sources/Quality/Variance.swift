/// The population variance of `count` whole numbers, free of cancellation; never negative.
func variance(count: Int, sum: Int, sumOfSquares: Int) -> Double {
  let (n, sum, squares) = (Int128(count), Int128(sum), Int128(sumOfSquares))
  return Double(n * squares - sum * sum) / Double(count) / Double(count)
}
