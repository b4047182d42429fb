public import Geo
public import Quantities

/// Means of columns over the cells of a grid: element `i` of every array belongs to `cells[i]`. Profiles are
/// flat, `cells x levels`, level 0 at the top of the atmosphere.
///
/// The operator of a cell is that of a sounding: for a profile `x` on the levels,
/// `column = priorColumn + Σ h a (x - xa)`, which equals the weighted mean of the operators of its soundings
/// for the same profile on the same fraction of surface pressure.
public struct GriddedColumns: Sendable {
    public let grid: LatitudeLongitudeGrid
    public let gas: Gas
    public let scale: CalibrationScale
    public let levels: Int
    public let firstSounding: Instant
    public let lastSounding: Instant
    /// Names of the products, sorted.
    public let products: [String]
    public let weighting: SoundingWeighting
    public let errorModel: ErrorModel

    /// Index of each cell in the grid, ascending.
    public private(set) var cells: [Int] = []
    public private(set) var counts: [Int] = []
    /// Sum of the weights: ppm-2 for inverse-variance weighting, the count for equal weights.
    public private(set) var weights: [Double] = []
    /// Weighted mean column, ppm.
    public private(set) var means: [Double] = []
    /// Standard error of the mean by the ``ErrorModel``, ppm.
    public private(set) var standardErrors: [Double] = []
    /// Standard deviation (n - 1) of the soundings about their plain mean, ppm; NaN for a single sounding.
    public private(set) var standardDeviations: [Double] = []
    /// Weighted mean of the prior columns, ppm.
    public private(set) var priorColumns: [Double] = []
    /// Weighted mean of the pressure weights, 1.
    public private(set) var pressureWeights: [Double] = []
    /// `Σ w h a / Σ w h`, 1.
    public private(set) var averagingKernels: [Double] = []
    /// `Σ w h a xa / Σ w h a`, ppm: the prior profile as the kernel sees it.
    public private(set) var priorProfiles: [Double] = []
    /// Weighted mean of the pressures of the levels, hPa.
    public private(set) var pressures: [Double] = []

    init(
        grid: LatitudeLongitudeGrid,
        gas: Gas,
        scale: CalibrationScale,
        levels: Int,
        firstSounding: Instant,
        lastSounding: Instant,
        products: [String],
        weighting: SoundingWeighting,
        errorModel: ErrorModel
    ) {
        self.grid = grid
        self.gas = gas
        self.scale = scale
        self.levels = levels
        self.firstSounding = firstSounding
        self.lastSounding = lastSounding
        self.products = products
        self.weighting = weighting
        self.errorModel = errorModel
    }

    mutating func append(cell: Int, _ sums: CellSums, reference: Double) {
        let weight = sums.weight.value
        cells.append(cell)
        counts.append(sums.count)
        weights.append(weight)
        means.append(reference + sums.weightedColumn.value / weight)
        standardErrors.append(standardError(sums, weight: weight))
        standardDeviations.append(standardDeviation(sums))
        let prior = sums.weightedPrior.value / weight
        priorColumns.append(prior)
        for level in 0..<levels { appendLevel(level, sums, weight: weight, priorColumn: prior) }
    }

    private func standardError(_ sums: CellSums, weight: Double) -> Double {
        let shared = errorModel.sharedPartsPerMillion
        let noise = errorModel.noiseFactor * sums.weightedNoise.value.squareRoot() / weight
        return (shared * shared + noise * noise).squareRoot()
    }

    private func standardDeviation(_ sums: CellSums) -> Double {
        guard sums.count > 1 else { return .nan }
        let count = Double(sums.count)
        let sum = sums.column.value
        return (max(0, sums.squaredColumn.value - sum * sum / count) / (count - 1)).squareRoot()
    }

    private mutating func appendLevel(
        _ level: Int,
        _ sums: CellSums,
        weight: Double,
        priorColumn: Double
    ) {
        let base = CellSums.profileSums * level
        let pressureWeight = sums.profiles[base].value
        let kernel = sums.profiles[base + 1].value
        // A level that the kernel does not see has no part in the operator, whatever its prior.
        let isSeen = abs(kernel) > 1e-12 * weight
        pressureWeights.append(pressureWeight / weight)
        averagingKernels.append(isSeen && pressureWeight != 0 ? kernel / pressureWeight : 0)
        priorProfiles.append(isSeen ? sums.profiles[base + 2].value / kernel : priorColumn)
        pressures.append(sums.profiles[base + 3].value / weight)
    }

    /// The column that the operator of a cell gives for a profile on its levels, ppm.
    ///
    /// - Precondition: `profile` has one mole fraction in ppm for each level.
    public func column(at index: Int, for profile: [Double]) -> Double {
        precondition(profile.count == levels, "one value for each level")
        var column = priorColumns[index]
        for level in 0..<levels {
            let element = index * levels + level
            column +=
                pressureWeights[element] * averagingKernels[element]
                * (profile[level] - priorProfiles[element])
        }
        return column
    }

    /// Mean over the filled cells by area and its standard error, ppm. The shared part of the error is taken
    /// as common to all cells, the rest as independent between them.
    public var areaMean: Estimate {
        var sum = 0.0
        var noise = 0.0
        var area = 0.0
        let shared = errorModel.sharedPartsPerMillion
        for (index, cell) in cells.enumerated() {
            let cellArea = grid.cellAreaSquareMetres(row: cell / grid.columns)
            area += cellArea
            sum += cellArea * means[index]
            let unshared = standardErrors[index] * standardErrors[index] - shared * shared
            noise += cellArea * cellArea * max(0, unshared)
        }
        let variance = shared * shared + noise / (area * area)
        return Estimate(mean: sum / area, standardDeviation: variance.squareRoot())
    }
}
