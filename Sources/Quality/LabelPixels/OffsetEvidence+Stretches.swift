extension OffsetEvidence {
  /// The length of the pieces that are resampled, in frames: long enough to be nearly independent.
  private static let pieceLength = 50
  /// Fewer pieces tell nothing about the uncertainty.
  private static let fewestPieces = 6
  /// Fewer moving labels tell nothing about the place.
  private static let fewestLabels = 50
  /// Frames on either side over which a speed is compared with the mean, four times the reach.
  private static let surroundings = 4 * LabelStretch.reach

  /// Draws the conclusion from what the pictures showed at the labels of one source.
  init(_ stretches: some Sequence<LabelStretch>) {
    var places: [[Double]] = []
    var speeds: [[Double]] = []
    var moving = 0
    for stretch in stretches {
      moving += Self.addPlaces(of: stretch, to: &places)
      Self.addSpeeds(of: stretch, to: &speeds)
    }
    byPlace =
      places.count >= Self.fewestPieces && moving >= Self.fewestLabels
      ? Self.estimate(places) { $0 } : nil
    bySpeed =
      speeds.count >= Self.fewestPieces ? Self.estimate(speeds, Self.correlations) : nil
    correlation = Self.correlations(Self.total(speeds)).max() ?? 0
  }

  /// Adds up the contrasts of moving labels piece by piece; returns the number of labels.
  private static func addPlaces(of stretch: LabelStretch, to pieces: inout [[Double]]) -> Int {
    var (count, current) = (0, -1)
    stretch.forEachContrast { place, contrasts in
      if place / pieceLength != current {
        current = place / pieceLength
        pieces.append(Array(repeating: 0, count: LabelStretch.shifts))
      }
      for (shift, contrast) in contrasts.enumerated() {
        pieces[pieces.count - 1][shift] += Double(contrast)
      }
      count += 1
    }
    return count
  }

  /// Adds up the products of label speed and picture change that make correlations.
  ///
  /// Both are taken as the difference to their surroundings, and no more than two deviations long:
  /// a passer-by or a jump of the label shall not outweigh the rest. Changes go in by their square
  /// root, since they are sums over areas.
  private static func addSpeeds(of stretch: LabelStretch, to pieces: inout [[Double]]) {
    guard let speeds = standardised(stretch.speeds.map(Double.init)),
      let changes = standardised(stretch.changes.map { Double($0).squareRoot() })
    else { return }
    let shifts = LabelStretch.shifts
    for start in stride(from: 0, to: changes.count, by: pieceLength) {
      var sums = [Double](repeating: 0, count: 3 * shifts)
      for place in start..<min(start + pieceLength, changes.count) where !changes[place].isNaN {
        for shift in 0..<shifts {
          let other = place + shift - LabelStretch.reach
          guard speeds.indices.contains(other), !speeds[other].isNaN else { continue }
          sums[shift] += speeds[other] * changes[place]
          sums[shifts + shift] += speeds[other] * speeds[other]
          sums[2 * shifts + shift] += changes[place] * changes[place]
        }
      }
      if sums.contains(where: { $0 != 0 }) { pieces.append(sums) }
    }
  }

  /// The differences to the surroundings in deviations; nil where nothing differs. NaN stays.
  private static func standardised(_ values: [Double]) -> [Double]? {
    var sums = [0.0]
    var counts = [0]
    for value in values {
      sums.append((sums.last ?? 0) + (value.isNaN ? 0 : value))
      counts.append((counts.last ?? 0) + (value.isNaN ? 0 : 1))
    }
    var result = values.indices.map { place in
      let low = max(0, place - surroundings)
      let high = min(values.count, place + surroundings + 1)
      return values[place] - (sums[high] - sums[low]) / Double(max(1, counts[high] - counts[low]))
    }
    let limit = 2 * deviation(result)
    guard limit > 1e-6 else { return nil }
    for place in result.indices where !result[place].isNaN {
      result[place] = min(limit, max(-limit, result[place]))
    }
    let unit = deviation(result)
    return result.map { $0 / unit }
  }

  /// The population deviation of what is not NaN.
  private static func deviation(_ values: [Double]) -> Double {
    let known = values.filter { !$0.isNaN }
    guard !known.isEmpty else { return 0 }
    let mean = known.reduce(0, +) / Double(known.count)
    return (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)).squareRoot()
  }

  /// Turns sums of products and squares into a correlation for every shift.
  private static func correlations(_ sums: [Double]) -> [Double] {
    let shifts = LabelStretch.shifts
    guard sums.count == 3 * shifts else { return [] }
    return (0..<shifts).map { shift in
      sums[shift] / max(1e-12, sums[shifts + shift] * sums[2 * shifts + shift]).squareRoot()
    }
  }

  private static func total(_ pieces: [[Double]]) -> [Double] {
    guard var total = pieces.first else { return [] }
    for piece in pieces.dropFirst() {
      for place in total.indices { total[place] += piece[place] }
    }
    return total
  }

  /// The number of resamplings, each of as many pieces, drawn with replacement.
  private static let resamplings = 400

  /// Finds the shift at the peak of a curve, and how far it wanders when pieces are resampled.
  private static func estimate(
    _ pieces: [[Double]], _ curve: ([Double]) -> [Double]
  ) -> Estimate {
    var draws = SplitMix64(state: 1)
    let shifts = (0..<resamplings).map { _ in
      var sums = [Double](repeating: 0, count: pieces[0].count)
      for _ in pieces.indices {
        let piece = pieces[Int(draws.next() % UInt64(pieces.count))]
        for place in sums.indices { sums[place] += piece[place] }
      }
      return peak(of: curve(sums))
    }
    return Estimate(shift: peak(of: curve(total(pieces))), deviation: deviation(shifts))
  }

  /// The shift at the top of the parabola through the highest value and its neighbours.
  private static func peak(of curve: [Double]) -> Double {
    var top = 0
    for place in curve.indices where curve[place] > curve[top] { top = place }
    let whole = Double(top - LabelStretch.reach)
    guard top > 0, top < curve.count - 1 else { return whole }
    let (a, b, c) = (curve[top - 1], curve[top], curve[top + 1])
    let bend = a - 2 * b + c
    return bend < 0 ? whole + (a - c) / bend / 2 : whole
  }
}

/// Sebastiano Vigna's SplitMix64: the same numbers in every run and on every machine.
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
