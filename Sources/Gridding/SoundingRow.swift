public import Observations
import Quantities

extension SoundingBatch {
    /// Why gridding leaves a sounding out on whatever grid; nil when it does not.
    ///
    /// - Parameter withProfiles: whether kernels, pressure weights and priors are to be averaged too.
    public func griddingRejection(at index: Int, withProfiles: Bool) -> RejectionReason? {
        SoundingRow.rejection(self, index, withProfiles: withProfiles)
    }
}

/// What makes a sounding usable, whatever the grid.
enum SoundingRow {
    /// Nil when the sounding can enter a mean, otherwise why it cannot.
    static func rejection(_ batch: SoundingBatch, _ index: Int, withProfiles: Bool) -> RejectionReason? {
        SoundingBounds(batch, withProfiles: withProfiles).rejection(
            column: batch.columns[index],
            prior: batch.priorColumns[index],
            uncertainty: batch.uncertainties[index]
        ) { !withProfiles || hasPlausibleProfiles(batch, index) }
    }

    static func hasPlausibleProfiles(_ batch: SoundingBatch, _ index: Int) -> Bool {
        for element in (index * batch.levels)..<((index + 1) * batch.levels) {
            guard abs(batch.pressureWeights[element]) <= 2, abs(batch.averagingKernels[element]) <= 10,
                abs(batch.priorProfiles[element]) <= 1e4
            else { return false }
        }
        let count = batch.pressureCount
        for element in (index * count)..<((index + 1) * count) where !(abs(batch.pressures[element]) <= 1e4) {
            return false
        }
        return true
    }
}

/// Between what bounds the numbers of a sounding must lie. They also keep the terms of the sums small; NaN compares
/// false and is refused.
struct SoundingBounds {
    private let column: ClosedRange<Double>
    private let uncertainty: ClosedRange<Double>
    /// Without profiles a product need not have a prior.
    private let needsPrior: Bool

    init(_ batch: borrowing SoundingBatch, withProfiles: Bool) {
        column = batch.gas.possibleColumns
        uncertainty = (batch.gas.unitUncertainty / 64)...1e3
        needsPrior = withProfiles && batch.levels > 0
    }

    /// Whether the scalar numbers of all soundings are within their bounds: one column after the other and without a
    /// branch, as it is so of most blocks.
    func holdAll(of batch: borrowing SoundingBatch) -> Bool {
        Self.holds(column, batch.columns.span) && Self.holds(uncertainty, batch.uncertainties.span)
            && holdsPriors(batch.priorColumns.span)
    }

    private static func holds(_ range: ClosedRange<Double>, _ values: Span<Double>) -> Bool {
        let (lower, upper) = (range.lowerBound, range.upperBound)
        var outside: UInt64 = 0
        for index in values.indices {
            outside |= (values[index] >= lower ? 0 : 1) | (values[index] <= upper ? 0 : 1)
        }
        return outside == 0
    }

    private func holdsPriors(_ values: Span<Double>) -> Bool {
        var (tooLarge, missing): (UInt64, UInt64) = (0, 0)
        for index in values.indices {
            tooLarge |= abs(values[index]) > Self.largestPrior ? 1 : 0
            missing |= values[index].isNaN ? 1 : 0
        }
        return tooLarge == 0 && (missing == 0 || !needsPrior)
    }

    /// ppm.
    private static let largestPrior = 1e4

    /// - Parameter hasPlausibleProfiles: asked where column and prior are plausible.
    @inline(__always)
    func rejection(
        column: Double,
        prior: Double,
        uncertainty: Double,
        hasPlausibleProfiles: () -> Bool
    ) -> RejectionReason? {
        guard self.column.contains(column) else { return column.isFinite ? .implausibleValue : .missingValue }
        guard abs(prior) <= Self.largestPrior || (prior.isNaN && !needsPrior) else { return .missingValue }
        guard hasPlausibleProfiles() else { return .inconsistentOperator }
        return self.uncertainty.contains(uncertainty) ? nil : .invalidUncertainty
    }
}

extension Gas {
    /// A power of two near the noise of a satellite column, ppm: precision weights are taken in units of its inverse
    /// square, so that the sums of every gas keep the same digits. A reported uncertainty below a 64th of it is
    /// a fill value or a slip of units.
    var unitUncertainty: Double {
        switch self {
        case .co2: 1
        case .ch4, .co: 0x1p-8
        case .n2o: 0x1p-10
        }
    }

    /// What a column can be anywhere on Earth, ppm, plumes included.
    var possibleColumns: ClosedRange<Double> {
        switch self {
        case .co2: 100...3000
        case .ch4: 0.3...50
        case .n2o: 0.05...5
        case .co: 0...100
        }
    }

    /// A round number near the columns of the gas, ppm.
    var referencePartsPerMillion: Double {
        switch self {
        case .co2: 400
        case .ch4: 1.8
        case .n2o: 0.3
        case .co: 0.1
        }
    }
}
