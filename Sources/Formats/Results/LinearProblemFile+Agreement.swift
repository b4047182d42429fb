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
            guard unit == observed || sameMoleFraction(unit, observed) else {
                let reason = "unit is `\(unit)`, that of observation_value `\(observed)`"
                throw NetCDFError(.unexpected(reason), path: file.path, variable: name)
            }
        }
        let prior = file.text("units", of: "prior_mean") ?? ""
        for name in ["prior_sigma", "state_lower", "state_upper"] where !prior.isEmpty {
            guard file.hasVariable(name), let unit = file.text("units", of: name), !unit.isEmpty,
                unit != prior
            else { continue }
            let reason = "unit is `\(unit)`, that of prior_mean `\(prior)`"
            throw NetCDFError(.unexpected(reason), path: file.path, variable: name)
        }
    }

    /// True for two spellings of one unit; a Jacobian may say `ppm per unit state`.
    private static func sameMoleFraction(_ unit: String, _ observed: String) -> Bool {
        guard let wanted = MoleFractionUnit(spelling: observed) else { return false }
        let base = unit.split(separator: " ").first.map(String.init) ?? unit
        return MoleFractionUnit(spelling: unit) == wanted || MoleFractionUnit(spelling: base) == wanted
    }
}
