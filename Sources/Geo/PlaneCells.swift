/// The cells of a grid in the plane it is drawn on: longitude and latitude in degrees, or the metres of a projection.
///
/// Arrays over it are row-major with rows ascending: element (row, column) is at `row * columns + column`.
public struct PlaneCells: Hashable, Sendable {
    /// The axis that the rows divide: latitude or northing.
    public let along: UniformAxis
    /// The axis that the columns divide: longitude or easting.
    public let across: UniformAxis
    /// After how much a place comes again along the columns: 360 degrees; nil where it never does.
    public let circle: Double?

    public init(along: UniformAxis, across: UniformAxis, circle: Double? = nil) {
        self.along = along
        self.across = across
        self.circle = circle
    }

    public var rows: Int { along.count }
    public var columns: Int { across.count }
}

extension LatitudeLongitudeGrid {
    public var plane: PlaneCells { PlaneCells(along: latitude, across: longitude, circle: 360) }
}
