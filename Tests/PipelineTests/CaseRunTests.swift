import Archive
import Formats
import Foundation
import Inversion
import LinearAlgebra
import Pipeline
import Quantities
import Report
import TestSupport
import Testing
import Verification

@Suite struct CaseRunTests {
    private func definition(_ name: String) throws -> Case {
        try CaseFile.read(Places.deploy.appending(path: "cases/\(name)/case.json5").path)
    }

    private func run(_ name: String, store: String?, into folder: String) async throws -> CaseOutcome {
        try await CaseRun(
            definition: try definition(name),
            store: store,
            output: folder,
            command: "crosswind run \(name)"
        ).run()
    }

    @Test func berlinFindsTheTruthOfTheSimulation() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await run("berlin", store: nil, into: folder.file("out").path)
        let (sources, sectors) = (outcome.result.problems[0], outcome.result.problems[1])
        // smartcarb_osse_expected.json, scaled with the emission of the simulation.
        #expect(abs(sources.comparisons[0].posterior.mean - 42.40 * 0.9913779045622021) < 1e-9)
        #expect(abs(sources.comparisons[1].posterior.mean - 23.43 * 1.0826012730353725) < 1e-9)
        #expect(abs(sources.posterior.degreesOfFreedomForSignal - 5.441424191585158) < 1e-9)
        #expect(abs(sectors.comparisons[2].posterior.mean - 1.2821085563476031) < 1e-9)
        for comparison in sources.comparisons {
            let truth = try #require(comparison.truth)
            #expect((comparison.posterior.lower95...comparison.posterior.upper95).contains(truth))
        }
        #expect(sectors.comparisons[2].verdict == .notConstrained)
    }

    @Test func readingsOfTheStoreGiveCountryTotals() async throws {
        let folder = try TemporaryFolder()
        let store = try await FilledStore.make(in: folder)
        let outcome = try await run("uk-methane", store: store, into: folder.file("out").path)
        let result = outcome.result.problems[0]
        let rows = result.prepared.observations
        #expect(rows.count == 24)
        #expect(rows.count { $0.exclusion == .incompleteFootprint } == 11)
        #expect(result.prepared.problem.observations.count == 13)
        #expect(abs(result.posterior.costPerObservation - 1) < 1e-9)
        #expect(try #require(result.spaceDisagreement) < 1e-9)
        // The file's own prior total of the United Kingdom is 1,011.4377772 kt a year of 365 days, on another
        // Earth radius and molar mass.
        let prior = result.comparisons[0].prior.mean
        #expect(abs(prior / 1011.437777 - 1) < 3e-3)
    }

    /// The prior flux of the example is this inventory, so that declared and prior totals must agree.
    @Test(.enabled(if: Places.shared(inventory) != nil))
    func anInventoryFileStandsBesideThePrior() async throws {
        let folder = try TemporaryFolder()
        let store = try await FilledStore.make(in: folder)
        var definition = try definition("uk-methane")
        guard case .footprints(var plan) = definition.inversion else { return }
        plan.inventory.file = Places.shared(Self.inventory)?.path
        plan.inventory.isPrior = false
        definition.inversion = .footprints(plan)
        let result = try await CaseRun(definition: definition, store: store, output: nil, command: "").solve()
        for comparison in result.problems[0].comparisons {
            #expect(abs(comparison.inventory.mean / comparison.prior.mean - 1) < 1e-6)
            #expect(comparison.correlation == 0)
        }
        definition.period = Period(
            start: definition.period.start.advanced(bySeconds: -86_400 * 400),
            end: definition.period.end
        )
        let early = CaseRun(definition: definition, store: store, output: nil, command: "")
        let error = await #expect(throws: PipelineError.self) { try await early.solve() }
        #expect(error?.line.contains("no period of the inventory holds") == true)
    }

    private static let inventory =
        "inversion/rhime-uk/flux_total_ch4_europe_edgar7_2019-01-01_2019-12-31_data.nc"

    @Test func everyUsedReadingLeadsBackToAMessage() async throws {
        let folder = try TemporaryFolder()
        let store = try await FilledStore.make(in: folder)
        let outcome = try await run("uk-methane", store: store, into: folder.file("out").path)
        let numbers = outcome.result.problems[0].prepared.observations.filter(\.isUsed).map(\.rawMessage)
        for number in numbers {
            let id = try #require(number)
            let message = try await readArchive(at: store) { try $0.rawMessage(id) }
            #expect(message?.topic == "co2/v1/tacolneston/TAC/obs")
        }
    }

    @Test func theSameInputsGiveTheSameReports() async throws {
        let folder = try TemporaryFolder()
        let store = try await FilledStore.make(in: folder)
        _ = try await run("uk-methane", store: store, into: folder.file("a").path)
        _ = try await run("uk-methane", store: store, into: folder.file("b").path)
        let files =
            [
                "report-en.html", "report-zh.html", "comparisons.csv", "observations.csv", "states.csv",
                "totals.csv", "covariances.csv", "posterior.nc", "paris-flux.nc", "paris-concentrations.nc",
                "tables.json", "tables.nc",
            ] + [1, 2, 4, 9, 10, 11, 12, 14].map { "table-T\($0).csv" }
        for name in files {
            let first = try Data(contentsOf: folder.file("a").appending(path: name))
            let second = try Data(contentsOf: folder.file("b").appending(path: name))
            #expect(first == second, "\(name)")
            #expect(!first.isEmpty)
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.file("a").path).sorted()
                == (files + ["summary.json"]).sorted()
        )
    }

    @Test func theReportHoldsBudgetSensitivityAndFluxes() async throws {
        let folder = try TemporaryFolder()
        let store = try await FilledStore.make(in: folder)
        let report = try await run("uk-methane", store: store, into: folder.file("out").path).result.report
        let own = report.content.budget.filter { $0.quantity.english == "United Kingdom" }
        let total = try #require(own.last)
        let parts = own.dropLast()
        #expect(parts.count == 3 && parts.allSatisfy { $0.share > 0 })
        #expect(abs(parts.reduce(0) { $0 + $1.share } - 1) < 1e-9)
        let posterior = try #require(report.groups[0].comparisons.first).posterior
        #expect(abs(total.standardDeviation - posterior.standardDeviation) < 1e-9 * total.standardDeviation)
        let base = try #require(report.content.sensitivity.first)
        #expect(report.content.sensitivity.count == 36 && abs(base.shift) < 1e-9)
        #expect(report.content.fluxMaps.map(\.isDifference) == [false, false, true])
        #expect(report.content.findings.count == report.groups[0].comparisons.count)
    }

    @Test func hoursWithoutAReadingAreCounted() async throws {
        let folder = try TemporaryFolder()
        let store = try await FilledStore.make(in: folder, hours: 5)
        let outcome = try await run("uk-methane", store: store, into: folder.file("out").path)
        let rows = outcome.result.problems[0].prepared.observations
        #expect(rows.count { $0.exclusion == .noReading } == 19)
        #expect(rows.count(where: \.isUsed) == 5)
    }

    @Test func aCaseWithoutObservationsWritesNothing() async throws {
        let folder = try TemporaryFolder()
        let store = try await FilledStore.make(in: folder, hours: 0)
        let output = folder.file("out")
        let error = await #expect(throws: PipelineError.self) {
            try await run("uk-methane", store: store, into: output.path)
        }
        #expect(error?.exitStatus == .badData)
        #expect(error?.line.contains("24 no reading in the store for this hour") == true)
        #expect(!FileManager.default.fileExists(atPath: output.path))
    }

    @Test func aCaseThatNeedsAStoreSaysSo() async throws {
        let error = await #expect(throws: PipelineError.self) {
            try await run("uk-methane", store: nil, into: "unused")
        }
        #expect(error?.exitStatus == .usage)
    }

    @Test func anUnknownRegionNamesTheNearest() async throws {
        let folder = try TemporaryFolder()
        let store = try await FilledStore.make(in: folder)
        var definition = try definition("uk-methane")
        guard case .footprints(var plan) = definition.inversion else { return }
        plan.regions[1].key = "IRLAND"
        definition.inversion = .footprints(plan)
        let run = CaseRun(definition: definition, store: store, output: nil, command: "")
        let error = await #expect(throws: PipelineError.self) { try await run.solve() }
        #expect(error?.line.contains("did you mean `IRELAND`?") == true)
    }

    @Test func anOutputFolderThatIsAFileIsAnInputOutputError() async throws {
        let folder = try TemporaryFolder()
        try Data("x".utf8).write(to: folder.file("out"))
        let error = await #expect(throws: PipelineError.self) {
            try await run("berlin", store: nil, into: folder.file("out").path)
        }
        #expect(error?.exitStatus == .inputOutput)
    }
}
