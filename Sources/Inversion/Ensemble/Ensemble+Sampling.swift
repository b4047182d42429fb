import Concurrent
import LinearAlgebra

/// How the members of a prior ensemble are drawn.
public enum EnsembleSampling: String, Codable, Sendable {
    /// Sample mean and covariance are those of the prior to rounding (second-order exact sampling, Pham 2001,
    /// Monthly Weather Review 129, 1194); takes more members than state elements.
    case exact
    /// Independent normal draws, moved to the prior mean; the sample covariance errs by 1/sqrt(2 (members - 1)).
    case random
}

extension Ensemble {
    /// Draws members of a prior. Member k draws from stream k of the seed.
    ///
    /// - Throws: ``EnsembleError`` when the prior is at fault or the members are too few.
    public init(
        mean: [Double],
        error: ErrorModel,
        members: Int,
        sampling: EnsembleSampling,
        seed: UInt64
    ) throws(EnsembleError) {
        let needed = sampling == .exact ? mean.count + 1 : 2
        guard members >= needed else { throw .tooFewMembers(needed: needed, actual: members) }
        let factor: ErrorFactor
        do {
            try checkFinite("prior_mean", mean)
            try error.validate("prior", count: mean.count)
            factor = try ErrorFactor(error, name: "prior_covariance")
        } catch { throw .problem(error) }
        var draws = Ensemble(members: Self.normals(states: mean.count, members: members, seed: seed))
            .deviations
        if sampling == .exact {
            draws = try Self.orthonormalRows(draws)
            let scale = Double(members - 1).squareRoot()
            for index in draws.storage.indices { draws.storage[index] *= scale }
        }
        self.init(mean: mean, deviations: factor.multiply(draws))
    }

    private static func normals(states: Int, members: Int, seed: UInt64) -> Matrix {
        var draws = Matrix(rows: states, columns: members)
        for member in 0..<members {
            var stream = RandomStream(seed: seed, stream: UInt64(member))
            for state in 0..<states { draws[state, member] = stream.normal() }
        }
        return draws
    }

    /// T⁻¹·Z with Z·Zᵀ = T·Tᵀ. A second pass brings the rounding of the first, which grows with the square of the
    /// condition, down to that of one product.
    private static func orthonormalRows(_ draws: Matrix) throws(EnsembleError) -> Matrix {
        var rows = draws
        for _ in 0..<2 {
            do { rows = try Cholesky(factoring: .productTransposed(of: rows)).forwardSolve(rows) } catch {
                throw .problem(.algebra("random draws", error))
            }
        }
        return rows
    }
}

extension ErrorFactor {
    /// L·M.
    func multiply(_ matrix: consuming Matrix) -> Matrix {
        switch self {
        case .diagonal(let sigma):
            matrix.scaleRows(by: sigma)
            return matrix
        case .dense(let cholesky): return cholesky.factor.times(matrix)
        }
    }

    /// L⁻¹·M.
    func whiten(_ matrix: consuming Matrix) -> Matrix {
        switch self {
        case .diagonal(let sigma):
            matrix.scaleRows(by: sigma.map { 1 / $0 })
            return matrix
        case .dense(let cholesky): return cholesky.forwardSolve(matrix)
        }
    }
}
