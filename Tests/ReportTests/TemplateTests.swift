import Foundation
import Quantities
import TestSupport
import Testing
import Verification

@testable import Report

/// RPT-01: one set of comparisons gives T1 to T14 and F1 to F8 in both languages.
@Suite struct TemplateTests {
    @Test(arguments: Language.allCases)
    func everyTableAndFigureIsDrawnFromOneReport(language: Language) {
        let report = SampleContent.full
        let page = HTMLReport.render(report, language: language)
        for code in TableCode.allCases {
            #expect(page.contains(#"<table id="\#(code.label)" "#), "\(code)")
            #expect(page.contains(code.title[language]))
        }
        for code in FigureCode.allCases {
            #expect(page.contains(#"<figure id="\#(code.label)">"#), "\(code)")
        }
        #expect(Markup.faults(page) == [])
        #expect(Markup.brokenLinks(page) == [])
        #expect(!page.contains(TemplateText.absent[language]))
        #expect(page == HTMLReport.render(SampleContent.full, language: language))
    }

    /// `CROSSWIND_UPDATE_GOLDEN=1 swift test --filter templateEqualsTheGoldenOne` writes the files anew.
    @Test(arguments: Language.allCases)
    func templateEqualsTheGoldenOne(language: Language) throws {
        let page = HTMLReport.render(SampleContent.full, language: language)
        let file = HTMLReportTests.golden.appending(path: "template.\(language.rawValue).html")
        if ProcessInfo.processInfo.environment["CROSSWIND_UPDATE_GOLDEN"] != nil {
            try page.write(to: file, atomically: true, encoding: .utf8)
        }
        let isEqual = page == (try String(contentsOf: file, encoding: .utf8))
        #expect(isEqual)
    }

    @Test(arguments: Language.allCases)
    func everyAbsentTableIsNamedWithItsReason(language: Language) {
        let report = BadReports.empty
        let page = HTMLReport.render(report, language: language)
        let absent = report.tables.filter { $0.absence != nil }.map(\.code)
        #expect(absent.contains(.result) && absent.contains(.sensitivity) && !absent.contains(.scope))
        for code in absent {
            let reason = TemplateText.absence(code)[language]
            let isNamed = page.contains(#"<p class="absent" id="\#(code.label)">"#)
            #expect(isNamed && page.contains(HTML(escaping: reason).markup), "\(code)")
        }
        #expect(Markup.brokenLinks(page) == [])
    }

    @Test func theReasonOfTheCaseGoesBeforeTheGeneralOne() {
        var report = BadReports.empty
        report.content.absences = ["T9": name("No budget.", "无经费。"), "F8": name("Not asked.", "未要求。")]
        let page = HTMLReport.render(report, language: .english)
        #expect(page.contains("No budget.") && page.contains("Not asked."))
        #expect(!page.contains(TemplateText.absence(TableCode.sensitivity).english))
    }

    @Test func numbersLeadToTheirLineOfTheFile() throws {
        let report = SampleContent.full
        let page = HTMLReport.render(report, language: .english)
        for table in report.tables {
            let lines = table.csv(report.provenance).split(separator: "\r\n")
            let file = table.fileName + "#row="
            let links = page.split(separator: #"href="\#(file)"#).dropFirst()
            for link in links {
                let line = try #require(Int(link.prefix { $0.isNumber }))
                #expect((2...lines.count).contains(line))
                let row = lines[line - 1]
                #expect(row.contains("\(table.code.label)-\(line - 1)"))
            }
        }
        #expect(page.contains(##"<a href="#T4-1">1012 ± 60</a>"##))
        #expect(page.contains(##"<a href="table-T4.csv#row=2">1012 ± 60</a>"##))
    }

    @Test func everyRowNamesItsInputsWithTheirDigest() throws {
        let report = SampleContent.full
        let digest = String(repeating: "0a1b", count: 16)
        let result = report.table(.result).csv(report.provenance)
        #expect(
            result.hasPrefix("table,title,row,quantity,quantity_zh,unit,unit_zh,inventory,inventory_sigma")
        )
        #expect(result.contains("T4,Result: declared and found,T4-1,North,北省,"))
        #expect(result.contains("problem.nc sha256:\(digest)\r\n"))
        let document = try report.tablesJSON()
        #expect(document.contains(digest))
    }

    @Test func csvAndJSONHoldTheSameNumbers() throws {
        let report = SampleContent.full
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(report.tablesJSON().utf8)) as? [String: Any]
        )
        let tables = try #require(document["tables"] as? [[String: Any]])
        #expect(tables.map { $0["code"] as? String } == TableCode.allCases.map(\.label))
        for (table, written) in zip(report.tables, tables) {
            let rows = try #require(written["rows"] as? [[String: Any]])
            let lines = table.csv(report.provenance).split(separator: "\r\n").dropFirst()
            #expect(rows.count == lines.count)
            for column in table.numberColumns {
                for (row, value) in column.values.enumerated() {
                    let values = try #require(rows[row]["values"] as? [String: Any])
                    // JSONSerialization reads numbers to the last digit but one.
                    let written = values[column.key] as? Double
                    let isEqual =
                        value.isFinite
                        ? abs((written ?? .nan) - value) <= 1e-14 * abs(value) : written == nil
                    #expect(isEqual, "\(table.code) \(column.key)")
                }
            }
        }
    }

    @Test func pointsOfAColumnStandBelowEachOther() {
        let texts = AlignedNumbers.texts([.number(12.25), .number(3.5), .number(110)])
        #expect(texts == ["12.25", "3.50", "110.00"])
        let mixed = AlignedNumbers.texts([.number(120_000), .number(3.12e-4), .number(0.5)])
        #expect(AlignedNumbers.padding(mixed[0], among: mixed).isEmpty)
        let shares = AlignedNumbers.texts([.share(0.12), .share(0.034), .share(1)])
        #expect(shares.map { $0?.prefix { $0 != "\u{202F}" } } == ["12.0", "3.4", "100.0"])
        #expect(AlignedNumbers.padding("1.5", among: ["1.5", "1.25"]).markup.contains(">5<"))
    }
}
