import Foundation
import Geo
import Quantities
import TestSupport
import Testing
import Verification

@testable import Report

@Suite struct HTMLReportTests {
    static let golden = Places.repository.appending(path: "Tests/ReportTests/Golden")

    /// `CROSSWIND_UPDATE_GOLDEN=1 swift test --filter pageEqualsTheGoldenOne` writes the files anew.
    @Test(arguments: Language.allCases)
    func pageEqualsTheGoldenOne(language: Language) throws {
        let page = HTMLReport.render(
            SampleReport.report,
            language: language,
            otherLanguage: language == .english ? "report.zh.html" : "report.en.html"
        )
        let file = Self.golden.appending(path: "report.\(language.rawValue).html")
        if ProcessInfo.processInfo.environment["CROSSWIND_UPDATE_GOLDEN"] != nil {
            try FileManager.default.createDirectory(at: Self.golden, withIntermediateDirectories: true)
            try page.write(to: file, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        let difference = zip(page.split(separator: "\n"), expected.split(separator: "\n")).first { $0 != $1 }
        let isEqual = page == expected
        #expect(isEqual, "first difference: \(String(describing: difference))")
    }

    @Test func sameReportGivesTheSameBytes() {
        let pages = (0..<5).map { _ in HTMLReport.render(SampleReport.report, language: .english) }
        #expect(Set(pages).count == 1)
    }

    @Test(arguments: Language.allCases)
    func pageIsWellFormedAndSelfContained(language: Language) {
        for report in [SampleReport.report, BadReports.hostile, BadReports.empty, BadReports.notFinite] {
            let page = HTMLReport.render(report, language: language)
            #expect(Markup.faults(page) == [])
            #expect(Markup.brokenLinks(page) == [])
            for forbidden in [
                "<script", "src=", "url(http", "@import", "<link", "NaN", " nan", ">nan", "inf<",
            ] {
                let isThere = page.contains(forbidden)
                #expect(!isThere, "\(forbidden)")
            }
        }
    }

    @Test func namesCannotBecomeMarkup() {
        let page = HTMLReport.render(BadReports.hostile, language: .english)
        #expect(!page.contains("<script"))
        #expect(!page.contains("\"onmouseover"))
        #expect(page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"))
    }

    @Test func aVerdictNeverStandsWithoutItsUncertaintyAndReduction() throws {
        let page = HTMLReport.render(SampleReport.report, language: .english)
        let cards = page.split(separator: "<article").dropFirst()
        #expect(cards.count == 4)
        for card in cards {
            #expect(card.contains("±"))
            #expect(card.contains("Uncertainty reduction"))
        }
        let north = try #require(cards.first)
        #expect(north.contains("1012 ± 60"))
        #expect(north.contains("Inconsistent with the inventory"))
        #expect(north.contains(##"href="#T4-1""##))
    }

    @Test func numbersThatAreMissingAreNamedAndExplained() {
        let english = HTMLReport.render(BadReports.notFinite, language: .english)
        #expect(english.contains(#"<span class="missing">n/a</span>"#))
        #expect(english.contains("n/a: the result holds no finite number here."))
        #expect(english.contains("a figure is missing or not finite"))
        let chinese = HTMLReport.render(BadReports.notFinite, language: .chinese)
        #expect(chinese.contains(#"<span class="missing">无</span>"#))
        #expect(chinese.contains("有数值缺失或无效"))
    }

    @Test func emptyPartsSayWhyTheyAreEmpty() {
        let page = HTMLReport.render(BadReports.empty, language: .english)
        for reason in [
            "Nothing was compared", "gave no observations", "named no source of observations",
            "gives no inventory by sector", "gives no targets",
        ] {
            #expect(page.contains(reason))
        }
    }

    @Test func unexplainedExclusionsAreSaid() {
        let page = HTMLReport.render(SampleReport.report, language: .english)
        #expect(page.contains("flagged: 1300"))
        #expect(page.contains("80 without a stated reason"))
    }

    @Test func chinesePageHasNoEnglishMessage() {
        let page = HTMLReport.render(SampleReport.report, language: .chinese)
        #expect(page.contains(#"<html lang="zh-CN">"#))
        for english in ["Headline", "Inventory", "Posterior", "Uncertainty", "Averaging", "Observed"] {
            #expect(!page.contains(english), "\(english)")
        }
    }

    @Test func wholeDaysAreNamedByTheirDates() {
        let context = ReportContext(language: .english)
        let start = SampleReport.start
        func text(_ seconds: Double, from offset: Double = 0) -> String {
            let period = Period(
                start: start.advanced(bySeconds: offset),
                end: start.advanced(bySeconds: offset + seconds)
            )
            return HTMLReport.periodText(period, context)
        }
        #expect(text(86_400) == "2030-01-01")
        #expect(text(31 * 86_400) == "2030-01-01 to 2030-01-31")
        #expect(text(3600, from: 39_600) == "2030-01-01 11:00 to 2030-01-01 12:00 UTC")
        #expect(text(0) == "2030-01-01 00:00 UTC")
    }

    @Test func mapOfAContinentStaysSmall() {
        var random = SeededGenerator(seed: 5)
        let grid = SampleReport.grid(columns: 391, rows: 293, step: 0.05)
        var report = SampleReport.report
        report.map.box = BoundingBox(west: -3, south: 50, east: 16.55, north: 64.65)!
        report.map.layer = .init(
            name: name("noise"),
            unit: "1",
            grid: .longitudeLatitude(grid),
            values: (0..<grid.cellCount).map { _ in random.normal() },
            isLogarithmic: false
        )
        // Noise is the worst case: no two neighbours share a colour.
        let size = HTMLReport.render(report, language: .english).utf8.count
        #expect(size < 2_500_000)
        report.map.layer?.values = (0..<grid.cellCount).map { cell -> Double in
            let (row, column) = (cell / 391, cell % 391)
            return Double(row / 4 + column / 4)
        }
        #expect(HTMLReport.render(report, language: .english).utf8.count < 700_000)
    }

    @Test func manyObservationsStayAScatterOfBoundedSize() {
        var report = SampleReport.report
        report.fit = SampleReport.fit(timed: false, count: 20_000)
        let page = HTMLReport.render(report, language: .english)
        #expect(page.contains("Model against observation"))
        #expect(page.utf8.count < 200_000)
        report.fit = SampleReport.fit(timed: true, count: 20_000)
        #expect(HTMLReport.render(report, language: .english).utf8.count < 900_000)
    }
}
