import Foundation
import Geo
import TestSupport
import Testing

@testable import Transport

private func neutral(height: Double = 2, lid: Double? = nil) -> GaussianPlume {
    GaussianPlume(spread: .briggs(.d, .rural), wind: .uniform(3), sourceMetres: height, lidMetres: lid)
}

@Suite struct PlumeIntegralTests {
    /// Across the wind: an error function. A hair off it, the quadrature must say the same.
    @Test func lineAcrossTheWindIsAnErrorFunction() {
        let laid = OrientedPlume(plume: neutral(), windFromDegrees: 270)
        let receptor = LocalPoint(80, 10, 1.5)
        let exact = laid.concentration(at: receptor, fromLine: SIMD2(0, -200), to: SIMD2(0, 50))
        let nearly = laid.concentration(at: receptor, fromLine: SIMD2(0, -200), to: SIMD2(1e-4, 50))
        #expect(exact > 0)
        #expect(abs(nearly / exact - 1) < 1e-5)
        let crosswind = laid.plume.crosswindIntegral(downwindMetres: 80, atMetres: 1.5)
        let endless = laid.concentration(at: receptor, fromLine: SIMD2(0, -9e3), to: SIMD2(0, 9e3)) * 18e3
        #expect(abs(endless / crosswind - 1) < 1e-12)
    }

    /// Lines at all angles are the sums of 20,000 points.
    @Test(arguments: [0.0, 2, 30, 60, 89, 120, 180])
    func linesAreSumsOfPoints(angle: Double) {
        let laid = OrientedPlume(plume: neutral(), windFromDegrees: 270)
        let (start, receptor) = (SIMD2(-300.0, -20), LocalPoint(60, 5, 1.5))
        let end = start + 500 * SIMD2(cos(angle * .pi / 180), sin(angle * .pi / 180))
        let count = 20_000
        var sum = 0.0
        for index in 0..<count {
            let share = (Double(index) + 0.5) / Double(count)
            sum += laid.concentration(at: receptor, from: start + share * (end - start))
        }
        let expected = sum / Double(count)
        let found = laid.concentration(at: receptor, fromLine: start, to: end)
        #expect(abs(found - expected) <= 2e-5 * expected + 1e-20)
        #expect(laid.concentration(at: receptor, fromLine: end, to: start) == found || expected > 0)
    }

    /// A road seen from a point is the same integral as a path that sees a chimney.
    @Test func pathsAreLinesSeenFromTheOtherEnd() {
        let laid = OrientedPlume(plume: neutral(height: 3), windFromDegrees: 200)
        let turned = OrientedPlume(plume: neutral(height: 3), windFromDegrees: 20)
        let path = laid.mean(
            alongPath: LocalPoint(-50, 200, 3),
            to: LocalPoint(150, 320, 3),
            from: SIMD2(0, 0)
        )
        let line = turned.concentration(
            at: LocalPoint(0, 0, 3),
            fromLine: SIMD2(-50, 200),
            to: SIMD2(150, 320)
        )
        #expect(path > 0 && abs(path / line - 1) < 1e-6)
    }

    /// A vehicle that crosses all of a plume under any angle sums up the crosswind integral over the sine of the angle
    /// where the plume changes little on its way.
    @Test func vehiclesThatCrossSumUpTheCrosswindIntegral() {
        let laid = OrientedPlume(plume: neutral(), windFromDegrees: 270)
        let expected = laid.plume.crosswindIntegral(downwindMetres: 1000, atMetres: 2)
        let straight = laid.pathIntegral(
            from: LocalPoint(1000, -900, 2),
            to: LocalPoint(1000, 900, 2),
            source: SIMD2(0, 0)
        )
        #expect(abs(straight / expected - 1) < 1e-12)
        let slanted = laid.pathIntegral(
            from: LocalPoint(640, -900, 2),
            to: LocalPoint(1360, 900, 2),
            source: SIMD2(0, 0)
        )
        #expect(abs(slanted / (expected * (1 + 0.16).squareRoot()) - 1) < 0.02)
    }

    /// Areas are the sums of points: midpoints of 250 x 250, for a slanted quadrangle upwind of the receptor.
    @Test func areasAreSumsOfPoints() {
        let laid = OrientedPlume(plume: neutral(), windFromDegrees: 250)
        let receptor = LocalPoint(20, 30, 1.5)
        let (origin, one, other) = (SIMD2(-300.0, -180), SIMD2(260.0, 40), SIMD2(-50.0, 240))
        let count = 250
        var sum = 0.0
        for first in 0..<count {
            for second in 0..<count {
                let shares = ((Double(first) + 0.5) / Double(count), (Double(second) + 0.5) / Double(count))
                sum += laid.concentration(at: receptor, from: origin + shares.0 * one + shares.1 * other)
            }
        }
        let expected = sum / Double(count * count)
        let corners = [origin, origin + one, origin + one + other, origin + other]
        let found = laid.concentration(at: receptor, fromArea: corners)
        #expect(expected > 0 && abs(found / expected - 1) < 2e-4)
        let reversed = laid.concentration(at: receptor, fromArea: corners.reversed())
        #expect(abs(reversed / found - 1) < 1e-9)
    }

    /// Open paths beside a road and an area: sums of 400 points of the path.
    @Test func pathsSeeLinesAndAreas() {
        let laid = OrientedPlume(plume: neutral(), windFromDegrees: 250)
        let (start, end) = (LocalPoint(30, -60, 1.5), LocalPoint(80, 90, 4))
        let corners = [SIMD2(-200.0, -100), SIMD2(-50.0, -100), SIMD2(-50.0, 60)]
        var (line, area) = (0.0, 0.0)
        for index in 0..<400 {
            let place = start + (Double(index) + 0.5) / 400 * (end - start)
            line += laid.concentration(at: place, fromLine: corners[0], to: corners[2]) / 400
            area += laid.concentration(at: place, fromArea: corners) / 400
        }
        let seenLine = laid.mean(alongPath: start, to: end, fromLine: corners[0], to: corners[2])
        let seenArea = laid.mean(alongPath: start, to: end, fromArea: corners)
        #expect(line > 0 && abs(seenLine / line - 1) < 1e-4)
        #expect(area > 0 && abs(seenArea / area - 1) < 1e-4)
    }

    /// A rectangle far wider than the plume holds all of it: the integral over distance of the crosswind integral.
    @Test func wideAreasHoldTheWholePlume() {
        let plume = neutral(height: 0)
        let corners = [SIMD2(10.0, -1e4), SIMD2(2000.0, -1e4), SIMD2(2000.0, 1e4), SIMD2(10.0, 1e4)]
        let expected = integrate(over: [10, 20, 50, 100, 400, 2000], relativeTolerance: 1e-11) {
            plume.crosswindIntegral(downwindMetres: $0, atMetres: 3)
        }
        let found = plume.areaIntegral(corners: corners, atMetres: 3)
        #expect(abs(found.value / expected.value - 1) < 1e-8)
        #expect(found.error < 1e-7 * found.value)
    }

    @Test func polynomialsAreIntegratedExactly() {
        let found = integrate(over: [-1, 0.3, 2], relativeTolerance: 1e-12) { 5 * $0 * $0 * $0 * $0 }
        #expect(abs(found.value - 33) < 1e-12)
        let kink = integrate(over: [0, 1], relativeTolerance: 1e-10) { abs($0 - 0.3) }
        #expect(abs(kink.value - 0.29) < 1e-10)
        #expect(abs(normalShare(from: 10, to: 11) / 7.6196619582e-24 - 1) < 1e-6)
        #expect(abs(normalShare(from: -1, to: 1) - 0.682689492137086) < 1e-14)
    }
}

@Suite struct NearFieldFootprintTests {
    private let receptor = ReceptorPoint(longitude: 116.4, latitude: 39.9, heightMetres: 3)

    private func grid(_ step: Double, halfCells: Int) throws -> CellGrid {
        let count = 2 * halfCells
        let latitude = try #require(
            UniformAxis(origin: 39.9 - Double(halfCells) * step, step: step, count: count)
        )
        let longitude = try #require(
            UniformAxis(origin: 116.4 - Double(halfCells) * step, step: step, count: count)
        )
        return .longitudeLatitude(
            try #require(LatitudeLongitudeGrid(latitude: latitude, longitude: longitude))
        )
    }

    /// Flux of 1 umol m-2 s-1 from a cell alone is an area source: its concentration, by the other way.
    @Test func cellsAreAreaSources() throws {
        let air = try #require(AmbientAir(kelvin: 290, pascal: 1e5))
        let grid = try grid(0.001, halfCells: 20)
        let laid = OrientedPlume(plume: neutral(height: 0), windFromDegrees: 230)
        let layer = laid.footprint(of: receptor, grid: grid, air: air)
        let plane = TouchingPlane(longitude: 116.4, latitude: 39.9)
        #expect(layer.cells.count > 50 && layer.emission == nil)
        var compared = 0
        for (cell, value) in zip(layer.cells, layer.values) where value > 1e-4 * (layer.values.max() ?? 0) {
            let (row, column) = (Int(cell) / grid.columns, Int(cell) % grid.columns)
            let corners = [(0, 0), (0, 1), (1, 1), (1, 0)].map { up, right in
                plane.place(
                    longitude: grid.plane.across.edge(column + right),
                    latitude: grid.plane.along.edge(row + up)
                )
            }
            var area = 0.0
            for index in 0..<4 {
                let (one, next) = (corners[index], corners[(index + 1) % 4])
                area += (one.x * next.y - next.x * one.y) / 2
            }
            let mean = laid.concentration(at: LocalPoint(0, 0, 3), fromArea: corners)
            #expect(abs(value / (mean * area / air.molesPerCubicMetre) - 1) < 1e-5)
            compared += 1
        }
        #expect(compared > 20)
    }

    /// However fine the cells, together they hold what the plume holds up to the edge of the grid.
    @Test func finerCellsHoldTheSameInAll() throws {
        let air = try #require(AmbientAir(kelvin: 290, pascal: 1e5))
        let laid = OrientedPlume(plume: neutral(height: 0), windFromDegrees: 270)
        let sums = try [(0.004, 5), (0.001, 20), (0.0005, 40)].map { step, half in
            laid.footprint(of: receptor, grid: try grid(step, halfCells: half), air: air).values.reduce(0, +)
        }
        let west = -TouchingPlane(longitude: 116.4, latitude: 39.9).place(longitude: 116.38, latitude: 39.9).x
        let whole = integrate(over: [1, 3, 10, 30, 100, 300, 1000, west], relativeTolerance: 1e-10) {
            laid.plume.crosswindIntegral(downwindMetres: $0, atMetres: 3)
        }
        for sum in sums { #expect(abs(sum / (whole.value / air.molesPerCubicMetre) - 1) < 1e-6) }
    }

    /// Squares of 20 m of a projection round the receptor, one of them alone and all together.
    @Test func streetsOfAProjectionAreSquaresInMetres() throws {
        let air = try #require(AmbientAir(kelvin: 290, pascal: 1e5))
        let projection = MapProjection(name: "plane", steps: "plane", transform: PlaneRoundReceptor())
        let grid = try #require(
            ProjectedGrid(projection: projection, x: -600...200, y: -400...400, stepMetres: 20)
        )
        let laid = OrientedPlume(plume: neutral(height: 0), windFromDegrees: 270)
        let layer = laid.footprint(of: receptor, grid: .projected(grid), air: air)
        let whole = integrate(over: [1, 3, 10, 30, 100, 600], relativeTolerance: 1e-10) {
            laid.plume.crosswindIntegral(downwindMetres: $0, atMetres: 3)
        }
        let sum = layer.values.reduce(0, +)
        #expect(abs(sum / (whole.value / air.molesPerCubicMetre) - 1) < 1e-7)
        // Upwind only, to the west, and alike to the north and the south of the receptor.
        let west = try #require(grid.cell(x: -210, y: 10))
        let mirrored = try #require(grid.cell(x: -210, y: -10))
        let values = Dictionary(uniqueKeysWithValues: zip(layer.cells.map(Int.init), layer.values))
        let (one, other) = (try #require(values[west]), try #require(values[mirrored]))
        #expect(abs(one / other - 1) < 1e-6)
        #expect(values[try #require(grid.cell(x: 30, y: 10))] == nil)
        let corners = [SIMD2(-220.0, 0), SIMD2(-200.0, 0), SIMD2(-200.0, 20), SIMD2(-220.0, 20)]
        let mean = laid.concentration(at: LocalPoint(0, 0, 3), fromArea: corners)
        #expect(abs(one / (mean * 400 / air.molesPerCubicMetre) - 1) < 1e-6)
    }

    /// A drive has the footprints of its points by their weights.
    @Test func drivesSumTheFootprintsOfTheirPoints() throws {
        let air = try #require(AmbientAir(kelvin: 290, pascal: 1e5))
        let grid = try grid(0.001, halfCells: 10)
        let laid = OrientedPlume(plume: neutral(height: 0), windFromDegrees: 300)
        let points = [0.0, 0.003].map {
            ReceptorPoint(longitude: 116.4 + $0, latitude: 39.9, heightMetres: 2, weight: 0.5)
        }
        let drive = laid.footprint(of: points, grid: grid, air: air).values.reduce(0, +)
        let parts = points.map { laid.footprint(of: $0, grid: grid, air: air).values.reduce(0, +) }
        #expect(abs(drive / (parts[0] + parts[1]) - 1) < 1e-6)
    }

    @Test func weightAndLongitudeOfTheReceptorCount() throws {
        let air = try #require(AmbientAir(kelvin: 290, pascal: 1e5))
        let grid = try grid(0.002, halfCells: 5)
        let laid = OrientedPlume(plume: neutral(height: 0), windFromDegrees: 45)
        let plain = laid.footprint(of: receptor, grid: grid, air: air)
        let other = ReceptorPoint(longitude: 116.4 - 360, latitude: 39.9, heightMetres: 3, weight: 0.5)
        let half = laid.footprint(of: other, grid: grid, air: air)
        #expect(half.cells == plain.cells)
        for (one, whole) in zip(half.values, plain.values) { #expect(abs(one / whole - 0.5) < 1e-6) }
    }
}

/// Metres to the east and north of the receptor.
private struct PlaneRoundReceptor: PlaneTransform {
    private static let plane = TouchingPlane(longitude: 116.4, latitude: 39.9)
    private static let degree = plane.place(longitude: 117.4, latitude: 40.9)

    func project(_ longitudes: inout [Double], _ latitudes: inout [Double]) {
        for index in longitudes.indices {
            let place = Self.plane.place(longitude: longitudes[index], latitude: latitudes[index])
            (longitudes[index], latitudes[index]) = (place.x, place.y)
        }
    }

    func unproject(_ x: inout [Double], _ y: inout [Double]) {
        for index in x.indices {
            (x[index], y[index]) = (116.4 + x[index] / Self.degree.x, 39.9 + y[index] / Self.degree.y)
        }
    }
}
