/// A picture as encoders take it: planar 4:2:0, eight bits, BT.601, limited range.
///
/// ```
/// bytes   Y Y Y Y ...    width x height                  16 black ... 235 white
///         U U ...        (width+1)/2 x (height+1)/2      128 neutral
///         V V ...        (width+1)/2 x (height+1)/2
/// ```
public struct YUV420Picture: Sendable, Hashable {
    /// Width and height of the luma plane.
    public let size: PixelSize
    /// The three planes, one after the other, rows without padding.
    public private(set) var bytes: [UInt8]

    /// Creates a black picture.
    public init(size: PixelSize) {
        self.size = size
        let chroma = Self.chromaSize(of: size)
        bytes = [UInt8](repeating: 16, count: size.area)
        bytes.append(contentsOf: repeatElement(128, count: 2 * chroma.area))
    }

    /// Size of each of the two colour planes.
    public var chromaSize: PixelSize { Self.chromaSize(of: size) }

    /// Lends the planes for writing: luma, blue difference, red difference.
    ///
    /// An empty picture lends nothing.
    public mutating func withUnsafeMutablePlanes(
        _ body: (UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>) ->
            Void
    ) {
        let (luma, chroma) = (size.area, chromaSize.area)
        bytes.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, luma > 0 else { return }
            body(base, base + luma, base + luma + chroma)
        }
    }

    private static func chromaSize(of size: PixelSize) -> PixelSize {
        PixelSize(width: (size.width + 1) / 2, height: (size.height + 1) / 2)
    }
}

/// One colour of a `YUV420Picture`.
struct YUVColor: Sendable, Hashable {
    var y: UInt8
    var u: UInt8
    var v: UInt8

    init(y: UInt8, u: UInt8, v: UInt8) {
        self.y = y
        self.u = u
        self.v = v
    }

    /// Converts sRGB by BT.601 to limited range.
    init(_ color: RGBColor) {
        let (r, g, b) = (Int(color.red), Int(color.green), Int(color.blue))
        y = UInt8((66 * r + 129 * g + 25 * b + 128) >> 8 + 16)
        u = UInt8((-38 * r - 74 * g + 112 * b + 128) >> 8 + 128)
        v = UInt8((112 * r - 94 * g - 18 * b + 128) >> 8 + 128)
    }
}
