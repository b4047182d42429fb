import Foundation
import Geo
import LinearAlgebra
import Quantities
import TestSupport
import Testing

@testable import Gridding

/// A Gaussian field with a known exponential covariance and noise of known variance at cells of a grid.
struct KnownField {
    let grid: LatitudeLongitudeGrid
    let filled: [Int]
    let truth: [Double]
    let field: ColumnField
    let model: VariogramModel

    /// - Parameter days: the windows; each cell is filled in every window with its share.
    init(seed: UInt64, step: Double = 1, share: Double = 0.4, days: [Double] = [0]) throws {
        var random = SeededGenerator(seed: seed)
        let box = try #require(BoundingBox(west: 100, south: 22, east: 122, north: 40))
        let grid = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: step))
        let model = try #require(
            VariogramModel(
                family: .exponential,
                nugget: 0,
                spatialSill: days.count > 1 ? 0.5 : 2,
                lengthKilometres: 250,
                temporalSill: days.count > 1 ? 0.5 : 0,
                jointSill: days.count > 1 ? 1 : 0,
                lengthDays: days.count > 1 ? 10 : nil
            )
        )
        let places = days.flatMap { day in (0..<grid.cellCount).map { (cell: $0, day: day) } }
        let vectors = places.map {
            SpherePoint.vector(
                longitude: grid.longitude.centre($0.cell % grid.columns),
                latitude: grid.latitude.centre($0.cell / grid.columns)
            )
        }
        var matrix = Matrix(rows: places.count, columns: places.count)
        for row in places.indices {
            for column in 0..<row {
                matrix[row, column] = model.covariance(
                    squaredChord: vectors[row].squaredDistance(to: vectors[column]),
                    days: places[row].day - places[column].day
                )
            }
            matrix[row, row] = model.sill + 1e-9
        }
        let factor = try Cholesky(factoring: matrix)
        truth = factor.multiply(places.map { _ in random.normal() }).map { 412 + $0 }
        filled = places.indices.filter { _ in random.uniform() < share }
        let errors = filled.map { _ in 0.3 + 0.9 * random.uniform() }
        let truths = truth
        field = try ColumnField(
            longitudes: filled.map { grid.longitude.centre(places[$0].cell % grid.columns) },
            latitudes: filled.map { grid.latitude.centre(places[$0].cell / grid.columns) },
            days: filled.map { places[$0].day },
            values: zip(filled, errors).map { truths[$0] + $1 * random.normal() },
            standardErrors: errors
        )
        self.grid = grid
        self.model = model
    }
}

@Test func theVariogramOfAKnownFieldIsRecovered() throws {
    var sills: [Double] = []
    var lengths: [Double] = []
    for seed in 1...6 {
        let known = try KnownField(seed: UInt64(seed))
        let fit = try #require(VariogramFit(EmpiricalVariogram(known.field)))
        sills.append(fit.model.sill)
        lengths.append(fit.model.lengthKilometres)
        #expect(fit.model.lengthDays == nil)
    }
    // One field shows few ranges; the median of several settles.
    #expect((1.2...3.2).contains(sills.sorted()[3]))
    #expect((120...500).contains(lengths.sorted()[3]))
}

@Test func noiseIsTakenOffTheVariogram() throws {
    var random = SeededGenerator(seed: 5)
    let quiet = try scattered(&random, count: 900)
    let values = quiet.standardErrors.map { 412 + $0 * random.normal() }
    let field = try ColumnField(
        longitudes: quiet.longitudes,
        latitudes: quiet.latitudes,
        values: values,
        standardErrors: quiet.standardErrors
    )
    for bin in EmpiricalVariogram(field).bins where bin.pairs > 3000 {
        #expect(abs(bin.semivariance) < 0.2 * bin.noise)
    }
}

@Test func standardDeviationsOfTheMapAreRight() async throws {
    var squares: [Double] = []
    var standardised: [Double] = []
    var flat: [Double] = []
    for seed in 11...13 {
        let known = try KnownField(seed: UInt64(seed))
        let map = try await GapFilledMap(of: known.field, on: .longitudeLatitude(known.grid))
        let gaps = (0..<known.grid.cellCount).filter { map.states[$0] == .interpolated }
        #expect(gaps.count > 100)
        for cell in gaps {
            let error = map.values[cell] - known.truth[cell]
            squares.append(error * error / (map.standardDeviations[cell] * map.standardDeviations[cell]))
            flat.append((known.truth[cell] - 412) * (known.truth[cell] - 412))
        }
        standardised.append(map.crossValidation.standardisedRootMeanSquare)
        #expect(abs(map.crossValidation.meanError) < 0.1)
        #expect(map.crossValidation.count == known.field.count)
    }
    #expect((0.8...1.2).contains((squares.reduce(0, +) / Double(squares.count)).squareRoot()))
    for value in standardised { #expect((0.9...1.1).contains(value)) }
    #expect(flat.count == squares.count)
}

@Test func otherWindowsLendTheirCellsOverTime() async throws {
    let known = try KnownField(seed: 3, step: 2, share: 0.3, days: [0, 4, 8, 12, 16])
    let fit = try #require(VariogramFit(EmpiricalVariogram(known.field)))
    #expect(fit.model.lengthDays != nil)
    #expect(fit.model.temporalSill + fit.model.jointSill > 0)
    let inTime = OrdinaryKriging(known.field, model: known.model)
    let moment = known.field.days.indices.filter { known.field.days[$0] == 8 }
    let alone = OrdinaryKriging(
        try ColumnField(
            longitudes: moment.map { known.field.longitudes[$0] },
            latitudes: moment.map { known.field.latitudes[$0] },
            days: moment.map { _ in 8 },
            values: moment.map { known.field.values[$0] },
            standardErrors: moment.map { known.field.standardErrors[$0] }
        ),
        model: known.model
    )
    var (withTime, without) = (0.0, 0.0)
    for cell in 0..<known.grid.cellCount {
        let x = known.grid.longitude.centre(cell % known.grid.columns)
        let y = known.grid.latitude.centre(cell / known.grid.columns)
        let truth = known.truth[2 * known.grid.cellCount + cell]
        let a = try #require(inTime.estimate(longitude: x, latitude: y, days: 8))
        let b = try #require(alone.estimate(longitude: x, latitude: y, days: 8))
        withTime += (a.value - truth) * (a.value - truth)
        without += (b.value - truth) * (b.value - truth)
    }
    #expect(withTime < 0.9 * without)
}

@Test func cellsBeyondTheRangeAreMarkedAndLeftOut() async throws {
    let known = try KnownField(seed: 2)
    let box = try #require(BoundingBox(west: 100, south: 22, east: 180, north: 40))
    let wide = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 1))
    let map = try await GapFilledMap(of: known.field, on: .longitudeLatitude(wide))
    let far = try #require(wide.cell(longitude: 175, latitude: 30))
    #expect(map.states[far] == .extrapolated)
    #expect(map.values[far].isNaN)
    var settings = KrigingSettings()
    settings.fillsBeyondRange = true
    let full = try await GapFilledMap(of: known.field, on: .longitudeLatitude(wide), settings: settings)
    #expect(full.states[far] == .extrapolated)
    #expect(full.values[far].isFinite)
    #expect(full.standardDeviations[far] > 0.9 * full.fit.model.sill.squareRoot())
    let part = try await GapFilledMap(of: known.field, on: .longitudeLatitude(wide), targets: [3, 4])
    #expect(part.stateCounts[Int(GapState.unknown.rawValue)] == wide.cellCount - 2)
    #expect(part.values[3].bitPattern == map.values[3].bitPattern)
}

@Test func aMapOfTooFewCellsIsRefused() async throws {
    var random = SeededGenerator(seed: 1)
    let field = try scattered(&random, count: 5)
    let box = try #require(BoundingBox(west: 100, south: 20, east: 110, north: 30))
    let grid = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 1))
    await #expect(throws: AnalysisError.tooFew(5, needed: 12, of: "filled cells")) {
        try await GapFilledMap(of: field, on: .longitudeLatitude(grid))
    }
}

/// Two days of tracks over one box, gridded by day: the second borrows from the first.
@Test func windowsOfGriddedColumnsAreJoinedInTime() async throws {
    let box = try #require(BoundingBox(west: 105, south: 20, east: 115, north: 40))
    let grid = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 0.5))
    let plan = GriddingPlan(grid: grid, weighting: .equal, window: .day, withProfiles: false)
    var sums = FileSums(plan)
    for day in 0..<4 {
        for pass in 0..<3 {
            let track = BiasedTrack(
                seed: UInt64(10 * day + pass + 1),
                frames: 900,
                startSeconds: 1_600_000_000 + 86_400 * Double(day) + 5000 * Double(pass),
                longitude: 106 + 3 * Double(pass) + 0.4 * Double(day),
                column: { _, place in 412 + 0.1 * (place.y - 30) }
            )
            try sums.add(place(track.batch, plan))
        }
    }
    let windows = sums.columns()
    #expect(windows.count == 4)
    let map = try await GapFilledMap(of: windows, at: 1)
    #expect(map.days == windows[1].middleDay)
    #expect(map.sharedPartsPerMillion == 0.8 && map.scale == .co2X2007)
    #expect(map.stateCounts[0] == windows[1].cells.count)
    #expect(map.crossValidation.count == windows[1].cells.count)
    #expect(map.fit.model.lengthDays != nil)
    let summary = KrigingSummary(map)
    #expect(summary.lines.count == 3)
    let decoded = try JSONDecoder().decode(KrigingSummary.self, from: JSONEncoder().encode(summary))
    #expect(decoded == summary)
    // A range that is longer than the distances looked at is no range that the data show.
    let text = summary.lines.joined(separator: "\n")
    #expect(text.contains("left empty, farther than \(Int(map.fit.reachKilometres.rounded())) km"))
    let isBeyond = map.fit.model.rangeKilometres > map.fit.longestKilometres || !map.fit.isLengthResolved
    #expect(text.contains("pairs were looked at up to") == isBeyond)
    #expect(text.contains("not resolved by the lags there are") == (map.fit.isDurationResolved == false))
    await #expect(throws: AnalysisError.tooFew(4, needed: 10, of: "windows")) {
        try await GapFilledMap(of: windows, at: 9)
    }
}

/// For two unknowns, the solution on the edge where the free one is negative.
@Test func negativeSillsAreHeldAtZero() {
    let rows = [[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]
    let free = nonNegativeLeastSquares(rows, [1, 2, 3], [1, 1, 1])
    #expect(abs(free.values[0] - 1) < 1e-12 && abs(free.values[1] - 1) < 1e-12 && free.misfit < 1e-12)
    let held = nonNegativeLeastSquares(rows, [3, 2, 1], [1, 1, 1])
    #expect(abs(held.values[0] - 2) < 1e-12 && held.values[1] == 0)
    #expect(abs(held.misfit - 2) < 1e-12)
}

/// Columns that rise from day to day without end: no duration is seen, and none is told.
@Test func aDurationBeyondTheDataIsNotResolved() throws {
    var random = SeededGenerator(seed: 3)
    func field(_ column: (Double) -> Double) throws -> ColumnField {
        var (x, y, days, values): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        for day in 0..<8 {
            let daily = column(Double(day))
            for _ in 0..<40 {
                x.append(100 + 10 * random.uniform())
                y.append(30 + 10 * random.uniform())
                days.append(Double(day))
                values.append(410 + daily + 0.3 * random.normal())
            }
        }
        return try ColumnField(
            longitudes: x,
            latitudes: y,
            days: days,
            values: values,
            standardErrors: values.map { _ in 0.1 }
        )
    }
    let rising = try #require(VariogramFit(EmpiricalVariogram(try field { 0.5 * $0 })))
    #expect(rising.isDurationResolved == false)
    let swinging = try #require(
        VariogramFit(EmpiricalVariogram(try field { [0, 2, -1, 1, -2, 1.5, 0, -1][Int($0)] }))
    )
    #expect(swinging.isDurationResolved != nil)
    #expect((swinging.model.rangeDays ?? 0) <= 7 || swinging.isDurationResolved == false)
    let still = try ColumnField(
        longitudes: (0..<60).map { 100 + Double($0 % 10) },
        latitudes: (0..<60).map { 30 + Double($0 / 10) },
        values: (0..<60).map { 410 + Double($0 % 7) },
        standardErrors: [Double](repeating: 0.1, count: 60)
    )
    #expect(try #require(VariogramFit(EmpiricalVariogram(still))).isDurationResolved == nil)
}
