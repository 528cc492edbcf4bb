import Foundation
import Playback

/// A file that says what became of each frame, where `KINESCOPE_PLAYER_LOG` names one.
final class PlayerLog: Sendable {
    private let file: LogFile

    static var ofEnvironment: PlayerLog? {
        ProcessInfo.processInfo.environment["KINESCOPE_PLAYER_LOG"].flatMap { LogFile($0) }.map(
            PlayerLog.init
        )
    }

    private init(file: LogFile) {
        self.file = file
    }

    func write(_ entry: PlayerLogEntry) {
        file.write("\(entry)")
    }
}
