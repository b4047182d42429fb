public import Observations

/// The soundings of a block with the cells they fall on, ready to be added.
public struct PlacedBlock: Sendable {
    public let batch: SoundingBatch
    public let plan: GriddingPlan
    /// Soundings of ``batch`` that have a place, ascending.
    public internal(set) var soundings: [Int32] = []
    /// For each of them where its contributions end in ``cells``.
    public internal(set) var ends: [Int32] = []
    /// For each of them the number of its ``TimeWindow``.
    public internal(set) var windows: [Int32] = []
    /// Contributions: the cell and the fraction of it that the footprint covers.
    public internal(set) var cells: [Int32] = []
    public internal(set) var overlaps: [Double] = []
    /// What became of the soundings up to here; those placed are not yet used.
    public internal(set) var tally = SoundingTally()

    init(batch: SoundingBatch, plan: GriddingPlan) {
        self.batch = batch
        self.plan = plan
        tally.read = batch.count + batch.rejected.values.reduce(0, +)
        tally.rejected = batch.rejected
    }
}

/// Counts of what became of the soundings of a run; `read` is `used` plus all that were rejected.
public struct SoundingTally: Equatable, Sendable {
    public var read = 0
    public var used = 0
    public var rejected: [RejectionReason: Int] = [:]
    /// Footprints whose corners were given crosswise and put in order; a part of those used or outside.
    public var reordered = 0

    public init() {}

    mutating func reject(_ reason: RejectionReason, count: Int = 1) {
        rejected[reason, default: 0] += count
    }

    mutating func add(_ other: SoundingTally) {
        read += other.read
        used += other.used
        reordered += other.reordered
        rejected.merge(other.rejected, uniquingKeysWith: +)
    }
}
