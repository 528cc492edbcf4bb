import CFFmpeg

/// The code of libav and of the hundred libraries that it brings along.
public enum LoadedLibraries {
    /// Takes the pages out of memory that were only needed to start.
    ///
    /// Binding the libraries to each other touches most of them once, some 20 MiB that would count as this process's
    /// memory from then on. What is used again is mapped again from the system's cache, in microseconds. Call it once
    /// everything is open.
    public static func releaseUnusedPages() {
        CFFmpeg_release_unused_pages()
    }
}
