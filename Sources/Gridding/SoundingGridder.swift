public import Geo
public import Observations
import Quantities

/// Gathers soundings in the cells that hold their centres, from batches in any order.
///
/// The result has the same bits whatever the order. The identities and numbers of all soundings are kept, by 72 bytes
/// or so each, so that none counts twice and one that comes again with other numbers is told; for years of files use
/// ``FileSums``, which keeps sums alone.
public struct SoundingGridder: Sendable {
    public let plan: GriddingPlan
    private var sums: FileSums
    private var seen: [SoundingIdentity: SoundingContent] = [:]

    public var tally: SoundingTally { sums.tally }

    public init(
        grid: LatitudeLongitudeGrid,
        weighting: SoundingWeighting = .inverseVariance,
        errorModel: ErrorModel = .acosCarbonDioxide
    ) {
        plan = GriddingPlan(grid: grid, weighting: weighting, errorModel: errorModel)
        sums = FileSums(plan)
    }

    /// Adds every usable sounding of a batch to its cell and counts the others by reason.
    ///
    /// - Throws: ``GriddingError`` when the batch must not be averaged with those before it; the gridder is of no
    ///   further use then.
    public mutating func add(_ batch: SoundingBatch) throws(GriddingError) {
        var anonymous = batch
        anonymous.ids = []
        var block = place(anonymous, plan)
        var conflict: UInt64?
        let before = block.soundings.count
        block.keep { index in
            let content = SoundingContent(batch, index)
            let identity = SoundingIdentity(id: batch.ids[index], time: batch.times[index])
            guard let earlier = seen.updateValue(content, forKey: identity) else { return true }
            if earlier != content { conflict = identity.id }
            return false
        }
        if let conflict { throw .conflictingSounding(conflict, product: batch.product) }
        let duplicates = before - block.soundings.count
        if duplicates > 0 { block.tally.reject(.duplicate, count: duplicates) }
        try sums.add(block)
    }

    /// The cells that hold soundings, in the order of the grid; nil when there are none.
    public func columns() -> GriddedColumns? { sums.columns().first }
}

extension PlacedBlock {
    /// Leaves out the soundings that are not wanted, given by their place in the batch.
    mutating func keep(_ isWanted: (Int) -> Bool) {
        var kept = PlacedBlock(batch: batch, plan: plan)
        kept.tally = tally
        for place in soundings.indices where isWanted(Int(soundings[place])) {
            let start = place > 0 ? Int(ends[place - 1]) : 0
            kept.cells += cells[start..<Int(ends[place])]
            kept.overlaps += overlaps[start..<Int(ends[place])]
            kept.soundings.append(soundings[place])
            kept.windows.append(windows[place])
            kept.ends.append(Int32(truncatingIfNeeded: kept.cells.count))
        }
        self = kept
    }
}

/// What tells one sounding from another.
struct SoundingIdentity: Hashable, Sendable {
    let id: UInt64
    let time: Instant
}

/// What must agree when a sounding comes again.
struct SoundingContent: Equatable, Sendable {
    let column: Double
    let uncertainty: Double
    let longitude: Double
    let latitude: Double

    init(_ batch: SoundingBatch, _ index: Int) {
        column = batch.columns[index]
        uncertainty = batch.uncertainties[index]
        longitude = batch.longitudes[index]
        latitude = batch.latitudes[index]
    }
}
