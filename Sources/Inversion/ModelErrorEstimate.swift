import LinearAlgebra

/// One standard deviation that is added in quadrature to every observation error, for what the transport
/// model and the state cannot represent.
public struct ModelErrorEstimate: Equatable, Sendable {
    /// How the estimate came about.
    public enum Outcome: String, Codable, Sendable {
        /// The value brings innovation chi2 / n to one.
        case balanced
        /// Chi2 / n is at most one already: the stated errors are large enough and nothing is added.
        case notNeeded = "not_needed"
    }

    /// In the unit of the observations; 0 when nothing is needed.
    public let sigma: Double
    public let outcome: Outcome
    /// Innovation chi2 / n with the stated errors alone.
    public let chiSquareRatioBefore: Double
    /// Innovation chi2 / n with `sigma` added.
    public let chiSquareRatioAfter: Double
}

extension LinearProblem {
    /// The same problem with an independent error added in quadrature to every observation.
    public func adding(modelError sigma: Double) -> LinearProblem {
        var problem = self
        switch observationError {
        case .independent(let stated):
            let total = stated.map { ($0 * $0 + sigma * sigma).squareRoot() }
            problem.observationError = .independent(total)
        case .covariance(var matrix):
            matrix.addToDiagonal([Double](repeating: sigma * sigma, count: matrix.rows))
            problem.observationError = .covariance(matrix)
        }
        return problem
    }

    /// The model error at which innovation chi2 / n is one (the reduced chi2 criterion, Michalak et al. 2005,
    /// JGR 110, D24107, with one parameter).
    ///
    /// Chi2 falls monotonically to zero as the error grows, so there is exactly one root when chi2 / n starts
    /// above one, and none otherwise. The root is bracketed by doubling and found by bisection to 1e-12.
    ///
    /// - Throws: ``InversionError`` as the solver does.
    public func estimateModelError() throws(InversionError) -> ModelErrorEstimate {
        let before = try chiSquareRatio(modelError: 0)
        guard before > 1 else {
            return ModelErrorEstimate(
                sigma: 0,
                outcome: .notNeeded,
                chiSquareRatioBefore: before,
                chiSquareRatioAfter: before
            )
        }
        var low = 0.0
        var high = max((squaredNorm(innovations) / Double(observationCount)).squareRoot(), 1e-300)
        while try chiSquareRatio(modelError: high) > 1 {
            low = high
            high *= 2
        }
        while high - low > 1e-12 * high {
            let middle = low + (high - low) / 2
            if middle <= low || middle >= high { break }
            if try chiSquareRatio(modelError: middle) > 1 { low = middle } else { high = middle }
        }
        return ModelErrorEstimate(
            sigma: high,
            outcome: .balanced,
            chiSquareRatioBefore: before,
            chiSquareRatioAfter: try chiSquareRatio(modelError: high)
        )
    }

    private func chiSquareRatio(modelError: Double) throws(InversionError) -> Double {
        let posterior = try GaussianSolver.solve(adding(modelError: modelError))
        return posterior.innovationChiSquare / Double(observationCount)
    }
}
