/// Stretches of producer time between two fragments of an archive that hold nothing.
///
/// Two fragments belong to one recording where the distance of their starts is at most 1.5 times what the first one
/// lasts, as on a monitor's timeline.
struct ArchiveGaps: Sendable, Hashable {
    var count = 0
    /// Milliseconds of the longest; 0 where there is none.
    var longest: Int64 = 0
}

/// The gaps of an archive as they were last counted, and of which archive that was.
struct GapSurvey: Sendable {
    /// What has been counted; nil before the first time.
    var gaps: ArchiveGaps?
    /// The archive as it was then.
    var archive: ArchiveFigures?
}
