import Concurrent
import LinearAlgebra
import Quantities

extension MatrixFreeProblem {
    /// Eigenpairs by Lanczos with full orthogonalisation from a random start. It needs no observed value.
    ///
    /// Where the Krylov space is exhausted, as with repeated eigenvalues, the iteration goes on from another random
    /// direction; with as many steps as there are controls, the spectrum is complete.
    ///
    /// - Parameter steps: products with Gᵀ G, and control vectors held in memory.
    public func lanczosSpectrum(
        steps: Int,
        seed: UInt64 = 1
    ) async throws(InversionError) -> InformationSpectrum {
        guard steps > 0 else { throw .empty("steps of the Lanczos iteration") }
        var basis = ControlBasis(length: prior.controlCount)
        var tridiagonal = Tridiagonal()
        var random = RandomStream(seed: seed, stream: 0)
        var largest = 0.0
        guard var next = await randomDirection(outside: basis, &random) else { throw .empty("state") }
        for _ in 0..<min(steps, prior.controlCount) {
            basis.append(next)
            var image = await information(next)
            try checkFinite("Hessian in the Lanczos iteration", image)
            let value = dotProduct(next, image)
            await basis.orthogonalise(&image)
            let norm = squaredNorm(image).squareRoot()
            largest = max(largest, abs(value), norm)
            // What is left of an invariant space is rounding.
            let isExhausted = norm <= 1e-13 * largest
            tridiagonal.append(diagonal: value, coupling: isExhausted ? 0 : norm)
            if isExhausted {
                guard let other = await randomDirection(outside: basis, &random) else { break }
                next = other
            } else {
                next = image.map { $0 / norm }
            }
        }
        return try await InformationSpectrum(tridiagonal, basis: basis, shift: 0)
    }

    /// Eigenpairs by a randomised range finder with power iterations (Halko, Martinsson and Tropp 2011, SIAM Review 53,
    /// 217, algorithms 4.4 and 5.3), with the bound of their equation 4.3 on what was missed.
    ///
    /// - Parameters:
    ///   - rank: pairs wanted.
    ///   - oversampling: directions tried beyond the rank.
    ///   - powerIterations: more of them separate a spectrum that falls slowly.
    /// - Complexity: (rank + oversampling) · (powerIterations + 2) + 8 products with Gᵀ G.
    public func randomisedSpectrum(
        rank: Int,
        oversampling: Int = 10,
        powerIterations: Int = 1,
        seed: UInt64 = 1
    ) async throws(InversionError) -> InformationSpectrum {
        guard rank > 0 else { throw .empty("rank of the spectrum") }
        let width = min(rank + max(0, oversampling), prior.controlCount)
        var range = ControlBasis(length: prior.controlCount)
        for member in 0..<width {
            var random = RandomStream(seed: seed, stream: UInt64(member))
            range.append((0..<prior.controlCount).map { _ in random.normal() })
        }
        for _ in 0...max(0, powerIterations) {
            range = try await orthonormalised(images(of: range))
            guard range.count > 0 else {
                return InformationSpectrum(values: [], residuals: [], vectors: range)
            }
        }
        let images = try await images(of: range)
        let bound = try await remainderBound(outside: range, seed: seed)
        return try await rayleighRitz(range, images, rank: rank, bound)
    }

    private func images(of basis: ControlBasis) async throws(InversionError) -> ControlBasis {
        var result = ControlBasis(length: basis.length)
        for index in 0..<basis.count {
            let image = await information(basis.vector(index))
            try checkFinite("Hessian in the range finder", image)
            result.append(image)
        }
        return result
    }

    /// Gram-Schmidt with two passes; directions that vanish are left out.
    private func orthonormalised(_ basis: ControlBasis) async throws(InversionError) -> ControlBasis {
        var result = ControlBasis(length: basis.length)
        for index in 0..<basis.count {
            var vector = basis.vector(index)
            let before = squaredNorm(vector).squareRoot()
            await result.orthogonalise(&vector)
            let norm = squaredNorm(vector).squareRoot()
            if norm > 1e-13 * before, norm > 0 { result.append(vector.map { $0 / norm }) }
        }
        return result
    }

    /// 10 √(2/π) times the largest image of eight random vectors outside the range.
    private func remainderBound(
        outside range: ControlBasis,
        seed: UInt64
    ) async throws(InversionError) -> Double {
        var largest = 0.0
        for probe in 0..<8 {
            var random = RandomStream(seed: seed, stream: 1 << 32 + UInt64(probe))
            var image = await information((0..<range.length).map { _ in random.normal() })
            await range.orthogonalise(&image)
            largest = max(largest, squaredNorm(image).squareRoot())
        }
        return 10 * (2 / Double.pi).squareRoot() * largest
    }

    private func rayleighRitz(
        _ range: ControlBasis,
        _ images: ControlBasis,
        rank: Int,
        _ bound: Double
    ) async throws(InversionError) -> InformationSpectrum {
        let order = range.count
        var projected = Matrix(rows: order, columns: order)
        var gram = projected
        for column in 0..<order {
            let image = images.vector(column)
            let (inside, among) = (await range.coordinates(of: image), await images.coordinates(of: image))
            for row in 0..<order {
                projected[row, column] = inside[row]
                gram[row, column] = among[row]
            }
        }
        let eigen: SymmetricEigen
        do { eigen = try SymmetricEigen(decomposing: projected) } catch {
            throw .algebra("projected Hessian", error)
        }
        let kept = min(rank, order)
        var weights = Matrix(rows: kept, columns: order)
        for row in 0..<kept {
            for column in 0..<order { weights[row, column] = eigen.vectors[order - 1 - row, column] }
        }
        let values = (0..<kept).map { max(0, eigen.values[order - 1 - $0]) }
        let residuals = (0..<kept).map { pair in
            let direction = weights.rows(pair..<(pair + 1)).storage
            let square = dotProduct(direction, gram.times(direction)) - values[pair] * values[pair]
            return standardDeviation(ofVariance: square)
        }
        return InformationSpectrum(
            values: values,
            residuals: residuals,
            remainderBound: bound,
            vectors: await range.rotated(by: weights)
        )
    }

    /// A random unit vector orthogonal to the basis; nil where the basis spans the space.
    private func randomDirection(
        outside basis: ControlBasis,
        _ random: inout RandomStream
    ) async -> [Double]? {
        guard basis.count < basis.length else { return nil }
        var vector: [Double] = []
        vector.reserveCapacity(basis.length)
        for _ in 0..<basis.length { vector.append(random.normal()) }
        await basis.orthogonalise(&vector)
        let norm = squaredNorm(vector).squareRoot()
        guard norm > 1e-10 else { return nil }
        return vector.map { $0 / norm }
    }
}
