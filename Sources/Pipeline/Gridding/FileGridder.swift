import Concurrent
import Formats
import Gridding
import Observations

/// Reads one file of soundings in blocks and adds them up.
struct FileGridder: Sendable {
    let file: SoundingFile
    let plan: GriddingPlan
    let fields: SoundingFields
    let threads: Int

    /// Memory grows with the filled cells and not with the soundings, but for 8 bytes each. Blocks the thread.
    ///
    /// - Parameter excluded: identifiers that another file gave already.
    func sums(
        excluding excluded: Set<UInt64> = [],
        checks: SoundingChecks?
    ) throws -> (FileSums, SoundingChecks?) {
        var checks = checks
        let heartbeat = Heartbeat.inherited
        heartbeat.reading(file.path)
        defer { heartbeat.doneReading() }
        var sums = FileSums(plan, excluding: excluded)
        let blocks = (file.count + file.blockLength - 1) / file.blockLength
        try orderedPipeline(count: blocks, threads: threads) { [self] index in
            let start = index * file.blockLength
            return place(
                try file.read(start..<min(file.count, start + file.blockLength), fields: fields),
                plan
            )
        } take: { _, block in
            try sums.add(block)
            try checks?.add(block.batch)
            heartbeat.reading(file.path)
        }
        sums.finish()
        checks?.endFile()
        return (sums, checks)
    }
}
