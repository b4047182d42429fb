import Geo
import TestSupport
import Testing

@testable import Transport

/// The same particles on grids that name places otherwise.
@Suite struct FootprintGridPlacesTests {
    @Test func aGridAcrossTheAntimeridianHasTheCellsOfOneElsewhere() throws {
        let plain = try #require(degrees(115, 39.5, 0.02, columns: 100, rows: 60))
        let across = try #require(degrees(179, 39.5, 0.02, columns: 100, rows: 60))
        let table = cloud(1, particles: 30, minutes: 90, longitude: 116, latitude: 40)
        var moved = table
        moved.longitude = table.longitude.map { $0 + 64 > 180 ? $0 + 64 - 360 : $0 + 64 }
        #expect(moved.longitude.contains { $0 < 0 } && moved.longitude.contains { $0 > 0 })
        let here = FootprintGridding().footprint(of: table, for: site(), on: plain).footprint.integratedLayer
        for turn in [-360.0, 0, 360] {
            let place = site(180 + turn)
            let there = FootprintGridding().footprint(of: moved, for: place, on: across).footprint
                .integratedLayer
            expectNearlyEqual(here, there, plain.cellCount)
        }
    }

    @Test func aGridFromZeroTakesWesternLongitudes() throws {
        let signed = try #require(degrees(-112.2, 40.6, 0.02, columns: 30, rows: 16))
        let positive = try #require(degrees(247.8, 40.6, 0.02, columns: 30, rows: 16))
        let table = cloud(2, particles: 30, minutes: 40, longitude: -111.9, latitude: 40.75)
        let first = FootprintGridding().footprint(of: table, for: site(-111.9, 40.75), on: signed)
        let second = FootprintGridding().footprint(of: table, for: site(-111.9, 40.75), on: positive)
        expectNearlyEqual(
            first.footprint.integratedLayer,
            second.footprint.integratedLayer,
            signed.cellCount
        )
    }

    @Test func aGridRoundTheEarthHasNoEdge() throws {
        let grid = try #require(degrees(-180, -90, 0.5, columns: 720, rows: 360))
        let table = cloud(3, particles: 60, minutes: 300, longitude: 179.9, latitude: 60, drift: 0.001)
        var options = FootprintGridding.Options()
        options.smoothing = 30
        let gridded = FootprintGridding(options).footprint(of: table, for: site(179.9, 60), on: grid)
        #expect(gridded.account.shareOutside < 1e-12)
        #expect(abs(gridded.account.griddedInfluence / gridded.account.influence - 1) < 1e-12)
        let columns = Set(gridded.footprint.integratedLayer.cells.map { $0 % 720 })
        #expect(columns.contains(0) && columns.contains(719))
        let middle = try #require(degrees(0, -90, 0.5, columns: 720, rows: 360))
        let turned = FootprintGridding(options).footprint(of: table, for: site(179.9, 60), on: middle)
            .footprint
        let here = dense(gridded.footprint.integratedLayer, grid.cellCount)
        let there = dense(turned.integratedLayer, grid.cellCount)
        let peak = here.max() ?? 0
        #expect(
            here.indices.allSatisfy { cell in
                let (row, column) = cell.quotientAndRemainder(dividingBy: 720)
                return abs(here[cell] - there[row * 720 + (column + 360) % 720]) < 1e-12 * peak
            }
        )
    }

    @Test func aPlaneOfMetresHasAsWideAKernelAsDegreesOfLatitude() throws {
        // At the equator a degree of longitude is one of latitude, and so the cosine is one.
        let step = 2000.0
        let grid = try #require(
            UniformAxis(origin: -100_000, step: step, count: 100).flatMap { axis in
                UniformAxis(origin: -60_000, step: step, count: 60).map {
                    CellGrid.projected(ProjectedGrid(projection: plateCarree, x: axis, y: $0))
                }
            }
        )
        let degree = Earth.meanRadiusMetres * .pi / 180
        let same = try #require(
            UniformAxis(origin: -100_000 / degree, step: step / degree, count: 100).flatMap { axis in
                UniformAxis(origin: -60_000 / degree, step: step / degree, count: 60).flatMap {
                    LatitudeLongitudeGrid(latitude: $0, longitude: axis).map(CellGrid.longitudeLatitude)
                }
            }
        )
        let table = cloud(4, particles: 40, minutes: 90, longitude: 0.3, latitude: 0)
        var options = FootprintGridding.Options()
        options.smoothing = 5
        let metres = FootprintGridding(options).footprint(of: table, for: site(0.3, 0), on: grid).footprint
        let plain = FootprintGridding(options).footprint(of: table, for: site(0.3, 0), on: same).footprint
        let (a, b) = (
            dense(metres.integratedLayer, grid.cellCount), dense(plain.integratedLayer, grid.cellCount)
        )
        let peak = a.max() ?? 0
        #expect(peak > 0 && zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 * peak })
        options.projectedKernel = .stilt
        let narrow = FootprintGridding(options).footprint(of: table, for: site(0.3, 0), on: grid).footprint
        #expect(narrow.integratedLayer.cells.count < metres.integratedLayer.cells.count * 3 / 5)
    }

    private func expectNearlyEqual(_ a: FootprintLayer, _ b: FootprintLayer, _ count: Int) {
        let (a, b) = (dense(a, count), dense(b, count))
        let peak = a.max() ?? 0
        #expect(peak > 0 && zip(a, b).allSatisfy { abs($0 - $1) < 1e-9 * peak })
    }
}

private struct PlateCarree: PlaneTransform {
    private let degree = Earth.meanRadiusMetres * .pi / 180

    func project(_ longitudes: inout [Double], _ latitudes: inout [Double]) {
        longitudes = longitudes.map { $0 * degree }
        latitudes = latitudes.map { $0 * degree }
    }

    func unproject(_ x: inout [Double], _ y: inout [Double]) {
        x = x.map { $0 / degree }
        y = y.map { $0 / degree }
    }
}

let plateCarree = MapProjection(name: "plate carree", steps: "eqc", transform: PlateCarree())
