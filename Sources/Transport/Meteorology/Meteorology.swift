public import Geo
public import Quantities

/// Meteorology of a region over some hours, as a weather model gives it, ready to be read by dispersion.
public struct Meteorology: Sendable {
    /// Values stand at the centres of its cells.
    public let grid: CellGrid
    /// Ascending in time.
    public let hours: [MeteorologyHour]
    /// Files and products, for the lineage of a result.
    public let sources: [String]

    /// - Precondition: hours ascend in time.
    public init(grid: CellGrid, hours: [MeteorologyHour], sources: [String]) {
        precondition(zip(hours, hours.dropFirst()).allSatisfy { $0.time < $1.time }, "hours do not ascend")
        self.grid = grid
        self.hours = hours
        self.sources = sources
    }

    public var times: [Instant] { hours.map(\.time) }
}
