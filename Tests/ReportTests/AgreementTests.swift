import Quantities
import Testing
import Verification

@testable import Report

/// One number is printed in one way, and no table says what another denies.
@Suite struct AgreementTests {
    @Test func observationsAndFitNameTheirInputs() {
        var report = SampleReport.report
        report.observationInputs = ["a.nc"]
        report.fitInputs = ["a.nc", "b.nc"]
        #expect(report.table(.observations).rows.allSatisfy { $0.inputs == ["a.nc"] })
        #expect(report.table(.fit).rows.allSatisfy { $0.inputs == ["a.nc", "b.nc"] })
    }

    @Test(arguments: Language.allCases)
    func aFitThatTheErrorsWereSetByIsNoCheck(language: Language) {
        var report = SampleReport.report
        let honest = Message.chiSquareNote.text[language]
        #expect(HTMLReport.render(report, language: language).contains(honest))
        report.isFitTuned = true
        let page = HTMLReport.render(report, language: language)
        #expect(!page.contains(honest) && page.contains(Message.chiSquareTuned.text[language]))
    }

    private func report(_ units: [String]) -> VerificationReport {
        var report = SampleReport.report
        report.groups = units.map { unit in
            ComparisonGroup(
                title: name("Totals, \(unit)", "总量，\(unit)"),
                unit: name(unit),
                comparisons: ["A", "B"].map {
                    SampleReport.comparison(
                        name($0),
                        inventory: estimate(100, 6),
                        posterior: estimate(160, 8)
                    )
                },
                correlations: []
            )
        }
        return report
    }

    @Test func groupsSayTheirUnitOnceAndNotesTheirGroup() {
        let two = HTMLReport.render(report(["kt/yr", "Mt/yr"]), language: .english)
        #expect(!two.contains("kt/yr, kt/yr") && two.contains(">Totals, kt/yr</th>"))
        #expect(two.contains("Totals, kt/yr: Allowing for 2"))
        #expect(two.contains("Totals, Mt/yr: Allowing for 2"))
        #expect(HTMLReport.render(report(["kt/yr"]), language: .english).contains(#"">Allowing for 2"#))
    }

    @Test func uncertaintyDecidesTheDigitsInEveryTable() {
        var report = SampleContent.full
        report.content.budget[0].standardDeviation = 1573.2
        report.content.databases = DatabaseComparison(
            unit: "kt",
            databases: ["One", "Two"],
            keys: ["one", "two"],
            regions: [
                DatabaseComparison.Region(
                    name: "North",
                    values: [estimate(1056.71, 53), estimate(1056.71, 211)],
                    median: 1056.71,
                    relativeRange: 0,
                    outliers: []
                )
            ],
            notes: [],
            inputs: []
        )
        report.groups.removeAll { $0.role == .subRegions }
        let page = HTMLReport.render(report, language: .english)
        #expect(page.contains(">1057</a>") && !page.contains("1056.7"))
        #expect(page.contains(">1570</a>") && !page.contains("1573"))
    }

    @Test func theFooterNamesAChapterThatIsThere() {
        for language in Language.allCases {
            let page = HTMLReport.render(SampleReport.report, language: language)
            #expect(page.contains("“\(Chapter.lineage.title[language])”"))
        }
    }
}
