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
    /// Nil when the sounding can enter a mean, otherwise why it cannot. The bounds also keep the terms of the
    /// sums small; NaN compares false and is refused.
    static func rejection(_ batch: SoundingBatch, _ index: Int, withProfiles: Bool) -> RejectionReason? {
        let column = batch.columns[index]
        guard column.isFinite else { return .missingValue }
        guard batch.gas.possibleColumns.contains(column) else { return .implausibleValue }
        // Without profiles a product need not have a prior.
        let needsPrior = withProfiles && batch.levels > 0
        let prior = batch.priorColumns[index]
        guard abs(prior) <= 1e4 || (prior.isNaN && !needsPrior) else { return .missingValue }
        if withProfiles, !hasPlausibleProfiles(batch, index) { return .inconsistentOperator }
        let reported = batch.uncertainties[index]
        guard reported >= batch.gas.unitUncertainty / 64, reported <= 1e3 else { return .invalidUncertainty }
        return nil
    }

    private static func hasPlausibleProfiles(_ batch: SoundingBatch, _ index: Int) -> Bool {
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
