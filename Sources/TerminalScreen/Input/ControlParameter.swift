/// A number inside of a control sequence, such as `5` and `31` in `ESC [ 5 ; 31 H`.
enum ControlParameter {
    /// Most digits: those of the last character of Unicode, which some terminals send for a key.
    private static let digits = 7

    /// The number that some digits are; nil for anything else, signs and more digits than a terminal needs included.
    static func value(of text: Substring) -> Int? {
        guard (1...digits).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(text)
    }
}
