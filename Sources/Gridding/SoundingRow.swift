import Observations
import Quantities

/// One sounding of a batch.
struct SoundingRow {
    let batch: SoundingBatch
    let index: Int

    var column: Double { batch.columns[index] }
    var uncertainty: Double { batch.uncertainties[index] }
    var priorColumn: Double { batch.priorColumns[index] }

    /// Reported noise outside this range is a fill value or a slip of units, ppm.
    static let plausibleUncertainty = 1e-3...1e3

    /// Why the sounding cannot enter a mean whatever the grid; nil when it can.
    func rejection() -> RejectionReason? {
        guard abs(column) <= 1e4, abs(priorColumn) <= 1e4, profilesArePlausible else { return .missingValue }
        guard Self.plausibleUncertainty.contains(uncertainty) else { return .invalidUncertainty }
        return nil
    }

    /// Also bounds the terms of the sums; NaN compares false and is refused.
    private var profilesArePlausible: Bool {
        for element in (index * batch.levels)..<((index + 1) * batch.levels) {
            guard abs(batch.pressureWeights[element]) <= 2, abs(batch.averagingKernels[element]) <= 10,
                abs(batch.priorProfiles[element]) <= 1e4, abs(batch.pressures[element]) <= 1e4
            else { return false }
        }
        return true
    }

    func weight(_ weighting: SoundingWeighting) -> Double {
        switch weighting {
        case .inverseVariance: 1 / (uncertainty * uncertainty)
        case .equal: 1
        }
    }
}

/// What tells one sounding from another.
struct SoundingIdentity: Hashable, Sendable {
    let id: UInt64
    let time: Instant
}

/// What must agree when a sounding comes again.
struct SoundingContent: Equatable, Sendable {
    let column: Double
    let uncertainty: Double
    let longitude: Double
    let latitude: Double
}

extension SoundingRow {
    var identity: SoundingIdentity { SoundingIdentity(id: batch.ids[index], time: batch.times[index]) }

    var content: SoundingContent {
        SoundingContent(
            column: column,
            uncertainty: uncertainty,
            longitude: batch.longitudes[index],
            latitude: batch.latitudes[index]
        )
    }
}
