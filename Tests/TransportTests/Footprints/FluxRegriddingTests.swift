import Geo
import Quantities
import TestSupport
import Testing

@testable import Transport

@Suite struct FluxRegriddingTests {
    private func random(_ grid: CellGrid, _ seed: UInt64) throws -> FluxHistory {
        var generator = SeededGenerator(seed: seed)
        let values = (0..<grid.cellCount).map { _ in generator.uniform() }
        return try FluxHistory(grid: grid, periods: [hours(-1, 0)], values: values)
    }

    private func total(_ history: FluxHistory) -> Double {
        let areas = (0..<history.grid.rows).flatMap { history.grid.areasSquareMetres(ofRow: $0) }
        return zip(areas, history.values).reduce(0) { $1.1.isNaN ? $0 : $0 + $1.0 * $1.1 }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func whatARegionEmitsStaysTheSame(seed: UInt64) throws {
        let fine = try #require(degrees(110, 30, 0.25, columns: 48, rows: 40))
        let coarse = try #require(degrees(110 - 360, 30, 1, columns: 12, rows: 10))
        let odd = try #require(degrees(110, 30, 0.4, columns: 30, rows: 25))
        let flux = try random(fine, seed)
        for target in [coarse, odd] {
            let moved = try FluxRegridding(from: fine, to: target)(flux)
            #expect(moved.values.allSatisfy { !$0.isNaN })
            #expect(abs(total(moved) / total(flux) - 1) < 1e-12)
        }
    }

    @Test func aConstantStaysOneAcrossTheAntimeridian() throws {
        let source = try #require(degrees(-180, 0, 0.5, columns: 720, rows: 20))
        let target = try #require(degrees(175, 1, 0.7, columns: 20, rows: 10))
        let values = [Double](repeating: 2, count: source.cellCount)
        let flux = try FluxHistory(grid: source, periods: [hours(-1, 0)], values: values)
        let moved = try FluxRegridding(from: source, to: target)(flux)
        #expect(moved.values.allSatisfy { abs($0 - 2) < 1e-12 })
    }

    @Test func cellsWithoutAllTheirSourcesHaveNoFlux() throws {
        let source = try #require(degrees(110, 30, 1, columns: 4, rows: 4))
        let target = try #require(degrees(109.5, 30, 1, columns: 5, rows: 4))
        var values = [Double](repeating: 1, count: 16)
        values[5] = .nan
        let flux = try FluxHistory(grid: source, periods: [hours(-1, 0)], values: values)
        let moved = try FluxRegridding(from: source, to: target)(flux)
        let missing = moved.values.indices.filter { moved.values[$0].isNaN }
        #expect(missing == [0, 4, 5, 6, 7, 9, 10, 14, 15, 19])
    }

    @Test func aPlaneAndDegreesKeepWhatARegionEmits() throws {
        let plane = try #require(
            UniformAxis(origin: 1_000_000, step: 20_000, count: 40).flatMap { axis in
                UniformAxis(origin: -400_000, step: 20_000, count: 40).map {
                    CellGrid.projected(ProjectedGrid(projection: plateCarree, x: axis, y: $0))
                }
            }
        )
        let globe = try #require(degrees(5, -8, 0.1, columns: 150, rows: 160))
        let flux = try random(globe, 4)
        let moved = try FluxRegridding(from: globe, to: plane)(flux)
        #expect(moved.values.allSatisfy { !$0.isNaN })
        let constant = try FluxHistory(
            grid: plane,
            periods: [hours(-1, 0)],
            values: .init(repeating: 1, count: plane.cellCount)
        )
        let back = try FluxRegridding(
            from: plane,
            to: try #require(degrees(10, -3, 0.5, columns: 10, rows: 10))
        )(constant)
        #expect(back.values.allSatisfy { abs($0 - 1) < 1e-12 })
        // The plane is that of the degrees, so that the cells of a box have the same sum in it.
        let mean = moved.values.reduce(0, +) / Double(plane.cellCount)
        let degree = Earth.meanRadiusMetres * .pi / 180
        let box = (1_000_000 / degree, 1_800_000 / degree, -400_000 / degree, 400_000 / degree)
        var (sum, weight) = (0.0, 0.0)
        for row in 0..<globe.rows {
            for column in 0..<globe.columns {
                let (x, y) = (5 + 0.1 * Double(column), -8 + 0.1 * Double(row))
                let share =
                    max(0, min(x + 0.1, box.1) - max(x, box.0)) * max(0, min(y + 0.1, box.3) - max(y, box.2))
                sum += share * flux.values[row * globe.columns + column]
                weight += share
            }
        }
        #expect(abs(mean / (sum / weight) - 1) < 1e-9)
    }
}
