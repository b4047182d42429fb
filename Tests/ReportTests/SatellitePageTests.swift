import Foundation
import Geo
import Gridding
import Quantities
import TestSupport
import Testing

@testable import Report

@Suite struct SatellitePageTests {
    /// `CROSSWIND_UPDATE_GOLDEN=1 swift test --filter satellitePageEqualsTheGoldenOne` writes the files anew.
    @Test(arguments: Language.allCases) func satellitePageEqualsTheGoldenOne(language: Language) throws {
        let other: Language = language == .english ? .chinese : .english
        let page = SatellitePage.render(
            try SampleSatelliteReport.make(),
            language: language,
            otherLanguage: "satellite.\(other.rawValue).html"
        )
        let file = HTMLReportTests.golden.appending(path: "satellite.\(language.rawValue).html")
        if ProcessInfo.processInfo.environment["CROSSWIND_UPDATE_GOLDEN"] != nil {
            try page.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(page == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test(arguments: Language.allCases) func markupIsWhole(language: Language) throws {
        let page = SatellitePage.render(try SampleSatelliteReport.make(), language: language)
        #expect(Markup.faults(page) == [])
        #expect(Markup.brokenLinks(page) == [])
        #expect(!page.contains("{0}") && !page.contains("<test>") && !page.contains("http"))
    }

    @Test(arguments: Language.allCases) func aProductWithoutSoundingsSaysSo(language: Language) throws {
        var report = try SampleSatelliteReport.make()
        report.windows = []
        report.files = []
        let page = SatellitePage.render(report, language: language)
        #expect(Markup.faults(page) == [] && Markup.brokenLinks(page) == [])
        #expect(page.contains(SatelliteMessage.noCells.text[language]))
        #expect(page.contains(SatelliteMessage.noFiles.text[language]))
    }

    @Test(arguments: SatelliteMessage.allCases) func everyTextExistsInBothLanguages(message: SatelliteMessage)
        throws
    {
        let text = try #require(SatelliteMessage.texts[message])
        #expect(text.chinese.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
        for number in 0..<5 {
            #expect(text.english.contains("{\(number)}") == text.chinese.contains("{\(number)}"))
        }
    }

    @Test func cellsOfSeveralWindowsAreWeighted() throws {
        let windows = try SampleSatelliteReport.make().windows
        let cells = SatelliteCells(windows)
        #expect(windows.count == 3)
        #expect(cells.counts.reduce(0, +) == windows.flatMap(\.counts).reduce(0, +))
        let shared = try #require(
            cells.cells.first { cell in windows.count(where: { $0.cells.contains(cell) }) > 1 }
        )
        let parts = windows.compactMap { window in
            window.cells.firstIndex(of: shared).map {
                (window.weights[$0], window.means[$0], window.standardErrors[$0])
            }
        }
        let place = try #require(cells.cells.firstIndex(of: shared))
        let weight = parts.reduce(0) { $0 + $1.0 }
        #expect(abs(cells.means[place] - parts.reduce(0) { $0 + $1.0 * $1.1 } / weight) < 1e-9)
        // The shared 0.8 ppm stays however many windows there are.
        #expect(cells.standardErrors[place] > 0.8)
        #expect(parts.allSatisfy { cells.standardErrors[place] < $0.2 })
    }

    /// Table and terminal tell the same of a region.
    @Test func coverageIsThatOfTheRegionMeans() throws {
        var report = try SampleSatelliteReport.make()
        report.windows = Array(report.windows.prefix(1))
        let regions = try #require(report.regions)
        let grid = regions.fractions.grid
        let cells = SatelliteCells(report.windows)
        let coverages = RegionCoverage.all(regions, cells, on: grid)
        let means = report.windows[0].regionMeans(regions.fractions)
        #expect(coverages.count == 4 && means.contains { $0.cells > 0 })
        for (coverage, mean) in zip(coverages, means) {
            #expect(coverage.filled == mean.cells && coverage.soundings == mean.soundingsByCell)
            #expect(abs(coverage.share - mean.coveredShare) < 1e-12)
            if let column = mean.column { #expect(abs(coverage.mean - column.mean) < 1e-9) }
        }
        // Three quarters and what the cut leaves of the fourth.
        let whole = (0..<grid.rows).reduce(0) { $0 + grid.areasSquareMetres(ofRow: $1).reduce(0, +) }
        let parts = coverages.reduce(0) { $0 + $1.area }
        #expect(parts < whole && parts > 0.9 * whole)
    }

    @Test func outlinesAreThePolygonsThemselves() throws {
        let report = try SampleSatelliteReport.make()
        let regions = try #require(report.regions)
        let grid = try #require(regions.fractions.grid.longitudeLatitude)
        let box = BoundingBox(
            west: grid.longitude.origin,
            south: grid.latitude.origin,
            east: grid.longitude.end,
            north: grid.latitude.end
        )
        let path = RegionPaths(regions.fractions, in: MapFrame(box: try #require(box))).path
        #expect(path.split(separator: "Z").count == 4 && path.hasPrefix("M"))
        #expect(!path.contains("e") && !path.contains("nan"))
    }

    @Test func soundingsAreCountedInClassesOfPowersOfTwo() throws {
        let histogram = try #require(SatelliteHistogram(soundings: [1, 1, 2, 3, 4, 5, 8, 9, 16], title: ""))
        #expect(histogram.counts == [2, 1, 2, 2, 2])
        #expect(histogram.drawing(vertical: "").markup.contains(">9–16<"))
    }

    @Test func everyFiniteValueIsInTheHistogram() throws {
        let values = (0..<1000).map { Double($0 % 37) } + [.nan, 1e6]
        let histogram = try #require(SatelliteHistogram(values: values, title: ""))
        #expect(histogram.counts.reduce(0, +) == 1001)
        #expect(SatelliteHistogram(values: [.nan], title: "") == nil)
        #expect(try #require(SatelliteHistogram(values: [5, 5], title: "")).counts.reduce(0, +) == 2)
    }
}

/// The dashed line stands at the median that the caption tells, between the two middle values of an even number.
@Test func theMarkedMedianIsTheTrueOne() throws {
    let even = try #require(SatelliteHistogram(values: [0, 0, 10, 10], title: ""))
    #expect(even.marker == 5)
    #expect(try #require(SatelliteHistogram(values: [1, 2, 9], title: "")).marker == 2)
    #expect(try #require(SatelliteHistogram(values: [1, 2, .nan, 4], title: "")).marker == 2)
}
