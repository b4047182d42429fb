import COpenBLAS
import Inversion
import LinearAlgebra

/// What one would write straight on LAPACK: (Hᵀ R⁻¹ H + B⁻¹)⁻¹ by two factorisations, without checks and
/// diagnostics.
enum PlainLAPACK {
    /// - Precondition: independent observation errors and a prior covariance; the matrices are well conditioned.
    static func posteriorMean(_ problem: LinearProblem) -> [Double] {
        guard case .independent(let sigma) = problem.observationError,
            case .covariance(let prior) = problem.priorError
        else { return [] }
        let (n, m) = (Int32(problem.jacobian.rows), Int32(problem.jacobian.columns))
        var whitened = problem.jacobian.storage
        for row in 0..<Int(n) {
            for column in 0..<Int(m) { whitened[row * Int(m) + column] /= sigma[row] }
        }
        var normal = prior.storage
        let lower = CChar(UInt8(ascii: "L"))
        LAPACKE_dpotrf(LAPACK_ROW_MAJOR, lower, m, &normal, m)
        LAPACKE_dpotri(LAPACK_ROW_MAJOR, lower, m, &normal, m)
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, m, n, 1, whitened, m, 1, &normal, m)
        LAPACKE_dpotrf(LAPACK_ROW_MAJOR, lower, m, &normal, m)
        LAPACKE_dpotri(LAPACK_ROW_MAJOR, lower, m, &normal, m)
        var innovation = problem.observations
        let modelled = problem.jacobian.times(problem.priorMean)
        for row in innovation.indices { innovation[row] = (innovation[row] - modelled[row]) / sigma[row] }
        var gradient = [Double](repeating: 0, count: Int(m))
        cblas_dgemv(CblasRowMajor, CblasTrans, n, m, 1, whitened, m, innovation, 1, 0, &gradient, 1)
        var mean = problem.priorMean
        cblas_dsymv(CblasRowMajor, CblasLower, m, 1, normal, m, gradient, 1, 1, &mean, 1)
        return mean
    }
}
