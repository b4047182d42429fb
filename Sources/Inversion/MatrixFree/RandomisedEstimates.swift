import Concurrent
import Foundation
public import LinearAlgebra
public import Quantities

/// What the observations tell, estimated from random probes; each standard deviation is that of the estimate.
public struct InformationEstimate: Sendable {
    /// tr A = tr(I - (I + Gᵀ G)⁻¹).
    public let degreesOfFreedomForSignal: Estimate
    /// ln det(I + Gᵀ G) / 2 in nats.
    public let informationContent: Estimate
    public let probes: Int
}

/// One estimate and its standard error for each state element.
public struct ElementEstimates: Sendable {
    public let values: [Double]
    public let standardErrors: [Double]
}

extension MatrixFreeSolver {
    /// Degrees of freedom for signal and information content by stochastic Lanczos quadrature: for a vector z of
    /// random signs, zᵀ f(I + Gᵀ G) z follows from the coefficients of one solution (Hutchinson 1990, Commun. Stat. 19,
    /// 433; Ubaru, Chen and Saad 2017, SIAM J. Matrix Anal. 38, 1075). It needs no observed value.
    ///
    /// - Parameter probes: at least 2; the standard error falls with their square root.
    public func information(
        of problem: MatrixFreeProblem,
        probes: Int = 16,
        seed: UInt64 = 1
    ) async throws(InversionError) -> InformationEstimate {
        try validate()
        guard probes >= 2 else { throw .outOfRange("number of probes", index: 0) }
        let count = problem.prior.controlCount
        var degrees: [Double] = []
        var contents: [Double] = []
        for probe in 0..<probes {
            let signs = randomSigns(count, seed: seed, stream: UInt64(probe))
            let solution = try await iteration(problem, "probe \(probe)").solve(signs)
            let values = try solution.tridiagonal.quadratures([{ 1 - 1 / $0 }, { log($0) / 2 }])
            degrees.append(values[0] * Double(count))
            contents.append(values[1] * Double(count))
        }
        return InformationEstimate(
            degreesOfFreedomForSignal: estimate(degrees),
            informationContent: estimate(contents),
            probes: probes
        )
    }

    /// The diagonal of the averaging kernel A = S Hᵀ R⁻¹ H from random signs (Bekas, Kokiopoulou and Saad 2007, Appl.
    /// Numer. Math. 57, 1214). It needs no observed value.
    public func averagingKernelDiagonal(
        of problem: MatrixFreeProblem,
        probes: Int = 16,
        seed: UInt64 = 1
    ) async throws(InversionError) -> ElementEstimates {
        try validate()
        guard probes >= 2 else { throw .outOfRange("number of probes", index: 0) }
        var moments = ElementMoments(count: problem.stateCount)
        for probe in 0..<probes {
            let signs = randomSigns(problem.stateCount, seed: seed, stream: UInt64(probe))
            let whitened = problem.observationError.whiten(await problem.jacobian.apply(signs))
            let right = await problem.adjoint(whitened)
            let solution = try await iteration(problem, "averaging kernel").solve(right)
            let image = await problem.prior.applyRoot(solution.control)
            moments.add(zip(signs, image).map { $0 * $1 })
        }
        return moments.means
    }

    /// States drawn from the posterior, one in a row: each solves the problem for a perturbed prior and perturbed
    /// observations, and is an exact draw to the tolerance of the solver (Bardsley et al. 2014, SIAM J. Sci. Comput.
    /// 36, A1895).
    public func samples(
        of posterior: MatrixFreePosterior,
        count: Int,
        seed: UInt64 = 1
    ) async throws(InversionError) -> Matrix {
        try validate()
        guard count > 0 else { throw .empty("samples") }
        let problem = posterior.problem
        var result = Matrix(rows: count, columns: problem.stateCount)
        for sample in 0..<count {
            let deviation = try await deviation(problem, seed: seed, stream: UInt64(sample))
            for element in 0..<problem.stateCount {
                result[sample, element] = posterior.mean[element] + deviation[element]
            }
        }
        return result
    }

    /// Posterior standard deviations of all state elements from random draws of S. It needs no observed value.
    public func sigma(
        of problem: MatrixFreeProblem,
        draws: Int = 32,
        seed: UInt64 = 1
    ) async throws(InversionError) -> ElementEstimates {
        try validate()
        guard draws >= 2 else { throw .outOfRange("number of draws", index: 0) }
        var moments = ElementMoments(count: problem.stateCount)
        for draw in 0..<draws {
            let deviation = try await deviation(problem, seed: seed, stream: UInt64(draw))
            moments.add(deviation.map { $0 * $0 })
        }
        let sigma = moments.means.values.map { $0.squareRoot() }
        // Of the root of a chi-square with as many degrees of freedom as there are draws.
        return ElementEstimates(
            values: sigma,
            standardErrors: sigma.map { $0 / (2 * Double(draws)).squareRoot() }
        )
    }

    /// L (I + Gᵀ G)⁻¹ (a + Gᵀ b) with standard normal a and b has the covariance S.
    private func deviation(
        _ problem: MatrixFreeProblem,
        seed: UInt64,
        stream: UInt64
    ) async throws(InversionError) -> [Double] {
        var random = RandomStream(seed: seed, stream: stream)
        var right: [Double] = []
        right.reserveCapacity(problem.prior.controlCount)
        for _ in 0..<problem.prior.controlCount { right.append(random.normal()) }
        var noise: [Double] = []
        for _ in 0..<problem.observationCount { noise.append(random.normal()) }
        addScaled(await problem.adjoint(noise), 1, to: &right)
        let solution = try await iteration(problem, "draw \(stream)").solve(right)
        return await problem.prior.applyRoot(solution.control)
    }

    private func estimate(_ samples: [Double]) -> Estimate {
        let count = Double(samples.count)
        let mean = samples.reduce(0, +) / count
        let variance = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        return Estimate(mean: mean, standardDeviation: (variance / count).squareRoot())
    }
}

private func randomSigns(_ count: Int, seed: UInt64, stream: UInt64) -> [Double] {
    var random = RandomStream(seed: seed, stream: stream)
    var signs: [Double] = []
    signs.reserveCapacity(count)
    while signs.count < count {
        var word = random.next()
        for _ in 0..<min(64, count - signs.count) {
            signs.append(word & 1 == 0 ? -1 : 1)
            word >>= 1
        }
    }
    return signs
}

/// Running mean and scatter of each element (Welford 1962, Technometrics 4, 419).
private struct ElementMoments {
    private var count = 0.0
    private var mean: [Double]
    private var scatter: [Double]

    init(count: Int) {
        mean = [Double](repeating: 0, count: count)
        scatter = mean
    }

    mutating func add(_ values: [Double]) {
        count += 1
        for index in mean.indices {
            let difference = values[index] - mean[index]
            mean[index] += difference / count
            scatter[index] += difference * (values[index] - mean[index])
        }
    }

    var means: ElementEstimates {
        ElementEstimates(
            values: mean,
            standardErrors: scatter.map { ($0 / (count - 1) / count).squareRoot() }
        )
    }
}
