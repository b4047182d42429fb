import Concurrent
import Formats
import Foundation
import Inversion
import LinearAlgebra
import NetCDF
import Quantities
import TestSupport
import Testing

/// Dense algebra that takes longer than a moment stays out of the cooperative pool.
func onSolverThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await onOwnThread(named: "solver", body)
}

@Suite struct PosteriorFileTests {
    private let made = FileProvenance(
        command: "crosswind invert",
        configuration: "space state",
        seed: 7,
        inputs: [FileProvenance.Input(name: "problem.nc", sha256: "ab")],
        created: Instant(microseconds: 0)
    )
    private let problem = LinearProblem(
        jacobian: Matrix(rows: 1, columns: 1, storage: [2]),
        observations: [2.5],
        observationError: .independent([0.5]),
        priorMean: [1],
        priorError: .independent([1]),
        stateNames: ["x"]
    )

    @Test func everythingOfTheSolutionIsInTheFile() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("posterior.nc").path
        let posterior = try GaussianSolver.solve(problem)
        var input = LinearProblemInput(problem: problem, unit: "ppm")
        input.totals = try LinearFunctionals(
            names: ["land"],
            weights: Matrix(rows: 1, columns: 1, storage: [10])
        )
        input.totalUnit = "t yr-1"
        var solution = SolvedState(posterior, solver: "exact")
        solution.totals = try SolvedTotals(
            try #require(try input.totalsPlan()),
            of: problem,
            mean: posterior.mean,
            covariance: posterior.covariance
        )
        try await PosteriorFile.write(solution, of: input, to: path, provenance: made)
        try await check(path)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["posterior.nc"])
    }

    @NetCDFThread
    private func check(_ path: String) throws {
        let file = try NetCDFFile(reading: path)
        #expect(try file.strings("state_name") == ["x"])
        #expect(abs(try file.doubles("posterior_mean")[0] - 21.0 / 17) < 1e-15)
        #expect(abs(try file.doubles("posterior_covariance", shape: [1, 1])[0] - 1.0 / 17) < 1e-15)
        #expect(abs(try file.doubles("averaging_kernel", shape: [1, 1])[0] - 16.0 / 17) < 1e-15)
        #expect(abs(try file.doubles("dofs")[0] - 16.0 / 17) < 1e-15)
        #expect(abs(try file.doubles("cost_per_observation")[0] - 1.0 / 17) < 1e-15)
        #expect(abs(try file.doubles("modelled_posterior")[0] - 42.0 / 17) < 1e-15)
        #expect(try file.strings("total_name") == ["land"])
        #expect(abs(try file.doubles("total_posterior")[0] - 210.0 / 17) < 1e-14)
        #expect(abs(try file.doubles("total_posterior_covariance", shape: [1, 1])[0] - 100.0 / 17) < 1e-13)
        #expect(try file.doubles("total_prior_sigma")[0] == 10)
        #expect(file.text("units", of: "total_posterior") == "t yr-1")
        #expect(file.text("software") == "crosswind \(Version.current)")
        #expect(file.text("inputs_sha256") == "ab  problem.nc")
        #expect(file.text("seed") == "7")
        #expect(file.text("solution_space") == "state" && file.text("solver") == "exact")
        #expect(try file.strings("total_kind") == ["stated"] && file.strings("total_unit") == ["t yr-1"])
        let shares = try file.doubles("posterior_percentile", shape: [5, 1])
        #expect(abs(shares[2] - 21.0 / 17) < 1e-15)
        #expect(abs(shares[4] - 21.0 / 17 - 1.959963984540054 / 17.0.squareRoot()) < 1e-14)
        #expect(abs(try file.doubles("total_source")[0] - 210.0 / 17) < 1e-14)
        #expect(try file.doubles("total_sink") == [0])
    }

    @Test func aFolderThatDoesNotExistIsAnInputOutputError() async throws {
        let posterior = try GaussianSolver.solve(problem)
        let error = await #expect(throws: NetCDFError.self) {
            try await PosteriorFile.write(
                SolvedState(posterior, solver: "exact"),
                of: LinearProblemInput(problem: problem),
                to: "/nowhere/posterior.nc",
                provenance: made
            )
        }
        #expect(error?.exitStatus == .inputOutput)
    }
}
