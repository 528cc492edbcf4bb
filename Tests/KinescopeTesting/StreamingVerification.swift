/// Feeds the same input whole, byte by byte, and cut once at each of many places, and compares what comes out.
///
/// - Parameters:
///   - input: the bytes.
///   - maximumCuts: how many of all two-part splits are tried; they are spread evenly.
///   - read: makes a reader, feeds it the parts in order, ends it and returns everything it gave.
/// - Returns: the first split whose output differs, as the lengths of its parts; nil where all agree.
public func firstDifferingSplit<Output: Equatable>(
    of input: [UInt8],
    maximumCuts: Int = .max,
    read: ([ArraySlice<UInt8>]) -> [Output]
) -> [Int]? {
    let whole = read([input[...]])
    if read(input.indices.map { input[$0...$0] }) != whole { return input.map { _ in 1 } }
    let step = max(1, input.count / max(1, maximumCuts))
    for cut in stride(from: 1, to: input.count, by: step) where read([input[..<cut], input[cut...]]) != whole
    {
        return [cut, input.count - cut]
    }
    return nil
}
