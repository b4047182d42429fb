import Quantities
import Testing

@testable import Report

@Suite struct SolverTableTests {
    private func report() -> VerificationReport {
        var report = SampleReport.report
        func row(_ solver: String, _ estimate: Estimate, _ difference: Double?, isSame: Bool = true)
            -> SolverTable.Row
        {
            SolverTable.Row(
                quantity: name("North", "北省"),
                solver: name(solver, "求解器\(solver.count)"),
                estimate: estimate,
                difference: difference,
                monteCarloError: solver == "gibbs" ? 0.021 : nil,
                isSameModel: isSame
            )
        }
        report.solvers = [
            SolverTable(
                title: name("Provinces", "省"),
                unit: name("kt yr⁻¹", "千吨/年"),
                rows: [
                    row("exact", estimate(120, 12), nil), row("gibbs", estimate(120.2, 12.1), 0.017),
                    row("conjugate", estimate(120, 12), 2e-13),
                    row("bounded", estimate(126, 11), .nan, isSame: false),
                ]
            )
        ]
        return report
    }

    @Test func solversStandSideBySideInBothLanguages() {
        let english = HTMLReport.render(report(), language: .english)
        for text in [
            "Solvers compared", "gibbs", "0.017", "0.021", "2\u{202F}×\u{202F}10⁻¹³",
            "bounded (another model)",
            "120 ± 12", "126 ± 11",
        ] { #expect(english.contains(text), "\(text)") }
        let chinese = HTMLReport.render(report(), language: .chinese)
        for text in ["求解方法对比", "（另一模型）", "蒙特卡洛误差", "北省"] { #expect(chinese.contains(text), "\(text)") }
    }

    @Test func aSingleSolverIsNotCompared() {
        #expect(!HTMLReport.render(SampleReport.report, language: .english).contains("Solvers compared"))
    }
}
