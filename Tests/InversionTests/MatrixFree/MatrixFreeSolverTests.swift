import Foundation
import Inversion
import LinearAlgebra
import Quantities
import TestSupport
import Testing

@Suite struct MatrixFreeSolverTests {
    private let precise = MatrixFreeSolver(gradientReduction: 1e-12)

    @Test func thePairHasItsClosedForm() async throws {
        let problem = try MatrixFreeProblem(Problems.pair)
        let posterior = try await precise.solve(problem)
        #expect(distance(posterior.mean, [1.433863936260836, 0.8946867326997276]) < 1e-12)
        #expect(abs(posterior.cost - 2.188110708379963) < 1e-12)
        #expect(abs(posterior.innovationChiSquare - 2.188110708379963) < 1e-12)
        #expect(abs(posterior.spectrum.degreesOfFreedomForSignal - 1.3912041290150161) < 1e-12)
        let row = try await posterior.covariance(times: [1, 0])
        #expect(distance(row, [0.0446975897375938, -0.0270189914646979]) < 1e-13)
        let both = LinearFunctionals.sum(of: 2)
        let totals = try await posterior.totals(both)
        #expect(abs(totals.covariance[0, 0] - 0.05219395680569236) < 1e-13)
        let bounds = try await posterior.sigmaBounds()
        #expect(distance(bounds, [0.0446975897375938, 0.0615343499974945].map { $0.squareRoot() }) < 1e-12)
        #expect(posterior.iterations <= 2)
        #expect(posterior.gradientNorms.count == posterior.iterations + 1)
    }

    @Test(arguments: 0..<40 as Range<UInt64>) func itAgreesWithTheDenseSolution(seed: UInt64) async throws {
        let dense = Problems.random(seed: seed)
        let exact = try GaussianSolver.solve(dense)
        let problem = try MatrixFreeProblem(dense)
        let posterior = try await precise.solve(problem)
        #expect(distance(posterior.mean, exact.mean) < 1e-8)
        #expect(distance(posterior.modelledPosterior, exact.modelledPosterior) < 1e-8)
        #expect(distance(posterior.modelledPrior, exact.modelledPrior) < 1e-10)
        #expect(abs(posterior.cost - exact.cost) < 1e-8)
        #expect(abs(posterior.innovationChiSquare - exact.innovationChiSquare) < 1e-8)
        for element in 0..<min(3, dense.stateCount) {
            var unit = [Double](repeating: 0, count: dense.stateCount)
            unit[element] = 1
            let row = try await posterior.covariance(times: unit)
            #expect(distance(row, exact.covariance.rows(element..<(element + 1)).storage) < 1e-8)
        }
        let weights = Matrix(
            rows: 2,
            columns: dense.stateCount,
            storage: (0..<(2 * dense.stateCount)).map { cos(Double($0)) }
        )
        let functionals = try LinearFunctionals(names: ["a", "b"], weights: weights, offsets: [1, -2])
        let totals = try await posterior.totals(functionals)
        let expected = try functionals.totals(of: exact, priorError: dense.priorError)
        #expect(distance(totals.covariance.storage, expected.covariance.storage) < 1e-8)
        #expect(distance(totals.priorCovariance.storage, expected.priorCovariance.storage) < 1e-8)
        #expect(distance(totals.mean + totals.priorMean, expected.mean + expected.priorMean) < 1e-8)
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func aFullSpectrumIsThePosterior(seed: UInt64) async throws {
        let dense = Problems.random(seed: seed)
        let exact = try GaussianSolver.solve(dense)
        let problem = try MatrixFreeProblem(dense)
        let lanczos = try await problem.lanczosSpectrum(steps: 1000, seed: seed)
        let randomised = try await problem.randomisedSpectrum(rank: 1000, seed: seed)
        for spectrum in [lanczos, randomised] {
            let degrees = spectrum.degreesOfFreedomForSignal
            #expect(abs(degrees - exact.degreesOfFreedomForSignal) < 1e-8)
            #expect(distance(try await spectrum.sigma(prior: problem.prior), exact.sigma) < 1e-8)
            #expect(spectrum.values == spectrum.values.sorted(by: >))
            var unit = [Double](repeating: 0, count: dense.stateCount)
            unit[0] = 1
            let row = try await spectrum.covariance(times: unit, prior: problem.prior)
            #expect(distance(row, exact.covariance.rows(0..<1).storage) < 1e-8)
        }
        // Against the evidence: ln p(y) holds the information content.
        let content = lanczos.informationContent
        let count = Double(dense.observationCount) * log(2 * Double.pi)
        let evidence =
            -(exact.innovationChiSquare + problem.observationError.logDeterminant + count) / 2 - content
        #expect(abs(evidence - exact.logEvidence) < 1e-8)
    }

    /// The iterations know the posterior only where they have been; what they do not know is prior variance.
    @Test func theSpectrumOfTheIterationsBoundsTheErrors() async throws {
        let scene = SparseScene(side: 8, observations: 30, seed: 3)
        let exact = try GaussianSolver.solve(scene.problem)
        let problem = try scene.matrixFree
        let posterior = try await precise.solve(problem)
        let bounds = try await posterior.sigmaBounds()
        #expect(distance(bounds, exact.sigma) < 0.02)
        let degrees = posterior.spectrum.degreesOfFreedomForSignal
        #expect(degrees <= exact.degreesOfFreedomForSignal + 1e-9)
        #expect(degrees > 0.95 * exact.degreesOfFreedomForSignal)
        let few = try await MatrixFreeSolver(gradientReduction: 1e-12, keptVectors: 8).solve(problem)
        #expect(distance(few.mean, posterior.mean) < 1e-9)
        #expect(few.spectrum.values.count == 8)
        #expect(few.spectrum.degreesOfFreedomForSignal < degrees)
        let none = try await MatrixFreeSolver(gradientReduction: 1e-12, keptVectors: 0).solve(problem)
        #expect(distance(none.mean, posterior.mean) < 1e-9)
        #expect(none.spectrum.values.isEmpty)
        let functionals = LinearFunctionals.sum(of: 64)
        let totals = (try await few.totals(functionals), try await none.totals(functionals))
        #expect(abs(totals.0.covariance[0, 0] / totals.1.covariance[0, 0] - 1) < 1e-10)
    }

    @Test func repeatedEigenvaluesAreAllFound() async throws {
        let problem = try MatrixFreeProblem(
            jacobian: Matrix(diagonal: [2, 2, 2, 2, 1, 1]),
            observations: [1, 2, 3, 4, 5, 6],
            observationError: FactoredErrors(.independent([Double](repeating: 1, count: 6))),
            priorMean: [Double](repeating: 0, count: 6),
            prior: ScaledCovariance(independent: [Double](repeating: 1, count: 6))
        )
        let spectrum = try await problem.lanczosSpectrum(steps: 6)
        #expect(distance(spectrum.values, [4, 4, 4, 4, 1, 1]) < 1e-12)
        #expect(spectrum.residuals.allSatisfy { $0 < 1e-12 })
        // One Krylov space sees each value once.
        let posterior = try await precise.solve(problem)
        #expect(posterior.iterations == 2)
        #expect(distance(posterior.spectrum.values, [4, 1]) < 1e-12)
        #expect(distance(posterior.mean, [0.4, 0.8, 1.2, 1.6, 2.5, 3]) < 1e-12)
    }

    @Test func partialSpectraBoundTheTruth() async throws {
        let dense = SparseScene(side: 8, observations: 60, seed: 2).problem
        let exact = try GaussianSolver.solve(dense)
        let problem = try SparseScene(side: 8, observations: 60, seed: 2).matrixFree
        var last = 0.0
        for steps in [4, 8, 16, 32] {
            let spectrum = try await problem.lanczosSpectrum(steps: steps)
            let degrees = spectrum.degreesOfFreedomForSignal
            #expect(degrees > last)
            #expect(degrees <= exact.degreesOfFreedomForSignal + 1e-10)
            let sigma = try await spectrum.leading(tolerance: 1e-3).sigma(prior: problem.prior)
            #expect(zip(sigma, exact.sigma).allSatisfy { $0 >= $1 - 1e-6 })
            last = degrees
        }
        let ranged = try await problem.randomisedSpectrum(rank: 10, powerIterations: 3)
        let full = try await problem.lanczosSpectrum(steps: 64)
        #expect(abs(ranged.values[0] - full.values[0]) < 1e-6 * full.values[0])
        #expect(zip(ranged.values, full.values).allSatisfy { $0 <= $1 + 1e-9 })
        let bound = try #require(ranged.remainderBound)
        #expect(bound >= full.values[20])
    }

    @Test func sparseFootprintsAndAKroneckerPriorAgreeWithTheDenseProblem() async throws {
        let scene = SparseScene(side: 10, observations: 80, seed: 5)
        let exact = try GaussianSolver.solve(scene.problem)
        let problem = try scene.matrixFree
        let posterior = try await precise.solve(problem)
        #expect(distance(posterior.mean, exact.mean) < 1e-8)
        let totals = try await posterior.totals(.sum(of: 100))
        let expected = try LinearFunctionals.sum(of: 100).totals(
            of: exact,
            priorError: scene.problem.priorError
        )
        #expect(abs(totals.covariance[0, 0] / expected.covariance[0, 0] - 1) < 1e-8)
        // An early stop: the gradient is as small as was asked for, and the mean near.
        let early = try await MatrixFreeSolver(gradientReduction: 1e-3).solve(problem)
        #expect(early.iterations < posterior.iterations)
        #expect(early.gradientNorms[early.iterations] <= 1e-3 * early.gradientNorms[0])
    }

    @Test func estimatesHoldWithinTheirErrors() async throws {
        let scene = SparseScene(side: 8, observations: 50, seed: 9)
        let exact = try GaussianSolver.solve(scene.problem)
        let problem = try scene.matrixFree
        let solver = MatrixFreeSolver(gradientReduction: 1e-8)
        let information = try await solver.information(of: problem, probes: 40)
        let degrees = information.degreesOfFreedomForSignal
        #expect(abs(degrees.mean - exact.degreesOfFreedomForSignal) < 4 * degrees.standardDeviation)
        #expect(degrees.standardDeviation < 0.05 * degrees.mean)
        let posterior = try await solver.solve(problem)
        let evidence = posterior.logEvidence(information)
        let error = information.informationContent.standardDeviation
        #expect(abs(evidence - exact.logEvidence) < 4 * error)
        #expect(error < 2)
        let kernel = try await solver.averagingKernelDiagonal(of: problem, probes: 40)
        let scores = zip(zip(kernel.values, exact.averagingKernel.diagonal), kernel.standardErrors)
            .map { ($0.0 - $0.1) / $1 }
        #expect(abs(squaredMean(scores) - 1) < 0.5)
        let sigma = try await solver.sigma(of: problem, draws: 60)
        let deviations = zip(zip(sigma.values, exact.sigma), sigma.standardErrors).map { ($0.0 - $0.1) / $1 }
        #expect(deviations.allSatisfy { abs($0) < 5 })
        #expect(abs(squaredMean(deviations) - 1) < 0.6)
        let samples = try await solver.samples(of: posterior, count: 2, seed: 4)
        let again = try await solver.samples(of: posterior, count: 2, seed: 4)
        #expect(samples == again)
        #expect(samples.rows(0..<1) != samples.rows(1..<2))
    }

    private func squaredMean(_ values: [Double]) -> Double {
        values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    }
}

extension LinearFunctionals {
    static func sum(of count: Int) -> LinearFunctionals {
        let ones = Matrix(rows: 1, columns: count, storage: [Double](repeating: 1, count: count))
        guard let sum = try? LinearFunctionals(names: ["sum"], weights: ones) else {
            preconditionFailure("ones are finite")
        }
        return sum
    }
}

/// Footprints that fall off around a receptor on a square lattice, with an exponential prior along each axis; as sparse
/// maps and as full matrices.
struct SparseScene {
    let problem: LinearProblem
    private let rows: SparseRows
    private let side: Int
    private let sigma: [Double]

    init(side: Int, observations: Int, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let cells = side * side
        var jacobian = Matrix(rows: observations, columns: cells)
        guard var rows = try? SparseRows(columns: cells) else { preconditionFailure("few cells") }
        for row in 0..<observations {
            let place = (x: random.uniform() * Double(side), y: random.uniform() * Double(side))
            var columns: [Int] = []
            for cell in 0..<cells {
                let away = hypot(Double(cell % side) - place.x, Double(cell / side) - place.y)
                guard away < 3 else { continue }
                jacobian[row, cell] = random.uniform() * exp(-away)
                columns.append(cell)
            }
            let added: Void? = try? rows.append(columns: columns, values: columns.map { jacobian[row, $0] })
            precondition(added != nil, "finite values on the lattice")
        }
        self.rows = rows
        self.side = side
        let sigma = (0..<cells).map { _ in 0.5 + random.uniform() }
        self.sigma = sigma
        var prior = Matrix(rows: cells, columns: cells)
        for one in 0..<cells {
            for other in 0..<cells {
                let steps = abs(one % side - other % side) + abs(one / side - other / side)
                prior[one, other] = sigma[one] * sigma[other] * exp(-Double(steps) / 2.5)
            }
        }
        problem = LinearProblem(
            jacobian: jacobian,
            observations: (0..<observations).map { _ in random.normal() },
            observationError: .independent((0..<observations).map { _ in 0.1 + 0.2 * random.uniform() }),
            priorMean: (0..<cells).map { _ in random.normal() },
            priorError: .covariance(prior),
            stateNames: (0..<cells).map { "x\($0)" }
        )
    }

    var matrixFree: MatrixFreeProblem {
        get throws {
            let axis = try ExponentialAxis(count: side, step: 1, length: 2.5)
            return try MatrixFreeProblem(
                jacobian: rows.matrix,
                observations: problem.observations,
                observationError: FactoredErrors(problem.observationError),
                priorMean: problem.priorMean,
                prior: ScaledCovariance(sigma: sigma, correlation: ProductCorrelation([axis, axis]))
            )
        }
    }
}
