/// Flat shapes on the planes of a `YUV420Picture`; whatever lies outside of the picture is cut off.
///
/// Borrows the planes: use it only inside `withUnsafeMutablePlanes`.
struct Canvas {
    let y: UnsafeMutablePointer<UInt8>
    let u: UnsafeMutablePointer<UInt8>
    let v: UnsafeMutablePointer<UInt8>
    let size: PixelSize

    private var chromaWidth: Int { (size.width + 1) / 2 }

    /// Fills a rectangle from its left and top edge up to `right` and `bottom`; nothing where these do not lie beyond.
    ///
    /// In the colour planes every sample that the rectangle touches takes its colour.
    func fill(left: Int, top: Int, right: Int, bottom: Int, with color: YUVColor) {
        let (left, right) = (max(left, 0), min(right, size.width))
        let (top, bottom) = (max(top, 0), min(bottom, size.height))
        guard left < right, top < bottom else { return }
        for row in top..<bottom {
            (y + row * size.width + left).update(repeating: color.y, count: right - left)
        }
        let count = (right + 1) / 2 - left / 2
        for row in top / 2..<(bottom + 1) / 2 {
            (u + row * chromaWidth + left / 2).update(repeating: color.u, count: count)
            (v + row * chromaWidth + left / 2).update(repeating: color.v, count: count)
        }
    }

    /// Fills one row from `x.lowerBound` on, and the colour under it where the row is even.
    func fillRow(_ row: Int, x: Range<Int>, with color: YUVColor) {
        let columns = x.clamped(to: 0..<size.width)
        guard !columns.isEmpty, row >= 0, row < size.height else { return }
        (y + row * size.width + columns.lowerBound).update(repeating: color.y, count: columns.count)
        guard row % 2 == 0 else { return }
        let chroma = columns.lowerBound / 2..<(columns.upperBound + 1) / 2
        (u + row / 2 * chromaWidth + chroma.lowerBound).update(repeating: color.u, count: chroma.count)
        (v + row / 2 * chromaWidth + chroma.lowerBound).update(repeating: color.v, count: chroma.count)
    }

    /// Fills an upright ellipse.
    func fillEllipse(x: Double, y: Double, radiusX: Double, radiusY: Double, with color: YUVColor) {
        for row in Int(y - radiusY)...Int(y + radiusY) {
            let height = (Double(row) - y) / radiusY
            guard height * height < 1 else { continue }
            let half = (radiusX * (1 - height * height).squareRoot())
            fillRow(row, x: Int(x - half)..<Int(x + half) + 1, with: color)
        }
    }

    /// Moves the brightness inside an upright ellipse towards `luma` by `share` of 256.
    func blendEllipse(x: Double, y: Double, radiusX: Double, radiusY: Double, luma: UInt8, share: Int32) {
        for row in max(0, Int(y - radiusY))..<max(0, min(size.height, Int(y + radiusY) + 1)) {
            let height = (Double(row) - y) / radiusY
            guard height * height < 1 else { continue }
            let half = radiusX * (1 - height * height).squareRoot()
            let columns = (Int(x - half)..<Int(x + half) + 1).clamped(to: 0..<size.width)
            let line = self.y + row * size.width
            for column in columns {
                let old = Int32(line[column])
                line[column] = UInt8(truncatingIfNeeded: old &+ ((Int32(luma) &- old) &* share) >> 8)
            }
        }
    }
}
