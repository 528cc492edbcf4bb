#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension TestCard {
    /// What one stream sees: chosen once from its name and the seed.
    struct Scene: Sendable {
        let hour: Hour
        let hills: [Ridge]
        let towers: [Tower]
        let sun: Double
        let balloon: RGBColor
        let vehicles: [RGBColor]
        /// Milliseconds between two busy spells, and when the first one begins.
        let period: Int64
        let offset: Int64
        let salt: UInt64

        init(stream: String, seed: UInt64) {
            var random = SplitMix64(stream, seed: seed)
            hour = random.element(of: Hour.all)
            hills = (0..<2).map { _ in Ridge(&random) }
            towers = (0..<11).map { _ in Tower(&random) }
            sun = random.number(in: 0.12...0.88)
            balloon = random.element(of: Self.paints)
            vehicles = (0..<6).map { _ in random.element(of: Self.paints) }
            period = Int64(random.number(in: 17_000...24_000))
            offset = Int64(random.number(in: 0...17_000))
            salt = random.next()
        }

        private static let paints: [RGBColor] = [
            RGBColor(0xE4572E), RGBColor(0xF3A712), RGBColor(0x29A19C), RGBColor(0x6A4C93),
            RGBColor(0xF2F2F2), RGBColor(0xC5283D), RGBColor(0x2274A5), RGBColor(0x8AC926),
        ]

        /// Length of a busy spell in milliseconds, with its rise and fall.
        static let spell: Int64 = 7_000

        func activity(at time: Int64) -> Double {
            let shifted = time - offset
            let index = shifted >= 0 ? shifted / period : (shifted - period + 1) / period
            let phase = shifted - index * period
            guard phase < Self.spell else { return 0 }
            var random = SplitMix64(seed: salt ^ UInt64(bitPattern: index))
            let strength = random.number(in: 0.45...1)
            return strength * sin(Double(phase) / Double(Self.spell) * .pi)
        }
    }

    /// Colours of a time of day.
    struct Hour: Sendable {
        let zenith: RGBColor
        let horizon: RGBColor
        let far: RGBColor
        let near: RGBColor
        let ground: RGBColor
        let sun: RGBColor
        let window: RGBColor

        init(_ colors: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)) {
            zenith = RGBColor(colors.0)
            horizon = RGBColor(colors.1)
            far = RGBColor(colors.2)
            near = RGBColor(colors.3)
            ground = RGBColor(colors.4)
            sun = RGBColor(colors.5)
            window = RGBColor(colors.6)
        }

        static let all: [Hour] = [
            // Noon, evening, night, morning fog, autumn.
            Hour((0x3A7BD5, 0xBFE3F5, 0x6E93A8, 0x3F6B4F, 0x56704A, 0xFFF4C2, 0x2B4A66)),
            Hour((0x3B2A6B, 0xF28A5B, 0x7A4A78, 0x40305C, 0x2C2440, 0xFFD27A, 0xFFCF70)),
            Hour((0x0B1230, 0x2C4A7C, 0x1C2C50, 0x121C36, 0x0E1526, 0xE8ECF5, 0xFFD98A)),
            Hour((0x8FA6B5, 0xE9DFD2, 0xB3B9B8, 0x7F8F8A, 0x69756B, 0xFFF8E6, 0x5D6A70)),
            Hour((0x2E8BA8, 0xF4D9A6, 0xB5714A, 0x7A3E2B, 0x5A4632, 0xFFE9A8, 0x33222B)),
        ]
    }

    /// The outline of a row of hills: two waves, heights as a share of the picture.
    struct Ridge: Sendable {
        let waves: [(length: Double, phase: Double, height: Double)]

        init(_ random: inout SplitMix64) {
            waves = [
                (random.number(in: 0.4...0.9), random.number(in: 0...6.3), random.number(in: 0.03...0.07)),
                (random.number(in: 0.1...0.3), random.number(in: 0...6.3), random.number(in: 0.01...0.025)),
            ]
        }

        /// Height over its base at `x`, 0 to 1 across the picture.
        func height(at x: Double) -> Double {
            waves.reduce(0) { $0 + $1.height * (1 + sin(x / $1.length * 2 * .pi + $1.phase)) }
        }
    }

    /// A building of the town: left edge, width and height as shares of the picture.
    struct Tower: Sendable {
        let x: Double
        let width: Double
        let height: Double
        let lights: UInt64

        init(_ random: inout SplitMix64) {
            x = random.number(in: 0...0.95)
            width = random.number(in: 0.035...0.075)
            height = random.number(in: 0.08...0.26)
            lights = random.next()
        }
    }
}
