public import Geo
public import Observations
public import Quantities

/// Means of columns over the cells of a grid: element `i` of every array belongs to `cells[i]`. Profiles are
/// flat, `cells x levels`, level 0 at the top of the atmosphere.
///
/// The operator of a cell is that of a sounding: for a profile `x` on the levels,
/// `column = priorColumn + Σ h a (x - xa)`, which equals the weighted mean of the operators of its soundings
/// for the same profile on the same fraction of surface pressure.
public struct GriddedColumns: Sendable {
    public let plan: GriddingPlan
    public let gas: Gas
    public let scale: CalibrationScale
    /// Elements of a profile; 0 without profiles.
    public let levels: Int
    public let profileSupport: ProfileSupport
    /// The stretch of time that the soundings were gathered over; nil for all times.
    public let window: Period?
    public let firstSounding: Instant
    public let lastSounding: Instant
    /// Names of the products, the platforms and the builds, sorted.
    public let products: [String]
    public let platforms: [String]
    public let builds: [String]

    public var grid: CellGrid { plan.grid }
    public var weighting: SoundingWeighting { plan.weighting }
    public var errorModel: ErrorModel { plan.errorModel }
    /// Elements of ``pressures`` for each cell.
    public var pressureCount: Int { levels == 0 ? 0 : levels + (profileSupport == .layers ? 1 : 0) }

    /// Index of each cell in the grid, ascending.
    public internal(set) var cells: [Int] = []
    /// Soundings that touch the cell.
    public internal(set) var counts: [Int] = []
    /// `(Σw)² / Σw²`: as many soundings of one weight would average noise as well.
    public internal(set) var effectiveCounts: [Double] = []
    /// Sum of the weights: with precision in ppm-2, else the sum of areas or the count.
    public internal(set) var weights: [Double] = []
    /// Weighted mean column, ppm.
    public internal(set) var means: [Double] = []
    /// Standard error of the mean by the ``ErrorModel``, ppm.
    public internal(set) var standardErrors: [Double] = []
    /// Standard deviation (n - 1) of the soundings about their plain mean, ppm; NaN for a single sounding.
    public internal(set) var standardDeviations: [Double] = []
    /// Fraction of the cell that the footprints covered, those of different overpasses taken as placed at random; NaN
    /// where it is not known: without an ``ErrorCorrelation``, or with the method ``FootprintMethod/centre``.
    public internal(set) var coverages: [Double] = []
    /// Weighted mean of the prior columns, ppm; NaN where a sounding of the cell has none.
    public internal(set) var priorColumns: [Double] = []
    /// The sums that the profiles follow from, shared with those of the files, and the slot of each cell there.
    let profiles: ProfileSums
    let slots: [Int]

    /// Nil when the window holds no sounding.
    init?(_ sums: FileSums, _ kind: SoundingKind, _ entry: WindowEntry) {
        guard let times = entry.times else { return nil }
        plan = sums.plan
        gas = kind.gas
        scale = kind.scale
        levels = kind.levels
        profileSupport = kind.support
        window = plan.window.period(Int(entry.window))
        firstSounding = times.lowerBound
        lastSounding = times.upperBound
        products = sums.products.sorted()
        platforms = sums.platforms.sorted()
        builds = sums.builds.sorted()
        profiles = entry.sums.profiles
        slots = entry.sums.orderedSlots
    }

    /// Mean over the filled cells by area and its standard error, ppm. The shared part of the error is taken
    /// as common to all cells, the rest as independent between them.
    public var areaMean: Estimate {
        var sum = 0.0
        var noise = 0.0
        var area = 0.0
        let shared = errorModel.sharedPartsPerMillion
        for (index, cellArea) in grid.areasSquareMetres(of: cells).enumerated() {
            area += cellArea
            sum += cellArea * means[index]
            let unshared = standardErrors[index] * standardErrors[index] - shared * shared
            noise += cellArea * cellArea * max(0, unshared)
        }
        let variance = shared * shared + noise / (area * area)
        return Estimate(mean: sum / area, standardDeviation: variance.squareRoot())
    }
}
