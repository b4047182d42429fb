import Foundation
import LinearAlgebra

extension LinearProblem {
    /// The same problem with a prior of the same means and covariances whose chosen elements are lognormal, as
    /// ``LognormalSolver`` reads it: medians and the covariance of the logarithms.
    ///
    /// With x_i = m_i exp(v_i - C_ii / 2), cov(x_i, x_j) = μ_i μ_j (exp C_ij - 1) and, beside a normal x_j,
    /// cov(x_i, x_j) = μ_i C_ij (Aitchison and Brown 1957; the second is Stein's lemma).
    ///
    /// - Throws: ``InversionError`` where a chosen element has no positive mean, or where two elements are more
    ///   anticorrelated than lognormal ones can be.
    public func withLognormalPrior(_ isLognormal: [Bool]) throws(InversionError) -> LinearProblem {
        try validate()
        try checkLength("lognormal flags", isLognormal.count, stateCount)
        for (index, mean) in priorMean.enumerated() where isLognormal[index] && !(mean > 0) {
            throw .notPositive("prior_mean", index: index, value: mean)
        }
        var problem = self
        let means = priorMean
        func transformed(_ covariance: Double, _ i: Int, _ j: Int) -> Double {
            switch (isLognormal[i], isLognormal[j]) {
            case (true, true): log1p(covariance / (means[i] * means[j]))
            case (true, false): covariance / means[i]
            case (false, true): covariance / means[j]
            case (false, false): covariance
            }
        }
        let variances: [Double]
        switch priorError {
        case .independent(let sigma):
            variances = sigma.indices.map { transformed(sigma[$0] * sigma[$0], $0, $0) }
            problem.priorError = .independent(variances.map { $0.squareRoot() })
        case .covariance(var matrix):
            for row in 0..<matrix.rows {
                for column in 0..<matrix.columns {
                    matrix[row, column] = transformed(matrix[row, column], row, column)
                }
            }
            try checkFinite("prior_covariance of the logarithms", matrix.storage)
            variances = matrix.diagonal
            problem.priorError = .covariance(matrix)
        }
        problem.priorMean = means.indices.map {
            isLognormal[$0] ? means[$0] * exp(-variances[$0] / 2) : means[$0]
        }
        return problem
    }
}
