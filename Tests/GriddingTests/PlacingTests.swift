import Geo
import Gridding
import Observations
import Quantities
import TestSupport
import Testing

@Suite struct PlacingTests {
    private func batch(_ corners: [([Double], [Double])]) -> SoundingBatch {
        var batch = SoundingBatch(product: "p", gas: .co2, scale: .co2X2007, levels: 0)
        for (x, y) in corners {
            batch.ids.append(UInt64(batch.ids.count))
            batch.times.append(Instant(microseconds: 0))
            batch.longitudes.append(x[0])
            batch.latitudes.append(y[0])
            batch.columns.append(400)
            batch.uncertainties.append(0.5)
            batch.priorColumns.append(400)
            batch.cornerLongitudes += x
            batch.cornerLatitudes += y
        }
        return batch
    }

    @Test func everyKindOfFootprintIsCounted() throws {
        let soundings = batch([
            ([0.2, 0.4, 0.4, 0.2], [0.2, 0.2, 0.4, 0.4]), ([0.2, 0.4, 0.2, 0.4], [0.2, 0.2, 0.4, 0.4]),
            ([.nan, 0.4, 0.4, 0.2], [0.2, 0.2, 0.4, 0.4]), ([20, 21, 21, 20], [0, 0, 1, 1]),
            ([1, 1, 1, 1], [1, 1, 1, 1]),
        ])
        let plan = GriddingPlan(grid: try tenByTen(step: 1), method: .polygon, weighting: .area)
        let block = place(soundings, plan)
        #expect(block.soundings == [0, 1])
        #expect(block.cells == [0, 0])
        #expect(block.overlaps.allSatisfy { abs($0 - 0.04) < 1e-15 })
        #expect(block.tally.rejected == [.invalidFootprint: 2, .outsideGrid: 1])
        #expect(block.tally.reordered == 1)
        #expect(block.tally.read == 5)
    }

    @Test func withoutCornersARoundFieldOfViewServesAndWithoutBothNothing() throws {
        var soundings = batch([([5.5, 5.6, 5.6, 5.5], [5.5, 5.5, 5.6, 5.6])])
        soundings.cornerLongitudes = []
        soundings.cornerLatitudes = []
        let plan = GriddingPlan(grid: try tenByTen(step: 0.1), method: .polygon, weighting: .area)
        #expect(place(soundings, plan).tally.rejected == [.invalidFootprint: 1])
        soundings.fieldOfViewKilometres = 10.5
        let block = place(soundings, plan)
        #expect(block.cells.count == 4)
        let degrees = 10.5 / 2 / 111.195
        let area = Double.pi * degrees * degrees / 0.995_4
        #expect(abs(block.overlaps.reduce(0, +) * 0.01 / area - 1) < 1e-2)
    }

    @Test(arguments: [ResponseShape.flatTopped, .smooth]) func theResponseIsOneHalfAtTheEdgesAndFallsOff(
        shape: ResponseShape
    ) throws {
        let soundings = batch([([4, 6, 6, 4], [4, 4, 6, 6])])
        let plan = GriddingPlan(
            grid: try tenByTen(step: 0.1),
            method: .response,
            weighting: .area,
            response: shape
        )
        let block = place(soundings, plan)
        var field = [Double](repeating: 0, count: plan.grid.cellCount)
        for (cell, overlap) in zip(block.cells, block.overlaps) { field[Int(cell)] = overlap }
        let row = 50 * 100
        #expect(abs(field[row + 50] - 1) < 0.02)
        #expect(abs((field[row + 59] + field[row + 60]) / 2 - 0.5) < 0.04)
        #expect(abs((field[59 * 100 + 50] + field[60 * 100 + 50]) / 2 - 0.5) < 0.04)
        #expect(field[row + 80] < 0.01)
        for column in 0..<50 { #expect(abs(field[row + 49 - column] - field[row + 50 + column]) < 1e-9) }
    }

    /// Cells much smaller than the footprint and cells as large as it are integrated in two ways.
    @Test(arguments: [ResponseShape.flatTopped, .smooth]) func theResponseIsTheSameOnCoarseAndFineCells(
        shape: ResponseShape
    ) throws {
        let soundings = batch([([4.1, 5.3, 5.5, 4.3], [4.2, 4.0, 5.1, 5.3])])
        var fields: [[Double]] = []
        for step in [1, 0.1] {
            let plan = GriddingPlan(grid: try tenByTen(step: step), method: .response, response: shape)
            let block = place(soundings, plan)
            var field = [Double](repeating: 0, count: 100)
            let side = Int((1 / step).rounded())
            for (cell, overlap) in zip(block.cells, block.overlaps) {
                let (row, column) = (Int(cell) / (10 * side) / side, Int(cell) % (10 * side) / side)
                field[10 * row + column] += overlap * step * step
            }
            fields.append(field)
        }
        let totals = fields.map { $0.reduce(0, +) }
        #expect(abs(totals[0] / totals[1] - 1) < 5e-3)
        for (coarse, fine) in zip(fields[0], fields[1]) { #expect(abs(coarse - fine) < 0.02 * totals[1]) }
    }

    @Test func theResponseCrossesTheAntimeridian() throws {
        let box = try #require(BoundingBox(west: -180, south: -10, east: 180, north: 10))
        let grid = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 1))
        let plan = GriddingPlan(grid: grid, method: .response, weighting: .area)
        let there = place(batch([([179, -179, -179, 179], [-1, -1, 1, 1])]), plan)
        let here = place(batch([([-1, 1, 1, -1], [-1, -1, 1, 1])]), plan)
        let moved = zip(there.cells, there.overlaps).map { ($0 / 360 * 360 + ($0 + 180) % 360, $1) }
        #expect(moved.map(\.0).sorted() == here.cells.sorted())
        let (a, b) = (there.overlaps.reduce(0, +), here.overlaps.reduce(0, +))
        #expect(abs(a - b) < 1e-9)
    }

    @Test(arguments: [
        (TimeWindow.day, "2024-02-29", "2024-03-01"), (.eightDays, "2024-02-26", "2024-03-05"),
        (.month, "2024-02-01", "2024-03-01"), (.season, "2023-12-01", "2024-03-01"),
        (.year, "2024-01-01", "2025-01-01"),
    ])
    func windowsOfALeapDay(window: TimeWindow, start: String, end: String) throws {
        let time = Instant(CivilTime(year: 2024, month: 2, day: 29, hour: 23, minute: 59, second: 59))
        let index = try #require(window.index(of: time))
        let period = try #require(window.period(index))
        #expect("\(period.start)".hasPrefix(start))
        #expect("\(period.end)".hasPrefix(end))
    }

    @Test(arguments: TimeWindow.allCases, 0..<200 as Range<UInt64>) func windowsTileTime(
        window: TimeWindow,
        seed: UInt64
    ) throws {
        var random = SeededGenerator(seed: seed)
        let civil = CivilTime(year: 1 + Int(random.next() % 9999), month: 1 + Int(random.next() % 12), day: 1)
        let time = Instant(civil).advanced(bySeconds: 27 * 86_400 * random.uniform())
        let index = try #require(window.index(of: time))
        guard window != .all else { return #expect(window.period(index) == nil) }
        let period = try #require(window.period(index))
        #expect(period.contains(time))
        #expect(
            window.index(of: period.start) == index
                || period.start < Instant(CivilTime(year: 1, month: 1, day: 1))
        )
        #expect(window.index(of: Instant(microseconds: period.end.microseconds - 1)) == index)
        let next = window.index(of: period.end)
        if let next {
            #expect(window.period(next)?.start == period.end)
        } else {
            #expect(civil.year == 9999)
        }
    }

    @Test(arguments: [Int64.min, Int64.max]) func timesBeyondTheCalendarAreNoSoundings(time: Int64) throws {
        var soundings = batch([([0.2, 0.4, 0.4, 0.2], [0.2, 0.2, 0.4, 0.4])])
        soundings.times = [Instant(microseconds: time)]
        let block = place(soundings, GriddingPlan(grid: try tenByTen(step: 1), window: .season))
        #expect(block.tally.rejected == [.missingValue: 1])
    }

    @Test func soundingsArePartedByWindow() throws {
        var soundings = batch((0..<6).map { _ in ([0.2, 0.4, 0.4, 0.2], [0.2, 0.2, 0.4, 0.4]) })
        soundings.times = [3, 1, 1, 2, 1, 3].map { Instant(CivilTime(year: 2020, month: $0, day: 5)) }
        soundings.columns = [3, 1, 1, 2, 1, 3].map { 400 + Double($0) }
        let plan = GriddingPlan(grid: try tenByTen(step: 1), window: .month)
        var sums = FileSums(plan)
        try sums.add(place(soundings, plan))
        let columns = sums.columns()
        #expect(columns.map(\.means) == [[401], [402], [403]])
        #expect(columns.map(\.counts) == [[3], [1], [2]])
        #expect(columns.map { $0.firstSounding.civil.month } == [1, 2, 3])
        #expect(sums.lastSounding == Instant(CivilTime(year: 2020, month: 3, day: 5)))
    }
}
