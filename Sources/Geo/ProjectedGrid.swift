/// Square cells in the plane of a map projection. Arrays over it are row-major with northing ascending.
///
/// The areas of the cells are true ones on the ellipsoid of WGS 84, whatever the projection does to areas.
public struct ProjectedGrid: Hashable, Sendable {
    public let projection: MapProjection
    /// Eastings and northings, metres.
    public let x: UniformAxis
    public let y: UniformAxis

    public init(projection: MapProjection, x: UniformAxis, y: UniformAxis) {
        self.projection = projection
        self.x = x
        self.y = y
    }

    /// Covers a rectangle with square cells; nil unless its sides are whole multiples of the step.
    public init?(
        projection: MapProjection,
        x: ClosedRange<Double>,
        y: ClosedRange<Double>,
        stepMetres step: Double
    ) {
        guard let across = Self.axis(x, step), let along = Self.axis(y, step),
            Double(across.count) * Double(along.count) <= 1e9
        else { return nil }
        self.init(projection: projection, x: across, y: along)
    }

    private static func axis(_ range: ClosedRange<Double>, _ step: Double) -> UniformAxis? {
        guard step > 0, step.isFinite else { return nil }
        let length = range.upperBound - range.lowerBound
        let cells = (length / step).rounded()
        guard cells >= 1, cells <= 1e9, abs(cells * step - length) < 1e-6 * step * cells else { return nil }
        return UniformAxis(origin: range.lowerBound, step: step, count: Int(cells))
    }

    public var rows: Int { y.count }
    public var columns: Int { x.count }
    public var cellCount: Int { rows * columns }
    public var plane: PlaneCells { PlaneCells(along: y, across: x) }

    /// Index of the cell that holds a point of the plane; a cell owns its lower edges. Nil outside the grid and for
    /// NaN.
    public func cell(x easting: Double, y northing: Double) -> Int? {
        guard let row = y.index(northing), let column = x.index(easting) else { return nil }
        return row * columns + column
    }

    /// Whether all places along its edge and of a lattice within have one longitude and latitude, from which the
    /// projection leads back: not so where the grid reaches beyond the projection.
    public var liesWithinProjection: Bool {
        let across = Self.sample(x)
        let along = Self.sample(y)
        var (eastings, northings) = ([Double](), [Double]())
        for northing in along {
            eastings += across
            northings += [Double](repeating: northing, count: across.count)
        }
        var places = projection.places(x: eastings, y: northings)
        projection.project(&places.longitudes, &places.latitudes)
        let slack = 1e-3 * x.step
        return eastings.indices.allSatisfy { index in
            abs(places.longitudes[index] - eastings[index]) <= slack
                && abs(places.latitudes[index] - northings[index]) <= slack
        }
    }

    /// At most 65 edges of cells, the first and the last with them.
    private static func sample(_ axis: UniformAxis) -> [Double] {
        let count = min(axis.count, 64)
        return (0...count).map { axis.edge($0 * axis.count / count) }
    }

    /// Places of the centres.
    public func centres(of cells: [Int]) -> GeographicPoints {
        projection.places(
            x: cells.map { x.centre($0 % columns) },
            y: cells.map { y.centre($0 / columns) }
        )
    }

    /// A box of longitude and latitude that holds all cells. Longitudes may leave -180...180; a grid with a pole within
    /// spans all of them.
    public var geographicBounds: (west: Double, south: Double, east: Double, north: Double) {
        let border = self.border
        let places = projection.places(x: border.x, y: border.y)
        var (west, east) = (Double.infinity, -Double.infinity)
        var (south, north) = (Double.infinity, -Double.infinity)
        var (last, turned) = (Double.nan, 0.0)
        for (longitude, latitude) in zip(places.longitudes, places.latitudes) where longitude.isFinite {
            if last.isFinite {
                let step = longitude - last
                turned += step - 360 * (step / 360).rounded()
            } else {
                turned = longitude
            }
            last = longitude
            (west, east) = (min(west, turned), max(east, turned))
            (south, north) = (min(south, latitude), max(north, latitude))
        }
        var poles = GeographicPoints(longitudes: [0, 0], latitudes: [-90, 90])
        projection.project(&poles.longitudes, &poles.latitudes)
        let isWithin = (0..<2).map { cell(x: poles.longitudes[$0], y: poles.latitudes[$0]) != nil }
        if isWithin[0] { south = -90 }
        if isWithin[1] { north = 90 }
        guard west <= east, !isWithin[0], !isWithin[1], east - west < 350 else {
            return (-180, max(-90, south), 180, min(90, north))
        }
        return (west, south, east, north)
    }

    /// The least and greatest longitude and latitude of the centres of the cells, as numbers in -180...180: of a grid
    /// across the antimeridian they span all longitudes.
    public var centreExtent: (west: Double, south: Double, east: Double, north: Double) {
        let bounds = geographicBounds
        let isPlain = bounds.west > -180 && bounds.east < 180 && bounds.south > -90 && bounds.north < 90
        // Without a pole and a jump of longitude within, the extremes lie along the edge.
        var outer = Array(0..<columns)
        for row in 1..<max(1, rows) { outer += [row * columns, row * columns + columns - 1] }
        outer += ((rows - 1) * columns)..<cellCount
        let places = centres(of: isPlain ? outer : Array(0..<cellCount))
        return (
            places.longitudes.min() ?? .nan, places.latitudes.min() ?? .nan,
            places.longitudes.max() ?? .nan, places.latitudes.max() ?? .nan
        )
    }

    /// The edge of the grid in 32 steps, longitude in `x` and latitude in `y`; the first place comes again at the end.
    public var outline: [SIMD2<Double>] {
        var (eastings, northings) = ([Double](), [Double]())
        for step in 0...32 {
            let part = Double(step % 8) / 8
            let (across, along) = [(part, 0), (1, part), (1 - part, 1), (0, 1 - part)][step / 8 % 4]
            eastings.append(x.origin + across * (x.end - x.origin))
            northings.append(y.origin + along * (y.end - y.origin))
        }
        let places = projection.places(x: eastings, y: northings)
        return places.longitudes.indices.map { SIMD2(places.longitudes[$0], places.latitudes[$0]) }
    }

    /// Round the edge of the grid, each edge of a cell and at least 64 points a side.
    private var border: (x: [Double], y: [Double]) {
        let across = Self.side(x)
        let along = Self.side(y)
        let eastings =
            across + along.map { _ in x.end } + across.reversed() + along.map { _ in x.origin }
        let northings =
            across.map { _ in y.origin } + along + across.map { _ in y.end } + along.reversed()
        return (eastings, northings)
    }

    private static func side(_ axis: UniformAxis) -> [Double] {
        let parts = max(64, min(axis.count, 4096))
        return (0...parts).map { axis.origin + (axis.end - axis.origin) * Double($0) / Double(parts) }
    }
}
