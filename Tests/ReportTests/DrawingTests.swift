import Geo
import Quantities
import TestSupport
import Testing
import Verification

@testable import Report

@Suite struct PaletteTests {
    /// OKLab lightness of an sRGB colour by the forward transform.
    private func luminance(_ hex: String) -> Double {
        let bytes = Array(hex.dropFirst().utf8).map { $0 > 57 ? Int($0) - 87 : Int($0) - 48 }
        let linear = [0, 2, 4].map { index -> Double in
            let value = Double(bytes[index] * 16 + bytes[index + 1]) / 255
            return value * value * (0.0125 + value * (0.6822 + value * 0.3053))
        }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    @Test func everyStepOfTheScaleIsDarkerThanTheLast() {
        let values = Palette.sequential.map(luminance)
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 > $1 })
        #expect(values[0] > 0.85)
        #expect(values[Palette.classCount - 1] < 0.05)
    }

    @Test func divergingColoursAreWhiteAtZeroAndDefinedEverywhere() {
        #expect(Palette.diverging(0) == "#ffffff")
        #expect(Palette.diverging(5) == Palette.diverging(1))
        #expect(Palette.diverging(.nan) == Palette.neutral)
        #expect(Palette.diverging(-0.5) != Palette.diverging(0.5))
    }

    @Test func scalesRefuseWhatTheyCannotDraw() {
        #expect(ColourScale(values: [.nan, .infinity], isLogarithmic: false) == nil)
        #expect(ColourScale(values: [0, -1], isLogarithmic: true) == nil)
        let flat = ColourScale(values: [3, 3], isLogarithmic: true)
        #expect(flat?.colourClass(3) == Palette.classCount / 2)
        let scale = ColourScale(values: [1e-6, 1, 100], isLogarithmic: true)
        #expect(scale?.colourClass(-1) == nil)
        #expect(scale?.colourClass(1e9) == Palette.classCount - 1)
        #expect(scale?.colourClass(1e-9) == 0)
        #expect((scale?.ticks.count ?? 0) >= 2)
    }
}

@Suite struct AxisTests {
    @Test(arguments: 0..<300 as Range<UInt64>)
    func ticksAreFewRoundAndInside(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let size = (0..<Int(random.next() % 18)).reduce(1e-9) { value, _ in value * 10 }
        let lower = random.normal() * size
        let upper = lower + random.uniform() * size
        let ticks = Axis.ticks(lower, upper, about: 6)
        #expect((2...14).contains(ticks.count))
        let slack = 1e-6 * (upper - lower)
        #expect(ticks.allSatisfy { $0 >= lower - slack && $0 <= upper + slack })
        #expect(Set(Axis.labels(ticks)).count == ticks.count)
    }

    @Test func degenerateRanges() {
        #expect(Axis.ticks(.nan, 1, about: 5) == [])
        #expect(Axis.ticks(0, .infinity, about: 5) == [])
        #expect(Axis.ticks(5, 5, about: 5) == [])
        #expect(Axis(.nan, 1, start: 0, end: 1) == nil)
        #expect(Axis(-.greatestFiniteMagnitude, .greatestFiniteMagnitude, start: 0, end: 1) == nil)
        #expect(Axis(5, 5, start: 0, end: 10)?(5) == 5)
    }

    @Test func timeTicksFallOnRoundTimes() {
        let start = SampleReport.start.advanced(bySeconds: 1800)
        let day = TimeAxis.ticks(start, start.advanced(bySeconds: 86_400), about: 9)
        #expect(day.map(\.label) == ["03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "01-02"])
        let year = TimeAxis.ticks(start, start.advanced(bySeconds: 365 * 86_400), about: 9)
        #expect(year.first?.label == "2030-03")
        #expect(year.allSatisfy { $0.time.civil.day == 1 })
        #expect(TimeAxis.ticks(start, start, about: 9).count == 1)
    }
}

@Suite struct RasterTests {
    /// Painting the rectangles gives the raster back, each cell once.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func rectanglesPaintTheRaster(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (rows, columns) = (1 + Int(random.next() % 12), 1 + Int(random.next() % 12))
        let classes = (0..<(rows * columns)).map { _ in Int(random.next() % 4) - 1 }
        var painted = [Int](repeating: -1, count: rows * columns)
        for (colourClass, path) in RasterPaths(classes: classes, rows: rows, columns: columns).paths {
            for rectangle in path.split(separator: "z") {
                let numbers = rectangle.split { "Mhv ".contains($0) }.compactMap { Int($0) }
                for row in numbers[1]..<(numbers[1] + numbers[3]) {
                    for column in numbers[0]..<(numbers[0] + numbers[2]) {
                        #expect(painted[row * columns + column] == -1)
                        painted[row * columns + column] = colourClass
                    }
                }
            }
        }
        #expect(painted == classes)
    }

    /// The outline is as long as the number of unlike neighbours, and steps along cell edges only.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func outlineHasAnEdgeForEachPairOfUnlikeNeighbours(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (rows, columns) = (2 + Int(random.next() % 10), 2 + Int(random.next() % 10))
        let regions = (0..<(rows * columns)).map { _ in Int32(random.next() % 3) - 1 }
        var unlike = 0
        for row in 0..<rows {
            for column in 0..<columns {
                let here = regions[row * columns + column]
                if column + 1 < columns, regions[row * columns + column + 1] != here { unlike += 1 }
                if row + 1 < rows, regions[(row + 1) * columns + column] != here { unlike += 1 }
            }
        }
        let path = MaskOutlines(regions: regions, rows: rows, columns: columns) { _, _ in true }.path()
        #expect(strokes(path).map(abs).reduce(0, +) == unlike)
    }

    @Test func aSquareIsOneClosedLine() {
        let regions: [Int32] = [0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]
        let outline = MaskOutlines(regions: regions, rows: 4, columns: 4) { _, _ in true }
        #expect(outline.path() == "M1 1h2v2h-2v-2")
    }

    private func strokes(_ path: String) -> [Int] {
        path.split(separator: "M").flatMap { line in
            line.split { "hv".contains($0) }.dropFirst().compactMap { Int($0) }
        }
    }
}

@Suite struct LegendTests {
    private static let names = (0..<11).map { LocalizedName(english: "Database number \($0)") }

    private func right(_ drawing: String) -> [Double] {
        drawing.matches(of: /<text x="([0-9.]+)" y="[0-9.]+">(Database number [0-9]+)</).compactMap { match in
            Double(match.1).map { $0 + TextWidth.of(String(match.2), size: 12.5) }
        }
    }

    @Test func elevenDatabasesStandInTheLegendOfTheFigure() throws {
        var databases = DatabaseComparison(
            unit: "Mt",
            databases: Self.names,
            keys: Self.names.indices.map { "k\($0)" },
            regions: [
                DatabaseComparison.Region(
                    name: "North",
                    values: Self.names.indices.map { estimate(100 + Double($0), 1) },
                    median: 105,
                    relativeRange: 0.1,
                    outliers: []
                )
            ],
            notes: [],
            inputs: []
        )
        databases.topDown = [4]
        let chart = try #require(DatabaseChart(databases, context: ReportContext(language: .english)))
        let drawing = chart.drawing.markup
        let ends = right(drawing)
        #expect(ends.count == 11 && ends.allSatisfy { $0 <= 920 })
        #expect(drawing.split(separator: Palette.topDown).count >= 3)
    }

    @Test func elevenSeriesStandInTheLegendAndLookDifferent() throws {
        let series = Self.names.enumerated().map { index, name in
            EmissionSeries(
                name: name,
                region: "North",
                kind: index == 7 ? .topDown : .bottomUp,
                unit: "Mt",
                points: [2019, 2020].map { ($0, estimate(100 + Double(index), 1)) },
                inputs: []
            )
        }
        let chart = try #require(SeriesChart(series, context: ReportContext(language: .english)))
        let drawing = chart.drawing.markup
        #expect(right(drawing).count == 11 && right(drawing).allSatisfy { $0 <= 920 })
        let strokes = drawing.matches(of: /h24" stroke="([^"]*)" stroke-dasharray="([^"]*)"/)
        #expect(strokes.count == 10 && Set(strokes.map { "\($0.1) \($0.2)" }).count == 10)
        #expect(!strokes.contains { $0.1 == Palette.topDown } && drawing.contains(Palette.topDown))
    }

    @Test func noTwoOfTwentyFiveLookAlike() {
        let looks = (0..<25).map { Category.bottomUp($0) }.map { "\($0.colour) \($0.shape) \($0.dash)" }
        #expect(Set(looks).count == 25)
    }

    /// Beside a sum of 62 the limits of 5 and -5 are 7 pixels apart.
    @Test func ticksOfSumsFollowTheirRange() throws {
        func ticks(_ high: Double) throws -> [Double] {
            let residuals = FacilityResiduals(
                facility: "Kiln",
                unit: "t/h",
                charts: [
                    .init(
                        kind: .overpass,
                        observations: 2,
                        meanScore: 1,
                        alarms: (nil, nil),
                        lastingDays: 0,
                        points: [0, 1].map {
                            .init(time: Instant(microseconds: $0 * 86_400_000_000), high: high, low: 0)
                        }
                    )
                ],
                rules: FacilityRules(),
                inputs: []
            )
            let sums = try #require(ResidualSums([residuals], context: ReportContext(language: .english)))
            return sums.drawing.markup
                .matches(of: /<text class="tick" x="34" y="([0-9.]+)"/).compactMap { Double($0.1) }
        }
        for high in [1.0, 62, 5000] {
            let places = try ticks(high)
            #expect(places.count >= 3)
            #expect(zip(places, places.dropFirst()).allSatisfy { abs($0 - $1) >= 12 }, "\(high)")
        }
    }
}

@Suite struct DateTests {
    @Test func aLineIsNotBrokenWithinADate() {
        let context = ReportContext(language: .english)
        let text = context.phrase("above, 2019-07-04 & 2019-08-05.")
        func date(_ day: String) -> String { #"<span class="date">\#(day)</span>"# }
        let expected = "above, \(date("2019-07-04")) &amp; \(date("2019-08-05"))."
        #expect(text.markup == expected)
    }
}
