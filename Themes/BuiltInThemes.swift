/// The colour themes that every binary carries: one TOML text each.
package enum BuiltInThemes {
    /// Names, the default first.
    package static let names = ["nitrate"]

    /// The text of a theme; nil for a name that is not built in.
    package static func text(named name: String) -> String? {
        switch name {
        case "nitrate": String(decoding: PackageResources.nitrate_toml, as: UTF8.self)
        default: nil
        }
    }
}
