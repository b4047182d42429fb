import Geo
import Observations
public import Quantities

/// The sums of the soundings of one file, and of any number of files after merging.
///
/// Add the blocks of a file in the order of the file, then ``finish()``. Sums of files may be merged in any order and
/// on any thread: the result has the same bits. Memory grows with the number of filled cells, about 180 bytes each
/// and 32 more for each level of a profile, twice that where some hundred soundings met, and by 1 or 2 bytes for each
/// sounding of a file that is in order.
public struct FileSums: Sendable {
    public let plan: GriddingPlan
    public internal(set) var tally = SoundingTally()
    /// The names of the products, platforms and builds that soundings came from.
    public internal(set) var products: Set<String> = []
    public internal(set) var platforms: Set<String> = []
    public internal(set) var builds: Set<String> = []
    public var firstSounding: Instant? { windows.compactMap { $0.times?.lowerBound }.min() }
    public var lastSounding: Instant? { windows.compactMap { $0.times?.upperBound }.max() }
    /// The identifiers of the soundings used; empty before ``finish()``, after merging, and where soundings have none.
    public internal(set) var ids = SoundingIDs(ascending: [])

    var kind: SoundingKind?
    var windows: [WindowEntry] = []
    var positions: [Int32: Int] = [:]
    private var gatherer: SoundingIDGatherer

    /// - Parameter excluded: identifiers of soundings that another file gave already: they count as duplicates.
    public init(_ plan: GriddingPlan, excluding excluded: Set<UInt64> = []) {
        self.plan = plan
        gatherer = SoundingIDGatherer(excluding: excluded)
    }

    /// Adds a block; soundings whose identifier came before in this file are counted as duplicates.
    ///
    /// - Precondition: the block was placed by the plan of these sums.
    /// - Throws: ``GriddingError`` when the block must not be averaged with those before it; nothing is added then.
    public mutating func add(_ block: PlacedBlock) throws(GriddingError) {
        precondition(block.plan == plan, "block of another plan")
        let new = SoundingKind(block.batch, withProfiles: plan.withProfiles)
        try kind?.check(new, product: block.batch.product)
        kind = new
        describe(block.batch)
        tally.add(block.tally)
        var start = 0
        while start < block.soundings.count {
            let window = block.windows[start]
            var end = start + 1
            while end < block.soundings.count, block.windows[end] == window { end += 1 }
            let position = position(of: window, new)
            windows[position].add(block, start..<end, new, &gatherer, &tally)
            start = end
        }
    }

    private mutating func describe(_ batch: SoundingBatch) {
        products.insert(batch.product)
        if !batch.platform.isEmpty { platforms.insert(batch.platform) }
        if !batch.build.isEmpty { builds.insert(batch.build) }
    }

    mutating func position(of window: Int32, _ kind: SoundingKind) -> Int {
        if let position = positions[window] { return position }
        let sums = WindowSums(cellCount: plan.grid.cellCount, profiles: kind.layout)
        positions[window] = windows.count
        windows.append(WindowEntry(window: window, sums: sums))
        return windows.count - 1
    }

    /// Closes the overpasses and packs the identifiers. Blocks added afterwards count as of another file.
    public mutating func finish() {
        for position in windows.indices { windows[position].closeOverpasses() }
        let gathered = gatherer.ids
        if gathered.count > 0 { ids = gathered }
        gatherer = SoundingIDGatherer()
    }

    /// Adds the sums of another file, whose soundings must all be others: see ``sharedSoundings(with:)``.
    ///
    /// - Precondition: both were made by the same plan and are finished.
    public mutating func merge(_ other: FileSums) throws(GriddingError) {
        precondition(other.plan == plan, "sums of another plan")
        let product = other.products.sorted().first ?? ""
        guard let kind = other.kind else { return tally.add(other.tally) }
        try self.kind?.check(kind, product: product)
        self.kind = kind
        tally.add(other.tally)
        products.formUnion(other.products)
        platforms.formUnion(other.platforms)
        builds.formUnion(other.builds)
        ids = SoundingIDs(ascending: [])
        for entry in other.windows {
            let position = position(of: entry.window, kind)
            windows[position].merge(entry)
        }
    }

    /// Which soundings these are, without their sums.
    public var origin: SoundingOrigin {
        SoundingOrigin(ids: ids, products: products, platforms: platforms, builds: builds)
    }

    /// The identifiers that both files gave: see ``SoundingOrigin/shared(with:)``. One of the two must then be added
    /// again, `excluding` them.
    public func sharedSoundings(with other: FileSums) -> [UInt64] { origin.shared(with: other.origin) }
}

/// The sums of one window and what is needed to add to them.
struct WindowEntry: Sendable {
    let window: Int32
    var sums: WindowSums
    private var overpasses = Overpasses()
    /// First and last time of the soundings used.
    private(set) var times: ClosedRange<Instant>?

    init(window: Int32, sums: WindowSums) {
        self.window = window
        self.sums = sums
    }

    /// Adds soundings that follow each other in a block.
    mutating func add(
        _ block: borrowing PlacedBlock,
        _ range: Range<Int>,
        _ kind: SoundingKind,
        _ gatherer: inout SoundingIDGatherer,
        _ tally: inout SoundingTally
    ) {
        var repeated: [Int] = []
        if !block.batch.ids.isEmpty {
            repeated = gatherer.insert(block.batch.ids, of: block.soundings, range)
            tally.used -= repeated.count
            if !repeated.isEmpty { tally.reject(.duplicate, count: repeated.count) }
        }
        tally.used += range.count
        var start = range.lowerBound
        for place in repeated + [range.upperBound] {
            if start < place { add(block, start..<place, kind) }
            start = place + 1
        }
    }

    /// Adds soundings that have not come before.
    private mutating func add(
        _ block: borrowing PlacedBlock,
        _ places: Range<Int>,
        _ kind: SoundingKind
    ) {
        includeTimes(block, places)
        let hasOneCellEach = block.plan.method == .centre
        if hasOneCellEach, kind.levels == 0, block.plan.errorModel.correlation == nil {
            return addCentres(block, places, kind)
        }
        for place in places {
            let start = place > 0 ? Int(block.ends[place - 1]) : 0
            add(block, Int(block.soundings[place]), start..<Int(block.ends[place]), kind)
        }
    }

    private mutating func includeTimes(_ block: borrowing PlacedBlock, _ places: Range<Int>) {
        let (soundings, times) = (block.soundings.span, block.batch.times.span)
        var (first, last) = (Int64.max, Int64.min)
        for place in places {
            let time = times[Int(soundings[place])].microseconds
            (first, last) = (min(first, time), max(last, time))
        }
        include(Instant(microseconds: first)...Instant(microseconds: last))
    }

    /// Adds soundings of one cell each and nothing but their columns: those that follow each other on a cell, as along
    /// a track, at once.
    private mutating func addCentres(
        _ block: borrowing PlacedBlock,
        _ places: Range<Int>,
        _ kind: SoundingKind
    ) {
        let scale = SoundingScale(kind.gas, block.plan.weighting)
        let cells = block.cells.span
        var start = places.lowerBound
        while start < places.upperBound {
            let cell = cells[start]
            var end = start + 1
            while end < places.upperBound, cells[end] == cell { end += 1 }
            let slot = sums.slot(of: Int(cell))
            if !sums.sums.add(block, start..<end, scale, slot: slot) { sums.lackingPrior.insert(cell) }
            start = end
        }
    }

    mutating func include(_ more: ClosedRange<Instant>) {
        guard let known = times else { return times = more }
        times = min(known.lowerBound, more.lowerBound)...max(known.upperBound, more.upperBound)
    }

    mutating func merge(_ other: WindowEntry) {
        sums.add(other.sums)
        if let more = other.times { include(more) }
    }

    private mutating func add(
        _ block: borrowing PlacedBlock,
        _ index: Int,
        _ contributions: Range<Int>,
        _ kind: SoundingKind
    ) {
        let scale = SoundingScale(kind.gas, block.plan.weighting)
        let uncertainty = block.batch.uncertainties[index]
        let precision = scale.precision(uncertainty)
        let usesArea = block.plan.weighting.usesArea
        let hasProfiles = kind.levels > 0
        let prior = block.batch.priorColumns[index]
        if prior.isNaN { sums.lackingPrior.formUnion(block.cells[contributions]) }
        let terms = SoundingTerms(
            column: block.batch.columns[index],
            uncertainty: uncertainty,
            prior: prior.isNaN ? 0 : prior,
            reference: scale.reference
        )
        for contribution in contributions {
            let weight = usesArea ? precision * block.overlaps[contribution] : precision
            let slot = sums.slot(of: Int(block.cells[contribution]))
            sums.sums.change(slot) { $0.add(terms, weight: weight) }
            if hasProfiles { sums.profiles.add(block.batch, index, weight: weight, slot: slot) }
            if let model = block.plan.errorModel.correlation {
                let batch = block.batch
                overpasses.add(
                    weight: weight,
                    coverage: block.overlaps[contribution],
                    slot: slot,
                    time: batch.times[index].microseconds,
                    footprint: batch.footprints.isEmpty ? 0 : batch.footprints[index],
                    model,
                    &sums.sums
                )
            }
        }
    }

    mutating func closeOverpasses() {
        guard !overpasses.isEmpty else { return }
        overpasses.closeAll(&sums.sums)
        overpasses = Overpasses()
    }
}
