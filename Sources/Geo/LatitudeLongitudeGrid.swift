import Foundation

/// Equally spaced cells along one coordinate, from the lower edge upwards; degrees, or metres in the plane
/// of a projection.
public struct UniformAxis: Codable, Hashable, Sendable {
    /// Lower edge of the first cell.
    public let origin: Double
    public let step: Double
    public let count: Int

    /// Nil unless the step is positive, the origin finite and the count at least one.
    public init?(origin: Double, step: Double, count: Int) {
        guard origin.isFinite, step.isFinite, step > 0, count > 0 else { return nil }
        self.origin = origin
        self.step = step
        self.count = count
    }

    /// The axis whose cell centres are given; nil when they are not equally spaced ascending within a
    /// thousandth of the step (float32 files keep about seven digits).
    public init?(centres: [Double]) {
        guard centres.count > 1, let first = centres.first, let last = centres.last else { return nil }
        let step = (last - first) / Double(centres.count - 1)
        for (index, centre) in centres.enumerated()
        where !(abs(centre - (first + Double(index) * step)) <= 1e-3 * abs(step)) { return nil }
        self.init(origin: first - step / 2, step: step, count: centres.count)
    }

    public func centre(_ index: Int) -> Double { origin + (Double(index) + 0.5) * step }
    public func edge(_ index: Int) -> Double { origin + Double(index) * step }
    public var end: Double { edge(count) }
    public var centres: [Double] { (0..<count).map(centre) }

    /// Index of the cell that holds a coordinate: the last one whose lower edge, as ``edge(_:)`` gives it, is
    /// not above. Division alone would put 73.3 on an axis of tenths from 73 into the cell that ends there.
    func index(_ coordinate: Double) -> Int? {
        let quotient = ((coordinate - origin) / step).rounded(.down)
        guard quotient >= -1, quotient <= Double(count) else { return nil }
        var index = Int(quotient)
        if edge(index + 1) <= coordinate { index += 1 }
        if edge(index) > coordinate { index -= 1 }
        return (0..<count).contains(index) ? index : nil
    }
}

/// A regular longitude-latitude grid. Arrays over it are row-major with latitude ascending:
/// element (row, column) is at `row * longitude.count + column`.
public struct LatitudeLongitudeGrid: Codable, Hashable, Sendable {
    public let latitude: UniformAxis
    public let longitude: UniformAxis

    /// Nil unless the cells stay within -90...90 and span at most 360 degrees.
    public init?(latitude: UniformAxis, longitude: UniformAxis) {
        let slack = 1e-6
        guard latitude.origin >= -90 - slack, latitude.end <= 90 + slack,
            Double(longitude.count) * longitude.step <= 360 + slack
        else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }

    /// Covers a box with square cells from its south-west corner; nil unless the sides are whole
    /// multiples of the step.
    public init?(box: BoundingBox, stepDegrees step: Double) {
        guard step > 0, step.isFinite else { return nil }
        let width = box.east > box.west ? box.east - box.west : box.east + 360 - box.west
        let columns = (width / step).rounded()
        let rows = ((box.north - box.south) / step).rounded()
        guard columns >= 1, rows >= 1, columns * rows <= 1e9,
            abs(columns * step - width) < 1e-6 * step * columns,
            abs(rows * step - (box.north - box.south)) < 1e-6 * step * rows,
            let latitude = UniformAxis(origin: box.south, step: step, count: Int(rows)),
            let longitude = UniformAxis(origin: box.west, step: step, count: Int(columns))
        else { return nil }
        self.init(latitude: latitude, longitude: longitude)
    }

    public var rows: Int { latitude.count }
    public var columns: Int { longitude.count }
    public var cellCount: Int { rows * columns }

    /// Index of the cell that holds a point; a cell owns its lower edges. The last row owns the pole and
    /// longitudes are compared modulo 360. Nil outside the grid.
    public func cell(longitude x: Double, latitude y: Double) -> Int? {
        guard y.isFinite, x.isFinite, abs(x) <= 1e4 else { return nil }
        var row = latitude.index(y)
        if row == nil, y <= 90, latitude.end >= 90 - Self.edgeSlack, y >= latitude.end { row = rows - 1 }
        var unwrapped = x - 360 * ((x - longitude.origin) / 360).rounded(.down)
        // Rounding can leave a point just west of the origin at the far edge of the circle.
        if unwrapped >= longitude.origin + 360 { unwrapped -= 360 }
        var column = longitude.index(unwrapped)
        let circles = Double(columns) * longitude.step >= 360 - Self.edgeSlack
        if column == nil, circles { column = unwrapped < longitude.centre(0) ? 0 : columns - 1 }
        guard let row, let column else { return nil }
        return row * columns + column
    }

    /// Rounding of edges that are meant to lie at the pole or to close the circle, degrees.
    private static let edgeSlack = 1e-6

    /// Area of a cell in the given row, m2, on the authalic sphere: R² Δλ (sin φ₂ − sin φ₁).
    public func cellAreaSquareMetres(row: Int) -> Double {
        let radians = Double.pi / 180
        let top = sin(min(90, latitude.edge(row + 1)) * radians)
        let bottom = sin(max(-90, latitude.edge(row)) * radians)
        let radius = Earth.authalicRadiusMetres
        return radius * radius * longitude.step * radians * (top - bottom)
    }
}
