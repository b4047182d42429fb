import Observations

/// The sums that one cell needs for its mean, error and operator; they grow by addition alone.
struct CellSums: Sendable {
    var count = 0
    var weight = FixedPointSum()
    /// Σ w (x - reference).
    var weightedColumn = FixedPointSum()
    /// Σ (w σ)².
    var weightedNoise = FixedPointSum()
    /// Σ (x - reference) and Σ (x - reference)², without weights.
    var column = FixedPointSum()
    var squaredColumn = FixedPointSum()
    var weightedPrior = FixedPointSum()
    /// For each level Σ w h, Σ w h a, Σ w h a xa and Σ w p, with pressure weight h, averaging kernel a,
    /// prior xa and pressure p.
    var profiles: [FixedPointSum]

    static let profileSums = 4

    init(levels: Int) {
        profiles = [FixedPointSum](repeating: FixedPointSum(), count: Self.profileSums * levels)
    }

    /// - Parameter reference: close to the columns, so that the scatter keeps its digits; ppm.
    mutating func add(_ sounding: SoundingRow, weight w: Double, reference: Double) {
        let anomaly = sounding.column - reference
        count += 1
        weight.add(w)
        weightedColumn.add(w * anomaly)
        weightedNoise.add(w * w * sounding.uncertainty * sounding.uncertainty)
        column.add(anomaly)
        squaredColumn.add(anomaly * anomaly)
        weightedPrior.add(w * sounding.priorColumn)
        let batch = sounding.batch
        for level in 0..<batch.levels {
            let element = sounding.index * batch.levels + level
            let weighted = w * batch.pressureWeights[element]
            let kernel = weighted * batch.averagingKernels[element]
            let base = Self.profileSums * level
            profiles[base].add(weighted)
            profiles[base + 1].add(kernel)
            profiles[base + 2].add(kernel * batch.priorProfiles[element])
            profiles[base + 3].add(w * batch.pressures[element])
        }
    }

    mutating func add(_ other: CellSums) {
        count += other.count
        weight.add(other.weight)
        weightedColumn.add(other.weightedColumn)
        weightedNoise.add(other.weightedNoise)
        column.add(other.column)
        squaredColumn.add(other.squaredColumn)
        weightedPrior.add(other.weightedPrior)
        for index in profiles.indices { profiles[index].add(other.profiles[index]) }
    }
}
