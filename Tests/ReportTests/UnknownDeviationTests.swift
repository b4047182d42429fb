import Quantities
import Testing
import Verification

@testable import Report

/// A number whose standard deviation is not known does not look certain.
@Suite struct UnknownDeviationTests {
    private func report(_ deviation: Double) -> VerificationReport {
        var report = SampleReport.report
        report.groups = [
            ComparisonGroup(
                title: name("Plants", "电厂"),
                unit: name("kt"),
                comparisons: [
                    SampleReport.comparison(
                        name("A", "甲"),
                        inventory: estimate(100, 5),
                        posterior: estimate(160, deviation)
                    )
                ],
                correlations: []
            )
        ]
        return report
    }

    @Test(arguments: [(Double.nan, true), (0, true), (.infinity, true), (8, false)])
    func barsSaySo(deviation: Double, isTold: Bool) {
        let english = HTMLReport.render(report(deviation), language: .english)
        #expect(english.contains(">?</text>") == isTold)
        #expect(english.contains(Message.barsWithoutDeviation.text.english) == isTold)
        let chinese = HTMLReport.render(report(deviation), language: .chinese)
        #expect(chinese.contains(Message.barsWithoutDeviation.text.chinese) == isTold)
        #expect(Markup.faults(english) == [])
    }

    @Test func textSaysSo() {
        #expect(NumberText.estimate(estimate(160, .nan)) == "160 ± ?")
        #expect(NumberText.estimate(estimate(.nan, .nan)) == nil)
        #expect(NumberText.estimate(estimate(160, 0)) == "160")
        let page = HTMLReport.render(report(.nan), language: .english)
        #expect(page.contains("160 ± ?") && page.contains(Message.unknownDeviationNote.text.english))
        #expect(!HTMLReport.render(report(8), language: .english).contains("± ?"))
    }

    /// As the solver inside bounds leaves it where an element is at its bound.
    @Test func solversSaySo() {
        var report = SampleReport.report
        let row = SolverTable.Row(
            quantity: name("North", "北省"),
            solver: name("inside bounds", "有界求解"),
            estimate: estimate(126, .nan),
            difference: 0.1,
            monteCarloError: nil,
            isSameModel: false
        )
        report.solvers = [SolverTable(title: name("Provinces"), unit: name("kt"), rows: [row])]
        let page = HTMLReport.render(report, language: .english)
        #expect(page.contains("126 ± ?") && page.contains(Message.unknownDeviationNote.text.english))
    }

    @Test func sectorsAndYearsSaySo() {
        var report = SampleContent.full
        report.groups = []
        #expect(!HTMLReport.render(report, language: .english).contains(SectorBars.bareNote.english))
        report.content.sectors[0].emission = estimate(1210, .nan)
        report.content.series[0].points[3].value = estimate(2600, .nan)
        let page = HTMLReport.render(report, language: .english)
        #expect(page.contains(SectorBars.bareNote.english) && page.contains("1210 ± ?"))
        #expect(page.contains("A year without a band or whisker has no known uncertainty"))
    }
}
