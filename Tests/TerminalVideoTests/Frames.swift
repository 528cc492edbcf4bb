import Pixels
import TerminalVideo

/// Numbers that are the same in every run.
struct RepeatableNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
    }
}

/// Pictures that keep much of the one before, repeat colours and change a little: all ways of the encoder.
struct Frames {
    private var numbers: RepeatableNumbers
    private(set) var grid: CellGrid

    init(columns: Int, rows: Int, seed: UInt64) {
        numbers = RepeatableNumbers(state: seed)
        grid = CellGrid(columns: columns, rows: rows)
    }

    mutating func next() -> CellGrid {
        let share = Int.random(in: 0...3, using: &numbers)
        for row in 0..<grid.rows {
            for column in 0..<grid.columns where Int.random(in: 0...3, using: &numbers) <= share {
                grid[column, row] = cell(after: grid[column, row])
            }
        }
        return grid
    }

    private mutating func cell(after old: Cell) -> Cell {
        switch Int.random(in: 0...5, using: &numbers) {
        case 0: Cell(top: old.bottom, bottom: old.top)
        case 1: Cell(color())
        case 2: Cell(top: nudged(old.top), bottom: nudged(old.bottom))
        case 3: Cell(top: old.top, bottom: color())
        default: Cell(top: color(), bottom: color())
        }
    }

    private mutating func color() -> RGBColor {
        // Few colours, so that pens meet again, and now and then any.
        let few: [UInt32] = [0, 0xFFFFFF, 0x123456, 0x0A64C8, 0x0B65C9]
        guard Int.random(in: 0...3, using: &numbers) == 0 else {
            return RGBColor(few.randomElement(using: &numbers) ?? 0)
        }
        return RGBColor(UInt32.random(in: 0...0xFFFFFF, using: &numbers))
    }

    private mutating func nudged(_ color: RGBColor) -> RGBColor {
        func moved(_ channel: UInt8, by amount: Int) -> UInt8 { UInt8(clamping: Int(channel) + amount) }
        let amount = Int.random(in: -7...7, using: &numbers)
        return RGBColor(
            red: moved(color.red, by: amount),
            green: moved(color.green, by: -amount),
            blue: moved(color.blue, by: amount / 2)
        )
    }
}

extension RGBColor {
    /// Largest difference of a channel.
    func distance(to other: RGBColor) -> Int {
        max(
            abs(Int(red) - Int(other.red)),
            abs(Int(green) - Int(other.green)),
            abs(Int(blue) - Int(other.blue))
        )
    }
}
