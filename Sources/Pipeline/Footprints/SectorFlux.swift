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
    /// What there is to say of cells without a value; nil where all have one.
    let blankRemark: String?

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
            guard let first = product.fields.first else { throw FootprintProblemError.noFlux }
            if let other = sectors.first, other.gas != first.gas {
                let text = "the flux is of \(first.gas.rawValue), another of \(other.gas.rawValue)"
                throw FootprintProblemError.gasesDiffer(text, file: flux.file)
            }
            guard !sectors.contains(where: { $0.sector == flux.sector }) else {
                throw FootprintProblemError.repeatedSector(flux.sector)
            }
            guard product.missingCells < product.fields.count * first.grid.cellCount else {
                throw FootprintProblemError.blankFlux(file: flux.file)
            }
            let placed = try PlacedFlux(product.history(), on: grid, blankIsZero: flux.blankIsZero)
            guard placed.history.values.contains(where: \.isFinite) else {
                throw FootprintProblemError.noFluxOnGrid(file: flux.file)
            }
            sectors.append(
                SectorFlux(
                    sector: flux.sector,
                    gas: first.gas,
                    history: placed.history,
                    isResolved: product.fields.count > 1 && !plan.isIntegrated,
                    isRegridded: placed.isRegridded,
                    source: first.source,
                    blankRemark: blankRemark(product, flux)
                )
            )
        }
        guard !sectors.isEmpty else { throw FootprintProblemError.noFlux }
        return sectors
    }

    private static func blankRemark(_ product: FluxProduct, _ flux: FootprintProblemPlan.Flux) -> String? {
        guard product.missingCells > 0 else { return nil }
        let count =
            "\(FileProvenance.Input.name(ofFile: flux.file)): \(product.missingCells) cells have no value"
        return flux.blankIsZero
            ? "\(count) and are taken for no flux"
            : "\(count): their flux is unknown, and observations that meet much of it are not used"
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
