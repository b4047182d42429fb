import Formats
import Inversion
import LinearAlgebra

/// Which way an element emits.
enum EmissionSign: Double {
    /// The emission grows with the state.
    case rising = 1
    /// One unit of the state takes up, so that the emission is positive where the state is negative.
    case falling = -1
}

extension SolverRun {
    /// The sign in which each element is an emission; nil for a sink and for what is no emission, which stay free.
    ///
    /// What an element emits is its state times `state_emission`, or the state itself where the file tells none (or 0).
    /// An element is a source where its prior emission is positive. Kinds tell which elements are emissions; without
    /// them those do that are told an emission or have a positive prior.
    ///
    /// - Parameter orZero: whether an element of no prior emission counts as a source.
    func emissionSigns(orZero: Bool) -> [EmissionSign?] {
        input.problem.priorMean.enumerated().map { index, prior in
            let perUnit = input.emissions?.perUnit[index] ?? 0
            let isEmission = input.state?.elements[index].kind.isEmission
            guard isEmission ?? (perUnit != 0 || prior > 0) else { return nil }
            let sign: EmissionSign = perUnit < 0 ? .falling : .rising
            let emission = prior * sign.rawValue
            return emission > 0 || (orZero && emission == 0) ? sign : nil
        }
    }

    /// The bounds of the file, and emissions of sources above zero where asked for; nil where nothing is bounded.
    var bounds: Bounds? {
        get throws {
            let count = input.problem.stateCount
            var lower = input.lowerBounds ?? [Double](repeating: -.infinity, count: count)
            var upper = input.upperBounds ?? [Double](repeating: .infinity, count: count)
            if isNonNegative {
                for (index, sign) in emissionSigns(orZero: true).enumerated() {
                    switch sign {
                    case .rising: lower[index] = max(0, lower[index])
                    case .falling: upper[index] = min(0, upper[index])
                    case nil: break
                    }
                }
            }
            guard (lower + upper).contains(where: { !$0.isInfinite }) else { return nil }
            return try Bounds(lower: lower, upper: upper)
        }
    }
}

extension LinearProblem {
    /// The same problem with some elements of the state counted the other way.
    ///
    /// - Parameter signs: 1 or -1 for each element.
    func mirrored(_ signs: [Double]) -> LinearProblem {
        guard signs.contains(where: { $0 < 0 }) else { return self }
        var problem = self
        problem.jacobian.scaleColumns(by: signs)
        problem.priorMean = zip(priorMean, signs).map(*)
        if case .covariance(let matrix) = priorError {
            problem.priorError = .covariance(matrix.mirrored(signs))
        }
        return problem
    }
}

extension Matrix {
    /// A covariance with some elements counted the other way.
    func mirrored(_ signs: [Double]) -> Matrix {
        var result = self
        for index in storage.indices {
            result.storage[index] *= signs[index / columns] * signs[index % columns]
        }
        return result
    }
}
