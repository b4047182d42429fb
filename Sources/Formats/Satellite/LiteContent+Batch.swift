import Geo
import Observations
import Quantities

extension LiteContent {
    /// Rounding of single precision over 20 levels; the real files keep within 2e-8.
    static let pressureWeightTolerance = 1e-5
    /// ppm; the real files keep within 4e-3, the rounding of a single-precision profile near 400 ppm.
    static let priorColumnTolerance = 0.02

    /// Level 0 must be the top of the atmosphere: products that count from the surface look the same.
    func checkLevelOrder() throws(SatelliteError) {
        for index in columns.indices {
            let top = pressures[index * levels]
            let surface = pressures[index * levels + levels - 1]
            guard top.isFinite, surface.isFinite else { continue }
            guard top < surface else {
                let reason = "levels run from the surface upwards, expected from space downwards"
                throw .unexpected(path: path, variable: "pressure_levels", reason: reason)
            }
            return
        }
    }

    /// The good soundings, with the others counted by the first reason that applies.
    func batch(scale: CalibrationScale) -> SoundingBatch {
        var batch = SoundingBatch(product: product, gas: .co2, scale: scale, levels: levels)
        batch.reserveCapacity(flags.count(where: { $0 == 0 }))
        for index in columns.indices {
            if let reason = rejection(index) {
                batch.rejected[reason, default: 0] += 1
            } else {
                append(index, to: &batch)
            }
        }
        return batch
    }

    private func rejection(_ index: Int) -> RejectionReason? {
        guard let flag = flags[index], ids[index] != 0 else { return .missingValue }
        guard flag == 0 else { return .qualityFlag }
        let profile = (index * levels)..<((index + 1) * levels)
        guard columns[index].isFinite, priorColumns[index].isFinite, isFinite(profile),
            Instant(secondsSince1970: times[index]) != nil
        else { return .missingValue }
        guard Position(longitude: longitudes[index], latitude: latitudes[index]) != nil else {
            return .invalidPosition
        }
        guard uncertainties[index] > 0, uncertainties[index].isFinite else { return .invalidUncertainty }
        return isConsistent(index, profile) ? nil : .inconsistentOperator
    }

    private func isFinite(_ profile: Range<Int>) -> Bool {
        for element in profile {
            guard pressures[element].isFinite, pressureWeights[element].isFinite,
                averagingKernels[element].isFinite, priorProfiles[element].isFinite
            else { return false }
        }
        return true
    }

    /// Σ h = 1 and Σ h xa = the prior column, as the product defines them.
    private func isConsistent(_ index: Int, _ profile: Range<Int>) -> Bool {
        var weight = 0.0
        var prior = 0.0
        for element in profile {
            weight += pressureWeights[element]
            prior += pressureWeights[element] * priorProfiles[element]
        }
        return abs(weight - 1) <= Self.pressureWeightTolerance
            && abs(prior - priorColumns[index]) <= Self.priorColumnTolerance
    }

    /// - Precondition: ``rejection(_:)`` is nil.
    private func append(_ index: Int, to batch: inout SoundingBatch) {
        guard let time = Instant(secondsSince1970: times[index]) else { return }
        let profile = (index * levels)..<((index + 1) * levels)
        batch.ids.append(ids[index])
        batch.times.append(time)
        batch.longitudes.append(longitudes[index])
        batch.latitudes.append(latitudes[index])
        batch.columns.append(columns[index])
        batch.uncertainties.append(uncertainties[index])
        batch.priorColumns.append(priorColumns[index])
        batch.averagingKernels += averagingKernels[profile]
        batch.pressureWeights += pressureWeights[profile]
        batch.priorProfiles += priorProfiles[profile]
        batch.pressures += pressures[profile]
    }
}
