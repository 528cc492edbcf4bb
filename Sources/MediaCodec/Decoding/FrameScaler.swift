public import Pixels

/// Scales decoded pictures to the few pixels of a terminal: the mean of the area under each pixel.
///
/// ```
/// pmeans of bytes --rows--> means of 1/128 level --columns--> levels --colours--> red, green, blue
/// ```
/// The pmeans are averaged as they are, each at its own resolution, to a twentieth of a level; only then, at the small
/// size, luma and chroma become red, green and blue. So no step of the way sees the whole picture in another form.
/// Enlarging works too: a pixel then shows the sample it lies in, or the mean of two.
///
/// A scaler keeps its tables and buffers; use one for each stream of pictures.
public struct FrameScaler: Sendable {
    private var tables: [AreaEdges: Table] = [:]
    private var samples: [UInt16] = []
    private var pairs: [UInt16] = []
    private var sums: [UInt32] = []
    /// Levels of each component in a row of the result, one component behind the other.
    private var levels: [Float] = []

    /// What is known of a division into places, each part made when it is first asked for.
    private struct Table: Sendable {
        var rows: AreaRows?
        var columns: AreaColumns?
    }

    /// A component and the plane it lies in, which others may share.
    private struct Part {
        var plane: PlaneAverage
        var isFirstOfPlane: Bool
        var offset: Int
        var step: Int
        var columns: AreaColumns

        /// Averages what was averaged down.
        func averageAcross(
            _ means: PlaneAverage.Means,
            sums: UnsafeMutablePointer<UInt32>,
            into levels: UnsafeMutablePointer<Float>
        ) {
            if step == 1 {
                columns.average(means, pairs: plane.pairs, sums: sums, into: levels)
            } else {
                columns.average(
                    means,
                    offset: offset,
                    step: step,
                    count: plane.samples / step,
                    sums: sums,
                    into: levels
                )
            }
        }
    }

    /// Most pixels of a side, of a picture and of an image.
    public static let sideLimit = 16_383

    /// Creates a scaler.
    public init() {}

    /// Scales a picture to all of an image, whose size stays as it is: at most ``sideLimit`` a side.
    ///
    /// Costs a pass over the picture's bytes.
    public mutating func scale(_ picture: borrowing DecodedPicture, into image: inout RGBImage) {
        let target = image.size
        guard !picture.size.isEmpty, !target.isEmpty else { return }
        precondition(max(target.width, target.height) <= Self.sideLimit, "\(target) is too large to scale to")
        let parts = parts(of: picture, target: target)
        guard parts.count == picture.layout.components.count else { return }
        let stride = RowConversion.stride(ofWidth: target.width)
        prepare(samples: parts.map(\.plane.samples).max() ?? 0, levels: 3 * stride)
        let conversion = RowConversion(picture.colors, components: parts.count)
        image.withUnsafeMutableBytes { output in
            withBuffers { means, sums, levels in
                guard var line = output.baseAddress else { return }
                for row in 0..<target.height {
                    for (index, part) in parts.enumerated() {
                        if part.isFirstOfPlane { part.plane.average(row, into: means, sums: sums) }
                        part.averageAcross(means, sums: sums, into: levels + index * stride)
                    }
                    conversion.convert(levels, stride: stride, width: target.width, into: line)
                    line += 3 * target.width
                }
            }
        }
    }

    private mutating func parts(of picture: borrowing DecodedPicture, target: PixelSize) -> [Part] {
        let (source, layout) = (picture.size, picture.layout)
        var parts: [Part] = []
        for component in layout.components {
            guard let base = picture.frame.plane(component.plane) else { continue }
            let step = component.step / layout.sampleSize
            let width = source.width.halved(component.shiftX)
            let across = AreaEdges(length: source.width, shift: component.shiftX, places: target.width)
            let down = AreaEdges(length: source.height, shift: component.shiftY, places: target.height)
            let shares = parts.last.map { $0.plane.base == UnsafeRawPointer(base) } ?? false
            let plane = PlaneAverage(
                base: UnsafeRawPointer(base),
                stride: picture.frame.stride(component.plane),
                samples: step * width,
                layout: layout,
                rows: rows(down)
            )
            parts.append(
                Part(
                    plane: plane,
                    isFirstOfPlane: !shares,
                    offset: component.offset / layout.sampleSize,
                    step: step,
                    columns: columns(across)
                )
            )
        }
        return parts
    }

    private mutating func rows(_ edges: AreaEdges) -> AreaRows {
        if let known = tables[edges]?.rows { return known }
        let new = AreaRows(edges)
        keep(edges) { $0.rows = new }
        return new
    }

    private mutating func columns(_ edges: AreaEdges) -> AreaColumns {
        if let known = tables[edges]?.columns { return known }
        let new = AreaColumns(edges)
        keep(edges) { $0.columns = new }
        return new
    }

    private mutating func keep(_ edges: AreaEdges, _ change: (inout Table) -> Void) {
        // A stream that changes its size all the time must not fill the memory.
        if tables.count >= 16 { tables.removeAll() }
        change(&tables[edges, default: Table()])
    }

    private mutating func prepare(samples: Int, levels count: Int) {
        let room = samples + PlaneAverage.Means.spare
        if self.samples.count < room {
            self.samples = [UInt16](repeating: 0, count: room)
            pairs = [UInt16](repeating: 0, count: room)
            sums = [UInt32](repeating: 0, count: room)
        }
        if levels.count != count { levels = [Float](repeating: 0, count: count) }
    }

    private mutating func withBuffers(
        _ body: (PlaneAverage.Means, UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<Float>) -> Void
    ) {
        samples.withUnsafeMutableBufferPointer { samples in
            pairs.withUnsafeMutableBufferPointer { pairs in
                sums.withUnsafeMutableBufferPointer { sums in
                    levels.withUnsafeMutableBufferPointer { levels in
                        guard let samples = samples.baseAddress, let pairs = pairs.baseAddress,
                            let sums = sums.baseAddress, let levels = levels.baseAddress
                        else { return }
                        body(PlaneAverage.Means(samples: samples, pairs: pairs), sums, levels)
                    }
                }
            }
        }
    }
}

extension Int {
    /// Half of a length, rounded up, `shift` times.
    fileprivate func halved(_ shift: Int) -> Int { (self + (1 << shift) - 1) >> shift }
}
