import Foundation
import TestSupport
import Testing

@Suite struct InvertVerbTests {
    private struct Summary: Decodable {
        let state_name: [String]
        let posterior_mean: [Double]
        let posterior_sigma: [Double]
        let posterior_covariance: [[Double]]
        let averaging_kernel_diagonal: [Double]
        let dofs: Double
        let cost_per_observation: Double
        let observations: Int
        let space: String
        let software: String
    }

    private let problem = Places.deploy.appending(path: "cases/berlin/osse_sources.nc").path

    @Test func theSummaryOfTheOverpassIsOneObject() async throws {
        let folder = try TemporaryFolder()
        let output = folder.file("posterior.nc")
        let run = try await ProgramRun.crosswind(
            "invert",
            "--problem",
            problem,
            "--output",
            output.path,
            "--json"
        )
        #expect(run.status == 0 && run.standardError.isEmpty)
        let summary = try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
        #expect(summary.state_name.prefix(2) == ["JV", "BV"])
        #expect(String(format: "%.5f", summary.posterior_mean[0]) == "0.99138")
        #expect(String(format: "%.5f", summary.posterior_sigma[0]) == "0.02886")
        #expect(String(format: "%.5f", summary.posterior_mean[1]) == "1.08260")
        #expect(String(format: "%.5f", summary.posterior_sigma[1]) == "0.11656")
        #expect(String(format: "%.4f", summary.dofs) == "5.4414")
        #expect(String(format: "%.4f", summary.cost_per_observation) == "1.0035")
        #expect(summary.observations == 18_584 && summary.space == "state")
        #expect(FileManager.default.fileExists(atPath: output.path))
    }

    @Test func aPersonReadsATable() async throws {
        let run = try await ProgramRun.crosswind("invert", "--problem", problem)
        #expect(run.status == 0)
        let line = run.standardOutput.split(separator: "\n").first { $0.hasPrefix("JV") }
        #expect(line?.contains("0.99138  +- 0.02886") == true)
        #expect(run.standardOutput.contains("DOFS 5.4414, J/n 1.0035"))
    }

    @Test func failuresAreOneLineWithTheirStatus() async throws {
        let cases: [([String], Int32, String)] = [
            (["invert"], 64, "expected --problem FILE, or one case file"),
            (["invert", "--problem", problem, "--space", "sideways"], 64, "`sideways` is not"),
            (["invert", "--problem", "/nowhere.nc"], 66, "no such file: /nowhere.nc"),
            (["invert", "--problem", #filePath], 65, "not a netCDF or HDF5 file"),
            (["invert", "--problem", problem, "--output", "/nowhere/x.nc"], 74, "folder does not exist"),
            (["inventory"], 64, "expected one file, or the sector files"),
            (["inventory", problem], 65, "not a known flux layout"),
        ]
        for (arguments, status, text) in cases {
            let run = try await ProgramRun.run(Places.crosswind, arguments)
            #expect(run.status == status, "\(arguments)")
            #expect(run.standardOutput.isEmpty)
            #expect(run.standardError.split(separator: "\n").count == 1)
            #expect(run.standardError.contains(text), "\(run.standardError)")
        }
    }
}

@Suite struct InventoryVerbTests {
    private struct Summary: Decodable {
        struct Check: Decodable {
            let declared_tonnes: Double
            let passes: Bool
        }
        struct PeriodTotal: Decodable {
            let tonnes: Double
            let nonzero_cells: Int
        }
        let gas: String
        let layout: String
        let periods: [PeriodTotal]
        let totals_check: Check
    }

    @Test func thePlantsOfEastAsiaPassTheirCheck() async throws {
        let file = Places.fixtures.appending(path: "edgar-layout-power-eastasia.nc").path
        let run = try await ProgramRun.crosswind("inventory", file, "--year", "2018", "--json")
        #expect(run.status == 0)
        let summary = try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
        #expect(summary.gas == "co2" && summary.layout == "edgar_emi")
        #expect(summary.periods.first?.nonzero_cells == 2492)
        #expect(abs((summary.periods.first?.tonnes ?? 0) / 1e6 - 6854.4) < 0.05)
        #expect(summary.totals_check.passes)
        // 2016 is a leap year, and the declared total is of a common one.
        let leap = try await ProgramRun.crosswind("inventory", file, "--year", "2016")
        #expect(leap.status == 65)
        #expect(leap.standardError.contains("+0.27 % of the file's own total"))
        let allowed = try await ProgramRun.crosswind("inventory", file, "--year", "2016", "--allow-mismatch")
        #expect(allowed.status == 0)
    }
}
