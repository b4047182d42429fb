import Observations
import Quantities

/// What all soundings of one gridding must share.
struct SoundingKind: Equatable, Sendable {
    let gas: Gas
    let scale: CalibrationScale
    /// Elements of the profiles; 0 when they are not averaged.
    let levels: Int
    let support: ProfileSupport

    init(gas: Gas, scale: CalibrationScale, levels: Int, support: ProfileSupport) {
        self.gas = gas
        self.scale = scale
        self.levels = levels
        // Without profiles it is of no matter what they would stand for.
        self.support = levels > 0 ? support : .levels
    }

    init(_ batch: SoundingBatch, withProfiles: Bool) {
        self.init(
            gas: batch.gas,
            scale: batch.scale,
            levels: withProfiles ? batch.levels : 0,
            support: batch.profileSupport
        )
    }

    var layout: ProfileLayout {
        ProfileLayout(levels: levels, pressures: levels == 0 ? 0 : levels + (support == .layers ? 1 : 0))
    }

    /// - Throws: ``GriddingError`` when soundings of the two must not be averaged together.
    func check(_ new: SoundingKind, product: String) throws(GriddingError) {
        guard gas == new.gas else { throw .differentGas(new.gas.rawValue, product: product) }
        guard scale == new.scale else { throw scaleError(new, product) }
        guard levels == new.levels else {
            throw .differentLevels(new.levels, others: levels, product: product)
        }
        guard support == new.support else { throw .differentSupport(new.support.rawValue, product: product) }
    }

    private func scaleError(_ new: SoundingKind, _ product: String) -> GriddingError {
        .differentScale(new.scale.rawValue, others: scale.rawValue, product: product)
    }
}
