public import Geo

/// Fluxes on the cells of footprints.
public struct PlacedFlux: Sendable {
    /// NaN where no flux is known.
    public let history: FluxHistory
    public let isRegridded: Bool
    /// One per cell: whether the cell, or some of it, has no value at some time and is taken for no flux; empty where
    /// none is.
    public let isBlank: [Bool]

    /// - Parameter blankIsZero: whether cells without a value emit nothing; otherwise their flux is unknown, and with
    ///   it that of all cells they have a part of.
    public init(_ flux: FluxHistory, on grid: CellGrid, blankIsZero: Bool) throws(FootprintFault) {
        isRegridded = !grid.isSame(as: flux.grid)
        let regridding = isRegridded ? FluxRegridding(from: flux.grid, to: grid) : nil
        let known = try regridding.map { regridding throws(FootprintFault) in try regridding(flux) } ?? flux
        guard blankIsZero, flux.values.contains(where: \.isNaN) else {
            history = known
            isBlank = []
            return
        }
        let whole = try FluxHistory(
            grid: flux.grid,
            periods: flux.periods,
            values: flux.values.map { $0.isNaN ? 0 : $0 }
        )
        history = try regridding.map { regridding throws(FootprintFault) in try regridding(whole) } ?? whole
        let cells = known.grid.cellCount
        var isBlank = [Bool](repeating: false, count: cells)
        for index in known.values.indices where known.values[index].isNaN && !history.values[index].isNaN {
            isBlank[index % cells] = true
        }
        self.isBlank = isBlank
    }
}
