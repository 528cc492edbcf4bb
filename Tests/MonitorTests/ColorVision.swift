import Foundation
import Pixels

/// How colours look: to everybody, and to those who see fewer.
enum ColorVision: CaseIterable {
    case protan, deutan, tritan

    /// Matrices of linear light at severity 1.
    ///
    /// Source: Machado, Oliveira, Fernandes 2009, table 1.
    private var matrix: [[Double]] {
        switch self {
        case .protan:
            [
                [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                [-0.003882, -0.048116, 1.051998],
            ]
        case .deutan:
            [
                [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                [-0.011820, 0.042940, 0.968881],
            ]
        case .tritan:
            [
                [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                [0.004733, 0.691367, 0.303900],
            ]
        }
    }

    /// The colour as it is seen, in CIELAB under D65.
    func lab(_ color: RGBColor) -> Lab {
        let light = Self.light(color)
        let seen = matrix.map { row in
            min(1, max(0, zip(row, light).reduce(0) { $0 + $1.0 * $1.1 }))
        }
        return Lab(linear: seen)
    }

    /// Contrast of two colours.
    ///
    /// Source: WCAG 2.2, "contrast ratio".
    static func contrast(_ first: RGBColor, _ second: RGBColor) -> Double {
        let luminances = [first, second].map { color in
            zip([0.2126, 0.7152, 0.0722], light(color)).reduce(0) { $0 + $1.0 * $1.1 }
        }.sorted()
        return (luminances[1] + 0.05) / (luminances[0] + 0.05)
    }

    /// Red, green and blue in linear light, 0 to 1.
    ///
    /// Source: IEC 61966-2-1.
    private static func light(_ color: RGBColor) -> [Double] {
        [color.red, color.green, color.blue].map { channel in
            let value = Double(channel) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
    }
}

/// A colour in CIELAB.
struct Lab {
    var lightness: Double
    var a: Double
    var b: Double

    init(_ lightness: Double, _ a: Double, _ b: Double) {
        (self.lightness, self.a, self.b) = (lightness, a, b)
    }

    init(linear: [Double]) {
        func sum(_ x: Double, _ y: Double, _ z: Double) -> Double {
            x * linear[0] + y * linear[1] + z * linear[2]
        }
        func scaled(_ value: Double) -> Double {
            value > 216.0 / 24389 ? cbrt(value) : (24389.0 / 27 * value + 16) / 116
        }
        let x = scaled(sum(0.4124564, 0.3575761, 0.1804375) / 0.95047)
        let y = scaled(sum(0.2126729, 0.7151522, 0.0721750))
        let z = scaled(sum(0.0193339, 0.1191920, 0.9503041) / 1.08883)
        self.init(116 * y - 16, 500 * (x - y), 200 * (y - z))
    }

    /// How different two colours look.
    ///
    /// Source: CIE 142, CIEDE2000.
    func difference(to other: Lab) -> Double {
        func pow7(_ value: Double) -> Double { pow(value, 7) }
        func degrees(_ y: Double, _ x: Double) -> Double {
            let angle = atan2(y, x) * 180 / .pi
            return angle < 0 ? angle + 360 : angle
        }
        func cosine(_ degrees: Double) -> Double { cos(degrees * .pi / 180) }
        let chroma = (hypot(a, b) + hypot(other.a, other.b)) / 2
        let stretch = 1.5 - 0.5 * (pow7(chroma) / (pow7(chroma) + pow7(25))).squareRoot()
        let (a1, a2) = (a * stretch, other.a * stretch)
        let (chroma1, chroma2) = (hypot(a1, b), hypot(a2, other.b))
        let (hue1, hue2) = (degrees(b, a1), degrees(other.b, a2))
        let isGrey = chroma1 * chroma2 == 0
        var turn = isGrey ? 0 : hue2 - hue1
        if turn > 180 { turn -= 360 } else if turn < -180 { turn += 360 }
        let hueDifference = 2 * (chroma1 * chroma2).squareRoot() * sin(turn / 2 * .pi / 180)
        let meanLightness = (lightness + other.lightness) / 2
        let meanChroma = (chroma1 + chroma2) / 2
        var meanHue = isGrey ? hue1 + hue2 : (hue1 + hue2) / 2
        if !isGrey, abs(hue1 - hue2) > 180 { meanHue += meanHue < 180 ? 180 : -180 }
        let weight =
            1 - 0.17 * cosine(meanHue - 30) + 0.24 * cosine(2 * meanHue)
            + 0.32 * cosine(3 * meanHue + 6) - 0.20 * cosine(4 * meanHue - 63)
        let offset = (meanLightness - 50) * (meanLightness - 50)
        let scaleL = 1 + 0.015 * offset / (20 + offset).squareRoot()
        let scaleC = 1 + 0.045 * meanChroma
        let scaleH = 1 + 0.015 * meanChroma * weight
        let rotation =
            -sin(60 * exp(-pow((meanHue - 275) / 25, 2)) * .pi / 180) * 2
            * (pow7(meanChroma) / (pow7(meanChroma) + pow7(25))).squareRoot()
        let parts = [
            (other.lightness - lightness) / scaleL, (chroma2 - chroma1) / scaleC, hueDifference / scaleH,
        ]
        return (parts.reduce(0) { $0 + $1 * $1 } + rotation * parts[1] * parts[2]).squareRoot()
    }
}
