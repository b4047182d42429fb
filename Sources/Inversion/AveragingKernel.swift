import LinearAlgebra

/// The averaging kernel A of a solution as what it is made of: its products cost more than the solution, and most
/// uses need its diagonal alone.
enum AveragingKernel: Sendable {
    case complete(Matrix)
    /// The antitranspose of X = L·G⁻¹, with the prior covariance B = L·Lᵀ and S = X·Xᵀ: A = I - S·B⁻¹.
    case root(LowerPanels, prior: ErrorModel)
    /// A = Tᵀ·U.
    case product(Matrix, Matrix)

    var matrix: Matrix {
        switch self {
        case .complete(let matrix): return matrix
        case .product(let left, let right): return left.transposedTimes(right)
        case .root(let root, .independent(let sigma)):
            var retained = root.exchangedSquare()
            retained.scaleColumns(by: sigma.map { 1 / ($0 * $0) })
            return retained.subtractedFromIdentity()
        case .root(let root, .covariance(let prior)):
            // X·Z with Z = G⁻ᵀ·L⁻¹, not S·B⁻¹: the square of L would cost twice the digits.
            let factor = Cholesky(factor: Self.factor(of: prior))
            let root = root.antitransposed().triangularMatrix
            let inner = factor.forwardSolve(root).transposed()
            return root.times(factor.solveFromRight(inner, transposed: false)).subtractedFromIdentity()
        }
    }

    /// Products of A with vectors, without forming A.
    var operation: ([Double]) -> [Double] {
        switch self {
        case .complete(let matrix): return { matrix.times($0) }
        case .product(let left, let right): return { left.transposedTimes(right.times($0)) }
        case .root(let root, let prior):
            let inverse = Self.inverse(of: prior)
            return { vector in
                let image = root.transposedTimes(root.times(Array(inverse(vector).reversed()))).reversed()
                return zip(vector, image).map { $0 - $1 }
            }
        }
    }

    /// Products of B⁻¹ with vectors.
    private static func inverse(of prior: ErrorModel) -> ([Double]) -> [Double] {
        switch prior {
        case .independent(let sigma): return { zip($0, sigma).map { $0 / ($1 * $1) } }
        case .covariance(let matrix):
            let factor = factor(of: matrix)
            return { factor.transposedSolve(factor.solve($0)) }
        }
    }

    private static func factor(of prior: Matrix) -> LowerPanels {
        do { return try LowerPanels.leftFactor(of: prior) } catch {
            preconditionFailure("the prior covariance was factored before: \(error)")
        }
    }
}

extension Matrix {
    /// I - self.
    fileprivate consuming func subtractedFromIdentity() -> Matrix {
        for index in storage.indices { storage[index] = -storage[index] }
        addToDiagonal([Double](repeating: 1, count: rows))
        return self
    }
}
