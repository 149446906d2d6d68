import Annotations
import Quality
import Timeline

/// Labels as a drawing: one line a track, one character a frame.
///
///     a      XXX..XXX
///     b:car  XXXX----
///     cuts   ....|...
///
/// A line is a name, a class after a colon if it matters (`person` if not), and the frames:
///
/// - `X` labelled, `.` silent, `-` declared absent
/// - `?` a frame that nobody annotated, for all tracks, also where other lines draw otherwise
/// - `2` labelled twice with the same box
/// - `Y` labelled with another class, which is called `other`
///
/// The line `cuts` marks the first frame of a new shot with `|`. A name that begins with `*` is a
/// lone detection without identity. Objects stand still side by side, 40 pixels wide and 80 high
/// in a picture of 1280 by 720, unless `box` says otherwise.
struct Drawing {
  let video: VideoFacts
  let source: SourceFacts

  init(
    _ text: String, rate: Double = 5, kind: ReadOptions.Kind = .labels,
    metrics: [String: [MetricValue]] = [:],
    box: (_ track: String, _ frame: Int) -> Box? = { _, _ in nil }
  ) {
    let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
      .filter { $0.count == 2 }.map { (name: String($0[0]), frames: Array($0[1])) }
    let count = lines.map(\.frames.count).max() ?? 0
    var unannotated: Set<Int> = []
    var cuts: [Int] = []
    var tracks: [Track] = []
    for line in lines {
      let parts = line.name.split(separator: ":").map(String.init)
      let name = parts[0].filter { $0 != "*" }
      var instances: [Instance] = []
      var absent: [Int] = []
      for (frame, mark) in line.frames.enumerated() {
        let place = Box(left: 100 + 120 * Double(tracks.count), top: 300, width: 40, height: 80)
        let shape = Shape.box(box(name, frame) ?? place)
        // Lines count as in a file that lists the frames one after the other.
        let row = Int32(frame * lines.count + tracks.count + 1)
        switch mark {
        case "X": instances.append(Instance(frame: frame, shape: shape, line: row))
        case "2":
          instances += Array(repeating: Instance(frame: frame, shape: shape, line: row), count: 2)
        case "Y":
          instances.append(
            Instance(frame: frame, shape: shape, className: "other", line: row))
        case "-": absent.append(frame)
        case "?": unannotated.insert(frame)
        case "|": cuts.append(frame)
        default: break
        }
      }
      if name == "cuts" { continue }
      tracks.append(
        Track(
          id: name, className: parts.count > 1 ? parts[1] : "person",
          isTracked: !line.name.hasPrefix("*"), instances: instances,
          absences: FrameRange.runs(of: absent)))
    }
    video = VideoFacts(
      name: "drawn", frames: FrameTable(nominalCount: count, rate: rate), width: 1280,
      height: 720, metrics: metrics, cuts: cuts)
    let annotated: AnnotatedFrames =
      unannotated.isEmpty ? .all : .only(Set(0..<count).subtracting(unannotated))
    source = SourceFacts(
      name: "labels", kind: kind,
      annotations: VideoAnnotations(annotated: annotated, tracks: tracks))
  }

  /// What rules look at.
  var input: RuleInput { RuleInput(video: video, source: source) }

  /// What `rule` finds, in the order of reports; `parameters` replace its defaults.
  func findings(of rule: any Rule.Type, _ parameters: [String: Double] = [:]) -> [Finding] {
    var settings = RuleSettings(rule.info)
    for (id, value) in parameters {
      let isKnown = settings.set(id, to: value)
      precondition(isKnown, "The rule has no parameter \(id).")
    }
    return rule.findings(in: input, settings: settings).sorted(by: Finding.reportOrder)
  }

  /// The ranges of the findings as drawings: `...^^...`.
  func marks(of rule: any Rule.Type, _ parameters: [String: Double] = [:]) -> [String] {
    findings(of: rule, parameters).map { finding in
      String((0..<video.frames.count).map { finding.range.contains($0) ? "^" : "." })
    }
  }
}
