import Foundation
import Pipeline
import Quantities
import Report
import TestSupport
import Testing
import Verification

/// Steps of scope alignment from a case into T1, T4 and T12.
@Suite struct AlignmentTests {
    private static let totals = """
        region,unit,inventory,inventory_sigma,prior,prior_sigma,posterior,posterior_sigma
        North,Mt/yr,104,10,100,50,160,10

        """

    private func report(_ alignment: String) throws -> VerificationReport {
        let part = #"comparisons: { file: "t.csv", inventory_is_prior: false }, alignment: [\#(alignment)]"#
        return try CaseScene(part, tables: ["t.csv": Self.totals]).report()
    }

    private static let steps = """
        { quantity: "North",
          inventory: { counts: ["biofuel_co2"], steps: [
            { remove: "biofuel_co2", amount: 4, sigma: 6, error: "within_figure", source: "sector table" },
            { territory: "land", fraction: 0.5, sigma: 0, source: "mask" } ] },
          air: { territory: "land", counts: ["respiration"], steps: [
            { accept: "respiration", counted: false, sigma: 0, reason: { en: "small", zh: "量小" } } ] } }
        """

    /// Closed form: (104 - 4) x 0.5 and sqrt(10² - 6²) x 0.5.
    @Test func stepsAreTakenInOrderAndTold() throws {
        let report = try report(Self.steps)
        let comparison = try #require(report.groups.first?.comparisons.first)
        #expect(abs(comparison.inventory.mean - 50) < 1e-12)
        #expect(abs(comparison.inventory.standardDeviation - 4) < 1e-12)
        #expect(comparison.posterior.mean == 160)
        #expect(abs(comparison.zScore - 110 / 116.0.squareRoot()) < 1e-12)
        let facts = report.content.scope.map(\.value.english)
        #expect(facts.count == 3)
        #expect(facts[0].hasPrefix("1. without CO₂ of biofuels: 104") && facts[0].contains("sector table"))
        #expect(facts[1].hasPrefix("2. for the territory land: 100"))
        #expect(facts[2].contains("left as it is: small"))
    }

    /// 110 and a doubt of 30 are 114, in T1 as in T4.
    @Test func aDoubtThatIsAcceptedIsNotRoundedAway() throws {
        let alignment = """
            { quantity: "North", air: { steps: [
              { accept: "land_use", counted: false, sigma: 30, reason: "few" } ] } }
            """
        let totals = """
            region,unit,inventory,inventory_sigma,prior,prior_sigma,posterior,posterior_sigma
            North,kt,1040,100,1000,500,1730,110

            """
        let part = #"comparisons: { file: "t.csv", inventory_is_prior: false }, alignment: [\#(alignment)]"#
        let report = try CaseScene(part, tables: ["t.csv": totals]).report()
        #expect(report.content.scope.first?.value.english.contains("1730 ± 110 kt → 1730 ± 114 kt") == true)
        #expect(HTMLReport.render(report, language: .english).contains("1730 ± 114</a>"))
    }

    @Test func theStepsStandInTheTablesOfTheReport() throws {
        let report = try report(Self.steps)
        let table = try #require(report.tables.first { $0.code == .scope }).csv(report.provenance)
        #expect(table.contains("1. 剔除生物质燃料CO₂") && table.contains("2. for the territory land"))
        let json = try report.tablesJSON()
        #expect(json.contains("2. for the territory land"))
        let finding = try #require(report.content.findings.first)
        #expect(finding.reason.english.hasPrefix("system boundary"))
    }

    @Test(arguments: [
        (
            #"{ quantity: "South", air: { steps: [{ accept: "land_use", counted: true, sigma: 0, reason: "x" }] } }"#,
            "no compared quantity to align `South`"
        ),
        (
            #"{ quantity: "North", air: { steps: [{ add: "respiration", amount: 1, sigma: 0, source: "x" }] } }"#,
            "`North`: the figures do not cover the same: human and animal respiration in one of them only"
        ),
        (
            #"{ quantity: "North", air: { steps: [{ remove: "respiration", amount: 1, sigma: 0, source: "x" }] } }"#,
            "`North`: the figure does not count human and animal respiration"
        ),
    ])
    func whatIsNotAlignedIsNotCompared(_ alignment: String, _ what: String) throws {
        let error = #expect(throws: PipelineError.self) { try report(alignment) }
        #expect(error?.what == what)
    }

    @Test(arguments: [
        (#"{ remove: "respirator", amount: 1, sigma: 0, source: "x" }"#, "did you mean `respiration`?"),
        (
            #"{ remove: "respiration", add: "land_use", amount: 1, sigma: 0, source: "x" }"#,
            "a step is one of"
        ),
        (#"{ remove: "respiration", fraction: 1, sigma: 0, source: "x" }"#, "goes not with `remove`"),
        (#"{ remove: "respiration", amount: 1, sigma: -1, source: "x" }"#, "must not be negative"),
        (#"{ remove: "respiration", amount: 1, sigma: 1, error: 2, source: "x" }"#, "must lie in -1...1"),
        (#"{ remove: "respiration", amount: 1, source: "x" }"#, "`sigma` is missing"),
    ])
    func badStepsAreNamed(_ step: String, _ what: String) throws {
        let error = #expect(throws: (any Error).self) {
            try report(#"{ quantity: "North", inventory: { counts: ["respiration"], steps: [\#(step)] } }"#)
        }
        #expect((error as? any Fault)?.what.contains(what) == true, "\(String(describing: error))")
    }
}
