import Quantities
import Testing
import Verification

@testable import Report

/// T7 with facilities that are observed over time.
@Suite struct FacilityTableTests {
    private func cells(_ table: ReportTable, _ row: Int) -> [String: ReportTable.Field] {
        Dictionary(table.fieldColumns.map { ($0.key, $0.fields[row]) }) { first, _ in first }
    }

    private func text(_ field: ReportTable.Field?) -> String {
        if case .text(let text)? = field { text } else { "" }
    }

    private func number(_ field: ReportTable.Field?) -> Double {
        if case .number(let value)? = field { value } else { .nan }
    }

    @Test func residualsStandBesideTheFiguresOfTheInversion() {
        let table = SampleContent.full.table(.facilities)
        #expect(table.rows.count == 3)
        let first = cells(table, 0)
        #expect(number(first["posterior"]) == 0.99138 && text(first["observation_kind"]) == "overpasses")
        #expect(number(first["observations"]) == 12 && number(first["lasting_days"]) == 8)
        #expect(abs(number(first["mean_z"]) - 12.8 / 12) < 1e-12)
        // Six steps of 1 after four of nothing: beyond 5 at the tenth, 81 days after the first.
        #expect(text(first["cusum_alarm"]) == "above, 2030-03-23")
        #expect(text(first["cases"]) == "plant-co2-1")
        let second = cells(table, 1)
        #expect(text(second["facility"]) == "Plant A" && text(second["observation_kind"]) == "station days")
        #expect(number(second["posterior"]).isNaN)
        let other = cells(table, 2)
        #expect(text(other["facility"]) == "Kiln" && text(other["cusum_alarm"]) == "none")
        #expect(number(other["declared"]).isNaN && number(other["lasting_days"]) == 0)
    }

    @Test func facilitiesWithoutAnInversionHaveNoColumnsOfOne() {
        var report = BadReports.empty
        report.content.residuals = [
            FacilityResiduals(
                facility: name("Kiln", "窑炉"),
                unit: name("t/h"),
                charts: [],
                rules: FacilityRules(),
                inputs: []
            )
        ]
        let table = report.table(.facilities)
        #expect(!table.columns.contains { $0.key == "posterior" } && table.rows.count == 1)
        #expect(number(cells(table, 0)["observations"]) == 0 && number(cells(table, 0)["mean_z"]).isNaN)
        // Nothing to draw.
        #expect(!HTMLReport.render(report, language: .english).contains("T7-sums"))
    }

    @Test(arguments: Language.allCases)
    func theSumsAreDrawnWithTheirLimits(language: Language) throws {
        let page = HTMLReport.render(SampleContent.full, language: language)
        let figure = try #require(page.split(separator: #"<figure id="T7-sums">"#).last)
        let drawing = try #require(figure.split(separator: "</figure>").first)
        #expect(drawing.split(separator: #"<path class="line""#).count == 7)
        #expect(drawing.split(separator: "<circle").count == 3)
        for text in language == .english
            ? ["Plant A, overpasses", "Kiln, overpasses", ">5</text>", ">−5</text>", "Figure T7"]
            : ["甲电厂，过境", "甲电厂，站点日", "窑炉，过境", "残差累积和"]
        { #expect(drawing.contains(text), "\(text)") }
        #expect(page.contains(language == .english ? "limit 5.0" : "界限 5.0"))
    }

    @Test func manyFacilitiesAreDrawnInPart() {
        var report = SampleContent.full
        report.content.residuals = (0..<20).map {
            SampleContent.residuals(name("Kiln \($0)"), shift: $0 == 19 ? 1.5 : 0, [.overpass])
        }
        let page = HTMLReport.render(report, language: .english)
        #expect(page.contains("The first 12 of 20 are drawn."))
        #expect(page.contains(">Kiln 19, overpasses</text>") && !page.contains(">Kiln 15, overpasses</text>"))
    }
}
