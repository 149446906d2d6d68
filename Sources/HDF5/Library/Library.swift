#if canImport(CHDF5)
  internal import CHDF5
  import Foundation

  /// The way into the library: one thread at a time, and silent.
  enum Library {
    // Recursive, because identifiers are given back wherever their owners end.
    private static let lock = NSRecursiveLock()

    /// Keeps other threads out until ``leave()``.
    static func enter() {
      lock.lock()
      chdf5_be_quiet()
    }

    /// Lets other threads in again.
    static func leave() { lock.unlock() }

    /// A file that breaks off or breaks the library's rules.
    static let damaged = HDF5Error(
      .unreadable, "the HDF5 file is damaged; copy or export it again")
  }

  /// Owns one identifier of the library, of whatever kind, and gives it back (`H5Idec_ref`).
  struct Identifier: ~Copyable {
    let id: hid_t

    /// Takes over `id`; nil for a negative one, which is how the library reports failure.
    init?(_ id: hid_t) {
      guard id >= 0 else { return nil }
      self.id = id
    }

    /// Takes over `id`; a negative one is `failure`.
    static func owning(_ id: hid_t, _ failure: HDF5Error) throws(HDF5Error) -> Identifier {
      guard let owner = Identifier(id) else { throw failure }
      return owner
    }

    deinit {
      Library.enter()
      H5Idec_ref(id)
      Library.leave()
    }
  }
#endif
