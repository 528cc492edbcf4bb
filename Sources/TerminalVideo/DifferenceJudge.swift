/// Tells which cells of a frame may stay as they are.
///
/// An error is seen by its brightness against what lies around it: in an even area two steps of 255 show, beside an edge
/// ten do not. Where much of the picture moves, one step more goes unseen. What rests is set right little by little.
struct DifferenceJudge {
    private let tolerance: Tolerance
    private let brightness: Int32
    private let columns: Int
    /// True where much of the picture moves.
    let isBusy: Bool
    private let count: Int
    private let isSteady: Bool
    /// The frame before, as it should have been.
    private let last: UnsafePointer<UInt64>
    /// Resting cells that may still be set right, times `changesForOne`.
    private var credit: Int
    /// How near a colour must be to be used for the cell judged last.
    private var pen: UInt8 = 0
    /// Cells that had to be written.
    private(set) var changes = 0

    /// Cells to change for one more that rests.
    private static let changesForOne = 8
    /// Difference of brightness around a cell for which a colour may be one step further off.
    private static let rangeForOne: Int32 = 18
    /// Squared difference of brightness around a cell at which twice the square of an error goes unseen.
    private static let unevenness: Int32 = 464

    /// Begins a frame.
    ///
    /// - Parameters:
    ///   - tolerance: What may be left out.
    ///   - columns: Cells in a row.
    ///   - rows: Rows.
    ///   - last: The frame before, which must outlive this.
    ///   - lastChanges: Cells that had to be written then.
    ///   - isSteady: True where that had the same tolerance.
    init(
        _ tolerance: Tolerance,
        columns: Int,
        rows: Int,
        last: UnsafePointer<UInt64>,
        lastChanges: Int,
        isSteady: Bool
    ) {
        self.tolerance = tolerance
        self.columns = columns
        self.isSteady = isSteady
        self.last = last
        count = columns * rows
        isBusy = tolerance.brightness < tolerance.cell && 4 * lastChanges > count
        brightness = Int32(tolerance.brightness) + (isBusy ? 1 : 0)
        credit = tolerance.refinement * Self.changesForOne
    }

    /// How near a colour must be to be used for a cell that differs; nil where the cell stays as it is.
    @inline(__always)
    mutating func penTolerance(
        for code: UInt64,
        over shown: UInt64,
        at index: Int,
        of wanted: UnsafePointer<UInt64>
    ) -> UInt8? {
        guard tolerance.cell > 0 else { return tolerance.pen }
        let rests = last[index] == code
        // What rests was judged before, and only its neighbours may have changed since.
        let isJudged = rests && isSteady && shown != ANSIEncoder.unknown
        // Where no channel differs by more, neither does the brightness: most cells are judged by this alone.
        if !isJudged, !EscapeWriter.isNear(code, shown, UInt64(brightness)),
            isSeen(code, over: shown, at: index, of: wanted)
        {
            changes += 1
            credit += 1
            return pen
        }
        guard rests, credit >= Self.changesForOne else { return nil }
        credit -= Self.changesForOne
        return 0
    }

    /// Judges a difference by what lies around it, and finds `pen` for it.
    private mutating func isSeen(
        _ code: UInt64,
        over shown: UInt64,
        at index: Int,
        of wanted: UnsafePointer<UInt64>
    ) -> Bool {
        let (top, bottom) = (Self.luma(code), Self.luma(code >> 32))
        let error = max(abs(top - Self.luma(shown)), abs(bottom - Self.luma(shown >> 32)))
        let isNear = EscapeWriter.isNear(code, shown, UInt64(tolerance.cell))
        guard error > brightness || !isNear else { return false }
        let range = range(top, bottom, at: index, of: wanted)
        // More than this, squared and times the most uneven, is no 32-bit number any more.
        let bounded = min(brightness, 180)
        let limit = bounded * bounded * (Self.unevenness + range * range)
        pen = UInt8(min(Int32(tolerance.pen), Int32(tolerance.brightness) + range / Self.rangeForOne))
        return !isNear || error * error * Self.unevenness > limit
    }

    /// Brightness of the lower word, 0 to 255, by the weights of ITU-R BT.601.
    @inline(__always)
    private static func luma(_ code: UInt64) -> Int32 {
        let (red, green, blue) = (code & 0xFF, code >> 8 & 0xFF, code >> 16 & 0xFF)
        return Int32(truncatingIfNeeded: (77 &* red &+ 150 &* green &+ 29 &* blue) >> 8)
    }

    /// Difference between the brightest and the darkest half among a cell and its four neighbours.
    private func range(
        _ top: Int32,
        _ bottom: Int32,
        at index: Int,
        of wanted: UnsafePointer<UInt64>
    ) -> Int32 {
        var (low, high) = (min(top, bottom), max(top, bottom))
        func look(_ neighbour: Int) {
            guard neighbour >= 0, neighbour < count else { return }
            let (top, bottom) = (Self.luma(wanted[neighbour]), Self.luma(wanted[neighbour] >> 32))
            low = min(low, top, bottom)
            high = max(high, top, bottom)
        }
        look(index - 1)
        look(index + 1)
        look(index - columns)
        look(index + columns)
        return high - low
    }
}
