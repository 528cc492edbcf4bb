/// Sixteen bytes at even or at odd places of a row, each in a word of 16 bits.
///
/// Two vectors of the width that every x86-64 and arm64 processor has: wider ones of the standard library are not
/// turned into the one instruction that each operation here is.
struct ByteLanes: Sendable {
    private typealias Half = SIMD8<UInt16>

    private var low: Half
    private var high: Half

    /// Bytes from the first to the last of either kind.
    static let width = 32
    static let zero = ByteLanes(repeating: 0)

    init(repeating value: UInt16) {
        (low, high) = (Half(repeating: value), Half(repeating: value))
    }

    @inline(__always)
    private init(_ low: Half, _ high: Half) {
        (self.low, self.high) = (low, high)
    }

    /// Reads 32 bytes as they are.
    @inline(__always)
    init(loading source: UnsafeRawPointer) {
        low = source.loadUnaligned(as: Half.self)
        high = (source + 16).loadUnaligned(as: Half.self)
    }

    @inline(__always)
    func store(to target: UnsafeMutablePointer<UInt16>) {
        UnsafeMutableRawPointer(target).storeBytes(of: low, as: Half.self)
        UnsafeMutableRawPointer(target + 8).storeBytes(of: high, as: Half.self)
    }

    /// Stores these lanes and those of odd places in turn.
    @inline(__always)
    func store(to target: UnsafeMutablePointer<UInt16>, interleavedWith odd: ByteLanes) {
        let target = UnsafeMutableRawPointer(target)
        target.storeBytes(of: Self.joined(low, odd.low), as: SIMD8<UInt32>.self)
        (target + 32).storeBytes(of: Self.joined(high, odd.high), as: SIMD8<UInt32>.self)
    }

    @inline(__always)
    private static func joined(_ even: Half, _ odd: Half) -> SIMD8<UInt32> {
        SIMD8<UInt32>(truncatingIfNeeded: even) | SIMD8<UInt32>(truncatingIfNeeded: odd) &<< 16
    }

    /// The bytes at even places of what was read.
    @inline(__always)
    var evenBytes: ByteLanes { ByteLanes(low & 0xFF, high & 0xFF) }

    /// The bytes at odd places of what was read, or their sums.
    @inline(__always)
    var oddBytes: ByteLanes { ByteLanes(low &>> 8, high &>> 8) }

    @inline(__always)
    static func &+ (left: ByteLanes, right: ByteLanes) -> ByteLanes {
        ByteLanes(left.low &+ right.low, left.high &+ right.high)
    }

    @inline(__always)
    static func &+= (left: inout ByteLanes, right: ByteLanes) {
        left.low &+= right.low
        left.high &+= right.high
    }

    @inline(__always)
    func shifted(by bits: UInt16) -> ByteLanes { ByteLanes(low &<< bits, high &<< bits) }

    /// The sums of bytes at even places, out of the sums of whole words and those of bytes at odd places.
    ///
    /// Exact up to 257 rows, and an instruction less in each than to mask them.
    @inline(__always)
    static func evenSums(words: ByteLanes, odd: ByteLanes) -> ByteLanes {
        ByteLanes(words.low &- odd.low &<< 8, words.high &- odd.high &<< 8)
    }

    /// Upper halves of the products with weights.
    ///
    /// The compiler finds the instruction for it where it sees that the weights are 16 bits wide, which takes that they
    /// are read from memory right before.
    @inline(__always)
    func share(_ weights: UnsafePointer<ByteLanes>) -> ByteLanes {
        ByteLanes(Self.upper(low, weights.pointee.low), Self.upper(high, weights.pointee.high))
    }

    @inline(__always)
    private static func upper(_ first: Half, _ second: Half) -> Half {
        let product = SIMD8<UInt32>(truncatingIfNeeded: first) &* SIMD8<UInt32>(truncatingIfNeeded: second)
        return Half(truncatingIfNeeded: product &>> 16)
    }
}
