import Foundation
import Geo
import Gridding
import NetCDF
import Observations
import Quantities
import TestSupport
import Testing

@testable import Formats

/// Soundings that contradict themselves in position or time, or whose operators are impossible.
@Suite struct SoundingPlausibilityTests {
    private let rule = FootprintPlausibility(largestKilometres: 30)

    private func isDisplaced(_ x: [Double], _ y: [Double], _ centre: (Double, Double)) -> Bool {
        rule.isDisplaced(x, y, from: 0, centre.0, centre.1)
    }

    /// A parallelogram of given half sides, degrees of a great circle, about a centre, at any latitude.
    private func corners(_ centre: (Double, Double), _ a: (Double, Double), _ b: (Double, Double))
        -> ([Double], [Double])
    {
        let widening = 1 / cos(centre.1 * .pi / 180)
        let signs = [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)]
        return (
            signs.map { centre.0 + ($0 * a.0 + $1 * b.0) * widening },
            signs.map { centre.1 + $0 * a.1 + $1 * b.1 }
        )
    }

    @Test(arguments: 0..<50 as Range<UInt64>) func onlyCornersAwayFromTheCentreAreRefused(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let centre = (random.uniform() * 360 - 180, random.uniform() * 160 - 80)
        func half(_ largest: Double) -> (Double, Double) {
            ((random.uniform() - 0.5) * largest, (random.uniform() - 0.5) * largest)
        }
        let (x, y) = corners(centre, half(0.03), half(0.03))
        let wrapped = x.map { $0 > 180 ? $0 - 360 : $0 < -180 ? $0 + 360 : $0 }
        let turned = x.map { $0 + 360 }
        for longitudes in [x, wrapped, turned] {
            #expect(!isDisplaced(longitudes, y, centre))
            // A slip of one digit in either, and the corners of a neighbour far along the track.
            #expect(isDisplaced(longitudes, y.map { $0 + 0.1 }, centre))
            #expect(isDisplaced(longitudes.map { $0 + 1 }, y, centre))
        }
    }

    @Test func aFootprintLargerThanAnyOfTheProductIsRefused() {
        let (x, y) = corners((100, 30), (0.1, 0), (0, 0.1))
        #expect(isDisplaced(x, y, (100, 30)))
        #expect(!FootprintPlausibility(largestKilometres: 120).isDisplaced(x, y, from: 0, 100, 30))
        // One corner of the four a degree off.
        #expect(isDisplaced([99.99, 100.01, 101.01, 99.99], [29.99, 29.99, 30.01, 30.01], (100, 30)))
    }

    @Test func cornersThatAreMissingAreJudgedElsewhere() {
        #expect(!isDisplaced([.nan, 1, 2, 3], [1, 1, 2, 2], (50, 50)))
        #expect(!isDisplaced([0, 1, 2, 3], [1, 1, 2, 200], (50, 50)))
    }

    @Test func anIdentifierIsReadAsTheCalendarDoes() {
        var clock = IdentifierClock()
        for identifier: UInt64 in [
            2_020_010_100_000_011, 2_020_010_100_003_098, 20_090_901_000_131, 2_014_101_805_063_031,
        ] {
            let whole = IdentifierText.secondsSince1970(identifier: identifier).rounded(.down)
            #expect(clock.secondsSince1970(identifier) == whole, "\(identifier)")
        }
        for identifier: UInt64 in [0, 17, 20_091_301_000_131, 2_020_010_100_006_111, .max] {
            #expect(clock.secondsSince1970(identifier).isNaN, "\(identifier)")
        }
    }

    private func inspected(_ made: MadeLiteFile) async throws -> SoundingInspection {
        let folder = try TemporaryFolder()
        try await made.write(to: folder.file("made.nc").path)
        return try await SoundingInspection.inspect(folder.file("made.nc").path)
    }

    @Test func timesFarFromTheIdentifierAreLeftOutAndToldOf() async throws {
        var made = MadeLiteFile()
        made.times[1] += 58
        made.times[2] -= 3600
        let inspection = try await inspected(made)
        #expect(inspection.rejected == ["contradictory_time": 1] && inspection.good == 2)
        #expect(inspection.warnings.contains { $0.hasPrefix("1 time more than 60 s away") })
        made.ids = [1, 2, 3]
        #expect(try await inspected(made).good == 3)
    }

    @Test func displacedCornersAreLeftOutWhereCornersAreRead() async throws {
        var made = MadeLiteFile()
        made.cornerOffsets = [0, 0.5, 0]
        let inspection = try await inspected(made)
        #expect(inspection.rejected == ["displaced_footprint": 1] && inspection.good == 2)
        #expect(inspection.warnings.contains { $0.hasPrefix("1 footprint with corners away") })
        let folder = try TemporaryFolder()
        try await made.write(to: folder.file("made.nc").path)
        let file = try await SoundingFile.open(folder.file("made.nc").path)
        #expect(try file.readAll(fields: [.corners]).rejected == [.displacedFootprint: 1])
        #expect(try file.readAll(fields: []).count == 3)
    }

    /// Kernels, priors and columns that no retrieval gives: what `--inspect` counts is what gridding uses.
    @Test(arguments: [[0.5, 0.8, 1e6, 1.1], [0.5, 0.8, 1, -11], [0.5, 0.8, 1, 1.1]])
    func inspectionAndGriddingAgreeOnOperators(kernels: [Double]) async throws {
        var made = MadeLiteFile()
        made.kernels = kernels
        made.columns[1] = 5
        let inspection = try await inspected(made)
        let folder = try TemporaryFolder()
        try await made.write(to: folder.file("made.nc").path)
        let batch = try await SoundingFile.open(folder.file("made.nc").path).readAll()
        let grid = try Level3Products.grid(
            .init(west: -180, south: -90, east: 180, north: 90),
            stepDegrees: 2
        )
        let plan = GriddingPlan(grid: grid)
        var sums = FileSums(plan)
        try sums.add(place(batch, plan))
        #expect(sums.tally.used == inspection.good)
        let rejected = sums.tally.rejected.map { ($0.key.rawValue, $0.value) }
        #expect(Dictionary(uniqueKeysWithValues: rejected) == inspection.rejected)
        #expect(inspection.good == (kernels[2...] == [1, 1.1] ? 2 : 0))
    }
}
