import Quality
import Scan
import Testing

@Suite struct ConfigurationTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func read(_ yaml: String) throws -> Configuration {
    try Configuration.read(path: workspace.write(yaml, to: "c.yml"), rules: [Sample.self])
  }

  private func refusal(_ yaml: String) -> String? {
    let error = #expect(throws: ScanError.self) { try read(yaml) }
    return error.map { $0.description.replacing(workspace.path + "/", with: "") }
  }

  @Test func `A level, a parameter and off are read`() throws {
    let change = try #require(
      try read("rules:\n  sample:\n    level: note\n    max-gap: 2\n").rules["sample"])
    #expect(change.level == .note)
    #expect(change.parameters == ["max-gap": 2])
    #expect(try read("rules: {sample: off}").rules["sample"]?.isOff == true)
    #expect(try read("rules: {sample: warning}").rules["sample"]?.level == .warning)
  }

  @Test(arguments: ["", "# nothing\n", "rules:\n", "rules:\n  sample:\n"])
  func `An empty file changes nothing`(yaml: String) throws {
    #expect(try read(yaml).rules["sample"]?.level == nil)
  }

  @Test func `What is unknown is refused with its line`() {
    #expect(refusal("rulez: {}") == "c.yml:1: rulez is not known here; known is rules")
    #expect(
      refusal("rules:\n  sampel: off\n")
        == "c.yml:2: there is no rule called sampel; do you mean sample?")
    #expect(
      refusal("rules:\n  sample:\n    maxgap: 1\n")
        == "c.yml:3: sample has no setting maxgap; do you mean max-gap?"
        + " (known are level, max-gap)")
    #expect(
      refusal("rules:\n  sample:\n    max-gap: long\n")
        == "c.yml:3: max-gap of sample wants a number")
    #expect(
      refusal("rules:\n  sample:\n    max-gap: -2\n")
        == "c.yml:3: max-gap of sample wants a number that is not negative")
    #expect(
      refusal("rules:\n  sample: loud\n")
        == "c.yml:2: a level is off, note, warning or error, not loud")
  }

  @Test(arguments: ["rules: [", "- a\n- b\n", "rules: 5\n", "a: 1\na: 2\n", "\u{0}"])
  func `What is no configuration is refused in one line`(yaml: String) {
    let text = refusal(yaml)
    #expect(text?.hasPrefix("c.yml") == true)
    #expect(text?.contains("\n") == false)
  }

  @Test func `What is too large for a configuration is refused before it is parsed`() throws {
    let comment = "# " + String(repeating: "x", count: (1 << 20) - 3) + "\n"
    #expect(try read(comment).rules.isEmpty)
    #expect(
      refusal(comment + "\n")
        == "c.yml: a configuration of more than 1 MiB is none; name the right file")
  }

  @Test func `A missing file is refused`() {
    #expect(throws: ScanError.self) { try Configuration.read(path: workspace.file("no.yml")) }
    #expect(throws: ScanError.self) { try Configuration.read(path: workspace.path) }
  }

  @Test func `Levels and off reach the scan`() throws {
    let labels = try workspace.write(
      "1,1,5,5,9,9,1,-1,-1,-1\nx,1,5,5,9,9,1,-1,-1,-1\n2,1,5,5,9,9,1,-1,-1,-1\n",
      to: "labels.txt")
    func levels(_ configuration: Configuration) throws -> [Level] {
      try workspace.scan(labels: ["\(labels):mot"]) { $0.configuration = configuration }
        .findings(of: "bad-label-rows").map(\.finding.level)
    }
    var note = Configuration.Change()
    note.level = .note
    var off = Configuration.Change()
    off.isOff = true
    #expect(try levels(Configuration()) == [.error])
    #expect(try levels(Configuration(rules: ["bad-label-rows": note])) == [.note])
    #expect(try levels(Configuration(rules: ["bad-label-rows": off])) == [])
  }
}

private enum Sample: Rule {
  static let info = RuleInfo(
    id: "sample", scope: .video, level: .error, summary: "", page: "",
    parameters: [.init("max-gap", 1, unit: "seconds", "A length.")])

  static func findings(in input: RuleInput, settings: RuleSettings) -> [Finding] { [] }
}
