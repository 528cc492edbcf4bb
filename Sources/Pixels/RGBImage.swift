/// A picture in sRGB, three bytes a pixel.
///
/// ```
/// row 0   R G B  R G B  ...        stride = 3 * width, no padding
/// row 1   R G B  R G B  ...
/// ```
public struct RGBImage: Sendable, Hashable {
    /// Width and height.
    public private(set) var size: PixelSize
    /// The samples: red, green, blue of each pixel, rows from top to bottom; always `3 * size.area` of them.
    public private(set) var bytes: [UInt8]

    /// Creates a picture in one colour.
    public init(size: PixelSize, color: RGBColor = .black) {
        self.size = size
        bytes = [UInt8](repeating: 0, count: 3 * size.area)
        guard color != .black else { return }
        for pixel in 0..<size.area { store(color, at: 3 * pixel) }
    }

    /// Takes samples as they are; there must be `3 * size.area`.
    public init(size: PixelSize, bytes: [UInt8]) {
        precondition(bytes.count == 3 * size.area, "\(bytes.count) bytes are no picture of \(size)")
        self.size = size
        self.bytes = bytes
    }

    /// The pixel in column `x` of row `y`, both from 0; traps outside of the picture.
    public subscript(x: Int, y: Int) -> RGBColor {
        get {
            let offset = offset(x, y)
            return RGBColor(red: bytes[offset], green: bytes[offset + 1], blue: bytes[offset + 2])
        }
        set { store(newValue, at: offset(x, y)) }
    }

    /// Changes the size; what the pixels hold afterwards is not defined.
    ///
    /// Costs nothing where the size is the same.
    public mutating func resize(to newSize: PixelSize) {
        guard newSize != size else { return }
        size = newSize
        bytes = [UInt8](repeating: 0, count: 3 * newSize.area)
    }

    /// Lends the samples for writing, laid out as in `bytes`.
    public mutating func withUnsafeMutableBytes<Result, Failure: Error>(
        _ body: (UnsafeMutableBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withUnsafeMutableBufferPointer { buffer throws(Failure) in try body(buffer) }
    }

    private func offset(_ x: Int, _ y: Int) -> Int {
        precondition(
            x >= 0 && x < size.width && y >= 0 && y < size.height,
            "no pixel at \(x), \(y) in \(size)"
        )
        return 3 * (y * size.width + x)
    }

    private mutating func store(_ color: RGBColor, at offset: Int) {
        bytes[offset] = color.red
        bytes[offset + 1] = color.green
        bytes[offset + 2] = color.blue
    }
}
