import Observations
import Quantities

/// The sums that one cell needs for its mean and error; they grow by addition alone.
///
/// Weights count precision in units of the gas ('Gas.unitUncertainty').
struct CellSums: Equatable, Sendable {
    var count: Int64 = 0
    /// Overpasses with soundings, counted when the error model has a correlated part.
    var overpasses: Int64 = 0
    /// Σ w.
    var weight = FixedPointSum()
    /// Σ w².
    var squaredWeight = FixedPointSum()
    /// Σ w (x - reference).
    var weightedColumn = FixedPointSum()
    /// Σ (w σ)².
    var weightedNoise = FixedPointSum()
    /// Σ (x - reference), Σ (x - reference)² and Σ σ², without weights.
    var column = FixedPointSum()
    var squaredColumn = FixedPointSum()
    var noise = FixedPointSum()
    /// Σ w xa.
    var weightedPrior = FixedPointSum()
    /// Σ over overpasses of Σᵢⱼ wᵢ wⱼ ρᵢⱼ, and of -ln(1 - coverage).
    var correlated = FixedPointSum()
    var exposure = FixedPointSum()

    @inline(__always)
    mutating func add(_ terms: borrowing SoundingTerms, weight w: Double) {
        count &+= 1
        weight.addPositive(w)
        squaredWeight.addPositive(w * w)
        weightedColumn.add(w * terms.anomaly)
        weightedNoise.addPositive(w * w * terms.variance)
        column.add(terms.fixedAnomaly)
        squaredColumn.add(terms.fixedSquare)
        noise.add(terms.fixedVariance)
        weightedPrior.addPositive(w * terms.prior)
    }

    /// Adds soundings that fall on this cell and on no other.
    ///
    /// - Parameter places: of the soundings among those of the block that have a place.
    /// - Returns: whether all of them have a prior.
    mutating func add(
        _ block: borrowing PlacedBlock,
        _ places: Range<Int>,
        _ scale: SoundingScale
    ) -> Bool {
        let soundings = block.soundings.span
        let (columns, uncertainties) = (block.batch.columns.span, block.batch.uncertainties.span)
        let priors = block.batch.priorColumns.span
        var havePriors = true
        for place in places {
            let index = Int(soundings[place])
            let (prior, uncertainty) = (priors[index], uncertainties[index])
            if prior.isNaN { havePriors = false }
            let terms = SoundingTerms(
                column: columns[index],
                uncertainty: uncertainty,
                prior: prior.isNaN ? 0 : prior,
                reference: scale.reference
            )
            add(terms, weight: scale.precision(uncertainty))
        }
        return havePriors
    }

    mutating func add(_ other: CellSums) {
        count &+= other.count
        overpasses &+= other.overpasses
        weight.add(other.weight)
        squaredWeight.add(other.squaredWeight)
        weightedColumn.add(other.weightedColumn)
        weightedNoise.add(other.weightedNoise)
        column.add(other.column)
        squaredColumn.add(other.squaredColumn)
        noise.add(other.noise)
        weightedPrior.add(other.weightedPrior)
        correlated.add(other.correlated)
        exposure.add(other.exposure)
    }
}

/// In what units the numbers of soundings are added.
struct SoundingScale {
    /// Of the uncertainties, ppm.
    private let unit: Double
    /// Subtracted from the columns, ppm.
    let reference: Double
    private let usesPrecision: Bool

    init(_ gas: Gas, _ weighting: SoundingWeighting) {
        unit = gas.unitUncertainty
        reference = gas.referencePartsPerMillion
        usesPrecision = weighting.usesPrecision
    }

    /// The weight of a sounding on a cell that it covers.
    @inline(__always)
    func precision(_ uncertainty: Double) -> Double {
        let relative = unit / uncertainty
        return usesPrecision ? relative * relative : 1
    }
}

/// What one sounding adds to each of its cells, worked out once.
struct SoundingTerms {
    let anomaly: Double
    let variance: Double
    let prior: Double
    let fixedAnomaly: FixedPointSum
    let fixedSquare: FixedPointSum
    let fixedVariance: FixedPointSum

    @inline(__always)
    init(column: Double, uncertainty: Double, prior: Double, reference: Double) {
        anomaly = column - reference
        variance = uncertainty * uncertainty
        self.prior = prior
        fixedAnomaly = FixedPointSum(anomaly)
        fixedSquare = FixedPointSum(positive: anomaly * anomaly)
        fixedVariance = FixedPointSum(positive: variance)
    }
}
