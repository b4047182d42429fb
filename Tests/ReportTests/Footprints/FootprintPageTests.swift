import Foundation
import Geo
import Quantities
import TestSupport
import Testing
import Transport

@testable import Report

@Suite struct FootprintPageTests {
    /// `CROSSWIND_UPDATE_GOLDEN=1 swift test --filter footprintPageEqualsTheGoldenOne` writes the files anew.
    @Test(arguments: Language.allCases) func footprintPageEqualsTheGoldenOne(language: Language) throws {
        let other: Language = language == .english ? .chinese : .english
        let page = FootprintPage.render(
            try SampleFootprintReport.make(),
            language: language,
            otherLanguage: "footprint.\(other.rawValue).html"
        )
        let file = HTMLReportTests.golden.appending(path: "footprint.\(language.rawValue).html")
        if ProcessInfo.processInfo.environment["CROSSWIND_UPDATE_GOLDEN"] != nil {
            try page.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(page == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test(arguments: Language.allCases) func markupIsWhole(language: Language) throws {
        let page = FootprintPage.render(try SampleFootprintReport.make(), language: language)
        #expect(Markup.faults(page) == [])
        #expect(Markup.brokenLinks(page) == [])
        #expect(!page.contains("{0}") && !page.contains("<test>") && !page.contains("http"))
    }

    @Test(arguments: Language.allCases) func aRunWithoutFootprintsSaysSo(language: Language) throws {
        var report = try SampleFootprintReport.make()
        report.rows = []
        report.mean = nil
        report.shown = []
        report.plumes = []
        let page = FootprintPage.render(report, language: language)
        #expect(Markup.faults(page) == [])
        #expect(page.contains(FootprintMessage.leadNone.text[language]))
        #expect(page.contains(FootprintMessage.noMap.text[language]))
    }

    @Test func badNumbersMakeNoBadPage() throws {
        var report = try SampleFootprintReport.make()
        let grid = try #require(SampleFootprintReport.grid())
        let values = (0..<grid.cellCount).map { [Double.nan, .infinity, -1, 0, 1e-300][$0 % 5] }
        report.shown = [
            (report.rows[0].receptor, FootprintField(grid: .longitudeLatitude(grid), values: values))
        ]
        report.rows[0].sum = .nan
        report.rows[0].shareLeft = .infinity
        var table = report.plumes[0].particles
        table.longitude[0] = .nan
        table.heightMetres[5] = .infinity
        report.plumes[0].particles = table
        for language in Language.allCases {
            let page = FootprintPage.render(report, language: language)
            #expect(Markup.faults(page) == [])
            #expect(page.firstMatch(of: /\b(nan|inf)\b/) == nil)
        }
    }

    @Test(arguments: FootprintMessage.allCases)
    func everyMessageExistsInBothLanguages(message: FootprintMessage) throws {
        let text = try #require(FootprintMessage.texts[message])
        #expect(text.chinese.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
        for index in 0..<4 {
            #expect(text.english.contains("{\(index)}") == text.chinese.contains("{\(index)}"))
        }
    }

    @Test func areasHoldTheirShares() throws {
        let axis = try #require(UniformAxis(origin: 0, step: 1, count: 2))
        let long = try #require(UniformAxis(origin: 0, step: 1, count: 3))
        let grid = try #require(LatitudeLongitudeGrid(latitude: axis, longitude: long))
        let field = FootprintField(grid: .longitudeLatitude(grid), values: [1, 0, 4, 2, 0, 3])
        // 4 and 3 of 10 hold half, with 2 more 80 %, with the last 90 % and more.
        #expect(field.areas(holding: [0.5, 0.8, 0.95]) == [2, nil, 0, 1, nil, 0])
        #expect(field.areas(holding: [0.4]) == [nil, nil, 0, nil, nil, nil])
        #expect(
            FootprintField(grid: field.grid, values: [0, 0, 0, 0, 0, 0]).areas(holding: [0.5]) == [
                nil, nil, nil, nil, nil, nil,
            ]
        )
    }

    @Test func layersAndResidualAddUp() throws {
        let axis = try #require(UniformAxis(origin: 0, step: 1, count: 2))
        let grid = try #require(LatitudeLongitudeGrid(latitude: axis, longitude: axis))
        let footprint = ReceptorFootprint(
            receptor: "r",
            time: SampleFootprintReport.time,
            averagingSeconds: 0,
            place: nil,
            grid: .longitudeLatitude(grid),
            layers: [
                FootprintLayer(emission: nil, cells: [0, 3], values: [1, 2]),
                FootprintLayer(emission: nil, cells: [3], values: [4]),
            ],
            residual: FootprintLayer(emission: nil, cells: [1], values: [8])
        )
        #expect(FootprintField(footprint).values == [1, 8, 0, 6])
        #expect(FootprintField(meanOf: [footprint, footprint])?.values == [1, 8, 0, 6])
        #expect(FootprintField(meanOf: []) == nil)
    }
}
