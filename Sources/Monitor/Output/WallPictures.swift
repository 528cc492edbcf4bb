import Pixels
import Playback
package import TerminalScreen
package import TerminalVideo

/// The players of the wall and what is painted of them, by the names of their streams.
struct WallPictures {
    private struct Tile {
        var player: any VideoPlayer
        var painter: PicturePainter
        var picture: DuePicture?
        var changed: ContinuousClock.Instant
        var box: ScreenSize?
        var showsKeyFrames = false
    }

    /// The colours that are drawn.
    var depth: ColorDepth {
        didSet { for name in tiles.keys { tiles[name]?.painter.depth = depth } }
    }

    private let repeats: Bool
    private var tiles: [String: Tile] = [:]

    /// Creates a wall without tiles, for a terminal with these colours that may have proved to repeat glyphs.
    init(depth: ColorDepth, repeats: Bool = false) {
        (self.depth, self.repeats) = (depth, repeats)
    }

    /// True while no stream is open.
    var isEmpty: Bool { tiles.isEmpty }

    /// What the players say of themselves.
    var statuses: [PlayerStatus] { tiles.values.map(\.player.status) }

    /// Sizes of the pictures that are there.
    var sizes: [String: PixelSize] { tiles.compactMapValues { $0.picture?.image.size } }

    // MARK: Players

    mutating func open(_ player: any VideoPlayer, of name: String) {
        close(name)
        let painter = PicturePainter(depth: depth, repeats: repeats)
        tiles[name] = Tile(player: player, painter: painter, changed: .now)
    }

    mutating func close(_ name: String) {
        tiles.removeValue(forKey: name)?.player.close()
    }

    mutating func closeAll() {
        for name in tiles.keys { close(name) }
    }

    func send(_ command: PlayerCommand, to name: String) {
        tiles[name]?.player.send(command)
    }

    /// Asks for all frames or for key frames alone; small pictures beside others need no more.
    mutating func showKeyFrames(_ isWanted: Bool, of name: String) {
        guard let tile = tiles[name], tile.showsKeyFrames != isWanted else { return }
        tiles[name]?.showsKeyFrames = isWanted
        tile.player.send(.showKeyFramesOnly(isWanted))
    }

    /// Takes the picture that is due, in the size that the tile has room for.
    mutating func collect(_ name: String, in room: ScreenSize, isOld: Bool) {
        guard var tile = tiles[name] else { return }
        if tile.box != room {
            tile.box = room
            tile.player.setPictureSize { source, aspect in
                source.fitted(columns: room.columns, rows: room.rows, sampleAspect: aspect).size
            }
        }
        if let next = tile.player.picture(after: tile.picture?.serial ?? 0) {
            tile.picture = next
            tile.changed = .now
            tile.painter.load(next.image)
        }
        tile.painter.isDimmed = isOld
        tiles[name] = tile
    }

    // MARK: Painting

    /// Forgets what is shown.
    mutating func invalidate() {
        for name in tiles.keys { tiles[name]?.painter.invalidate() }
    }

    /// Notes what lies where, without painting.
    mutating func place(_ places: [TilePlace], around overlays: [ScreenRectangle]) {
        for place in places { tiles[place.stream]?.painter.place(in: place.region, around: overlays) }
    }

    /// The bytes that show the pictures, in the order of the places, which share a budget.
    ///
    /// Each may take its part of what those before have left, so that the last gets its turn as well as the first.
    ///
    /// - Parameters:
    ///   - places: Where which picture lies, the most important one first.
    ///   - overlays: What lies over them.
    ///   - quality: What is given up of a picture that changed at some moment.
    ///   - budget: Bytes for all together at a quality; none where nil.
    /// - Returns: Nothing where the screen shows them all already.
    mutating func paint(
        _ places: [TilePlace],
        around overlays: [ScreenRectangle],
        quality: (_ changed: ContinuousClock.Instant) -> OutputQuality,
        budget: (OutputQuality) -> ByteBudget?
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, place) in places.enumerated() {
            guard let changed = tiles[place.stream]?.changed else { continue }
            let quality = quality(changed)
            let share = budget(quality)?.share(of: places.count - index, spent: bytes.count)
            tiles[place.stream]?.painter.quality = quality
            bytes +=
                tiles[place.stream]?.painter.paint(in: place.region, around: overlays, budget: share) ?? []
        }
        return bytes
    }
}

/// Where the picture of a stream lies on the wall.
package struct TilePlace: Sendable, Hashable {
    /// Name of the stream.
    package var stream: String
    /// Where its picture lies.
    package var region: ScreenRectangle
}

extension ByteBudget {
    /// The next picture's part, where so many are still to come and some bytes are spent.
    package func share(of count: Int, spent: Int) -> ByteBudget {
        func part(_ bytes: Int) -> Int { max(0, bytes - spent) / max(1, count) }
        return ByteBudget(wanted: part(wanted), largestDifference: largestDifference, most: part(most))
    }
}
