/// The colour themes that every binary carries: one TOML text each.
package enum BuiltInThemes {
    /// Names, the default first.
    package static let names = ["nitrate", "daylight", "noir", "orthochrome"]

    /// The text of a theme; nil for a name that is not built in.
    package static func text(named name: String) -> String? {
        let bytes: [UInt8]? =
            switch name {
            case "nitrate": PackageResources.nitrate_toml
            case "daylight": PackageResources.daylight_toml
            case "noir": PackageResources.noir_toml
            case "orthochrome": PackageResources.orthochrome_toml
            default: nil
            }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }
}
