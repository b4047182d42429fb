import Formats
import Foundation
import Geo
import Inversion
import LinearAlgebra
import Quantities
import TestSupport
import Testing

@Suite struct SolvedTotalsTests {
    private func totals(_ input: LinearProblemInput) throws -> SolvedTotals {
        let posterior = try GaussianSolver.solve(input.problem)
        return try SolvedTotals(
            try #require(try input.totalsPlan()),
            of: input.problem,
            mean: posterior.mean,
            covariance: posterior.covariance
        )
    }

    @Test func regionsAndSectorsAddUpToTheSumOfAllEmissions() throws {
        let totals = try totals(try GriddedProblem.input())
        #expect(
            totals.plan.names == [
                "A", "B", "Fossil fuel", "land", "A, Fossil fuel", "A, land", "B, Fossil fuel", "B, land",
                "all emissions",
            ]
        )
        #expect(totals.plan.unit == "kt yr-1" && totals.plan.all == 8)
        let mean = totals.values.mean
        #expect(abs(mean[0] + mean[1] - mean[8]) < 1e-12 && abs(mean[2] + mean[3] - mean[8]) < 1e-12)
        let covariance = totals.values.covariance
        let sum = covariance[0, 0] + 2 * covariance[0, 1] + covariance[1, 1]
        #expect(abs(sum / covariance[8, 8] - 1) < 1e-12)
    }

    @Test func uptakesKeepTheirSign() throws {
        let totals = try totals(try GriddedProblem.input())
        #expect(totals.values.mean[3] < 0 && totals.hasSinks)
        for index in totals.plan.names.indices {
            let (source, sink) = (totals.sources[index].mean, totals.sinks[index].mean)
            #expect(source >= 0 && sink <= 0)
            #expect(abs(source + sink - totals.values.mean[index]) < 1e-12)
        }
        #expect(abs(totals.sinks[8].mean - totals.values.mean[3]) < 1e-12)
        let deviation = totals.values.posterior[3].standardDeviation
        #expect(abs(totals.sinks[8].standardDeviation - deviation) < 1e-12)
    }

    @Test func aFileThatStatesNothingHasNoTotals() throws {
        var input = try GriddedProblem.input()
        input.emissions = nil
        #expect(try input.totalsPlan() == nil)
        input.emissions = StateEmissions(perUnit: [1, 1, 1, 1, 9, 9], unit: "t yr-1")
        input.state = nil
        // Without kinds every element is an emission.
        #expect(try totals(input).plan.names == ["all emissions"])
    }

    @Test func allThatAProblemTellsComesBack() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("problem.nc").path
        var input = try GriddedProblem.input()
        input.backgrounds = [Double](repeating: 1, count: GriddedProblem.rows)
        input.transportModel = "made"
        try await LinearProblemFile.write(input, to: path)
        let again = try await LinearProblemFile.read(path)
        #expect(again.emissions == input.emissions && again.periods == input.periods)
        #expect(again.altitudes == input.altitudes && again.backgrounds == input.backgrounds)
        #expect(again.transportModel == "made")
        let (map, read) = (try #require(input.fluxMap), try #require(again.fluxMap))
        #expect(read.grid == map.grid && read.gas == map.gas && read.sectors == map.sectors)
        #expect(read.periods == map.periods && read.countries.index == map.countries.index)
        #expect(zip(read.layers, map.layers).allSatisfy { $0.flux == $1.flux && $0.element == $1.element })
    }
}
