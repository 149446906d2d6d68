/// What a person said about a finding. It outlives re-scans.
public struct Decision: Hashable, Sendable {
  /// What to do with the finding.
  public enum Status: String, Sendable, CaseIterable {
    /// The finding is right and the labels are to be mended.
    case accepted
    /// The finding is wrong or harmless.
    case rejected
    /// To be looked at later.
    case snoozed
  }

  /// What to do with the finding.
  public var status: Status
  /// The person's words; empty where there are none.
  public var note: String

  /// Creates a decision.
  public init(_ status: Status, note: String = "") {
    self.status = status
    self.note = note
  }
}
