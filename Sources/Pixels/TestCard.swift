/// The picture of a camera that does not exist, with its own clock written into it.
///
/// ```
/// +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
/// |31|30|                 ...                  |16|   producer time in milliseconds mod 2^32,
/// +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+   white is 1 and black 0,
/// |15|14|                 ...                  | 0|   each square 1/16 of the width and 1/9 of the height
/// +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
/// |   sky, sun, clouds, hills, a town, a road,    |   the scene depends on stream and seed,
/// |   a balloon always, traffic and rain at times |   what moves in it on the time as well
/// +-----------------------------------------------+
/// ```
///
/// The same stream, seed and time give the same picture. Every 17 to 24 seconds it gets busy for a while, so that the
/// stream's bitrate has a shape.
public struct TestCard: Sendable {
    /// The size the service's own cameras send.
    public static let standardSize = PixelSize(width: 640, height: 360)

    /// Size of the pictures.
    public let size: PixelSize
    /// What stands still, drawn once.
    let backdrop: YUV420Picture
    let scene: Scene

    /// Prepares the scene of a stream; costs some milliseconds.
    ///
    /// - Parameters:
    ///   - stream: Name of the stream; another name gives another place.
    ///   - seed: Gives the same streams other places.
    ///   - size: Size of the pictures, at least 32 x 18.
    public init(stream: String, seed: UInt64, size: PixelSize = Self.standardSize) {
        precondition(size.width >= 32 && size.height >= 18, "a test card of \(size) cannot show the time")
        self.size = size
        scene = Scene(stream: stream, seed: seed)
        var picture = YUV420Picture(size: size)
        let scene = scene
        picture.withUnsafeMutablePlanes { y, u, v in
            scene.drawBackdrop(on: Canvas(y: y, u: u, v: v, size: size))
        }
        backdrop = picture
    }

    /// Draws the picture of a moment.
    ///
    /// - Parameters:
    ///   - time: Producer time in milliseconds since 1970.
    ///   - picture: Overwritten; given another size it is replaced.
    public func draw(at time: Int64, into picture: inout YUV420Picture) {
        if picture.size != size { picture = backdrop }
        let (backdrop, scene, size) = (backdrop, scene, size)
        let activity = activity(at: time)
        picture.withUnsafeMutablePlanes { y, u, v in
            backdrop.bytes.withUnsafeBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                y.update(from: base, count: bytes.count)
            }
            let canvas = Canvas(y: y, u: u, v: v, size: size)
            scene.drawMotion(on: canvas, at: time, activity: activity)
            Self.drawTime(UInt32(truncatingIfNeeded: time), on: canvas)
        }
    }

    /// How much moves at a time: 0 is hardly anything, 1 as much as there is.
    public func activity(at time: Int64) -> Double {
        scene.activity(at: time)
    }
}
