import Formats
import Inversion

/// What the elements of a sequence stand for, so that the Jacobian of another day is that of the same state.
struct SequentialState: Codable, Equatable, Sendable {
    struct Element: Codable, Equatable, Sendable {
        let name: String
        let kind: String
        let region: String
        let sector: String
        let period: String
    }

    let elements: [Element]
    let observationUnit: String
    let emissionUnit: String
    let totalUnit: String

    init(_ input: LinearProblemInput) {
        elements = input.problem.stateNames.indices.map { index in
            let element = input.state?.elements[index]
            return Element(
                name: input.problem.stateNames[index],
                kind: element?.kind.rawValue ?? "",
                region: element?.region ?? "",
                sector: element?.sector ?? "",
                period: element?.period ?? ""
            )
        }
        observationUnit = input.unit
        emissionUnit = input.emissions?.unit ?? ""
        totalUnit = input.totalUnit
    }

    /// The first thing of which another problem says something else.
    ///
    /// - Throws: ``ProblemChoiceError/anotherElement(_:was:is:)``.
    func require(_ other: SequentialState) throws(ProblemChoiceError) {
        guard elements.count == other.elements.count else {
            let counts = ("\(elements.count) elements", "\(other.elements.count) elements")
            throw .anotherElement("state_name", was: counts.0, is: counts.1)
        }
        for (index, (old, new)) in zip(elements, other.elements).enumerated() {
            let texts = [
                ("state_name", old.name, new.name), ("state_kind", old.kind, new.kind),
                ("state_region", old.region, new.region), ("state_sector", old.sector, new.sector),
                ("state_period", old.period, new.period),
            ]
            for (variable, was, now) in texts where was != now {
                throw .anotherElement("\(variable)[\(index)]", was: was, is: now)
            }
        }
        for (variable, was, now) in [
            ("observation_value:units", observationUnit, other.observationUnit),
            ("state_emission:units", emissionUnit, other.emissionUnit),
            ("total_weight:units", totalUnit, other.totalUnit),
        ] where was != now {
            throw .anotherElement(variable, was: was, is: now)
        }
    }
}

extension SequentialModel {
    /// The first thing of which another model of the same elements says something else.
    ///
    /// - Throws: ``ProblemChoiceError``.
    func require(_ other: SequentialModel) throws(ProblemChoiceError) {
        guard self != other else { return }
        guard elementNames == other.elementNames else { throw .anotherState }
        let (old, new) = (priorError.sigma, other.priorError.sigma)
        if let index = zip(old, new).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset {
            throw .anotherElement("prior_sigma[\(index)]", was: "\(old[index])", is: "\(new[index])")
        }
        let names = (totals.map(\.name), other.totals.map(\.name))
        guard names.0.count == names.1.count else {
            throw .anotherElement("total_name", was: "\(names.0.count) totals", is: "\(names.1.count) totals")
        }
        for (index, (was, now)) in zip(totals, other.totals).enumerated() {
            if was.name != now.name {
                throw .anotherElement("total_name[\(index)]", was: was.name, is: now.name)
            }
            for (element, (one, two)) in zip(was.weights, now.weights).enumerated() where one != two {
                throw .anotherElement("total_weight[\(index), \(element)]", was: "\(one)", is: "\(two)")
            }
        }
        // Correlations of the prior alone, or what the settings and kinds make of the elements.
        throw .anotherState
    }
}
