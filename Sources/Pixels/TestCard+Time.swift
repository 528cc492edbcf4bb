extension TestCard {
    private static let columns = 16
    private static let rows = 2
    /// Rows of squares that would fill the picture.
    private static let rowsInPicture = 9

    /// Reads the clock in a picture of a test card, of any size from 16 x 9 pixels.
    ///
    /// - Returns: Producer time in milliseconds mod 2^32, or nil where a square is neither clearly white nor black.
    public static func time(in image: RGBImage) -> UInt32? {
        guard image.size.width >= columns, image.size.height >= rowsInPicture else { return nil }
        var time: UInt32 = 0
        for row in 0..<rows {
            let y = (2 * row + 1) * image.size.height / (2 * rowsInPicture)
            for column in 0..<columns {
                let x = (2 * column + 1) * image.size.width / (2 * columns)
                switch image[x, y].luma {
                case 0..<96: time = time << 1
                case 160...: time = time << 1 | 1
                default: return nil
                }
            }
        }
        return time
    }

    static func drawTime(_ time: UInt32, on canvas: Canvas) {
        let (white, black) = (YUVColor(.white), YUVColor(.black))
        for bit in 0..<(rows * columns) {
            let (row, column) = (bit / columns, bit % columns)
            let isSet = time >> UInt32(rows * columns - 1 - bit) & 1 == 1
            canvas.fill(
                left: column * canvas.size.width / columns,
                top: row * canvas.size.height / rowsInPicture,
                right: (column + 1) * canvas.size.width / columns,
                bottom: (row + 1) * canvas.size.height / rowsInPicture,
                with: isSet ? white : black
            )
        }
    }
}
