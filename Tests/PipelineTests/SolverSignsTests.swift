import Formats
import Inversion
import LinearAlgebra
import Pipeline
import Quantities
import Testing

/// Which elements `--non-negative` and `lognormal` hold on their side of zero, and what that makes of a solution.
@Suite struct SolverSignsTests {
    /// Each element is observed by itself, with values that push it across zero.
    private func input(
        prior: [Double],
        perUnit: [Double]?,
        observed: [Double],
        kinds: [StateElement.Kind]? = nil
    ) throws -> LinearProblemInput {
        let count = prior.count
        var jacobian = Matrix(rows: count, columns: count)
        for index in 0..<count { jacobian[index, index] = 1 }
        let names = (0..<count).map { "x\($0)" }
        var input = LinearProblemInput(
            problem: LinearProblem(
                jacobian: jacobian,
                observations: observed,
                observationError: .independent([Double](repeating: 0.1, count: count)),
                priorMean: prior,
                priorError: .independent([Double](repeating: 1, count: count)),
                stateNames: names
            )
        )
        input.emissions = perUnit.map { StateEmissions(perUnit: $0, unit: "kt yr-1") }
        input.state = try kinds.map { kinds in
            try StateVector(zip(names, kinds).map { StateElement($0, kind: $1) })
        }
        return input
    }

    private func bounded(_ input: LinearProblemInput) async throws -> [Double] {
        try await SolverRun(input, isNonNegative: true).solve(.bounded).mean
    }

    @Test func theSignIsThatOfTheEmission() async throws {
        let input = try input(
            prior: [1, -1, -1, 1, 0, 0],
            perUnit: [-4, -2, 5, 5, -3, 3],
            observed: [-1, 1, 1, -1, 1, -1],
            kinds: [StateElement.Kind](repeating: .flux, count: 6)
        )
        let exact = try await SolverRun(input).solve(.exact).mean
        let found = try await bounded(input)
        // A sink of positive prior, a source of negative state, a sink of negative prior, a source, two of no prior.
        let isFree = [true, false, true, false, false, false]
        for index in 0..<6 {
            #expect(abs(found[index] - (isFree[index] ? exact[index] : 0)) < 1e-12, "\(index)")
        }
    }

    @Test func withoutEmissionsTheStateIsTheEmission() async throws {
        let kinds: [StateElement.Kind] = [.flux, .flux, .boundary, .pointSource]
        let (prior, observed) = ([1.0, -1, 1, 0], [-1.0, 1, -1, -1])
        for perUnit in [nil, [0.0, 0, 0, 0]] {
            let input = try input(prior: prior, perUnit: perUnit, observed: observed, kinds: kinds)
            let exact = try await SolverRun(input).solve(.exact).mean
            let found = try await bounded(input)
            #expect(found[0] == 0 && found[3] == 0 && found[1] == exact[1] && found[2] == exact[2])
        }
    }

    @Test func aLognormalSourceOfNegativeStateIsTheMirrorOfAPositiveOne() async throws {
        let falling = try await SolverRun(
            input(prior: [-1, 2], perUnit: [-2, 1], observed: [-0.3, 1])
        ).solve(.lognormal)
        let rising = try await SolverRun(
            input(prior: [1, 2], perUnit: [2, 1], observed: [0.3, 1])
        ).solve(.lognormal)
        #expect(falling.remarks[0] == "2 of 2 elements lognormal")
        #expect(falling.mean == [-rising.mean[0], rising.mean[1]] && falling.sigma == rising.sigma)
        let (low, high) = (try #require(falling.state.percentiles), try #require(rising.state.percentiles))
        for share in 0..<5 {
            #expect(low[share] == [-high[4 - share][0], high[share][1]])
            #expect(low[share][0] < 0)
        }
        let sink = try await SolverRun(input(prior: [1, 2], perUnit: [-2, 1], observed: [0.3, 1]))
            .solve(.lognormal)
        #expect(sink.remarks[0] == "1 of 2 elements lognormal")
    }

    @Test func aSamplerInsideBoundsIsAnotherModel() async throws {
        var input = try input(prior: [1, 1], perUnit: nil, observed: [0.1, 1])
        let free = SolverRun(input, draws: 50)
        #expect(try await free.solve(.hamiltonian).isSameModel)
        #expect(try await !SolverRun(input, draws: 50, isNonNegative: true).solve(.hamiltonian).isSameModel)
        // Bounds that bound nothing.
        input.lowerBounds = [-.infinity, -.infinity]
        let none = SolverRun(input, draws: 50)
        #expect(try await none.solve(.hamiltonian).isSameModel)
        #expect(try await none.solve(.bounded).remarks == ["no bounds are given"])
        input.lowerBounds = [0, -.infinity]
        let held = try await SolverRun(input, draws: 50).solve(.hamiltonian)
        #expect(!held.isSameModel && held.remarks.contains("inside the bounds"))
        #expect(try await SolverRun(input, draws: 50).solve(.gibbs).isSameModel)
    }

    @Test func totalsOfNormalSolutionsHavePercentiles() async throws {
        let input = try input(prior: [1, 2], perUnit: [3, 1], observed: [1.2, 1.5])
        for solver in [Solver.exact, .conjugateGradient, .ensemble, .robust] {
            var run = SolverRun(input)
            run.totals = try input.totalsPlan()
            let totals = try #require(try await run.solve(solver).state.totals)
            let shares = try #require(totals.percentiles, "\(solver)")
            let estimate = totals.values.posterior[0]
            let wide = estimate.mean + 1.959_963_984_540_054 * estimate.standardDeviation
            #expect(abs(shares[4][0] - wide) < 1e-12 && shares[2][0] == estimate.mean)
        }
        var run = SolverRun(input)
        run.totals = try input.totalsPlan()
        #expect(try await run.solve(.lognormal).state.totals?.percentiles == nil)
    }
}
