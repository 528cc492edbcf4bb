/// How many bytes a frame may have, and what may be given up for it.
public struct ByteBudget: Sendable, Hashable {
    /// Bytes that a frame should not exceed: small differences stay for its sake.
    public var wanted: Int
    /// Largest difference of a channel, 0 to 255, that stays for the sake of `wanted`.
    public var largestDifference: UInt8
    /// Bytes that no frame exceeds by more than a row: the rows left out follow with the next frames.
    public var most: Int

    /// Creates a budget.
    ///
    /// - Parameters:
    ///   - wanted: Bytes to keep to where differences allow it.
    ///   - largestDifference: Largest difference of a channel that is left for that.
    ///   - most: Bytes to keep to in any case.
    public init(wanted: Int, largestDifference: UInt8, most: Int) {
        self.wanted = wanted
        self.largestDifference = largestDifference
        self.most = most
    }
}

/// What one frame may write.
struct FramePlan {
    var tolerance: Tolerance
    var rows: Range<Int>
    /// Cells that are expected to be written; nil where nobody has counted.
    var cells: Int?
}

/// Fits frames into a budget by what cells have cost so far.
struct BudgetKeeper: Sendable {
    /// Bytes that a changed cell has cost lately.
    private var bytesPerCell: Double
    /// The row at which the next frame begins that has no room for all.
    private var nextRow = 0

    init(depth: ColorDepth) {
        bytesPerCell = depth == .truecolor ? 24 : depth == .palette256 ? 14 : 8
    }

    /// Learns from a frame that has been written.
    mutating func note(bytes: Int, cells: Int) {
        guard cells >= 8 else { return }
        bytesPerCell = 0.8 * bytesPerCell + 0.2 * Double(bytes) / Double(cells)
    }

    /// Chooses the difference that stays, and the rows that are written.
    ///
    /// - Parameters:
    ///   - budget: What the frame may have.
    ///   - tolerance: What may be left out in any case.
    ///   - columns: Cells in a row.
    ///   - differences: Of each cell, row by row, the largest difference of a channel; 255 where it is not known.
    /// - Returns: The plan.
    mutating func plan(
        _ budget: ByteBudget,
        _ tolerance: Tolerance,
        columns: Int,
        differences: [UInt8]
    ) -> FramePlan {
        let limit = Self.cells(budget.wanted, bytesPerCell)
        var counts = [Int](repeating: 0, count: 256)
        for difference in differences { counts[Int(difference)] += 1 }
        var kept = Int(tolerance.cell)
        var changes = counts[(kept + 1)...].reduce(0, +)
        // What differs most is written in any case: else a frame could say nothing for ever.
        while changes > limit, kept < Int(budget.largestDifference), kept < 254,
            changes > counts[kept + 1]
        {
            kept += 1
            changes -= counts[kept]
        }
        let rows = differences.count / max(1, columns)
        var plan = FramePlan(tolerance: tolerance.widened(to: UInt8(kept)), rows: 0..<rows)
        let most = Self.cells(budget.most, bytesPerCell)
        plan.cells = changes
        guard changes > most else {
            nextRow = 0
            return plan
        }
        let first = nextRow < rows ? nextRow : 0
        var (end, sum) = (first, 0)
        while end < rows, sum <= most {
            sum += differences[end * columns..<(end + 1) * columns].count { $0 > kept }
            end += 1
        }
        nextRow = end
        (plan.rows, plan.cells) = (first..<end, sum)
        return plan
    }

    private static func cells(_ bytes: Int, _ bytesPerCell: Double) -> Int {
        Int(Double(bytes) / max(1, bytesPerCell))
    }
}

extension Tolerance {
    /// The same with larger differences left alone, however even the area.
    func widened(to cell: UInt8) -> Tolerance {
        guard cell > self.cell else { return self }
        return Tolerance(cell: cell, pen: max(pen, cell / 2), refinement: refinement)
    }
}
