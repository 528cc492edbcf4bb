package import KinesisVideo
package import Matroska

/// What happens to a player.
package enum PlayerEvent: Sendable {
    /// The viewer asks for something.
    case command(PlayerCommand)
    /// Time has passed.
    case tick
    /// A GetMedia or GetMediaForFragmentList call went on.
    case media(request: Int, MediaEvent)
    /// Such a call ended; without an error where the body ended quietly.
    case mediaEnded(request: Int, MediaSourceError?)
    /// A listing came.
    case listed(request: Int, [FragmentInfo])
    /// A listing failed.
    case listFailed(request: Int, MediaSourceError)
    /// The decoder has taken one frame; what came out of it, in presentation order.
    case decoded(epoch: Int, [DecodedFrame])
    /// The decoder has given out all it had, these last.
    case drained(epoch: Int, [DecodedFrame])
    /// The decoder could not take a frame; it goes on with the next.
    case decodeFailed(epoch: Int, String)
    /// The screen shows this stretch of the timeline.
    case windowShown(from: Timestamp, to: Timestamp)
    /// Somebody wants to know what lies at a moment that nobody has listed.
    case placeWanted(Timestamp)

    /// True for one more frame of media: it changes nothing that is shown before it is decoded.
    var isFrame: Bool {
        if case .media(_, .frame) = self { true } else { false }
    }
}

/// What comes out of a decoder, as far as the state needs to know.
package struct DecodedFrame: Sendable, Hashable {
    /// The token that the compressed frame was fed with.
    package var token: Int
    /// Bytes that the picture occupies.
    package var bytes: Int

    package init(token: Int, bytes: Int) {
        self.token = token
        self.bytes = bytes
    }
}

/// What a player has to do.
package enum PlayerAction: Sendable, Hashable {
    /// Call GetMedia.
    case openLive(request: Int, StartSelector)
    /// Call GetMediaForFragmentList.
    case fetch(request: Int, [FragmentNumber])
    /// End a call of either kind; nothing of it is looked at any more.
    case cancel(request: Int)
    /// Call ListFragments.
    case list(request: Int, FragmentSelector)
    /// Begin anew with a decoder for this track; what the old one still gives belongs to an older epoch.
    case resetDecoder(epoch: Int, TrackEntry)
    /// Decode one frame.
    case decode(epoch: Int, token: Int, EncodedFrame)
    /// Give out what the decoder holds back; it then needs a reset.
    case drainDecoder(epoch: Int)
    /// Put a picture on the screen.
    case show(token: Int, FrameAddress, Timestamp, isExact: Bool)
    /// Forget pictures.
    case discard(tokens: [Int])
    /// Measure how loud these frames are.
    case measure(TrackEntry, [EncodedFrame])
    /// Tell what became of a picture.
    case log(PlayerLogEntry)
}
