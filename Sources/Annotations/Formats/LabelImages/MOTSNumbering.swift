/// How MOTS numbers frames and classes, in rows and in images.
struct MOTSNumbering {
  /// The number of the first frame: 0 in KITTI-MOTS, 1 in MOTSChallenge.
  let base: Int

  /// Tells what the first frame is called.
  ///
  /// A frame 0 settles it, a last number that is the video's count, and a `seqinfo.ini`. KITTI's
  /// pictures are known by their size, which no other source has. All else counts from 1.
  init(
    first: Int, last: Int, size: (width: Int, height: Int)?, hint: VideoHint?,
    hasSequenceInfo: Bool = false, options: ReadOptions
  ) {
    if let stated = LabelFormats.safeBase(options.base) {
      base = stated
    } else if first == 0 {
      base = 0
    } else if hasSequenceInfo || hint?.frameCount == last {
      base = 1
    } else {
      base = size.map { Self.base(width: $0.width, height: $0.height) } ?? 1
    }
  }

  /// The base that pictures of this size are written with, and read with where nothing else tells.
  static func base(width: Int, height: Int) -> Int {
    (1224...1242).contains(width) && (370...376).contains(height) ? 0 : 1
  }

  /// The dialect in words.
  var dialect: String {
    base == 0 ? "KITTI-MOTS, frames from 0" : "MOTSChallenge, frames from \(base)"
  }

  // What objects without a class are called where every line names one.
  private static let nameless = "unlabelled"

  /// The class of a number; `names` is what `labels.txt` says, empty where there is none.
  static func className(_ number: Int, _ names: [Int: String]) -> String {
    let name = names[number] ?? (names.isEmpty ? ClassNumbers.names[number] : nil)
    return name == nameless ? "" : name ?? String(number)
  }

  /// Whether the number of a class means that nobody judges the object.
  static func isIgnored(_ number: Int, _ names: [Int: String]) -> Bool {
    number == ClassNumbers.ignored && names[number] == nil
  }

  /// The `labels.txt` of these classes, one line a number from 1; nil where MOTS itself names them.
  static func labels(_ classes: [String: Int]) -> String? {
    if classes.allSatisfy({ ClassNumbers.names[$0.value] == $0.key }) { return nil }
    let names = Dictionary(uniqueKeysWithValues: classes.map { ($0.value, $0.key) })
    return (1...(names.keys.max() ?? 1)).map { number in
      let name = names[number] ?? "class \(number)"
      let line = name.split(whereSeparator: \.isNewline).joined(separator: " ")
      return (line.isEmpty ? nameless : line) + "\n"
    }.joined()
  }

  /// The number that objects of a track are written with.
  static func number(of track: Track) -> Int {
    track.isIgnored ? 1000 * ClassNumbers.ignored : Int(track.id) ?? 0
  }

  /// The ontology of the classes by number.
  static func ontology(_ numbers: Set<Int>, _ names: [Int: String]) -> Ontology {
    Ontology(
      categories: numbers.sorted().filter { !isIgnored($0, names) }.map {
        Ontology.Category(name: className($0, names), sourceID: String($0))
      })
  }
}
