/// Numbers made from names, for formats that call things by hashes: the same names give the same.
enum NameHash {
  /// FNV-1a in 64 bits over the parts, each ended by a byte that UTF-8 never has, with the high
  /// bits mixed into the low ones (http://www.isthe.com/chongo/tech/comp/fnv/).
  static func hash(_ parts: [String]) -> UInt64 {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for part in parts {
      for byte in part.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
      value = (value ^ 0xff) &* 0x100_0000_01b3
    }
    return value ^ value >> 29
  }
}
