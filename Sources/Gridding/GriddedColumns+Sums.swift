import Foundation
import Observations
import Quantities

extension FileSums {
    /// The means of every window that holds soundings, in the order of time.
    public func columns() -> [GriddedColumns] {
        guard let kind else { return [] }
        var finished = self
        finished.finish()
        return finished.windows.filter { !$0.sums.cells.isEmpty }.sorted { $0.window < $1.window }
            .compactMap { entry in
                guard var columns = GriddedColumns(finished, kind, entry) else { return nil }
                columns.reserve(entry.sums.cells.count)
                for slot in columns.slots { columns.append(entry.sums, slot: slot, kind) }
                return columns
            }
    }
}

extension GriddedColumns {
    fileprivate mutating func reserve(_ count: Int) {
        cells.reserveCapacity(count)
        counts.reserveCapacity(count)
        for field: WritableKeyPath<Self, [Double]> in [
            \.effectiveCounts, \.weights, \.means, \.standardErrors, \.standardDeviations, \.coverages,
            \.priorColumns,
        ] { self[keyPath: field].reserveCapacity(count) }
    }

    mutating func append(_ window: WindowSums, slot: Int, _ kind: SoundingKind) {
        let sums = window.sums[slot]
        let weight = sums.weight.value
        let unit = gas.unitUncertainty
        cells.append(Int(window.cells[slot]))
        counts.append(Int(sums.count))
        effectiveCounts.append(sums.effectiveCount)
        weights.append(weighting.usesPrecision ? weight / (unit * unit) : weight)
        means.append(kind.gas.referencePartsPerMillion + sums.weightedColumn.value / weight)
        standardErrors.append(standardError(sums, weight: weight))
        standardDeviations.append(sums.variance.squareRoot())
        coverages.append(coverage(sums))
        // A mean over some of the soundings is not the prior of the mean over all.
        let lacksPrior = window.lackingPrior.contains(window.cells[slot])
        let prior = lacksPrior ? Double.nan : sums.weightedPrior.value / weight
        priorColumns.append(prior)
    }

    private func standardError(_ sums: CellSums, weight: Double) -> Double {
        let shared = errorModel.sharedPartsPerMillion
        let noise = errorModel.noiseFactor * sums.weightedNoise.value.squareRoot() / weight
        var variance = shared * shared + noise * noise
        if let correlation = errorModel.correlation {
            let error = correlation.partsPerMillion / weight
            variance += error * error * max(0, sums.correlated.value)
            variance += representationVariance(sums, correlation)
        }
        return variance.squareRoot()
    }

    /// `s² (1 - coverage) / n_eff`; nothing where the coverage is not known.
    private func representationVariance(_ sums: CellSums, _ model: ErrorCorrelation) -> Double {
        let coverage = coverage(sums)
        guard coverage.isFinite else { return 0 }
        let noise = errorModel.noiseFactor * errorModel.noiseFactor * sums.noise.value / Double(sums.count)
        let assumed = model.variabilityPartsPerMillion * model.variabilityPartsPerMillion
        let variability = sums.count >= 3 ? max(0, sums.variance - noise) : assumed
        return variability * (1 - coverage) / sums.effectiveCount
    }

    private func coverage(_ sums: CellSums) -> Double {
        guard plan.seesCoverage else { return .nan }
        return -expm1(-sums.exposure.value)
    }
}

extension CellSums {
    /// `(Σw)² / Σw²`.
    var effectiveCount: Double { weight.value * weight.value / squaredWeight.value }

    /// Of the soundings about their plain mean, n - 1; NaN for a single one.
    var variance: Double {
        guard count > 1 else { return .nan }
        let sum = column.value
        return max(0, squaredColumn.value - sum * sum / Double(count)) / Double(count - 1)
    }
}
