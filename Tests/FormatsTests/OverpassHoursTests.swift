import Formats
import Foundation
import Inversion
import LinearAlgebra
import NetCDF
import TestSupport
import Testing

/// Berlin's emissions by the hours they were emitted in, from the tracers of the simulated overpass, through the
/// command line.
@Suite struct OverpassHoursTests {
    private static let overpass = "inversion/smartcarb/Sentinel_7_CO2_2015042311_o1670_l0483.nc"
    private static let hours = (0..<8).map { "T0\($0)" }

    private struct Expected: Decodable {
        let names: [String]
        let x0: [Double]
        let sd: [Double]
        let xhat: [Double]
        let S: [[Double]]
        let dofs: Double
        let Jn: Double
    }

    private struct Summary: Decodable {
        struct Totals: Decodable {
            struct Entry: Decodable {
                let name: String
                let posterior: Double
                let posterior_sigma: Double
            }
            let entries: [Entry]
        }
        let state_name: [String]
        let posterior_mean: [Double]
        let posterior_covariance: [[Double]]
        let averaging_kernel_diagonal: [Double]
        let dofs: Double
        let cost_per_observation: Double
        let totals: Totals
    }

    private func expected() throws -> Expected {
        let path = try #require(Places.shared("inversion/smartcarb/smartcarb_osse_expected.json"))
        let cases = try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: NSDictionary]
        let part = try #require(cases?["berlin_hours"])
        return try JSONDecoder().decode(Expected.self, from: JSONSerialization.data(withJSONObject: part))
    }

    /// Clear pixels in the order of the file, as the noisy observations of the two other problems have them.
    @NetCDFThread
    private func columns() throws -> [[Double]] {
        let file = try NetCDFFile(reading: try #require(Places.shared(Self.overpass)).path)
        let clouds = try file.doubles("CLCT")
        let errors = try file.doubles("uXCO2")
        let clear = clouds.indices.filter { clouds[$0] <= 0.01 && errors[$0].isFinite }
        return try Self.hours.map { hour in
            let values = try file.doubles("XCO2_\(hour)")
            return clear.map { values[$0] }
        }
    }

    /// The sources problem with Berlin's column split into eight.
    private func problem(_ expected: Expected) async throws -> LinearProblemInput {
        let sources = Places.deploy.appending(path: "cases/berlin/osse_sources.nc").path
        var input = try await LinearProblemFile.read(sources)
        let hours = try await columns()
        let old = input.problem
        #expect(hours.allSatisfy { $0.count == old.observationCount })
        var jacobian = Matrix(rows: old.observationCount, columns: 13)
        for row in 0..<old.observationCount {
            jacobian[row, 0] = old.jacobian[row, 0]
            for hour in 0..<8 { jacobian[row, 1 + hour] = hours[hour][row] }
            for column in 2..<6 { jacobian[row, column + 7] = old.jacobian[row, column] }
            let sum = hours.reduce(0) { $0 + $1[row] }
            // The tracers of hours are rounded apart from their sum.
            if abs(sum - old.jacobian[row, 1]) > 0.03 { Issue.record("row \(row): \(sum)") }
        }
        input.problem = LinearProblem(
            jacobian: jacobian,
            observations: old.observations,
            observationError: old.observationError,
            priorMean: expected.x0,
            priorError: .independent(expected.sd),
            stateNames: expected.names
        )
        input.state = try StateVector(
            expected.names.map { name in
                let isHour = Self.hours.contains(name)
                return StateElement(
                    name,
                    kind: name == "BIAS" ? .bias : .flux,
                    region: isHour ? "Berlin" : name,
                    period: isHour ? name : ""
                )
            }
        )
        // Eighths of the city's 23.43 Mt a year at the overpass.
        input.emissions = StateEmissions(
            perUnit: expected.names.map { Self.hours.contains($0) ? 23.43 / 8 : 0 },
            unit: "Mt yr-1"
        )
        return input
    }

    @Test(.enabled(if: Places.shared(overpass) != nil))
    func hoursOfTheEmissionAreFoundAsExpected() async throws {
        let expected = try expected()
        let folder = try TemporaryFolder()
        let path = folder.file("hours.nc").path
        try await LinearProblemFile.write(try await problem(expected), to: path)
        let run = try await ProgramRun.crosswind("invert", "--problem", path, "--json")
        #expect(run.status == 0, "\(run.standardError)")
        let summary = try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
        #expect(summary.state_name == expected.names)
        #expect(zip(summary.posterior_mean, expected.xhat).allSatisfy { abs($0 - $1) < 1e-10 })
        for (row, wanted) in zip(summary.posterior_covariance, expected.S) {
            #expect(zip(row, wanted).allSatisfy { abs($0 - $1) < 1e-11 })
        }
        #expect(abs(summary.dofs - expected.dofs) < 1e-9)
        #expect(abs(summary.cost_per_observation - expected.Jn) < 1e-9)
        #expect(String(format: "%.4f", summary.dofs) == "6.9543")
        #expect(String(format: "%.3f", summary.posterior_mean[3]) == "1.110")
        #expect(String(format: "%.3f", summary.posterior_covariance[3][3].squareRoot()) == "0.171")
        // What the wind had carried past the swath, or had yet to be emitted, is not seen.
        #expect(summary.averaging_kernel_diagonal[3] > 0.85 && summary.averaging_kernel_diagonal[8] < 0.05)
        // The city's sum with the covariances of its hours.
        let berlin = try #require(summary.totals.entries.first { $0.name == "Berlin" })
        let eighth = 23.43 / 8
        #expect(abs(berlin.posterior - eighth * expected.xhat[1...8].reduce(0, +)) < 1e-9)
        let variance = (1...8).reduce(0) { sum, i in sum + (1...8).reduce(0) { $0 + expected.S[i][$1] } }
        #expect(abs(berlin.posterior_sigma - eighth * variance.squareRoot()) < 1e-9)
    }
}
