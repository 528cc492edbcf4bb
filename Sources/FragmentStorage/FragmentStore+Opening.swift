public import KinesisVideo
public import Logging

extension FragmentStore {
    /// Opens the store in a folder, which is created where it is missing.
    ///
    /// Everything that was durable is there again. Only what the index does not know is read, so a start
    /// costs what the last seconds wrote; without an index, what all segments hold.
    ///
    /// - Parameters:
    ///   - directory: the folder; no other store may use it.
    ///   - configuration: sizes and times.
    ///   - logger: takes notes of recoveries and failures.
    ///   - clock: the time now.
    /// - Returns: the store with all its streams.
    /// - Throws: ``StoreError`` where the folder cannot be read or written.
    public static func open(
        directory: String,
        configuration: StoreConfiguration = StoreConfiguration(),
        logger: Logger,
        clock: @escaping @Sendable () -> Timestamp
    ) async throws -> FragmentStore {
        try await open(
            directory: directory,
            configuration: configuration,
            logger: logger,
            clock: clock,
            calls: MachineCalls()
        )
    }

    /// Opens the store with system calls of the caller's own, index excluded.
    package static func open(
        directory: String,
        configuration: StoreConfiguration,
        logger: Logger,
        clock: @escaping @Sendable () -> Timestamp,
        calls: any SystemCalls
    ) async throws -> FragmentStore {
        let catalog = DiskThreads(count: 1, name: "catalog")
        let readers = DiskThreads(count: configuration.readingThreads, name: "archive-read")
        let synchronizers = DiskThreads(count: configuration.synchronizingThreads, name: "archive-sync")
        do {
            return try await catalog.run {
                let root = Folder(path: directory, calls: calls)
                for folder in ["streams", "trash"] { try root.folder(folder).create() }
                let index = try FragmentIndex.open(in: root, readers: configuration.readingThreads)
                let environment = StoreEnvironment(
                    configuration: configuration,
                    clock: clock,
                    logger: logger,
                    root: root,
                    streams: root.folder("streams"),
                    trash: root.folder("trash"),
                    index: index,
                    writer: ArchiveWriter(
                        index: index,
                        queueBytes: configuration.queueBytes,
                        clock: clock,
                        logger: logger
                    ),
                    readers: readers,
                    synchronizers: synchronizers,
                    catalog: catalog
                )
                return try StoreOpening(environment: environment).run()
            }
        } catch {
            catalog.close()
            readers.close()
            synchronizers.close()
            throw error
        }
    }
}

/// Finds the streams of a folder and brings the index in line with their files.
private struct StoreOpening {
    let environment: StoreEnvironment

    func run() throws -> FragmentStore {
        for name in try environment.trash.names() { try environment.trash.folder(name).remove() }
        let files = try streamFiles()
        var keys = try knownKeys(keeping: Set(files.map(\.id)))
        let segments = Dictionary(grouping: try environment.index.segments(), by: \.stream)
        var catalog = StreamCatalog()
        var lastSequences: [Int64: Int64] = [:]
        for (id, file) in files {
            let key = try keys.removeValue(forKey: id) ?? environment.index.key(of: id)
            let recovery = SegmentRecovery(
                stream: id,
                key: key,
                folder: environment.streams.folder(id.description).folder("segments"),
                index: environment.index,
                logger: environment.logger
            )
            lastSequences[key] = try recovery.run(known: segments[key] ?? [])
            let view = ArchiveView(stream: key, edge: file.retentionEdge(at: environment.clock()))
            let figures = try environment.index.figures(view)
            catalog.insert(
                StoredStream(id: id, indexKey: key, file: file, archive: figures, environment: environment)
            )
        }
        environment.writer.start(
            ArchiveLanes(lastSequences: lastSequences, synchronizers: environment.synchronizers)
        )
        return FragmentStore(environment: environment, catalog: catalog)
    }

    /// The streams whose creation was finished and whose deletion was not begun.
    private func streamFiles() throws -> [(id: StreamID, file: StreamFile)] {
        var files: [(StreamID, StreamFile)] = []
        for name in try environment.streams.names() {
            guard let id = StreamID(name) else { continue }
            let folder = environment.streams.folder(name)
            guard folder.has(StreamFile.name) else {
                try removeUnfinished(folder)
                continue
            }
            do {
                let file = try StreamFile.read(from: folder)
                if file.record.info.status == .deleting {
                    try folder.remove()
                } else {
                    files.append((id, file))
                }
            } catch let defect as StreamFile.Defect {
                // One damaged file must not keep the others from being served; its media stays where it is.
                environment.logger.error(
                    "stream left out: try kinescope check",
                    metadata: ["folder": "\(folder.path)", "error": "\(defect)"]
                )
            }
        }
        return files
    }

    /// Removes a folder whose stream was not finished, which is one that never took a fragment.
    private func removeUnfinished(_ folder: Folder) throws {
        let segments = folder.folder("segments")
        guard try !folder.has("segments") || segments.names().isEmpty else {
            environment.logger.error(
                "stream left out, its record is missing: try kinescope check",
                metadata: ["folder": "\(folder.path)"]
            )
            return
        }
        try folder.remove()
    }

    /// Keys of the streams that the index knows; those that are gone leave it.
    private func knownKeys(keeping ids: Set<StreamID>) throws -> [StreamID: Int64] {
        var keys: [StreamID: Int64] = [:]
        for (key, text) in try environment.index.streams() {
            if let id = StreamID(text), ids.contains(id) {
                keys[id] = key
            } else {
                try environment.index.removeStream(key)
            }
        }
        return keys
    }
}
