import Pixels

/// Writes pixels by kitty's graphics protocol: 24 bits each, in base64, shown where the cursor is.
///
/// ```
/// APC G a=T,f=24,s=W,v=H,c=COLUMNS,r=ROWS,i=ID,... ; 4096 characters ST   APC G m=1 ; ... ST   APC G m=0 ; ... ST
/// ```
/// A picture with the number of one that is shown takes its place. Answers are not asked for, and the cursor stays.
/// Source: kitty, Terminal graphics protocol.
enum KittyWriter {
    private static let chunk = 4096
    private static let digits = [UInt8](
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// Appends a part of a picture.
    ///
    /// - Parameters:
    ///   - image: The whole picture.
    ///   - part: The part to write.
    ///   - columns: Cells that it fills.
    ///   - rows: Rows of cells that it fills.
    ///   - id: Number of the picture, 1 or more.
    ///   - output: Receives the bytes.
    static func write(
        _ image: RGBImage,
        _ part: PixelRect,
        columns: Int,
        rows: Int,
        id: Int,
        into output: inout [UInt8]
    ) {
        let text = base64(image, part)
        let place = "s=\(part.size.width),v=\(part.size.height),c=\(columns),r=\(rows)"
        output += "\u{1B}_Ga=T,f=24,\(place),i=\(id),p=1,C=1,q=2".utf8
        var start = 0
        repeat {
            let end = min(start + chunk, text.count)
            let isLast = end == text.count
            if start > 0 {
                output += "\u{1B}_Gq=2,m=\(isLast ? 0 : 1);".utf8
            } else {
                output += (isLast ? ";" : ",m=1;").utf8
            }
            output += text[start..<end]
            output += "\u{1B}\\".utf8
            start = end
        } while start < text.count
    }

    /// Appends what takes a picture off the screen and out of the terminal's memory.
    static func delete(id: Int, into output: inout [UInt8]) {
        output += "\u{1B}_Ga=d,d=I,i=\(id),q=2\u{1B}\\".utf8
    }

    private static func base64(_ image: RGBImage, _ part: PixelRect) -> [UInt8] {
        // Three bytes are four characters and a pixel has three: there is no rest to fill up.
        var text: [UInt8] = []
        text.reserveCapacity(4 * part.size.area)
        let stride = 3 * image.size.width
        for y in part.y..<part.y + part.size.height {
            let row = y * stride + 3 * part.x
            for at in Swift.stride(from: row, to: row + 3 * part.size.width, by: 3) {
                let pixel =
                    Int(image.bytes[at]) << 16 | Int(image.bytes[at + 1]) << 8 | Int(image.bytes[at + 2])
                for shift in [18, 12, 6, 0] { text.append(digits[pixel >> shift & 0x3F]) }
            }
        }
        return text
    }
}
