import Geo
import Quantities
import TestSupport
import Testing

@testable import Transport

@Suite struct FootprintOperatorTests {
    private let grid: CellGrid
    /// Two layers of an hour each and a residual.
    private let footprint: ReceptorFootprint

    init() throws {
        grid = try #require(degrees(115, 39, 0.5, columns: 4, rows: 3))
        footprint = ReceptorFootprint(
            receptor: "site",
            time: noon,
            averagingSeconds: 0,
            place: nil,
            grid: grid,
            layers: [
                FootprintLayer(emission: hours(-2, -1), cells: [0, 5], values: [1, 2]),
                FootprintLayer(emission: hours(-1, 0), cells: [5, 11], values: [4, 8]),
            ],
            residual: FootprintLayer(emission: nil, cells: [0], values: [16])
        )
    }

    /// Flux of period `p` in cell `c` is `100 p + c`.
    private func history(_ periods: [Period], holes: Set<Int> = []) throws -> FluxHistory {
        let values = periods.indices.flatMap { period in
            (0..<grid.cellCount).map { holes.contains($0) ? .nan : 100 * Double(period) + Double($0) }
        }
        return try FluxHistory(grid: grid, periods: periods, values: values)
    }

    @Test func eachLayerMeetsTheFluxOfItsOwnHours() throws {
        let flux = try history([hours(-3, -1), hours(-1, 1)])
        let result = try FootprintOperator(flux: flux).enhancement(footprint)
        #expect(result.parts.map(\.partsPerMillion) == [10, 1308, 800])
        #expect(result.parts.map(\.isResidual) == [false, false, true])
        #expect(result.parts[1].emission == hours(-1, 0))
        #expect(result.partsPerMillion == 2118 && result.missingShare == 0)
    }

    @Test func periodsCountByTheirOverlap() throws {
        let flux = try history([hours(-4, -1.75), hours(-1.75, 0)])
        let result = try FootprintOperator(flux: flux).enhancement(footprint)
        #expect(abs(result.parts[0].partsPerMillion - 235) < 1e-9)
    }

    @Test func theWholeFootprintMeetsTheMeanFlux() throws {
        let flux = try history([hours(-3, -1), hours(-1, 1)])
        let result = try FootprintOperator(flux: flux, timing: .integrated).enhancement(footprint)
        #expect(result.partsPerMillion == 1668)
        let same = try FootprintOperator(flux: flux).enhancement(footprint.integrated)
        #expect(same.partsPerMillion == result.partsPerMillion)
    }

    @Test func aConstantFluxGivesTheSameEitherWay() throws {
        let values = [Double](repeating: 3, count: 2 * grid.cellCount)
        let flux = try FluxHistory(grid: grid, periods: [hours(-9, -1.3), hours(-1.3, 3)], values: values)
        for timing in [FootprintOperator.Timing.integrated, .resolved] {
            let result = try FootprintOperator(flux: flux, timing: timing).enhancement(footprint)
            #expect(abs(result.partsPerMillion - 3 * footprint.sum) < 1e-9)
        }
    }

    @Test func aMissingFluxIsNeverZero() throws {
        let holes = try history([hours(-3, 1)], holes: [11])
        #expect(throws: FootprintFault.missingFlux(receptor: "site", share: 8.0 / 31)) {
            try FootprintOperator(flux: holes).enhancement(footprint)
        }
        let counted = try FootprintOperator(flux: holes, missing: .counted).enhancement(footprint)
        #expect(counted.missingShare == 8.0 / 31 && counted.partsPerMillion == 30)
        // A layer before the first period has no flux at all, not that of another time.
        let late = try history([hours(-1.5, 0)])
        #expect(throws: FootprintFault.missingFlux(receptor: "site", share: 3.0 / 31)) {
            try FootprintOperator(flux: late).enhancement(footprint)
        }
    }

    @Test func aRowSumsToTheEnhancement() throws {
        let flux = try history([hours(-3, -1), hours(-1, 1)])
        var elements = [Int32](repeating: -1, count: grid.cellCount)
        elements[5] = 2
        elements[11] = 0
        let basis = try FluxBasis(elements: elements, count: 4)
        let operation = FootprintOperator(flux: flux)
        let row = try operation.row(footprint, basis: basis)
        #expect(row.elements == [0, 2] && row.values == [888, 430] && row.outside == 800)
        let total = try operation.enhancement(footprint).partsPerMillion
        #expect(row.values.reduce(row.outside, +) == total)
        let joined = SensitivityRow.joined([row, row])
        #expect(joined.dense == row.dense + row.dense && joined.count == 8 && joined.outside == 1600)
        #expect(throws: FootprintFault.self) { try FluxBasis(elements: [4], count: 4) }
        #expect(throws: FootprintFault.self) {
            try operation.row(footprint, basis: FluxBasis(elements: [0], count: 1))
        }
    }

    @Test func gridsOfFloatsAreTheSameAndOthersAreRefused() throws {
        let rounded = try #require(
            UniformAxis(centres: (0..<3).map { Double(Float(39.05 + 0.1 * Double($0))) }).flatMap {
                latitude in
                UniformAxis(centres: (0..<4).map { Double(Float(115.05 + 0.1 * Double($0)) - 360) }).flatMap {
                    LatitudeLongitudeGrid(latitude: latitude, longitude: $0).map(CellGrid.longitudeLatitude)
                }
            }
        )
        let exact = try #require(degrees(115, 39, 0.1, columns: 4, rows: 3))
        #expect(rounded.isSame(as: exact) && exact.isSame(as: rounded) && rounded != exact)
        for (west, step) in [(115.05, 0.1), (115, 0.1001)] {
            let other = try #require(degrees(west, 39, step, columns: 4, rows: 3))
            #expect(!exact.isSame(as: other))
        }
        let flux = try FluxHistory(
            grid: exact,
            periods: [hours(-3, 0)],
            values: .init(repeating: 1, count: 12)
        )
        #expect(throws: FootprintFault.self) { try FootprintOperator(flux: flux).enhancement(footprint) }
    }

    @Test func aHistoryThatDoesNotFitIsRefused() throws {
        let values = [Double](repeating: 1, count: 24)
        for periods in [
            [], [hours(0, 1)], [hours(0, 2), hours(1, 3)], [hours(2, 3), hours(0, 1)],
            [hours(0, 0), hours(0, 1)],
        ] {
            #expect(throws: FootprintFault.self) {
                try FluxHistory(grid: grid, periods: periods, values: values)
            }
        }
        #expect(throws: FootprintFault.self) {
            try FluxHistory(
                grid: grid,
                periods: [hours(0, 1)],
                values: .init(repeating: .infinity, count: 12)
            )
        }
    }
}
