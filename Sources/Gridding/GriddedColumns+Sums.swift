import Concurrent
import Foundation
import Observations
import Quantities

extension FileSums {
    /// The means of every window that holds soundings, in the order of time.
    public func columns() -> [GriddedColumns] {
        filledWindows.map { window in
            var columns = window.columns
            columns.append(window.entry.sums, window.columns.slots[...], window.kind)
            return columns
        }
    }

    /// The same, made by all processors: the sums of a fine grid lie far apart in memory.
    public func columnsInParallel() async -> [GriddedColumns] {
        var all: [GriddedColumns] = []
        for window in filledWindows {
            let slots = window.columns.slots
            let chunks = (slots.count + Self.slotsAtOnce - 1) / Self.slotsAtOnce
            let parts = await parallelParts(chunks: chunks) { chunk in
                let start = chunk * Self.slotsAtOnce
                var part = window.columns
                part.append(
                    window.entry.sums,
                    slots[start..<min(slots.count, start + Self.slotsAtOnce)],
                    window.kind
                )
                return part
            }
            all.append(await window.columns.joining(parts))
        }
        return all
    }

    private static let slotsAtOnce = 1 << 14

    /// A window that holds soundings, with columns that are still empty.
    private struct FilledWindow: Sendable {
        let entry: WindowEntry
        let kind: SoundingKind
        let columns: GriddedColumns
    }

    /// In the order of time.
    private var filledWindows: [FilledWindow] {
        guard let kind else { return [] }
        var finished = self
        finished.finish()
        return finished.windows.filter { !$0.sums.cells.isEmpty }.sorted { $0.window < $1.window }
            .compactMap { entry in
                GriddedColumns(finished, kind, entry).map {
                    FilledWindow(entry: entry, kind: kind, columns: $0)
                }
            }
    }
}

extension GriddedColumns {
    private static var scalars: [WritableKeyPath<Self, [Double]>] {
        [
            \.effectiveCounts, \.weights, \.means, \.standardErrors, \.standardDeviations, \.coverages,
            \.priorColumns,
        ]
    }

    fileprivate mutating func reserve(_ count: Int) {
        cells.reserveCapacity(count)
        counts.reserveCapacity(count)
        for field in Self.scalars { self[keyPath: field].reserveCapacity(count) }
    }

    /// Takes up the cells of parts that were made apart and follow each other.
    fileprivate func joining(_ parts: [GriddedColumns]) async -> GriddedColumns {
        async let scalars = parallelParts(chunks: Self.scalars.count) { field in
            joined(parts, Self.scalars[field])
        }
        var columns = self
        columns.cells = joined(parts, \.cells)
        columns.counts = joined(parts, \.counts)
        for (scalar, values) in zip(Self.scalars, await scalars) { columns[keyPath: scalar] = values }
        return columns
    }

    fileprivate mutating func append(_ window: WindowSums, _ slots: ArraySlice<Int>, _ kind: SoundingKind) {
        reserve(slots.count)
        for slot in slots { append(window, slot: slot, kind) }
    }

    mutating func append(_ window: borrowing WindowSums, slot: Int, _ kind: SoundingKind) {
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

    @inline(__always)
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
    @inline(__always)
    private func representationVariance(_ sums: CellSums, _ model: ErrorCorrelation) -> Double {
        let coverage = coverage(sums)
        guard coverage.isFinite else { return 0 }
        let noise = errorModel.noiseFactor * errorModel.noiseFactor * sums.noise.value / Double(sums.count)
        let assumed = model.variabilityPartsPerMillion * model.variabilityPartsPerMillion
        let variability = sums.count >= 3 ? max(0, sums.variance - noise) : assumed
        return variability * (1 - coverage) / sums.effectiveCount
    }

    @inline(__always)
    private func coverage(_ sums: CellSums) -> Double {
        guard plan.seesCoverage else { return .nan }
        return -expm1(-sums.exposure.value)
    }
}

extension CellSums {
    /// `(Σw)² / Σw²`.
    @inline(__always)
    var effectiveCount: Double { weight.value * weight.value / squaredWeight.value }

    /// Of the soundings about their plain mean, n - 1; NaN for a single one.
    @inline(__always)
    var variance: Double {
        guard count > 1 else { return .nan }
        let sum = column.value
        return max(0, squaredColumn.value - sum * sum / Double(count)) / Double(count - 1)
    }
}

/// Enough for all is reserved at once, as pages that are grown into again and again cost more than the copy.
private func joined<Value>(
    _ parts: [GriddedColumns],
    _ field: KeyPath<GriddedColumns, [Value]>
) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(parts.reduce(0) { $0 + $1[keyPath: field].count })
    for part in parts { values += part[keyPath: field] }
    return values
}
