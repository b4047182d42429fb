import LinearAlgebra

extension GaussianSolver {
    /// Order of a matrix in the dearer space up to which it is taken where rounding spoils the cheaper one: 2 GiB.
    private static let mostOrder = 16_384

    /// Solves in the space that is asked for, or in the cheaper one and, where rounding spoils that, in the other.
    static func accurately(
        _ problem: LinearProblem,
        space: SolutionSpace?,
        solve: (SolutionSpace) throws(InversionError) -> Posterior
    ) throws(InversionError) -> Posterior {
        let first = space ?? cheaperSpace(for: problem)
        var loss: Inaccuracy
        do { return try solve(first) } catch {
            guard case .inaccurate(let found) = error else { throw error }
            loss = found
        }
        let order = first == .state ? problem.observationCount : problem.stateCount
        guard order <= mostOrder else { throw .inaccurate(loss) }
        do throws(InversionError) {
            var posterior = try solve(first.other)
            loss.alternative = .good
            guard space == nil else { throw .inaccurate(loss) }
            posterior.refused = loss
            return posterior
        } catch {
            guard case .inaccurate(let second) = error, second.space != first else { throw error }
            loss.alternative = .inaccurate(second.roundingError)
            throw .inaccurate(loss)
        }
    }

    /// A state-space solution of which enough digits are left.
    ///
    /// - Parameter signals: of all observations.
    static func checked(
        _ solution: NormalSolution,
        _ signals: () -> SignalPeak,
        names: [String]
    ) throws(InversionError) -> NormalSolution {
        guard !(solution.roundingError <= RoundingBound.most) else { return solution }
        let index = solution.leastApart
        let name = names.indices.contains(index) ? names[index] : "\(index)"
        throw .inaccurate(
            Inaccuracy(
                space: .state,
                roundingError: solution.roundingError,
                cause: signals().cause ?? .combination(index: index, name: name),
                alternative: .unavailable
            )
        )
    }

    /// Solves the normal equations of a problem and checks what rounding does.
    ///
    /// - Parameter signals: of all observations.
    static func checkedSolution(
        _ normal: consuming NormalEquations,
        priorError: ErrorModel,
        _ signals: () -> SignalPeak,
        names: [String]
    ) throws(InversionError) -> NormalSolution {
        let solution: NormalSolution
        do { solution = try solve(normal, priorError: priorError) } catch {
            guard case .algebra(normalMatrix, let failure) = error, failure.isOfRounding else { throw error }
            var index = 0
            if case .notPositiveDefinite(let order) = failure {
                index = min(max(0, order - 1), names.count - 1)
            }
            throw .inaccurate(
                Inaccuracy(
                    space: .state,
                    roundingError: .infinity,
                    cause: signals().cause ?? .combination(index: index, name: names[index]),
                    alternative: .unavailable
                )
            )
        }
        return try checked(solution, signals, names: names)
    }

    /// What rounding does in observation space.
    ///
    /// S = B - Tᵀ T loses what B is larger than S, and errors of the factor of H B Hᵀ + R enter by the gain, whose
    /// square is no more than B times the norm of the inverse.
    ///
    /// - Parameter diagonal: of H B Hᵀ + R.
    static func checkObservationSpace(
        _ problem: LinearProblem,
        _ factor: Cholesky,
        diagonal: [Double],
        covariance: Matrix
    ) throws(InversionError) -> Double {
        let (norm, direction) = RoundingBound.inverseNorm(diagonal: diagonal) { factor.solve($0) }
        let gains = zip(problem.priorError.sigma, covariance.diagonal).map { prior, variance in
            variance > 0 ? prior * prior / variance : .infinity
        }
        let index = RoundingBound.peak(gains)
        let gain = gains[index]
        let error = RoundingBound.unit * norm * gain
        guard !(error <= RoundingBound.most) else { return error }
        let state = Inaccuracy.Cause.state(
            index: index,
            name: problem.stateNames[index],
            excess: gain.squareRoot()
        )
        throw .inaccurate(
            Inaccuracy(
                space: .observation,
                roundingError: error,
                cause: gain >= norm ? state : .repeated(index: RoundingBound.peak(direction)),
                alternative: .unavailable
            )
        )
    }

    /// Why a problem may not be solved by its normal equations, as samplers do; returns where it may.
    ///
    /// - Throws: ``InversionError/inaccurate(_:)``, and as the solver does.
    public static func checkStateSpace(_ problem: LinearProblem) throws(InversionError) {
        _ = try checkedSolution(
            NormalEquations(problem),
            priorError: problem.priorError,
            { SignalPeak(problem) },
            names: problem.stateNames
        )
    }

    /// Where an iteration on the normal equations does not converge: the observation that stands out, if one does.
    ///
    /// - Parameter residual: what is left.
    public static func dominance(_ problem: LinearProblem, residual: Double) -> Inaccuracy? {
        SignalPeak(problem).cause.map {
            Inaccuracy(space: .state, roundingError: residual, cause: $0, alternative: .unavailable)
        }
    }

    /// The innovation covariance has no factor.
    static func inaccurate(_ problem: LinearProblem, _ error: LinearAlgebraError) -> InversionError {
        guard error.isOfRounding else { return .algebra("innovation covariance", error) }
        var cause = Inaccuracy.Cause.repeated(index: 0)
        if case .notPositiveDefinite(let order) = error { cause = .repeated(index: max(0, order - 1)) }
        return .inaccurate(
            Inaccuracy(
                space: .observation,
                roundingError: .infinity,
                cause: SignalPeak(problem).cause ?? cause,
                alternative: .unavailable
            )
        )
    }
}

extension LinearAlgebraError {
    /// Whether a matrix that exact arithmetic would factor may fail so.
    fileprivate var isOfRounding: Bool {
        switch self {
        case .notPositiveDefinite, .notFinite: true
        default: false
        }
    }
}
