import Concurrent
import Inversion
import LinearAlgebra
import Quantities
import TestSupport
import Testing

/// Worlds whose truth is drawn from the prior, and whose data are drawn from the truth.
private struct World {
    let truth: [Double]
    let problem: LinearProblem

    static let states = 12

    /// - Parameters:
    ///   - priorSigma: of elements that correlate with their neighbours.
    ///   - noise: factor on the stated errors that the data really have.
    init(seed: UInt64, observations: Int = 60, priorSigma: Double = 1, noise: Double = 1) throws {
        var random = RandomStream(seed: 1, stream: seed)
        let (count, states) = (observations, Self.states)
        let jacobian = Matrix(
            rows: count,
            columns: states,
            storage: (0..<count * states).map { _ in random.uniform() < 0.4 ? random.uniform() : 0 }
        )
        let prior = Self.correlation.covariance(
            sigma: [Double](repeating: priorSigma, count: states),
            length: 2
        )
        let sigma = (0..<count).map { $0 % 2 == 0 ? 0.5 : 1 }
        let deviation = try Cholesky(factoring: prior).multiply((0..<states).map { _ in random.normal() })
        truth = deviation.map { 1 + $0 }
        problem = LinearProblem(
            jacobian: jacobian,
            observations: zip(jacobian.times(truth), sigma).map { $0 + noise * $1 * random.normal() },
            observationError: .independent(sigma),
            priorMean: [Double](repeating: 1, count: states),
            priorError: .covariance(prior),
            stateNames: (0..<states).map { "s\($0)" }
        )
    }

    static let correlation = {
        let distances = (0..<states * states).map { abs(Double($0 / states - $0 % states)) }
        let matrix = Matrix(rows: states, columns: states, storage: distances)
        guard let correlation = try? PriorCorrelation(form: .exponential, distances: matrix) else {
            preconditionFailure("distances on a line are distances")
        }
        return correlation
    }()

    /// Errors of the posterior in its standard deviations.
    func standardised(_ posterior: Posterior) -> [Double] {
        zip(zip(posterior.mean, truth), posterior.sigma).map { ($0.0 - $0.1) / $1 }
    }
}

@Suite struct SyntheticWorldTests {
    @Test func intervalsHoldTheTruthAsOftenAsTheySay() throws {
        var elements: [[Double]] = []
        var totals: [[Double]] = []
        var withheld: [[Double]] = []
        for seed in 0..<200 as Range<UInt64> {
            let world = try World(seed: seed)
            let posterior = try GaussianSolver.solve(world.problem)
            elements.append(world.standardised(posterior))
            let regions = LabelGroups(labels: (0..<World.states).map { "r\($0 / 4)" })
            let sums = try LinearFunctionals.sums(over: regions)
            let estimates = try sums.totals(of: posterior, priorError: world.problem.priorError).posterior
            totals.append(
                zip(estimates, sums.weights.times(world.truth)).map { ($0.mean - $1) / $0.standardDeviation }
            )
            let folds = try LabelGroups.folds(count: 60, folds: 5, seed: seed)
            let groups = try Diagnostics.withheldGroups(of: world.problem, posterior, groups: folds)
            withheld.append(groups.flatMap(\.standardisedResiduals))
        }
        for kind in [elements, totals, withheld] {
            let coverage = try Coverage(standardised: kind)
            #expect((0.65...0.71).contains(coverage.withinOneSigma))
            #expect((0.93...0.97).contains(coverage.withinNinetyFive))
            #expect(coverage.inflationInterval(.ninetyFive).contains(1))
        }
    }

    @Test func errorsStatedTooSmallAreSeenAndInflatedBack() throws {
        var (stated, inflated): ([[Double]], [[Double]]) = ([], [])
        var ratios: [Double] = []
        for seed in 0..<200 as Range<UInt64> {
            let world = try World(seed: seed, observations: 120, priorSigma: 3, noise: 2)
            let posterior = try GaussianSolver.solve(world.problem)
            let folds = try LabelGroups.folds(count: 120, folds: 10, seed: seed)
            let report = try Diagnostics.report(
                of: world.problem,
                posterior,
                observationGroups: folds,
                stateGroups: LabelGroups(labels: world.problem.stateNames),
                totals: .elements(of: world.problem.stateNames)
            )
            #expect(report.innovation.verdict == .errorsTooSmall)
            let all = LabelGroups(labels: [String](repeating: "all", count: 120))
            ratios += try Diagnostics.desroziersRatios(of: world.problem, posterior, all).compactMap { $0 }
            let coverage = try #require(report.coverage)
            #expect(!coverage.inflationInterval(.ninetyFive).contains(1))
            stated.append(world.standardised(posterior))
            inflated.append(world.standardised(posterior).map { $0 / coverage.inflation })
        }
        #expect(try Coverage(standardised: stated).withinOneSigma < 0.45)
        // Errors are twice the stated ones.
        #expect(abs(ratios.reduce(0, +) / 200 - 4) < 0.4)
        let coverage = try Coverage(standardised: inflated)
        #expect((0.65...0.71).contains(coverage.withinOneSigma))
        #expect((0.93...0.97).contains(coverage.withinNinetyFive))
    }

    /// Over worlds, the 95 % intervals of the parameters hold the true ones.
    @Test func theDataTellTheErrorModel() throws {
        var held = [0, 0, 0]
        let worlds = 24
        for seed in 0..<UInt64(worlds) {
            let problem = try World(seed: seed, observations: 150, priorSigma: 2, noise: 1.5).problem
            let family = try ErrorFamily(
                of: problem,
                parameters: [
                    .priorScale(), .observationScale(),
                    HyperParameter("length", .correlationLength, start: 1, lower: 0.05, upper: 100),
                ],
                priorCorrelation: World.correlation
            )
            let fit = try MaximumLikelihood.fit(family, intervals: seed < 2 ? .profile : .curvature)
            for (index, truth) in [1, 1.5, 2].enumerated()
            where fit.estimates[index].ninetyFive.contains(truth) {
                held[index] += 1
            }
            #expect(fit.logEvidence >= fit.logEvidenceAtStart)
            #expect(fit.estimates[1].standing == .determined)
        }
        #expect(held.allSatisfy { $0 >= 20 })
    }

    @Test func desroziersFindsTheScaleOfEachGroup() throws {
        var random = SeededGenerator(seed: 3)
        var problem = try World(seed: 1, observations: 2000).problem
        let truth = problem.jacobian.times(problem.priorMean)
        problem.observations = zip(truth.indices, truth).map { index, value in
            value + (index % 2 == 0 ? 0.5 * 3 : 1 * 0.5) * random.normal()
        }
        let groups = LabelGroups(labels: (0..<2000).map { $0 % 2 == 0 ? "roof" : "mast" })
        let estimate = try Diagnostics.desroziersIteration(of: problem, groups: groups)
        #expect(abs(estimate.observationScales[0] - 3) < 0.15)
        #expect(abs(estimate.observationScales[1] - 0.5) < 0.03)
        #expect(estimate.priorScale == 1)
        let posterior = try GaussianSolver.solve(estimate.problem)
        for ratio in try Diagnostics.desroziersRatios(of: estimate.problem, posterior, groups) {
            #expect(abs(try #require(ratio) - 1) < 1e-5)
        }
        let family = try ErrorFamily(of: problem, parameters: HyperParameter.observationScales(groups))
        let fit = try MaximumLikelihood.fit(family, intervals: .curvature)
        #expect(distance(fit.values, estimate.observationScales) < 0.05)
    }

    /// The truth scatters twice as much as the prior says.
    @Test func desroziersScalesPriorAndErrorsTogether() throws {
        var problem = try World(seed: 5, observations: 400, priorSigma: 2).problem
        let half = [Double](repeating: 1, count: World.states)
        problem.priorError = .covariance(World.correlation.covariance(sigma: half, length: 2))
        let groups = LabelGroups(labels: [String](repeating: "all", count: 400))
        let estimate = try Diagnostics.desroziersIteration(of: problem, groups: groups, scalesPrior: true)
        let posterior = try GaussianSolver.solve(estimate.problem)
        #expect(abs(Diagnostics.desroziersPriorRatio(of: estimate.problem, posterior) - 1) < 1e-5)
        #expect(abs(estimate.observationScales[0] - 1) < 0.1)
        #expect((1.3...3).contains(estimate.priorScale))
    }
}
