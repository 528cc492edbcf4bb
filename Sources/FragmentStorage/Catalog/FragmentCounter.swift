import KinesisVideo

/// Gives out the counters inside fragment numbers, so that they grow over restarts and crashes.
///
/// ```
/// 0 ... importFloor | given to imports | importCapacity | live: last | reserved on disk
/// ```
///
/// Only numbers up to `reserved` are given out, and `reserved` reaches the disk first. After a crash the
/// counter goes on there.
///
/// Source: 01 Overview, "Fragment number", rules 3 and 4.
struct FragmentCounter: Sendable, Hashable, Codable {
    /// Numbers reserved by one write to the disk.
    static let block: UInt64 = 10_000
    /// A connection begins at a multiple of this, plus 1.
    static let connectionStride: UInt64 = 1_000

    /// The last counter that a live fragment got.
    private(set) var last: UInt64
    /// The highest counter that may be given out.
    private(set) var reserved: UInt64
    /// The highest counter that is still free for imports.
    private(set) var importFloor: UInt64

    /// Begins a stream whose live numbers lie above room for `importCapacity` imported fragments.
    init(importCapacity: Int) {
        importFloor = UInt64(max(0, importCapacity)).roundedUp(to: Self.connectionStride)
        last = importFloor
        reserved = importFloor
    }

    private enum CodingKeys: CodingKey { case reserved, importFloor }

    /// Goes on after everything that may have been given out before.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        reserved = try container.decode(UInt64.self, forKey: .reserved)
        importFloor = try container.decode(UInt64.self, forKey: .importFloor)
        last = reserved
    }

    /// Moves to the next multiple of 1000, for a connection that opens.
    mutating func openConnection() {
        last = last.roundedUp(to: Self.connectionStride)
    }

    /// The next counter; nil while no more are reserved.
    mutating func next() -> UInt64? {
        guard last < reserved else { return nil }
        last += 1
        return last
    }

    /// A number that is above all that have been given out, and below all that will be.
    var lastNumber: FragmentNumber {
        FragmentNumber(counter: last, serverMilliseconds: .max, random: .max)
    }

    /// True when fewer than half a block are left.
    var wantsReservation: Bool { reserved < last + Self.block / 2 }

    /// Adds a block to what may be given out.
    mutating func reserve() {
        reserved = max(reserved, last.roundedUp(to: Self.connectionStride)) + Self.block
    }

    /// Takes over what has reached the disk.
    mutating func adopt(_ written: FragmentCounter) {
        reserved = max(reserved, written.reserved)
        importFloor = min(importFloor, written.importFloor)
    }

    /// Makes numbers follow `counter`, the newest one found in the archive.
    mutating func follow(_ counter: UInt64) {
        last = max(last, counter)
        reserved = max(reserved, last)
    }

    /// Takes `count` counters just below all earlier imports; nil where there is no room.
    mutating func takeImportRange(_ count: Int) -> ClosedRange<UInt64>? {
        guard count > 0, UInt64(count) <= importFloor else { return nil }
        let top = importFloor
        importFloor -= UInt64(count)
        return importFloor + 1...top
    }
}

extension UInt64 {
    fileprivate func roundedUp(to multiple: UInt64) -> UInt64 {
        (self + multiple - 1) / multiple * multiple
    }
}
