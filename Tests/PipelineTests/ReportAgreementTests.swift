import Formats
import Foundation
import Quantities
import Report
import TestSupport
import Testing
import Verification

@testable import Pipeline

/// Parts of a report that must not contradict each other.
@Suite struct ReportAgreementTests {
    private static let header = "component,quantity,unit,sigma,share,basis\n"

    private func budget(_ rows: String) throws -> VerificationReport {
        try CaseScene(#"budget: "b.csv""#, tables: ["b.csv": Self.header + rows]).report()
    }

    @Test(arguments: [
        ("prior,N,kt,3,5,S\n", "line 2", "5.0 is no fraction of the variance"),
        ("prior,N,kt,3,-0.1,S\n", "line 2", "-0.1 is no fraction of the variance"),
        ("a,N,kt,3,0.6,S\nb,M,kt,3,0.6,S\nc,N,kt,3,0.6,S\n", "line 4", "add up to more than 1"),
    ])
    func sharesAreFractionsOfOneVariance(rows: String, line: String, expected: String) {
        let error = #expect(throws: TableError.self) { try budget(rows) }
        #expect(error?.what.contains(expected) == true && error?.place.contains(line) == true)
    }

    @Test func aBudgetThatAgreesIsTakenWithItsWhole() throws {
        let report = try budget("prior,N,kt,3,0.36,S\nobservations,N,kt,4,0.64,R\nall,N,kt,5,1,sum\n")
        #expect(report.content.budget.count == 3 && report.caveats.isEmpty)
    }

    @Test func standardUncertaintiesThatAreNotThoseOfTheSharesAreTold() throws {
        let report = try budget("prior,N,kt,3,0.64,S\nobservations,N,kt,4,0.36,R\n")
        #expect(report.caveats.contains { $0.english.contains("b.csv: the shares of N") })
    }

    @Test func theTableOfNamesIsAnInput() throws {
        let tables = ["one.csv": "region,year,mt\nN,2020,1\n", "names.csv": "name,name_zh\nN,北\n"]
        let part = """
            unit: "Mt", regions: "names.csv", databases: [{ key: "one", name: "One", credit: "c", file: "one.csv",
              region_column: "region", year_column: "year", year: 2020, value_column: "mt" }]
            """
        let report = try CaseScene(part, tables: tables).report()
        let input = try #require(report.provenance.inputs.first { $0.name == "names.csv" })
        #expect(input.sha256.count == 64)
    }

    @Test(arguments: ["prior: [1, 0, 2]", "observations: [-1]", #""model-error": [-1]"#])
    func whatGivesNoSolutionIsRefused(vary: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try CaseScene("vary: { \(vary) }").report()
        }
        #expect(error?.what.contains("0") == true, "\(String(describing: error))")
    }

    @Test func groundsArePrintedAsTheTablesPrintNumbers() {
        let ground = "inconsistent, z -3.33, p 7.2e-07 adjusted; chi²/n of the fit is 4, 2019-01-05"
        let expected =
            "inconsistent, z −3.33, p 7.2\u{202F}×\u{202F}10⁻⁷ adjusted; χ²/n of the fit is 4, 2019-01-05"
        #expect(FindingText.printed(ground) == expected)
        #expect(FindingText.printed("不一致，z -3.33，p 0.02（4 项）") == "不一致，z −3.33，p 0.02（4 项）")
        #expect([-2.4, 0.001, 13.347, .nan].map(FindingText.score) == ["−2.40", "0.00", "13.35", "n/a"])
    }
}
