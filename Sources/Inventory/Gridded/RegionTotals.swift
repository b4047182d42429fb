public import Geo
public import Quantities

/// Emission of a gridded inventory by region, cells on a border divided by their areas.
public struct RegionTotals: Sendable {
    /// What becomes of the part of a cell that no region covers.
    public enum Remainder: String, CaseIterable, Codable, Sendable {
        /// It stays with none: right where the regions end at a land border.
        case unassigned
        /// It goes to the regions of the same cell in proportion; of a cell without one to the nearest edge within
        /// reach: right at coasts.
        case nearest
    }

    public struct Row: Equatable, Sendable {
        public let code: String
        public let name: LocalizedName
        public let tonnes: Double
        /// Of these, beyond the outline, by ``Remainder/nearest``.
        public let nearestTonnes: Double
    }

    public let gas: Gas
    public let period: Period
    public let rows: [Row]
    public let unassignedTonnes: Double
    /// Of the whole field; the rows and the unassigned sum to it.
    public let totalTonnes: Double

    /// - Precondition: the fractions are on the grid of the field.
    public init(
        _ flux: RegriddedFlux,
        fractions: RegionFractions,
        remainder: Remainder = .unassigned,
        reachMetres: Double = RegionFinder.standardReachMetres
    ) {
        precondition(fractions.grid == flux.grid, "fractions are on another grid")
        let amounts = Self.tonnes(flux)
        var covered = [Double](repeating: 0, count: amounts.count)
        for region in fractions.regions {
            for (cell, part) in zip(region.cells, region.fractions) { covered[Int(cell)] += part }
        }
        var inside = [Double](repeating: 0, count: fractions.regions.count)
        var near = inside
        for (index, region) in fractions.regions.enumerated() {
            for (cell, part) in zip(region.cells, region.fractions) {
                // Outlines that overlap may cover a cell more than once.
                let share = part / max(1, covered[Int(cell)])
                inside[index] += amounts[Int(cell)] * share
                guard remainder == .nearest, covered[Int(cell)] < 1 else { continue }
                near[index] += amounts[Int(cell)] * (part / covered[Int(cell)] - part)
            }
        }
        let finder = RegionFinder(fractions.set, reachMetres: reachMetres)
        unassignedTonnes = Self.assignRest(
            flux,
            amounts,
            covered,
            remainder == .nearest ? finder : nil,
            &near
        )
        gas = flux.gas
        period = flux.period
        rows = fractions.set.regions.enumerated().map { index, region in
            Row(
                code: region.code,
                name: region.name,
                tonnes: inside[index] + near[index],
                nearestTonnes: near[index]
            )
        }
        totalTonnes = amounts.reduce(0, +)
    }

    private static let smallest = 1e-12

    /// Adds what no region covers to those with the nearest edge where a finder is given; the rest in return.
    private static func assignRest(
        _ flux: RegriddedFlux,
        _ amounts: [Double],
        _ covered: [Double],
        _ finder: RegionFinder?,
        _ near: inout [Double]
    ) -> Double {
        let bare = amounts.indices.filter {
            amounts[$0] != 0 && covered[$0] < (finder == nil ? 1 : smallest)
        }
        let places = flux.grid.centres(of: bare)
        var lost = 0.0
        for (order, cell) in bare.enumerated() {
            let rest = amounts[cell] * (1 - covered[cell])
            let position = Position(longitude: places.longitudes[order], latitude: places.latitudes[order])
            if let region = position.flatMap({ finder?.assignment(of: $0).region }) {
                near[region] += rest
            } else {
                lost += rest
            }
        }
        return lost
    }

    private static func tonnes(_ flux: RegriddedFlux) -> [Double] {
        let factor = Regridding.tonnesPerMicroMole(flux.gas) * flux.period.seconds
        return (0..<flux.grid.rows).flatMap { row in
            let areas = flux.grid.areasSquareMetres(ofRow: row)
            return areas.indices.map { column in
                flux.microMolesPerSquareMetreSecond[row * areas.count + column] * areas[column] * factor
            }
        }
    }
}

extension RegriddedFlux {
    /// A field on its own grid.
    public init(_ field: FluxField) {
        let tonnes = field.tonnesInPeriod
        self.init(
            grid: .longitudeLatitude(field.grid),
            gas: field.gas,
            microMolesPerSquareMetreSecond: field.microMolesPerSquareMetreSecond,
            period: field.period,
            source: field.source,
            account: RegridAccount(sourceTonnes: tonnes, outsideTonnes: 0, targetTonnes: tonnes)
        )
    }
}
