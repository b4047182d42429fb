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

    mutating func add(_ terms: borrowing SoundingTerms, weight w: Double) {
        count &+= 1
        weight.add(w)
        squaredWeight.add(w * w)
        weightedColumn.add(w * terms.anomaly)
        weightedNoise.add(w * w * terms.variance)
        column.add(terms.fixedAnomaly)
        squaredColumn.add(terms.fixedSquare)
        noise.add(terms.fixedVariance)
        weightedPrior.add(w * terms.prior)
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

/// What one sounding adds to each of its cells, worked out once.
struct SoundingTerms {
    let anomaly: Double
    let variance: Double
    let prior: Double
    let fixedAnomaly: FixedPointSum
    let fixedSquare: FixedPointSum
    let fixedVariance: FixedPointSum

    init(column: Double, uncertainty: Double, prior: Double, reference: Double) {
        anomaly = column - reference
        variance = uncertainty * uncertainty
        self.prior = prior
        fixedAnomaly = FixedPointSum(anomaly)
        fixedSquare = FixedPointSum(anomaly * anomaly)
        fixedVariance = FixedPointSum(variance)
    }
}
