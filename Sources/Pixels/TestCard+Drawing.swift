#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Heights of the scene's parts, as shares of the picture from its top.
private enum Level {
    static let skyline = 0.70
    static let road = 0.76
    static let kerb = 0.94
}

extension TestCard.Scene {
    func drawBackdrop(on canvas: Canvas) {
        drawSky(on: canvas)
        let (width, height) = (Double(canvas.size.width), Double(canvas.size.height))
        let light = YUVColor(hour.sun)
        canvas.fillEllipse(
            x: sun * width,
            y: 0.4 * height,
            radiusX: 0.11 * height,
            radiusY: 0.11 * height,
            with: light
        )
        for (depth, ridge) in hills.enumerated() {
            let color = YUVColor(Self.mix(hour.far, hour.near, 0.5 * Double(depth)))
            for column in 0..<canvas.size.width {
                let base = Level.skyline - 0.06 + 0.05 * Double(depth)
                let top = Int(height * (base - ridge.height(at: Double(column) / width)))
                canvas.fill(
                    left: column,
                    top: top,
                    right: column + 1,
                    bottom: canvas.size.height,
                    with: color
                )
            }
        }
        for tower in towers { draw(tower, on: canvas) }
        drawGround(on: canvas)
    }

    private func drawSky(on canvas: Canvas) {
        let end = Int(Double(canvas.size.height) * Level.skyline)
        for row in 0..<canvas.size.height {
            let color = YUVColor(Self.mix(hour.zenith, hour.horizon, min(1, Double(row) / Double(end))))
            canvas.fillRow(row, x: 0..<canvas.size.width, with: color)
        }
    }

    private func draw(_ tower: TestCard.Tower, on canvas: Canvas) {
        let (width, height) = (Double(canvas.size.width), Double(canvas.size.height))
        let left = Int(tower.x * width) & ~1
        let right = left + Int(tower.width * width) & ~1
        let top = Int((Level.road - tower.height) * height) & ~1
        let bottom = Int(Level.road * height)
        canvas.fill(left: left, top: top, right: right, bottom: bottom, with: YUVColor(hour.near))
        let pane = max(2, canvas.size.width / 106)
        var lights = tower.lights
        for y in stride(from: top + pane, to: bottom - pane, by: 2 * pane) {
            for x in stride(from: left + pane, to: right - pane, by: 2 * pane) {
                lights = lights << 1 | lights >> 63
                guard lights & 3 > 1 else { continue }
                canvas.fill(left: x, top: y, right: x + pane, bottom: y + pane, with: YUVColor(hour.window))
            }
        }
    }

    private func drawGround(on canvas: Canvas) {
        let height = Double(canvas.size.height)
        let road = Int(Level.road * height)
        let kerb = Int(Level.kerb * height)
        let asphalt = Self.mix(hour.ground, RGBColor(0x30343A), 0.6)
        canvas.fill(left: 0, top: road, right: canvas.size.width, bottom: kerb, with: YUVColor(asphalt))
        canvas.fill(
            left: 0,
            top: kerb,
            right: canvas.size.width,
            bottom: canvas.size.height,
            with: YUVColor(hour.ground)
        )
        let dash = canvas.size.width / 16
        let middle = (road + kerb) / 2
        for x in stride(from: 0, to: canvas.size.width, by: 2 * dash) {
            let paint = YUVColor(Self.mix(asphalt, .white, 0.6))
            canvas.fill(
                left: x,
                top: middle,
                right: x + dash,
                bottom: middle + max(1, canvas.size.height / 120),
                with: paint
            )
        }
    }

    static func mix(_ first: RGBColor, _ second: RGBColor, _ share: Double) -> RGBColor {
        func channel(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8(Double(a) + (Double(b) - Double(a)) * share) }
        return RGBColor(
            red: channel(first.red, second.red),
            green: channel(first.green, second.green),
            blue: channel(first.blue, second.blue)
        )
    }
}

extension TestCard.Scene {
    func drawMotion(on canvas: Canvas, at time: Int64, activity: Double) {
        let seconds = Double(time % 86_400_000) / 1000
        drawClouds(on: canvas, at: seconds)
        drawBalloon(on: canvas, at: seconds)
        drawTraffic(on: canvas, at: time)
        drawRain(on: canvas, at: time, activity: activity)
    }

    private func drawClouds(on canvas: Canvas, at seconds: Double) {
        let (width, height) = (Double(canvas.size.width), Double(canvas.size.height))
        for cloud in 0..<3 {
            let speed = 0.006 + 0.003 * Double(cloud)
            let start = Double(salt >> UInt64(8 * cloud) & 0xFF) / 255
            let x = Self.wrapped(start + seconds * speed) * 1.4 - 0.2
            let y = 0.28 + 0.07 * Double(cloud)
            for (dx, scale) in [(0.0, 1.0), (0.05, 0.7), (-0.055, 0.62)] {
                canvas.blendEllipse(
                    x: (x + dx) * width,
                    y: y * height,
                    radiusX: 0.075 * scale * width,
                    radiusY: 0.045 * scale * height,
                    luma: 225,
                    share: 70
                )
            }
        }
    }

    /// Drifts from side to side all the time, so that no picture equals the one before.
    private func drawBalloon(on canvas: Canvas, at seconds: Double) {
        let (width, height) = (Double(canvas.size.width), Double(canvas.size.height))
        let x = (0.5 + 0.36 * sin(seconds * 0.21 + Double(salt & 7))) * width
        let y = (0.42 + 0.07 * sin(seconds * 0.83)) * height
        let radius = 0.075 * height
        let paint = YUVColor(balloon)
        canvas.fillEllipse(x: x, y: y, radiusX: radius, radiusY: radius * 1.15, with: paint)
        let stripe = YUVColor(Self.mix(balloon, .white, 0.55))
        canvas.fillEllipse(x: x, y: y, radiusX: radius * 0.4, radiusY: radius * 1.15, with: stripe)
        let basket = Int(y + radius * 1.5)
        let half = Int(radius * 0.22)
        canvas.fill(
            left: Int(x) - half,
            top: basket,
            right: Int(x) + half,
            bottom: basket + half,
            with: YUVColor(RGBColor(0x6B4A2F))
        )
    }

    /// One lorry after the other crosses during a busy spell, both ways.
    private func drawTraffic(on canvas: Canvas, at time: Int64) {
        let height = Double(canvas.size.height)
        for (lane, paint) in vehicles.enumerated() {
            let departure = time - offset - Int64(lane) * 700
            let phase = departure >= 0 ? departure % period : departure % period + period
            guard phase < 4_000, activity(at: time - phase + 2_000) > 0.1 + 0.1 * Double(lane) else {
                continue
            }
            let way = 1.3 * Double(phase) / 4_000 - 0.2
            let isNear = lane % 2 == 1
            let x = Int((isNear ? 1 - way - 0.1 : way) * Double(canvas.size.width))
            let bottom = Int((isNear ? Level.kerb - 0.01 : (Level.road + Level.kerb) / 2 - 0.02) * height)
            drawLorry(x: x, bottom: bottom, unit: canvas.size.width / 64, paint: paint, on: canvas)
        }
    }

    private func drawLorry(x: Int, bottom: Int, unit: Int, paint: RGBColor, on canvas: Canvas) {
        let length = 8 * unit
        let top = bottom - 4 * unit
        canvas.fill(left: x, top: top, right: x + length, bottom: bottom - unit / 2, with: YUVColor(paint))
        let stripe = YUVColor(Self.mix(paint, .black, 0.35))
        for bar in stride(from: unit, to: length, by: max(1, 2 * unit)) {
            canvas.fill(
                left: x + bar,
                top: top + unit / 2,
                right: x + bar + unit / 2,
                bottom: bottom - unit,
                with: stripe
            )
        }
        let tyre = YUVColor(RGBColor(0x15171A))
        for wheel in [2 * unit, 6 * unit] {
            let radius = 0.7 * Double(unit)
            canvas.fillEllipse(
                x: Double(x + wheel),
                y: Double(bottom),
                radiusX: radius,
                radiusY: radius,
                with: tyre
            )
        }
    }

    /// Streaks that differ in every picture, which costs an encoder most.
    private func drawRain(on canvas: Canvas, at time: Int64, activity: Double) {
        guard activity > 0.05 else { return }
        var random = SplitMix64(seed: salt &+ UInt64(bitPattern: time))
        let (width, height) = (canvas.size.width, canvas.size.height)
        let length = max(2, height / 40)
        for _ in 0..<Int(activity * Double(width)) {
            let bits = random.next()
            let x = (Int(bits & 0xFFFF) * width) >> 16
            let y = (Int(bits >> 16 & 0xFFFF) * (height - length)) >> 16
            for row in y..<y + length {
                let sample = canvas.y + row * width + x
                sample.pointee = sample.pointee / 4 * 3 + 55
            }
        }
    }

    private static func wrapped(_ value: Double) -> Double {
        value - value.rounded(.down)
    }
}
