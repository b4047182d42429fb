import Concurrent
import Formats
import Geo
import Inventory
import Quantities
import Transport

/// The fluxes of one sector on the cells of the footprints.
struct SectorFlux: Sendable {
    let sector: String
    let gas: Gas
    let history: FluxHistory
    /// Whether a footprint by time of emission meets the flux of each time. A single mean stands for all times: an
    /// inventory of a year is used for others too.
    let isResolved: Bool
    let isRegridded: Bool
    let source: String

    /// Converts umol s-1 to t per year, the year being that of the flux.
    var tonnesPerYearPerMicroMolePerSecond: Double {
        let periods = history.periods
        guard let start = periods.map(\.start).min(), let end = periods.map(\.end).max() else { return .nan }
        let span = Period(start: start, end: end)
        return FluxField.tonnesPerYearPerMicroMolePerSecond(gas, during: span)
    }

    /// - Throws: what ``FluxFile`` throws, and ``FootprintProblemError`` for fluxes of several gases or two of one
    ///   sector.
    static func read(_ plan: FootprintProblemPlan, on grid: CellGrid) async throws -> [SectorFlux] {
        var sectors: [SectorFlux] = []
        for flux in plan.fluxes {
            Heartbeat.inherited.reading(flux.file)
            let product = try await FluxFile.read(flux.file)
            let fields = product.fields.sorted { $0.period.start < $1.period.start }
            guard let first = fields.first else { throw FootprintProblemError.noFlux }
            if let other = sectors.first, other.gas != first.gas {
                let text = "the flux is of \(first.gas.rawValue), another of \(other.gas.rawValue)"
                throw FootprintProblemError.gasesDiffer(text, file: flux.file)
            }
            guard !sectors.contains(where: { $0.sector == flux.sector }) else {
                throw FootprintProblemError.repeatedSector(flux.sector)
            }
            var history = try FluxHistory(
                grid: .longitudeLatitude(first.grid),
                periods: fields.map(\.period),
                values: fields.flatMap(\.microMolesPerSquareMetreSecond)
            )
            let isRegridded = !grid.isSame(as: history.grid)
            if isRegridded {
                history = try FluxRegridding(from: history.grid, to: grid)(history)
                guard history.values.contains(where: \.isFinite) else {
                    throw FootprintProblemError.noFluxOnGrid(file: flux.file)
                }
            }
            sectors.append(
                SectorFlux(
                    sector: flux.sector,
                    gas: first.gas,
                    history: history,
                    isResolved: fields.count > 1 && !plan.isIntegrated,
                    isRegridded: isRegridded,
                    source: first.source
                )
            )
        }
        guard !sectors.isEmpty else { throw FootprintProblemError.noFlux }
        return sectors
    }

    /// Whether a cell has a flux other than zero at any time; false where it is unknown.
    var hasFlux: [Bool] {
        let cells = history.grid.cellCount
        var result = [Bool](repeating: false, count: cells)
        for (index, value) in history.values.enumerated() where value.isFinite && value != 0 {
            result[index % cells] = true
        }
        return result
    }
}
