/// How the payload of an element reads.
enum ElementForm {
    case master
    case unsigned
    case signed
    case float
    case text
    case block
    case binary

    /// Form of an element; of one that is not known here, bytes.
    init(_ id: ElementID) {
        self = Self.forms[id] ?? .binary
    }

    private static let forms: [ElementID: ElementForm] = {
        let groups: [(ElementForm, [ElementID])] = [
            (
                .master,
                [
                    .ebml, .segment, .seekHead, .seek, .info, .tracks, .trackEntry, .video, .audio, .cluster,
                    .blockGroup, .tags, .tag, .targets, .simpleTag,
                ]
            ),
            (
                .unsigned,
                [
                    .ebmlVersion, .ebmlReadVersion, .ebmlMaxIDLength, .ebmlMaxSizeLength, .docTypeVersion,
                    .docTypeReadVersion, .seekPosition, .timestampScale, .trackNumber, .trackUID, .trackType,
                    .flagLacing, .codecDelay, .defaultDuration, .pixelWidth, .pixelHeight, .channels,
                    .bitDepth, .timestamp, .position, .prevSize, .blockDuration,
                ]
            ),
            (.signed, [.dateUTC, .referenceBlock]),
            (.float, [.duration, .samplingFrequency]),
            (
                .text,
                [
                    .docType, .title, .muxingApp, .writingApp, .codecID, .name, .language, .tagName,
                    .tagString,
                ]
            ),
            (.block, [.simpleBlock, .block]),
        ]
        return Dictionary(
            uniqueKeysWithValues: groups.flatMap { form, ids in ids.map { ($0, form) } }
        )
    }()

    /// The payload in words; at most 200 characters, none of them a control.
    func words(_ payload: ArraySlice<UInt8>, of id: ElementID) -> String {
        switch self {
        case .master, .block: return ""
        case .unsigned where payload.count <= 8:
            let number = Self.unsigned(payload)
            return id == .trackType ? "\(number) \(TrackType(rawValue: number).name)" : "\(number)"
        case .signed where payload.count <= 8:
            let unused = UInt64(64 - 8 * payload.count)
            guard unused < 64 else { return "0" }
            return "\(Int64(bitPattern: Self.unsigned(payload) << unused) >> Int64(unused))"
        case .float where payload.count == 4:
            return "\(Float(bitPattern: UInt32(truncatingIfNeeded: Self.unsigned(payload))))"
        case .float where payload.count == 8: return "\(Double(bitPattern: Self.unsigned(payload)))"
        case .text: return Self.printable(payload)
        case .unsigned, .signed, .float, .binary:
            let digits = payload.prefix(8).map { hex($0).dropFirst(2) }.joined(separator: " ")
            return payload.count > 8 ? digits + " …" : digits
        }
    }

    private static func unsigned(_ payload: ArraySlice<UInt8>) -> UInt64 {
        payload.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Text up to the first NUL; a control becomes a replacement character, so that none reaches a terminal.
    static func printable(_ payload: ArraySlice<UInt8>) -> String {
        // Four bytes a character at most.
        let text = String(decoding: payload.prefix(800).prefix { $0 != 0 }, as: UTF8.self)
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(200) {
            let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
            scalars.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(scalars)
    }
}
