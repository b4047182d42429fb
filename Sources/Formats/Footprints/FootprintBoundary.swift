/// A side of the domain: a value for each height and place along it.
public struct BoundarySide: Equatable, Sendable {
    /// Middles of the cells along the side, ascending: longitudes of the north and south, latitudes of the others.
    public let degrees: [Double]
    /// Middles of the layers, m.
    public let heightsMetres: [Double]
    /// heights x degrees, row by row.
    public let values: [Double]

    /// - Precondition: a value for each height and place.
    public init(degrees: [Double], heightsMetres: [Double], values: [Double]) {
        precondition(values.count == degrees.count * heightsMetres.count, "values do not fit the side")
        self.degrees = degrees
        self.heightsMetres = heightsMetres
        self.values = values
    }

    public var sum: Double { values.reduce(0, +) }
}

/// Where the particles of a receptor left the domain: the share of all that did so at each place of each side.
public struct FootprintBoundary: Equatable, Sendable {
    public let north: BoundarySide
    public let east: BoundarySide
    public let south: BoundarySide
    public let west: BoundarySide

    public init(north: BoundarySide, east: BoundarySide, south: BoundarySide, west: BoundarySide) {
        self.north = north
        self.east = east
        self.south = south
        self.west = west
    }

    public var faces: [BoundarySide] { [north, east, south, west] }

    /// Share of the particles that left the domain at all; below one where some were still inside at the end.
    public var sum: Double { faces.reduce(0) { $0 + $1.sum } }
}
