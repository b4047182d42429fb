import LinearAlgebra

/// Conjugate gradients for (I + Gᵀ G) v = b from v = 0 (Hestenes and Stiefel 1952).
///
/// While the basis of residuals grows, each new residual is orthogonalised against it, which saves iterations and
/// makes the tridiagonal matrix of the iteration that of Lanczos (Fisher 1998, ECMWF seminar on data assimilation).
struct ConjugateGradient: Sendable {
    struct Solution: Sendable {
        var control: [Double]
        /// |b|, and the norm of the residual after each iteration.
        var residualNorms: [Double]
        /// I + Gᵀ G on the Krylov space; empty with a preconditioner.
        var tridiagonal = Tridiagonal()
        /// Normalised residuals, as many as were to be kept.
        var basis: ControlBasis
        var iterations: Int { residualNorms.count - 1 }
    }

    let problem: MatrixFreeProblem
    /// What the residual is to be divided by.
    let reduction: Double
    let mostIterations: Int
    var preconditioner: InformationSpectrum?
    var keptVectors = 0
    /// What errors call the solution.
    let name: String

    /// The residual that the recurrence carries along drifts from the true one. At the end the true one is computed,
    /// and where it is still too large the iteration goes on from it.
    func solve(_ right: [Double]) async throws(InversionError) -> Solution {
        try checkFinite("right-hand side of \(name)", right)
        let norm = quickDotProduct(right, right).squareRoot()
        var solution = Solution(
            control: [Double](repeating: 0, count: right.count),
            residualNorms: [norm],
            basis: ControlBasis(length: right.count)
        )
        guard norm > 0 else { return solution }
        var residual = right
        var isFirst = true
        var last = norm
        while last > reduction * norm {
            try await descend(&solution, residual, target: reduction * norm, recordsSpace: isFirst)
            residual = try await trueResidual(of: solution.control, right)
            let remaining = quickDotProduct(residual, residual).squareRoot()
            solution.residualNorms[solution.residualNorms.count - 1] = remaining
            // A restart that gains nothing has reached the rounding error of the products.
            guard remaining <= reduction * norm || remaining < last / 2 else {
                throw .notConverged(name, iterations: solution.iterations, residual: remaining / norm)
            }
            last = remaining
            isFirst = false
        }
        return solution
    }

    private func trueResidual(
        of control: [Double],
        _ right: [Double]
    ) async throws(InversionError) -> [Double] {
        var residual = right
        addScaled(control, -1, to: &residual)
        addScaled(await problem.information(control), -1, to: &residual)
        try checkFinite("gradient of \(name)", residual)
        return residual
    }

    private func descend(
        _ solution: inout Solution,
        _ start: [Double],
        target: Double,
        recordsSpace: Bool
    ) async throws(InversionError) {
        var residual = start
        var squared = quickDotProduct(residual, residual)
        var direction = await preconditioner?.applyInverse(to: residual) ?? residual
        var size = preconditioner == nil ? squared : quickDotProduct(residual, direction)
        var (lastStep, lastGrowth) = (1.0, 0.0)
        while true {
            let norm = squared.squareRoot()
            guard norm > target else { return }
            guard solution.iterations < mostIterations else {
                let left = norm / solution.residualNorms[0]
                throw .notConverged(name, iterations: mostIterations, residual: left)
            }
            if recordsSpace, solution.basis.count < keptVectors {
                solution.basis.append(residual.map { $0 / norm })
            }
            var image = await problem.information(direction)
            let curvature = addAndMultiply(direction, to: &image)
            guard curvature.isFinite, curvature > 0 else {
                throw .notFinite("Hessian in the iteration for \(name)", index: solution.iterations)
            }
            let step = size / curvature
            squared = subtractAndSquare(image, step, from: &residual)
            // Against a basis that grows no more, it would cost more time than the iterations it saves.
            if recordsSpace, solution.basis.count < keptVectors {
                await solution.basis.orthogonalise(&residual, passes: 1)
                squared = quickDotProduct(residual, residual)
            }
            let preconditioned = await preconditioner?.applyInverse(to: residual)
            let newSize = preconditioned.map { quickDotProduct(residual, $0) } ?? squared
            let growth = newSize / size
            if recordsSpace, preconditioner == nil {
                solution.tridiagonal.append(
                    diagonal: 1 / step + lastGrowth / lastStep,
                    coupling: -growth.squareRoot() / step
                )
            }
            solution.residualNorms.append(squared.squareRoot())
            (lastStep, lastGrowth, size) = (step, growth, newSize)
            take(step, along: &direction, to: &solution.control, next: preconditioned ?? residual, growth)
        }
    }

    /// control += step · direction, and then direction = gradient + growth · direction, in one pass over memory.
    private func take(
        _ step: Double,
        along direction: inout [Double],
        to control: inout [Double],
        next gradient: [Double],
        _ growth: Double
    ) {
        let count = direction.count
        precondition(control.count == count && gradient.count == count, "vectors differ in length")
        for index in direction.indices {
            control[index] += step * direction[index]
            direction[index] = gradient[index] + growth * direction[index]
        }
    }
}
