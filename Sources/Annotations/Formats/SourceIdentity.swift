/// An id as label files write them: a whole number, or a text.
enum SourceIdentity: Hashable {
  /// No id: a detection without identity.
  case none
  /// A whole number.
  case number(Int)
  /// Anything else, as spelled.
  case text(String)

  /// The id with a text that spells a whole number read as that number: `"7"` and `7` are one id.
  fileprivate var canonical: SourceIdentity {
    guard case .text(let text) = self, let number = Int(text), String(number) == text else {
      return self
    }
    return .number(number)
  }

  /// The id in words; nil where there is none.
  var spelling: String? {
    switch self {
    case .none: nil
    case .number(let number): String(number)
    case .text(let text): text
    }
  }
}

/// Gives every id a small number in the order of first appearance.
struct IdentitySlots {
  /// The ids by number.
  private(set) var identities: [SourceIdentity] = []

  private var numbers: [Int: Int32] = [:]
  private var texts: [String: Int32] = [:]

  /// The number of `identity`; no id at all is something new each time.
  mutating func slot(of identity: SourceIdentity) -> Int32 {
    let identity = identity.canonical
    if let slot = knownSlot(of: identity) { return slot }
    let next = Int32(clamping: identities.count)
    switch identity {
    case .none: break
    case .number(let number): numbers[number] = next
    case .text(let text): texts[text] = next
    }
    identities.append(identity)
    return next
  }

  /// The number of `identity` where it was seen before.
  func knownSlot(of identity: SourceIdentity) -> Int32? {
    switch identity.canonical {
    case .none: nil
    case .number(let number): numbers[number]
    case .text(let text): texts[text]
    }
  }

  /// Whether some id is spelled `text`.
  func contains(spelling text: String) -> Bool {
    knownSlot(of: .text(text)) != nil
  }
}
