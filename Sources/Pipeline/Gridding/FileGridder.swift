import Concurrent
import Formats
import Gridding
import Observations

/// Reads one file of soundings in blocks and adds them up.
struct FileGridder: Sendable {
    let file: SoundingFile
    let plan: GriddingPlan
    let fields: SoundingFields
    /// How many threads read and place when no digest is being made.
    let threads: Int
    let digests: DigestWork

    /// What came of reading a file.
    struct Reading: Sendable {
        let sums: FileSums
        let checks: SoundingChecks?
        /// Of the soundings that were left out.
        let contents: SoundingContents
    }

    /// Memory grows with the filled cells and not with the soundings, but for 8 bytes each. Blocks the thread.
    ///
    /// - Parameter excluded: identifiers that another file gave already.
    func read(excluding excluded: Set<UInt64> = [], checks: SoundingChecks?) throws -> Reading {
        var checks = checks
        var contents = SoundingContents(of: excluded)
        let heartbeat = Heartbeat.inherited
        heartbeat.reading(file.path)
        defer { digests.endReading(heartbeat) }
        var sums = FileSums(plan, excluding: excluded)
        try forEachBlock { block in
            contents.add(block)
            try sums.add(block)
            try checks?.add(block.batch, excluding: excluded)
            heartbeat.reading(file.path)
        }
        sums.finish()
        checks?.endFile()
        return Reading(sums: sums, checks: checks, contents: contents)
    }

    /// What the file says of these soundings. Blocks the thread.
    func contents(of ids: Set<UInt64>) throws -> SoundingContents {
        let heartbeat = Heartbeat.inherited
        heartbeat.reading(file.path)
        defer { digests.endReading(heartbeat) }
        var contents = SoundingContents(of: ids)
        try forEachBlock { block in
            contents.add(block)
            heartbeat.reading(file.path)
        }
        return contents
    }

    /// In the order of the file.
    private func forEachBlock(_ body: (PlacedBlock) throws -> Void) throws {
        let blocks = (file.count + file.blockLength - 1) / file.blockLength
        try orderedPipeline(count: blocks, threads: digests.threadsBeside(of: threads)) { [self] index in
            let start = index * file.blockLength
            return place(
                try file.read(start..<min(file.count, start + file.blockLength), fields: fields),
                plan
            )
        } take: { _, block in
            try body(block)
        }
    }
}
