import Inversion
import LinearAlgebra
import Quantities
import Testing

@Suite struct StreamedProblemTests {
    private func streamed(_ problem: LinearProblem, sigma: [Double]) -> StreamedProblem<Matrix> {
        StreamedProblem(
            jacobian: problem.jacobian,
            observations: problem.observations,
            sigma: sigma,
            priorMean: problem.priorMean,
            priorError: problem.priorError,
            stateNames: problem.stateNames
        )
    }

    @Test func blocksGiveThePosteriorOfTheWhole() throws {
        let problem = Problems.lattice(side: 17, observations: 700, seenTo: 0.1)
        let whole = try GaussianSolver.solve(problem, space: .state)
        let blocks = try GaussianSolver.solve(streamed(problem, sigma: problem.observationError.sigma))
        #expect(distance(blocks.mean, whole.mean) < 1e-12)
        #expect(distance(blocks.covariance.storage, whole.covariance.storage) < 1e-13)
        #expect(distance(blocks.averagingKernelDiagonal, whole.averagingKernelDiagonal) < 1e-12)
        #expect(distance(blocks.modelledPrior, whole.modelledPrior) < 1e-12)
        #expect(distance(blocks.modelledPosterior, whole.modelledPosterior) < 1e-11)
        #expect(abs(blocks.cost - whole.cost) < 1e-9)
        #expect(abs(blocks.innovationChiSquare - whole.innovationChiSquare) < 1e-9)
        #expect(abs(blocks.logEvidence - whole.logEvidence) < 1e-9)
    }

    /// Rows of a file that are best read together.
    private struct ChunkedRows: JacobianRows {
        let matrix: Matrix
        let rowsReadTogether: Int
        var rows: Int { matrix.rows }
        var columns: Int { matrix.columns }
        func jacobian(rows: Range<Int>) -> Matrix { matrix.rows(rows) }
    }

    @Test func blocksOfAFileChangeNoBitOfTheCovariance() throws {
        let problem = Problems.lattice(side: 17, observations: 1400, seenTo: 0.1)
        let whole = try GaussianSolver.solve(problem, space: .state)
        for together in [1, 100, 300, 1000, 1 << 30] {
            let sigma = problem.observationError.sigma
            let plain = streamed(problem, sigma: sigma)
            let blocks = StreamedProblem(
                jacobian: ChunkedRows(matrix: problem.jacobian, rowsReadTogether: together),
                observations: plain.observations,
                sigma: sigma,
                priorMean: plain.priorMean,
                priorError: plain.priorError,
                stateNames: plain.stateNames
            )
            let solution = try GaussianSolver.solve(blocks)
            #expect(solution.covariance == whole.covariance, "\(together)")
            #expect(distance(solution.mean, whole.mean) < 1e-12)
        }
    }

    @Test func leveragesAreThoseOfTheWhole() throws {
        let problem = Problems.lattice(side: 17, observations: 700, seenTo: 0.01)
        let whole = try GaussianSolver.solve(problem, space: .state)
        let expected = try Diagnostics.leverages(of: problem, whole)
        let sigma = problem.observationError.sigma
        let rows = streamed(problem, sigma: sigma)
        let solution = try GaussianSolver.solution(of: rows, withLeverages: true)
        let leverages = try #require(solution.leverages)
        #expect(distance(leverages, expected) < 1e-11)
        #expect(abs(leverages.reduce(0, +) - whole.degreesOfFreedomForSignal) < 1e-9)
        let leftOut = try LeftOutObservations(
            observations: problem.observations,
            modelled: solution.posterior.modelledPosterior,
            sigma: sigma,
            leverages: leverages
        )
        let residuals = try Diagnostics.leaveOneOutResiduals(of: problem, whole)
        #expect(distance(leftOut.residuals, residuals) < 1e-8 && leftOut.undetermined.isEmpty)
        // One of them by hand: solved without it, with the variance of its prediction.
        let rest = problem.leavingOut(observations: [5])
        let without = try GaussianSolver.solve(rest)
        let row = problem.jacobian.rows(5..<6)
        #expect(abs(problem.observations[5] - row.times(without.mean)[0] - leftOut.residuals[5]) < 1e-10)
        let spread = row.times(without.covariance).timesTransposed(row)[0, 0]
        #expect(abs((spread + sigma[5] * sigma[5]).squareRoot() - leftOut.residualSigma[5]) < 1e-11)
        #expect(leftOut.standardised([5])[0] == leftOut.residuals[5] / leftOut.residualSigma[5])
    }

    @Test func whatNothingElsePredictsIsToldAsSuch() throws {
        let leftOut = try LeftOutObservations(
            observations: [3, 4],
            modelled: [2, 4],
            sigma: [1, 1],
            leverages: [0.75, 1 - 1e-12]
        )
        #expect(leftOut.undetermined == [1] && leftOut.residuals[1].isNaN)
        #expect(leftOut.residuals[0] == 4 && leftOut.residualSigma[0] == 2)
        #expect(leftOut.standardised(0..<2) == [2])
        #expect(throws: InversionError.wrongLength(of: "leverages", expected: 2, actual: 1)) {
            try LeftOutObservations(
                observations: [3, 4],
                modelled: [2, 4],
                sigma: [1, 1],
                leverages: [0.5]
            )
        }
    }

    @Test(arguments: [false, true]) func threadsChangeNoBit(hasFullPrior: Bool) throws {
        // Enough states for several panels.
        var problem = Problems.lattice(side: 32, observations: 600, seenTo: 0.1)
        if !hasFullPrior { problem.priorError = .independent(problem.priorError.sigma) }
        let rows = streamed(problem, sigma: problem.observationError.sigma)
        let one = try GaussianSolver.solution(of: rows, withLeverages: true, threads: 1)
        let three = try GaussianSolver.solution(of: rows, withLeverages: true, threads: 3)
        #expect(one.leverages == three.leverages)
        #expect(one.posterior.mean == three.posterior.mean)
        #expect(one.posterior.covariance == three.posterior.covariance)
        #expect(one.posterior.logEvidence == three.posterior.logEvidence)
    }

    @Test(arguments: [false, true]) func thePreviewIsThatOfTheWhole(hasFullPrior: Bool) throws {
        var problem = Problems.lattice(side: 17, observations: 700, seenTo: 0.1)
        if !hasFullPrior { problem.priorError = .independent(problem.priorError.sigma) }
        var weights = Matrix(rows: 2, columns: problem.stateCount)
        for index in 0..<problem.stateCount { weights[index % 2, index] = Double(index) }
        let totals = try LinearFunctionals(names: ["even", "odd"], weights: weights)
        let rate = ArithmeticRate(products: 1e10, vectors: 1e9)
        var rows = streamed(problem, sigma: problem.observationError.sigma)
        rows.observations = rows.observations.map { _ in .nan }
        let whole = try Preview(of: problem, totals: totals, rate: rate)
        let blocks = try Preview(of: rows, totals: totals, rate: rate)
        #expect(distance(blocks.sigma, whole.sigma) < 1e-12)
        #expect(distance(blocks.degreesOfFreedom, whole.degreesOfFreedom) < 1e-12)
        #expect(abs(blocks.information - whole.information) < 1e-9)
        #expect(distance(blocks.totals.map(\.sigma), whole.totals.map(\.sigma)) < 1e-9)
        #expect(distance(blocks.totals.map(\.priorSigma), whole.totals.map(\.priorSigma)) < 1e-9)
        #expect(blocks.observationCount == 700 && blocks.costs.map(\.solver) == whole.costs.map(\.solver))
        let costs = Dictionary(uniqueKeysWithValues: whole.costs.map { ($0.solver, $0) })
        let (state, byRows) = (try #require(costs[.state]), try #require(costs[.streamed]))
        #expect(state.bytes - byRows.bytes == 8 * 700 * 289 && state.operations == byRows.operations)
    }

    @Test func whatOverflowsIsNoSolution() {
        var problem = streamed(Problems.pair, sigma: [0.2, 0.3])
        problem.observations = [1e200, -1e200]
        #expect(throws: InversionError.tooLarge("observation_value", index: 0, value: 1e200)) {
            try GaussianSolver.solve(problem)
        }
    }

    private func refusal(_ change: (inout StreamedProblem<Matrix>) -> Void) -> InversionError? {
        var problem = streamed(Problems.pair, sigma: [0.2, 0.3])
        change(&problem)
        return #expect(throws: InversionError.self) { try GaussianSolver.solve(problem) }
    }

    @Test func theElementAtFaultIsNamed() {
        #expect(refusal { $0.jacobian[1, 0] = .nan } == .notFiniteElement("jacobian", row: 1, column: 0))
        #expect(refusal { $0.observations = [] } == .empty("observations"))
        #expect(
            refusal { $0.observations = [1] }
                == .wrongLength(of: "rows of the jacobian", expected: 1, actual: 2)
        )
        #expect(refusal { $0.sigma[1] = 0 } == .notPositive("observation_sigma", index: 1, value: 0))
        #expect(
            refusal { $0.priorError = .covariance(Matrix(rows: 2, columns: 2, storage: [1, 2, 2, 1])) }
                == .algebra("prior_covariance", .notPositiveDefinite(order: 2))
        )
    }
}
