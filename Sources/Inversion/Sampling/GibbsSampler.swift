import Concurrent
import Foundation
import LinearAlgebra

/// The inverse gamma distribution of a variance factor: density proportional to τ^(-shape - 1) exp(-scale / τ).
public struct InverseGamma: Equatable, Sendable {
    public let shape: Double
    public let scale: Double

    /// - Throws: ``InversionError/notPositive(_:index:value:)``.
    public init(shape: Double, scale: Double) throws(InversionError) {
        guard shape > 0, shape.isFinite else {
            throw .notPositive("inverse gamma shape", index: 0, value: shape)
        }
        guard scale > 0, scale.isFinite else {
            throw .notPositive("inverse gamma scale", index: 0, value: scale)
        }
        self.shape = shape
        self.scale = scale
    }

    func draw(_ random: inout RandomStream) -> Double { scale / random.gamma(shape: shape) }

    /// After a sum of squares of normal numbers whose variance is the factor.
    func updated(count: Int, squares: Double) -> InverseGamma {
        InverseGamma(unchecked: shape + Double(count) / 2, scale + squares / 2)
    }

    private init(unchecked shape: Double, _ scale: Double) {
        self.shape = shape
        self.scale = scale
    }
}

/// What is not known about the errors: factors on the variances of groups of observations and of state elements.
public struct ErrorScales: Sendable {
    /// Prior of the factor on R of each group; empty keeps R as it is.
    public var observation: [InverseGamma]
    /// Group of each observation; nil puts all into the first.
    public var observationGroups: [Int]?
    /// Prior of the factor on B of each group; empty keeps B as it is.
    public var prior: [InverseGamma]
    /// Group of each state element; nil puts all into the first. A full B has one group only.
    public var priorGroups: [Int]?

    public init(
        observation: [InverseGamma] = [],
        observationGroups: [Int]? = nil,
        prior: [InverseGamma] = [],
        priorGroups: [Int]? = nil
    ) {
        self.observation = observation
        self.observationGroups = observationGroups
        self.prior = prior
        self.priorGroups = priorGroups
    }
}

/// Draws the state of a Gaussian problem and the scales of its errors in turn, each from its exact conditional
/// distribution (Geman and Geman 1984; Gelman et al. 2013, Bayesian Data Analysis, section 11.1). Without unknown
/// scales the draws are independent.
public struct GibbsSampler: Sendable {
    public var settings: SamplerSettings

    /// - Parameter settings: chains, warm-up, draws and seed count; the rest is for Hamiltonian chains.
    public init(_ settings: SamplerSettings = SamplerSettings()) { self.settings = settings }

    /// Draws with the parameters `problem.stateNames`, then `observation scale g`, then `prior scale g`.
    ///
    /// - Throws: ``InversionError`` that names the part of the problem at fault; `CancellationError`.
    public func sample(_ problem: LinearProblem, scales: ErrorScales = ErrorScales()) async throws
        -> SampledPosterior
    {
        try settings.validate()
        let sums = try GibbsSums(problem, scales)
        let settings = settings
        let chains = try await parallelMap(count: settings.chains, chunks: settings.chains) { range in
            try range.map { try sums.chain(settings, stream: UInt64($0)) }
        }
        let names =
            problem.stateNames + scales.observation.indices.map { "observation scale \($0)" }
            + scales.prior.indices.map { "prior scale \($0)" }
        return SampledPosterior(names: names, chains: chains.flatMap { $0 })
    }
}

/// Sums over the observations of each group, in the state w with x = prior + L w and B = L Lᵀ.
private struct GibbsSums: Sendable {
    /// Lᵀ Hᵀ R⁻¹ H L, Lᵀ Hᵀ R⁻¹ d and dᵀ R⁻¹ d of each group.
    private var information: [Matrix] = []
    private var pull: [[Double]] = []
    private var square: [Double] = []
    private var count: [Int] = []
    private let scales: ErrorScales
    private let priorGroups: [Int]
    private let factor: ErrorFactor
    private let prior: [Double]

    init(_ problem: LinearProblem, _ scales: ErrorScales) throws(InversionError) {
        try problem.validate()
        self.scales = scales
        prior = problem.priorMean
        factor = try ErrorFactor(problem.priorError, name: "prior_covariance")
        priorGroups = try Self.groups(scales.priorGroups, scales.prior.count, problem.stateCount, "prior")
        if case .covariance = problem.priorError, Set(priorGroups).count > 1 {
            throw .wrongLength(
                of: "scales of a full prior covariance",
                expected: 1,
                actual: scales.prior.count
            )
        }
        let number = problem.observationCount
        let groups = try Self.groups(
            scales.observationGroups,
            scales.observation.count,
            number,
            "observation"
        )
        for group in 0..<max(1, scales.observation.count) {
            try add(problem, rows: groups.indices.filter { groups[$0] == group })
        }
    }

    private static func groups(
        _ groups: [Int]?,
        _ number: Int,
        _ count: Int,
        _ owner: String
    ) throws(InversionError) -> [Int] {
        let groups =
            number == 0 ? [Int](repeating: 0, count: count) : groups ?? [Int](repeating: 0, count: count)
        try checkLength("groups of the \(owner) scales", groups.count, count)
        if let group = groups.first(where: { !(0..<max(1, number)).contains($0) }) {
            throw .wrongLength(of: "\(owner) scales", expected: group + 1, actual: number)
        }
        return groups
    }

    private mutating func add(_ problem: LinearProblem, rows: [Int]) throws(InversionError) {
        var part = problem
        if rows.count < problem.observationCount {
            guard case .independent(let sigma) = problem.observationError else {
                throw .correlatedObservations
            }
            part.jacobian = problem.jacobian.block(rows: rows, columns: Array(0..<problem.stateCount))
            part.observations = rows.map { problem.observations[$0] }
            part.observationError = .independent(rows.map { sigma[$0] })
        }
        let normal = try NormalEquations(part)
        var whitened = factor.congruence(of: normal.information)
        whitened.mirrorLowerTriangle()
        information.append(whitened)
        pull.append(factor.transposedMultiply(normal.gradient))
        square.append(normal.innovationSquare)
        count.append(rows.count)
    }

    func chain(_ settings: SamplerSettings, stream: UInt64) throws -> Chain {
        var random = RandomStream(seed: settings.seed, stream: stream)
        let parameters = prior.count + scales.observation.count + scales.prior.count
        var chain = Chain(dimension: parameters, capacity: settings.draws)
        // Dispersed starts, so that R-hat can tell whether they are forgotten.
        var observation = [Double](repeating: 1, count: count.count)
        var background = [Double](repeating: 1, count: max(1, scales.prior.count))
        for group in scales.observation.indices { observation[group] = exp(random.normal()) }
        for group in scales.prior.indices { background[group] = exp(random.normal()) }
        for draw in -settings.warmUp..<settings.draws {
            try Task.checkCancellation()
            let state = try stateDraw(observation, background, &random)
            for group in scales.observation.indices {
                observation[group] = scales.observation[group]
                    .updated(count: count[group], squares: misfit(state, group)).draw(&random)
            }
            for group in scales.prior.indices {
                let members = priorGroups.indices.filter { priorGroups[$0] == group }
                let squares = members.reduce(0) { $0 + state[$1] * state[$1] }
                background[group] = scales.prior[group]
                    .updated(count: members.count, squares: squares).draw(&random)
            }
            guard draw >= 0 else { continue }
            let values = zip(prior, factor.multiply(state)).map { $0 + $1 }
            let observationScales = scales.observation.isEmpty ? [] : observation
            chain.add(values + observationScales + (scales.prior.isEmpty ? [] : background))
        }
        chain.acceptance = 1
        chain.evaluations = settings.draws
        return chain
    }

    /// w from N(P⁻¹ p, P⁻¹) with P = Σ N_g / τ_g + 1 / τ_b.
    private func stateDraw(
        _ observation: [Double],
        _ background: [Double],
        _ random: inout RandomStream
    ) throws(InversionError) -> [Double] {
        var precision = Matrix(diagonal: priorGroups.map { 1 / background[$0] })
        var target = [Double](repeating: 0, count: prior.count)
        for group in information.indices {
            let weight = 1 / observation[group]
            for index in precision.storage.indices {
                precision.storage[index] += weight * information[group].storage[index]
            }
            for index in target.indices { target[index] += weight * pull[group][index] }
        }
        let cholesky: Cholesky
        do { cholesky = try Cholesky(factoring: precision) } catch {
            throw .algebra("conditional precision", error)
        }
        let noise = target.map { _ in random.normal() }
        let whitened = cholesky.forwardSolve(target)
        return cholesky.backwardSolve(zip(whitened, noise).map { $0 + $1 })
    }

    /// (y - H x)ᵀ R⁻¹ (y - H x) of one group.
    private func misfit(_ state: [Double], _ group: Int) -> Double {
        let bent = information[group].times(state)
        return max(0, square[group] - 2 * dotProduct(state, pull[group]) + dotProduct(state, bent))
    }
}
