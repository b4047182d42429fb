import Foundation

/// Equally spaced cells along one coordinate, from the lower edge upwards; degrees.
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
        var row = ((y - latitude.origin) / latitude.step).rounded(.down)
        if row == Double(rows), y == 90 { row -= 1 }
        var offset = (x - longitude.origin).truncatingRemainder(dividingBy: 360)
        if offset < 0 { offset += 360 }
        let column = (offset / longitude.step).rounded(.down)
        guard row >= 0, row < Double(rows), column >= 0, column < Double(columns) else { return nil }
        return Int(row) * columns + Int(column)
    }

    /// Area of a cell in the given row, m2, on the authalic sphere: R² Δλ (sin φ₂ − sin φ₁).
    public func cellAreaSquareMetres(row: Int) -> Double {
        let radians = Double.pi / 180
        let top = sin(min(90, latitude.edge(row + 1)) * radians)
        let bottom = sin(max(-90, latitude.edge(row)) * radians)
        let radius = Earth.authalicRadiusMetres
        return radius * radius * longitude.step * radians * (top - bottom)
    }
}
