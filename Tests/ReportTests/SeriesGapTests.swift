import Quantities
import Testing

@testable import Report

/// F2 says nothing of a year without a figure.
@Suite struct SeriesGapTests {
    private func drawing(_ years: [Int], sigma: @escaping (Int) -> Double = { _ in 5 }) throws -> String {
        let series = EmissionSeries(
            name: "Inventory",
            region: "Atlantis",
            kind: .bottomUp,
            unit: "kt",
            points: years.map { ($0, Estimate(mean: 100, standardDeviation: sigma($0))) },
            inputs: []
        )
        let context = ReportContext(language: .english)
        return try #require(SeriesChart([series], context: context)).drawing.markup
    }

    /// Subpaths of the line and of its band.
    private func parts(_ drawing: String) throws -> (line: Int, band: Int, dots: Int) {
        let line = try #require(drawing.firstMatch(of: /<path class="line" d="(M[^"]*L[^"]*)"/)).1
        let band = drawing.firstMatch(of: /<path d="([^"]*)Z" fill=/)?.1 ?? ""
        return (
            line.count { $0 == "M" }, band.count { $0 == "M" }, drawing.split(separator: "<circle").count - 1
        )
    }

    @Test func lineAndBandEndAtAGap() throws {
        #expect(try parts(drawing(Array(2010...2016))) == (1, 1, 0))
        #expect(try parts(drawing([2010, 2011, 2012, 2014, 2015])) == (2, 2, 0))
    }

    @Test func aYearBetweenGapsIsADotWithABar() throws {
        let found = try drawing([2010, 2011, 2013, 2015, 2016])
        #expect(try parts(found) == (3, 3, 1))
    }

    @Test func seriesOfEveryFifthYearAreWhole() throws {
        #expect(try parts(drawing([2000, 2005, 2010, 2015])) == (1, 1, 0))
        #expect(try parts(drawing([2000, 2005, 2015, 2020])) == (2, 2, 0))
    }

    @Test func theBandEndsWhereTheUncertaintyIsNotKnown() throws {
        let found = try drawing(Array(2010...2016)) { $0 == 2013 ? .nan : 5 }
        #expect(try parts(found) == (1, 2, 0))
    }
}
