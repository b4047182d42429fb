import Geo
import Testing

@testable import Transport

/// Cells of an inventory without a value: unknown, or told to emit nothing.
@Suite struct PlacedFluxTests {
    private let grid: CellGrid
    private let footprint: ReceptorFootprint

    init() throws {
        grid = try #require(degrees(115, 39, 0.5, columns: 4, rows: 3))
        footprint = ReceptorFootprint(
            receptor: "site",
            time: julyNoon,
            averagingSeconds: 0,
            place: nil,
            grid: grid,
            layers: [FootprintLayer(emission: nil, cells: [0, 5], values: [1, 3])],
            residual: nil
        )
    }

    private func flux(_ grid: CellGrid, hole: Int) throws -> FluxHistory {
        let values = (0..<grid.cellCount).map { $0 == hole ? Double.nan : 2 }
        return try FluxHistory(grid: grid, periods: [hours(-1, 1)], values: values)
    }

    private func enhancement(_ placed: PlacedFlux) throws -> FluxEnhancement {
        try FootprintOperator(flux: placed.history, missing: .counted, isBlank: placed.isBlank)
            .enhancement(footprint)
    }

    @Test func aCellWithoutAValueIsUnknown() throws {
        let placed = try PlacedFlux(flux(grid, hole: 5), on: grid, blankIsZero: false)
        let result = try enhancement(placed)
        #expect(result.partsPerMillion == 2 && result.missingShare == 0.75 && result.blankShare == 0)
        #expect(!placed.isRegridded && placed.isBlank.isEmpty)
    }

    @Test func aCellThatIsSaidToEmitNothingIsToldAllTheSame() throws {
        let placed = try PlacedFlux(flux(grid, hole: 5), on: grid, blankIsZero: true)
        let result = try enhancement(placed)
        #expect(result.partsPerMillion == 2 && result.missingShare == 0 && result.blankShare == 0.75)
        let whole = try PlacedFlux(flux(grid, hole: -1), on: grid, blankIsZero: true)
        #expect(try enhancement(whole).blankShare == 0 && whole.isBlank.isEmpty)
    }

    @Test func aBlankPartMakesTheWholeCellUnknownOrLess() throws {
        let fine = try #require(degrees(115, 39, 0.25, columns: 8, rows: 6))
        // A quarter of cell 0.
        let unknown = try PlacedFlux(flux(fine, hole: 0), on: grid, blankIsZero: false)
        #expect(unknown.isRegridded && unknown.history.values[0].isNaN)
        let zero = try PlacedFlux(flux(fine, hole: 0), on: grid, blankIsZero: true)
        #expect(abs(zero.history.values[0] - 1.5) < 0.01)
        #expect(zero.isBlank.enumerated().filter(\.element).map(\.offset) == [0])
    }
}
