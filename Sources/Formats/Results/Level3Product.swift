import Geo
public import Gridding
import Observations
import Quantities

/// Everything that a Level 3 file says: the means of one or more windows of time, how they came about and who
/// publishes them.
public struct Level3Product: Sendable {
    /// In the order of time.
    public let windows: [GriddedColumns]
    public let tally: SoundingTally
    public let provenance: FileProvenance
    public let publication: Level3Publication
    /// The products with their soundings, where these were counted.
    public let shares: [ProductShare]

    /// Nil without windows, and when they were not gridded by one plan from one gas, scale and kind of profile:
    /// what ``Gridding/FileSums/columns()`` gives is.
    public init?(
        _ windows: [GriddedColumns],
        tally: SoundingTally,
        provenance: FileProvenance,
        publication: Level3Publication = Level3Publication(),
        shares: [ProductShare] = []
    ) {
        guard let first = windows.first else { return nil }
        let areOfOneKind = windows.allSatisfy {
            $0.plan == first.plan && $0.gas == first.gas && $0.scale == first.scale
                && $0.levels == first.levels
                && $0.profileSupport == first.profileSupport
        }
        guard areOfOneKind else { return nil }
        self.windows = windows
        self.tally = tally
        self.provenance = provenance
        self.publication = publication
        self.shares = shares
    }

    /// Any window, for what is common to all.
    var common: GriddedColumns { windows[0] }

    /// `xco2`, `xch4`.
    var columnName: String { "x\(common.gas.rawValue)" }

    /// Of a column.
    var standardName: String { "dry_atmosphere_mole_fraction_of_\(species)" }

    /// Of an element of a profile.
    var profileName: String { "mole_fraction_of_\(species)_in_dry_air" }

    private var species: String {
        switch common.gas {
        case .co2: "carbon_dioxide"
        case .ch4: "methane"
        case .n2o: "nitrous_oxide"
        case .co: "carbon_monoxide"
        }
    }

    /// Whether any cell knows how far it was covered.
    var knowsCoverage: Bool { windows.contains { $0.coverages.contains { $0.isFinite } } }

    var hasProfiles: Bool { common.levels > 0 }

    var firstSounding: Instant { windows.map(\.firstSounding).min() ?? common.firstSounding }
    var lastSounding: Instant { windows.map(\.lastSounding).max() ?? common.lastSounding }

    /// The products, with how many soundings each gave where that is known.
    var sources: [String] { shares.isEmpty ? products : shares.map(\.text) }
    var products: [String] { Set(windows.flatMap(\.products)).sorted() }
    var platforms: [String] { Set(windows.flatMap(\.platforms)).sorted() }
    var builds: [String] { Set(windows.flatMap(\.builds)).sorted() }

    /// Which soundings a cell stands for, to follow "soundings".
    var membership: String {
        switch common.plan.method {
        case .centre: "whose centre is in the cell"
        case .polygon: "whose footprint overlaps the cell"
        case .response: "to whose field of view the cell contributes"
        }
    }
}

extension GriddedColumns {
    /// The window, or the whole UTC days that the soundings lie in where all times are one window.
    var stretch: Period {
        if let window { return window }
        let day: Int64 = 86_400_000_000
        return Period(
            start: Instant(microseconds: floorDivision(firstSounding.microseconds, day) * day),
            end: Instant(microseconds: (floorDivision(lastSounding.microseconds, day) + 1) * day)
        )
    }

    /// The places in ``cells`` of the cells in some rows of the grid.
    func members(ofRows rows: Range<Int>) -> Range<Int> {
        place(of: rows.lowerBound * grid.columns)..<place(of: rows.upperBound * grid.columns)
    }

    /// How many cells have a lower index.
    private func place(of cell: Int) -> Int {
        var (low, high) = (0, cells.count)
        while low < high {
            let middle = (low + high) / 2
            if cells[middle] < cell { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

private func floorDivision(_ value: Int64, _ divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : (value - divisor + 1) / divisor
}
