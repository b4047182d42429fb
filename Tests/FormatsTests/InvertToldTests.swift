import Formats
import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

/// What `crosswind invert` says of what it did.
@Suite struct InvertToldTests {
    private func run(
        _ arguments: [String],
        _ change: (inout LinearProblemInput) throws -> Void = { _ in }
    ) async throws -> ProgramRun {
        let folder = try TemporaryFolder()
        var input = try GriddedProblem.input()
        try change(&input)
        let path = folder.file("problem.nc").path
        try await LinearProblemFile.write(input, to: path)
        let places = arguments.map { $0.replacing("FOLDER", with: folder.url.path) }
        return try await ProgramRun.run(Places.crosswind, ["invert", "--problem", path] + places)
    }

    @Test func aPreviewTellsOfRegions() async throws {
        let run = try await run(["--preview"])
        #expect(run.status == 0 && run.standardOutput.contains("all emissions"), "\(run.standardError)")
    }

    @Test func errorsThatAreNotAdoptedAreNotToldSo() async throws {
        let told = try await run(["--errors", "observations"])
        #expect(told.status == 0 && told.standardOutput.contains("with --adopt"), "\(told.standardError)")
        #expect(!told.standardOutput.contains("adopted"), "\(told.standardOutput)")
        let adopted = try await run(["--errors", "observations", "--adopt"])
        #expect(adopted.standardOutput.contains("as adopted"))
    }

    private func sharpen(_ input: inout LinearProblemInput) {
        var sigma = input.problem.observationError.sigma
        sigma[2] *= 1e-9
        input.problem.observationError = .independent(sigma)
        input.lowerBounds = nil
        input.upperBounds = nil
    }

    @Test func theSpaceIsToldWithTheReason() async throws {
        let run = try await run([], sharpen)
        #expect(run.status == 0 && run.standardOutput.contains("solved in observation space"))
        #expect(run.standardOutput.contains("rounding would have changed the solution in state space"))
        #expect(run.standardOutput.contains("observation 2 is"))
        let json = try await self.run(["--json"], sharpen)
        #expect(json.standardOutput.contains("\"space_reason\""))
        let refused = try await self.run(["--memory", "0"], sharpen)
        #expect(refused.status == 65 && refused.standardError.contains("problem.nc, observation_sigma[2]"))
    }

    @Test func solversThatRoundingSpoilsAreLeftOutOfAll() async throws {
        let all = try await run(["--solver", "all", "--draws", "50"], sharpen)
        #expect(all.status == 0, "\(all.standardError)")
        #expect(all.standardOutput.contains("gibbs: left out, as it works with the normal equations"))
        let one = try await run(["--solver", "ensemble"], sharpen)
        #expect(one.status == 65 && one.standardError.contains("ensemble works with the normal equations"))
        #expect(
            one.standardError.contains("observation 2 is") && one.standardError.contains("--solver exact")
        )
    }

    @Test func correlatedPriorsAreTheReasonWhereTheyAre() async throws {
        func correlate(_ input: inout LinearProblemInput) {
            input.problem.priorError = .covariance(input.problem.priorError.matrix)
        }
        let all = try await run(["--solver", "all", "--draws", "50"], correlate)
        #expect(all.status == 0 && all.standardOutput.contains("it takes independent prior errors only"))
        let one = try await run(["--solver", "hierarchical"], correlate)
        #expect(
            one.status == 65 && one.standardError.contains("problem.nc, prior_covariance, or prior_sigma")
        )
    }

    @Test func aPriorOutsideItsBoundsIsTold() async throws {
        let run = try await run(["--solver", "bounded"]) {
            let count = $0.problem.stateCount
            $0.lowerBounds = [Double](repeating: -.infinity, count: count)
            $0.upperBounds = [Double](repeating: .infinity, count: count)
            $0.lowerBounds?[0] = $0.problem.priorMean[0] + 1
        }
        #expect(
            run.status == 0 && run.standardOutput.contains("is outside its bounds"),
            "\(run.standardError)"
        )
    }

    @Test(arguments: ["FOLDER/none/x.nc", "FOLDER/none/x.csv", "FOLDER/none/x.json"])
    func aMissingFolderIsTold(output: String) async throws {
        let run = try await run(["--output", output])
        #expect(run.status == 74 && run.standardError.contains("the folder does not exist"))
        #expect(run.standardError.contains("make the folder"), "\(run.standardError)")
    }
}
