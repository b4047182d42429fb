import Quantities
import Testing
import Verification

@testable import Report

/// What is told below the verdicts follows the rule that opens cases.
@Suite struct FalseDiscoveryNoteTests {
    private func page(_ found: [Double], _ language: Language) -> String {
        var report = SampleReport.report
        report.groups = [
            ComparisonGroup(
                title: name("Plants", "电厂"),
                unit: name("kt"),
                comparisons: found.enumerated().map { place, value in
                    SampleReport.comparison(
                        name("Plant \(place)", "\(place)厂"),
                        inventory: estimate(100, 6),
                        posterior: estimate(value, 8)
                    )
                },
                correlations: []
            )
        ]
        return HTMLReport.render(report, language: language)
    }

    @Test func oneRateHoldsForNoteAndCases() throws {
        // z 2.1 of two: the adjusted p is 0.07.
        let comparisons = [121.0, 100].map {
            SampleReport.comparison("x", inventory: estimate(100, 6), posterior: estimate($0, 8))
        }
        let adjusted = FalseDiscovery.adjusted(comparisons)
        #expect((0.05..<FalseDiscovery.rate).contains(adjusted[0]) && comparisons[0].verdict == .inconsistent)
        let english = page([121, 100], .english)
        #expect(english.contains("false-discovery rate of at most 0.1), these stay inconsistent: Plant 0."))
        #expect(page([121, 100], .chinese).contains("错误发现率不超过 0.1）后，仍显著不符的有：0厂。"))
    }

    /// A tension is no finding, however few there are.
    @Test func tensionsAreNotFlagged() {
        let page = page([118, 118], .english)
        #expect(page.contains("at most 0.1), none stays inconsistent."))
    }

    @Test(arguments: Language.allCases)
    func theTableOfReasonsNamesTheRate(language: Language) {
        #expect(TemplateText.findingNote[language].contains("0.1"))
        #expect(!HTMLReport.render(SampleContent.full, language: language).contains("5 %）后"))
        #expect(ReviewAdvice.Circumstances().falseDiscoveryRate == FalseDiscovery.rate)
    }
}
