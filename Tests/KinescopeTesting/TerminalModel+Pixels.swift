import Foundation
public import Pixels

extension TerminalModel {
    /// Draws sixels where the cursor is; they must end above the lower end of the screen, which else would scroll.
    mutating func drawSixels(_ text: Substring.UnicodeScalarView) throws {
        guard let start = text.firstIndex(of: "q") else { throw Refusal(text: "DCS without q") }
        var rest = text[start...].dropFirst()
        var colors: [Int: RGBColor] = [:]
        var (color, x, y, count) = (0, 0, 0, 1)
        var size = PixelSize(width: 0, height: 0)
        let origin = (x: column * cell.width, y: row * cell.height)
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"":
                let numbers = Self.numbers(&rest)
                guard numbers.count == 4, numbers[0] == 1, numbers[1] == 1 else {
                    throw Refusal(text: "raster attributes \(numbers)")
                }
                size = PixelSize(width: numbers[2], height: numbers[3])
                guard origin.x + size.width <= pixels.size.width,
                    origin.y + size.height <= pixels.size.height,
                    size.height % 6 == 0
                else { throw Refusal(text: "sixels of \(size) at \(origin)") }
            case "#":
                let numbers = Self.numbers(&rest)
                color = numbers[0]
                guard numbers.count == 5 else { continue }
                guard numbers[1] == 2, numbers[2...].allSatisfy((0...100).contains), color < 256 else {
                    throw Refusal(text: "colour \(numbers)")
                }
                let channels = numbers[2...].map { UInt8(($0 * 255 + 50) / 100) }
                colors[color] = RGBColor(red: channels[0], green: channels[1], blue: channels[2])
            case "!": count = Self.numbers(&rest)[0]
            case "$": x = 0
            case "-": (x, y) = (0, y + 6)
            case "?"..."~":
                let mask = Int(scalar.value) - 63
                guard let color = colors[color], x + count <= size.width, y + 6 <= size.height else {
                    throw Refusal(text: "sixel at \(x), \(y) of \(size)")
                }
                for column in x..<x + count {
                    for bit in 0..<6 where mask >> bit & 1 == 1 {
                        pixels[origin.x + column, origin.y + y + bit] = color
                    }
                }
                (x, count) = (x + count, 1)
            default: throw Refusal(text: "sixel \(scalar)")
            }
        }
    }

    /// Takes a command of kitty's graphics: a picture, a part of one, or the end of one.
    mutating func graphics(_ text: Substring.UnicodeScalarView) throws {
        guard text.first == "G" else { throw Refusal(text: "APC without G") }
        let parts = String(text.dropFirst()).split(
            separator: ";",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        var keys: [String: Int] = [:]
        for pair in parts[0].split(separator: ",") {
            let (key, value) = (String(pair.prefix(1)), String(pair.dropFirst(2)))
            keys[key] = Int(value) ?? value.utf8.first.map(Int.init)
        }
        let payload = parts.count > 1 ? Array(parts[1].utf8) : []
        guard payload.count <= 4096, keys["q"] == 2 else { throw Refusal(text: "APC \(parts[0])") }
        if keys["a"] == Int(UInt8(ascii: "d")) {
            guard let id = keys["i"], let place = placements.removeValue(forKey: id) else {
                throw Refusal(text: "no picture \(parts[0])")
            }
            return fill(place) { _, _ in .black }
        }
        if keys["a"] != nil { transfer = (keys, []) }
        transfer?.text += payload
        guard keys["m"] != 1, let (keys, text) = transfer else { return }
        transfer = nil
        try place(keys, text)
    }

    private mutating func place(_ keys: [String: Int], _ text: [UInt8]) throws {
        guard let id = keys["i"], let width = keys["s"], let height = keys["v"], keys["f"] == 24,
            keys["C"] == 1,
            keys["c"].map({ $0 * cell.width }) == width, keys["r"].map({ $0 * cell.height }) == height,
            let bytes = Data(base64Encoded: Data(text)), bytes.count == 3 * width * height
        else { throw Refusal(text: "picture \(keys)") }
        let place = PixelRect(x: column * cell.width, y: row * cell.height, width: width, height: height)
        if let old = placements[id], old != place { fill(old) { _, _ in .black } }
        placements[id] = place
        let image = RGBImage(size: place.size, bytes: Array(bytes))
        fill(place) { image[$0, $1] }
    }

    private mutating func fill(_ place: PixelRect, _ color: (Int, Int) -> RGBColor) {
        for y in 0..<place.size.height {
            for x in 0..<place.size.width { pixels[place.x + x, place.y + y] = color(x, y) }
        }
    }

    private static func numbers(_ rest: inout Substring.UnicodeScalarView) -> [Int] {
        let end = rest.firstIndex { !("0"..."9").contains($0) && $0 != ";" } ?? rest.endIndex
        defer { rest = rest[end...] }
        return String(rest[..<end]).split(separator: ";").map { Int($0) ?? 0 }
    }
}

extension RGBImage {
    /// How near another picture of the same size comes, in decibels; infinite where it is the same.
    public func signalToNoise(of other: RGBImage) -> Double {
        let sum = zip(bytes, other.bytes).reduce(0.0) { sum, pair in
            let difference = Double(pair.0) - Double(pair.1)
            return sum + difference * difference
        }
        return sum == 0 ? .infinity : 10 * log10(255 * 255 * Double(max(1, bytes.count)) / sum)
    }
}
