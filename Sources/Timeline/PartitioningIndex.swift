extension RandomAccessCollection where Index == Int {
  /// The place of the first element for which `isAbove` holds, found by binary search.
  ///
  /// It must hold for no element before that place and for every one after it. Where it holds for
  /// none, the place is `endIndex`.
  @inlinable package func partitioningIndex(where isAbove: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if isAbove(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
