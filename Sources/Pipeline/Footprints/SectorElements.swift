import Formats
import Geo
import Inventory
import Inversion
import Quantities
import Transport

/// The elements of the state that one sector has, and the operator that gives their columns.
struct SectorElements: Sendable {
    let flux: SectorFlux
    let basis: FluxBasis
    let elements: [StateElement]
    let priorMean: [Double]
    let priorSigma: [Double]
    /// Mean places of the cells by area.
    let places: [Position?]
    /// kt per year of one unit of each element.
    let emissions: [Double]
    /// Mean flux of each cell per unit of its element, umol m-2 s-1; NaN where unknown.
    let pattern: [Double]
    let rowOperator: FootprintOperator

    /// - Parameters:
    ///   - mask: regions that elements are named by; nil for none.
    init(
        _ flux: SectorFlux,
        _ parts: Basis,
        mask: RegionMask?,
        plan: FootprintProblemPlan
    ) throws {
        let grid = flux.history.grid
        let areas = (0..<grid.rows).flatMap(grid.areasSquareMetres(ofRow:))
        let members = parts.members
        let names = Self.names(members, flux.sector, mask, plan.basis)
        var history = flux.history
        var means = [Double](repeating: 1, count: parts.count)
        if plan.unknown == .flux {
            (history, means) = try Self.patterns(flux.history, members, areas, names.map(\.name))
        }
        let pattern = history.mean
        let perFlux = flux.tonnesPerYearPerMicroMolePerSecond / 1000
        self.flux = flux
        basis = try FluxBasis(elements: parts.parts, count: parts.count)
        elements = names
        priorMean = means
        priorSigma = try Self.sigmas(means, plan, names)
        places = Self.places(members, areas, grid)
        emissions = members.map { cells in
            cells.reduce(0) { $0 + (pattern[$1].isFinite ? pattern[$1] * areas[$1] * perFlux : 0) }
        }
        self.pattern = pattern
        rowOperator = FootprintOperator(
            flux: history,
            timing: flux.isResolved ? .resolved : .integrated,
            missing: .counted
        )
    }

    /// Fluxes per unit of the mean flux of their element; where that is zero at all times, one for each cell.
    private static func patterns(
        _ history: FluxHistory,
        _ members: [[Int]],
        _ areas: [Double],
        _ names: [String]
    ) throws -> (FluxHistory, [Double]) {
        let mean = history.mean
        let count = mean.count
        var values = history.values
        var means: [Double] = []
        for (part, cells) in members.enumerated() {
            let area = cells.reduce(0) { $0 + areas[$1] }
            let net = cells.reduce(0) { $0 + mean[$1] * areas[$1] } / area
            var gross = 0.0
            for (number, period) in history.periods.enumerated() {
                let weight = period.seconds / history.periods.reduce(0) { $0 + $1.seconds }
                for cell in cells {
                    gross += weight * abs(history.values[number * count + cell]) * areas[cell] / area
                }
            }
            // Below this share of what flows either way the pattern of the parts says more of rounding than of them.
            guard gross == 0 || abs(net) >= 0.05 * gross else {
                throw FootprintProblemError.mixedSigns(element: names[part])
            }
            means.append(net)
            for number in history.periods.indices {
                for cell in cells {
                    values[number * count + cell] = gross == 0 ? 1 : values[number * count + cell] / net
                }
            }
        }
        return (try FluxHistory(grid: history.grid, periods: history.periods, values: values), means)
    }

    private static func sigmas(
        _ means: [Double],
        _ plan: FootprintProblemPlan,
        _ elements: [StateElement]
    ) throws(FootprintProblemError) -> [Double] {
        var sigmas: [Double] = []
        for (mean, element) in zip(means, elements) {
            var sigma = plan.priorSigma * abs(mean)
            if plan.unknown == .flux { sigma = max(sigma, plan.leastFluxSigma ?? 0) }
            guard sigma > 0 else { throw .noPriorFlux(element: element.name) }
            sigmas.append(sigma)
        }
        return sigmas
    }

    private static func places(_ members: [[Int]], _ areas: [Double], _ grid: CellGrid) -> [Position?] {
        members.map { cells in
            let centres = grid.centres(of: cells)
            let area = cells.reduce(0) { $0 + areas[$1] }
            func mean(_ values: [Double]) -> Double {
                // Relative to the first, so that a single cell keeps its place to the bit.
                values[0] + zip(cells, values).reduce(0) { $0 + areas[$1.0] * ($1.1 - values[0]) } / area
            }
            return Position(longitude: mean(centres.longitudes), latitude: mean(centres.latitudes))
        }
    }

    private static func names(
        _ members: [[Int]],
        _ sector: String,
        _ mask: RegionMask?,
        _ basis: CellBasis
    ) -> [StateElement] {
        let suffix = sector.isEmpty ? "" : ", \(sector)"
        return members.enumerated().map { part, cells in
            let index = mask.map { Int($0.index[cells[0]]) } ?? -1
            let region = mask.map { index >= 0 ? $0.names[index] : elsewhere } ?? ""
            let own: String
            switch basis {
            case .native: own = "cell \(cells[0])"
            case .regions: own = region.isEmpty ? "domain" : region
            case .quadtree, .clusters: own = "part \(part + 1)"
            }
            return StateElement(own + suffix, kind: .flux, region: region, sector: sector)
        }
    }

    /// Cells of no region.
    static let elsewhere = "elsewhere"
}
