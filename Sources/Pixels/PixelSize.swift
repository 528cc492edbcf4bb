/// Width and height in pixels.
public struct PixelSize: Sendable, Hashable {
    /// Pixels in a row; 0 or more.
    public var width: Int
    /// Rows; 0 or more.
    public var height: Int

    /// Creates a size; both sides must not be negative.
    public init(width: Int, height: Int) {
        precondition(width >= 0 && height >= 0, "a size of \(width) x \(height) pixels is negative")
        self.width = width
        self.height = height
    }

    /// True where there is no pixel.
    public var isEmpty: Bool { width == 0 || height == 0 }

    /// Number of pixels.
    public var area: Int { width * height }

    /// This size, or where a side is longer than `side`, the largest of its shape where none is.
    ///
    /// A side that is not 0 stays at least 1.
    ///
    /// - Parameter side: Most pixels of a side, 1 or more.
    /// - Returns: A size that is as large or smaller.
    public func limited(toSide side: Int) -> PixelSize {
        let longest = max(width, height)
        guard longest > side else { return self }
        func shorter(_ length: Int) -> Int {
            let share = Double(length) * Double(side) / Double(longest)
            return min(side, max(min(1, length), Int(share.rounded())))
        }
        return PixelSize(width: shorter(width), height: shorter(height))
    }

    /// The largest rectangle of this picture's shape in the middle of a box of half-block cells.
    ///
    /// A cell is one pixel wide and two high, and pixels are square. Top and height of the answer are even, so that
    /// every cell holds two pixels of the picture or none; the height is rounded up for that. A picture that is not
    /// empty gets at least one cell.
    ///
    /// - Parameters:
    ///   - columns: Width of the box in cells.
    ///   - rows: Height of the box in cells.
    ///   - sampleAspect: Width of one of the picture's own pixels divided by its height.
    /// - Returns: The place in the box in pixels, empty where the box or the picture is.
    public func fitted(columns: Int, rows: Int, sampleAspect: Double = 1) -> PixelRect {
        guard !isEmpty, columns > 0, rows > 0 else { return PixelRect(x: 0, y: 0, width: 0, height: 0) }
        let aspect = sampleAspect.isFinite && sampleAspect > 0 ? sampleAspect : 1
        let shown = (width: Double(width) * aspect, height: Double(height))
        let box = (width: Double(columns), height: Double(2 * rows))
        var fit = (width: columns, height: 2 * rows)
        if box.width * shown.height > box.height * shown.width {
            fit.width = max(1, Int((box.height * shown.width / shown.height).rounded()))
        } else {
            let height = Int((box.width * shown.height / shown.width).rounded())
            fit.height = min(max(2, (height + 1) / 2 * 2), 2 * rows)
        }
        return PixelRect(
            x: (columns - fit.width) / 2,
            y: (rows - fit.height / 2) / 2 * 2,
            width: fit.width,
            height: fit.height
        )
    }
}

/// A rectangle of pixels: left and top edge from the upper left corner, and its size.
public struct PixelRect: Sendable, Hashable {
    /// Pixels left of it.
    public var x: Int
    /// Rows above it.
    public var y: Int
    /// Its size.
    public var size: PixelSize

    /// Creates a rectangle; the sides must not be negative.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        size = PixelSize(width: width, height: height)
    }
}
