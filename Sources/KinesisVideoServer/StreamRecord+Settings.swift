import Foundation
import FragmentStorage
import KinesisVideo

/// A document that the service keeps with a stream, and what it holds.
struct StreamSetting<Value: Codable>: Sendable {
    let name: String
}

extension StreamSetting where Value == StreamStorageConfiguration {
    static var storage: Self { Self(name: "StreamStorageConfiguration") }
}

extension StreamSetting where Value == ImageGenerationConfiguration {
    static var imageGeneration: Self { Self(name: "ImageGenerationConfiguration") }
}

extension StreamSetting where Value == NotificationConfiguration {
    static var notification: Self { Self(name: "NotificationConfiguration") }
}

extension StreamRecord {
    /// A document as a value; nil where there is none.
    subscript<Value: Codable>(setting: StreamSetting<Value>) -> Value? {
        get {
            settings[setting.name].flatMap { try? JSONDecoder().decode(Value.self, from: Data($0.utf8)) }
        }
        set {
            settings[setting.name] = newValue.flatMap { value in
                (try? JSONEncoder().encode(value)).map { String(decoding: $0, as: UTF8.self) }
            }
        }
    }
}
