import LinearAlgebra

/// How the spread of an ensemble is kept from falling below its error over many analyses.
public enum Inflation: Equatable, Sendable {
    case none
    /// Deviations of the analysis are multiplied by a factor of at least one.
    case multiplicative(Double)
    /// Deviations are multiplied so that the spread of each element moves back by this share, 0 to 1, of what the
    /// analysis took from it (relaxation to prior spread, Whitaker and Hamill 2012, MWR 140, 3078).
    case relaxationToPriorSpread(Double)

    func validate() throws(EnsembleError) {
        switch self {
        case .none: return
        case .multiplicative(let factor):
            guard factor >= 1, factor.isFinite else { throw .badOption("inflation", value: factor) }
        case .relaxationToPriorSpread(let share):
            guard (0...1).contains(share) else { throw .badOption("relaxation", value: share) }
        }
    }

    /// What the deviations of one element are multiplied by.
    func factor(priorSpread: Double, spread: Double) -> Double {
        switch self {
        case .none: 1
        case .multiplicative(let factor): factor
        case .relaxationToPriorSpread(let share):
            spread > 0 ? 1 + share * (priorSpread - spread) / spread : 1
        }
    }

    /// The ensemble after an analysis, inflated.
    func applied(to analysis: Ensemble, prior: Ensemble) -> Ensemble {
        guard self != .none else { return analysis }
        var result = analysis
        result.deviations.scaleRows(by: zip(prior.sigma, analysis.sigma).map(factor(priorSpread:spread:)))
        return result
    }
}
