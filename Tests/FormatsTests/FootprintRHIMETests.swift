import Formats
import Foundation
import Geo
import Inventory
import LinearAlgebra
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

@Suite struct RHIMEOutputTests {
    private func read() async throws -> RHIMEOutput {
        let path = Places.deploy.appending(path: "cases/uk-methane/standard_rhime_outs.nc").path
        return try await RHIMEOutputFile.read(path, gas: .ch4)
    }

    @Test func observationsAndSensitivitiesAreInPartsPerMillion() async throws {
        let output = try await read()
        let table = output.sensitivities
        #expect(table.rows == 24)
        #expect(abs(output.observations[0] - 1.9493253) < 1e-6)
        #expect(abs(output.observationSigmas[0] - 0.0018991) < 1e-6)
        #expect(table.sites.map(\.name) == ["TAC"])
        #expect(abs(table.sites[0].position.latitude - 52.5178) < 1e-3)
        #expect(table.times[23] == Instant(iso8601: "2019-01-01T23:00:00Z"))
        #expect(abs(table.flux[0, 3] - 0.0290338) < 1e-6)
        #expect(abs(table.boundary[0, 3] - 1.7300214) < 1e-6)
        #expect(table.boundaryNames[3] == "boundary west")
        #expect(table.jacobian(rows: [0]).columns == 8)
    }

    @Test func elevenOfTheHoursHaveIncompleteFootprints() async throws {
        let check = BoundaryClosure(boundary: try await read().sensitivities.boundary)
        #expect(check.incompleteRows == Array(13..<24))
        #expect(check.completeRows == Array(0..<13))
        #expect(abs(check.closure[23] - 0.0544) < 1e-4)
    }

    @Test func countryTotalsAgreeWithTheFilesOwn() async throws {
        let output = try await read()
        let totals = output.priorFlux.tonnesPerYear(in: output.countries)
        #expect(totals.count == 104)
        for (index, total) in totals.enumerated() {
            // The file's year has 365 days, as 2019 has.
            let ratio = total / (output.countryPriorGrams[index] / 1e6)
            #expect(abs(ratio - 1) < 0.0015)
        }
        let index = try #require(output.countries.names.firstIndex { $0.hasPrefix("UNITED KINGDOM") })
        #expect(totals[index] > 1e6 && totals[index] < 4e6)
    }

    @Test func weightsOfElementsSumToTheTotals() async throws {
        let output = try await read()
        let totals = output.priorFlux.tonnesPerYear(in: output.countries)
        let weights = output.countryWeights
        for (row, total) in zip(weights, totals) {
            #expect(abs(row.reduce(0, +) - total) <= 1e-10 * total)
        }
        let elements = output.priorFlux.tonnesPerYear(in: output.basisFunctions)
        for element in 0..<4 {
            let sum = weights.reduce(0) { $0 + $1[element] }
            #expect(abs(sum - elements[element]) <= 1e-10 * elements[element])
        }
    }

    @Test func anotherFileIsRefusedByName() async throws {
        let path = Places.fixtures.appending(path: "imi-permian.nc").path
        let error = await #expect(throws: NetCDFError.self) {
            try await RHIMEOutputFile.read(path, gas: .ch4)
        }
        #expect(error?.variable == "Yobs")
    }

    @Test func aTruncatedFileIsRefused() async throws {
        let path = Places.deploy.appending(path: "cases/uk-methane/standard_rhime_outs.nc")
        let folder = try TemporaryFolder()
        let cut = folder.file("cut.nc")
        try Data(contentsOf: path).prefix(100_000).write(to: cut)
        let error = await #expect(throws: NetCDFError.self) {
            try await RHIMEOutputFile.read(cut.path, gas: .ch4)
        }
        #expect(error?.exitStatus == .badData)
    }
}
