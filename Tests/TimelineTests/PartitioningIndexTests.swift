import Testing
import Timeline

// Places are counted by hand.
struct PartitioningIndexTests {
  @Test("the first element that is above", arguments: [(0, 0), (1, 0), (2, 1), (3, 1), (9, 4)])
  func first(value: Int, place: Int) {
    #expect([1, 3, 5, 7].partitioningIndex { $0 >= value } == place)
  }

  @Test("places of a slice are its own")
  func slice() {
    #expect([1, 3, 5, 7][1...].partitioningIndex { $0 >= 4 } == 2)
  }
}
