/// A footprint made of particles, with what became of them.
public struct GriddedFootprint: Sendable {
    public let footprint: ReceptorFootprint
    public let account: GriddingAccount
    /// Why no cell has a value; nil where some do.
    public let emptiness: EmptyFootprint?
}

/// Where the rows and the influence of a particle table went. Influence is in ppm per umol m-2 s-1, divided by the
/// number of particles as the footprint is.
public struct GriddingAccount: Equatable, Sendable {
    /// Distinct particles, by which the sum is divided.
    public internal(set) var particles = 0
    public internal(set) var rows = 0
    /// Rows without a number in some column, or with a place that the projection does not know.
    public internal(set) var unusableRows = 0
    /// Rows that stand between two of the table, where a step is wider than a cell.
    public internal(set) var interpolatedRows = 0
    /// Of all usable rows.
    public internal(set) var influence = 0.0
    /// Of the rows over the grid.
    public internal(set) var influenceOverGrid = 0.0
    /// Sum of the cells: less than ``influenceOverGrid`` by what the kernel carries across the edge, more by what it
    /// carries in.
    public internal(set) var griddedInfluence = 0.0

    /// Part of the influence whose surface lies outside of the grid; 0 where there is none at all.
    public var shareOutside: Double {
        influence > 0 ? max(0, 1 - influenceOverGrid / influence) : 0
    }
}

/// Why a footprint has no cell.
public enum EmptyFootprint: Equatable, Sendable {
    case noParticles
    /// No row has numbers in all columns.
    case noUsableRow(rows: Int)
    /// All particles stayed above the air that the surface acts on.
    case noSurfaceInfluence(particles: Int)
    /// No particle comes over the grid, nor as near as the widest kernel reaches.
    case outsideGrid(particles: Int)

    /// For a person, without a full stop.
    public var reason: String {
        switch self {
        case .noParticles: "the table holds no particles"
        case .noUsableRow(let rows): "none of \(rows) rows holds a place, a time and an influence"
        case .noSurfaceInfluence(let particles):
            "none of \(particles) particles was influenced by the surface"
        case .outsideGrid(let particles): "none of \(particles) particles was over the grid near the ground"
        }
    }
}
