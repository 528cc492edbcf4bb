public import KinesisVideo

extension FragmentInfo {
    /// The fragment as a timeline takes it; nil where its times lie before 1970 or after the year 9999.
    ///
    /// A service and a file may say anything. With this no sum or difference of times overflows: a fragment lasts a day
    /// at most.
    public var plausible: FragmentInfo? {
        let years: ClosedRange<Int64> = 0...253_402_300_799_999
        guard years.contains(producerTimestamp.milliseconds), years.contains(serverTimestamp.milliseconds)
        else { return nil }
        var info = self
        info.length = min(max(0, length), 86_400_000)
        info.size = min(max(0, size), 1 << 40)
        return info
    }
}
