import Inversion
import NetCDF
import Quantities

/// What a problem file says twice must agree.
extension LinearProblemFile {
    /// Jacobian, observations and their errors must speak of the same unit where they name one: a factor of a
    /// thousand between ppm and ppb would pass unseen.
    @NetCDFThread
    static func checkUnits(_ file: borrowing NetCDFFile) throws(NetCDFError) {
        let observed = file.text("units", of: "observation_value") ?? ""
        for name in ["jacobian", "observation_sigma"] {
            guard !observed.isEmpty, let unit = file.text("units", of: name), !unit.isEmpty else { continue }
            let isSame = unit == observed || sameMoleFraction(unit, observed)
            guard isSame || (name == "jacobian" && isPerState(unit, observed)) else {
                let reason = "unit is `\(unit)`, that of observation_value `\(observed)`"
                throw NetCDFError(.unexpected(reason), path: file.path, variable: name)
            }
        }
        let prior = file.text("units", of: "prior_mean") ?? ""
        try checkDivisor(file, observed, prior)
        for name in ["prior_sigma", "state_lower", "state_upper"] where !prior.isEmpty {
            guard file.hasVariable(name), let unit = file.text("units", of: name), !unit.isEmpty,
                unit != prior
            else { continue }
            let reason = "unit is `\(unit)`, that of prior_mean `\(prior)`"
            throw NetCDFError(.unexpected(reason), path: file.path, variable: name)
        }
    }

    /// A Jacobian that names the unit of the state it is per must name that of prior_mean: a factor of a thousand
    /// between kt and Mt would pass unseen. Units that are not understood are left to the reader.
    @NetCDFThread
    private static func checkDivisor(
        _ file: borrowing NetCDFFile,
        _ observed: String,
        _ prior: String
    ) throws(NetCDFError) {
        guard let unit = file.text("units", of: "jacobian"), !unit.isEmpty, !prior.isEmpty, !observed.isEmpty
        else { return }
        let units = UnitProduct.readings(unit)
        guard let state = UnitProduct.readings(prior).first,
            let observation = UnitProduct.readings(observed).first,
            // That of the observations alone says nothing of the state.
            !units.isEmpty, !units.contains(where: { $0.powers == observation.powers })
        else { return }
        let ratios = units.map { $0 * state * observation.raised(to: -1) }
        // Years are not all of one length.
        guard !ratios.contains(where: { $0.isNumber && abs($0.factor - 1) < 0.01 }) else { return }
        let size =
            ratios.first(where: \.isNumber).map { "; it is \(Float($0.factor)) of what it should be" } ?? ""
        throw ProblemLayout.unfit(
            "unit is `\(unit)`, which is not `\(observed)` per `\(prior)`, the unit of prior_mean\(size)",
            "bring the two to one unit, or correct the attribute",
            "jacobian",
            file
        )
    }

    /// Whether a unit is that of the observations over something, however it is written.
    private static func isPerState(_ unit: String, _ observed: String) -> Bool {
        guard let observation = UnitProduct.readings(observed).first, observation.isNumber else {
            return false
        }
        return UnitProduct.readings(unit).contains { !$0.isNumber }
    }

    /// True for two spellings of one unit; a Jacobian may say `ppm per unit state`.
    private static func sameMoleFraction(_ unit: String, _ observed: String) -> Bool {
        guard let wanted = MoleFractionUnit(spelling: observed) else { return false }
        let base = unit.split(separator: " ").first.map(String.init) ?? unit
        return MoleFractionUnit(spelling: unit) == wanted || MoleFractionUnit(spelling: base) == wanted
    }
}
