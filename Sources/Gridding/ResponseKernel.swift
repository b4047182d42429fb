import Foundation
import Geo

/// The spatial response of an instrument, `exp(-(|x / wx|^k1 + |y / wy|^k2)^k3)` on the axes of the footprint (Sun et
/// al. 2018, AMT 11, 6679, eq. 4), where the response falls to one half at the edges of the footprint.
public struct ResponseShape: Hashable, Codable, Sendable {
    public let along: Double
    public let across: Double
    public let joint: Double

    /// The exponents k1, k2 and k3; nil unless each is from 0.5 to 64.
    public init?(_ along: Double, _ across: Double, _ joint: Double) {
        let range = 0.5...64.0
        guard range.contains(along), range.contains(across), range.contains(joint) else { return nil }
        self.init(k1: along, k2: across, k3: joint)
    }

    private init(k1: Double, k2: Double, k3: Double) {
        (along, across, joint) = (k1, k2, k3)
    }

    /// 6, 2, 3: a grating spectrometer that scans across the track, as Sun et al. give for OMPS.
    public static let flatTopped = ResponseShape(k1: 6, k2: 2, k3: 3)
    /// 4, 2, 1: as for OMI.
    public static let smooth = ResponseShape(k1: 4, k2: 2, k3: 1)
}

/// The response at points on the axes of a footprint, the same for all soundings of an instrument.
struct ResponseTable {
    let shape: ResponseShape
    /// Scales that make the response one half at the edges, and how far from the centre it can be 1e-4; half sides.
    let widths: (Double, Double)
    let reach: (Double, Double)
    /// `points x points` values from one corner of the reach to the other, along the first axis fastest.
    let values: [Double]

    static let points = 48

    init(_ shape: ResponseShape) {
        self.shape = shape
        let exponents = (shape.along * shape.joint, shape.across * shape.joint)
        let widths = (pow(log(2), -1 / exponents.0), pow(log(2), -1 / exponents.1))
        let limit = -log(ResponseKernel.smallestMean)
        let reach = (widths.0 * pow(limit, 1 / exponents.0), widths.1 * pow(limit, 1 / exponents.1))
        self.widths = widths
        self.reach = reach
        values = (0..<(Self.points * Self.points)).map { point in
            let along = abs(Self.offset(point % Self.points)) * reach.0 / widths.0
            let across = abs(Self.offset(point / Self.points)) * reach.1 / widths.1
            return exp(-pow(pow(along, shape.along) + pow(across, shape.across), shape.joint))
        }
    }

    /// From -1 to 1.
    static func offset(_ point: Int) -> Double { (2 * Double(point) + 1) / Double(points) - 1 }
}

/// The response of one sounding over the cells of a grid.
///
/// Where cells are not much smaller than the footprint, 48 by 48 points of the footprint are dealt out to the cells
/// that hold them: the total is exact within 1e-3 and what a cell gets within 2 % of the total. Else the mean over
/// each cell is taken by the midpoint rule. Cells with a mean below 1e-4 are left out.
struct ResponseKernel {
    private let table: ResponseTable
    private let centre: (x: Double, y: Double)
    /// Half sides of the footprint as vectors, degrees.
    private let first: (x: Double, y: Double)
    private let second: (x: Double, y: Double)
    fileprivate static let smallestMean = 1e-4
    private static let largestPoints = 64

    /// - Precondition: the footprint is valid.
    init(_ footprint: borrowing Footprint, _ table: ResponseTable) {
        self.table = table
        let frame = footprint.frame
        (centre, first, second) = (frame.centre, frame.first, frame.second)
    }

    /// Calls `body` with each cell and the mean response over it.
    func forEachCell(of grid: LatitudeLongitudeGrid, _ body: (Int, Double) -> Void) {
        let spacing = 2 / Double(ResponseTable.points)
        let width = (abs(first.x) * table.reach.0 + abs(second.x) * table.reach.1) * spacing
        let height = (abs(first.y) * table.reach.0 + abs(second.y) * table.reach.1) * spacing
        if width <= grid.longitude.step / 4, height <= grid.latitude.step / 4 {
            dealPoints(to: grid, body)
        } else {
            meanOverCells(of: grid, body)
        }
    }

    /// The points lie closer than the edges of cells: few cells, each with many points.
    private func dealPoints(to grid: LatitudeLongitudeGrid, _ body: (Int, Double) -> Void) {
        let determinant = abs(first.x * second.y - first.y * second.x)
        let spacing = 2 / Double(ResponseTable.points)
        let area = determinant * table.reach.0 * table.reach.1 * spacing * spacing
        let scale = area / (grid.longitude.step * grid.latitude.step)
        var cells: [(cell: Int, sum: Double)] = []
        cells.reserveCapacity(16)
        for row in 0..<ResponseTable.points {
            let t = ResponseTable.offset(row) * table.reach.1
            let (x, y) = (centre.x + t * second.x, centre.y + t * second.y)
            for column in 0..<ResponseTable.points {
                let value = table.values[row * ResponseTable.points + column]
                let s = ResponseTable.offset(column) * table.reach.0
                guard let cell = grid.cell(longitude: x + s * first.x, latitude: y + s * first.y) else {
                    continue
                }
                if let place = cells.firstIndex(where: { $0.cell == cell }) {
                    cells[place].sum += value
                } else {
                    cells.append((cell, value))
                }
            }
        }
        for (cell, sum) in cells where sum * scale > Self.smallestMean { body(cell, min(sum * scale, 1)) }
    }

    private func response(_ x: Double, _ y: Double) -> Double {
        let determinant = first.x * second.y - first.y * second.x
        let (dx, dy) = (x - centre.x, y - centre.y)
        let along = abs((dx * second.y - dy * second.x) / determinant) / table.widths.0
        let across = abs((dy * first.x - dx * first.y) / determinant) / table.widths.1
        let shape = table.shape
        return exp(-pow(pow(along, shape.along) + pow(across, shape.across), shape.joint))
    }

    private func meanOverCells(of grid: LatitudeLongitudeGrid, _ body: (Int, Double) -> Void) {
        let (reachAlong, reachAcross) = table.reach
        let width = abs(first.x) * reachAlong + abs(second.x) * reachAcross
        let height = abs(first.y) * reachAlong + abs(second.y) * reachAcross
        guard width < 90, height < 90 else { return }
        let (longitude, latitude) = (grid.longitude, grid.latitude)
        let rows = cells(centre.y - height, centre.y + height, latitude).clamped(to: 0..<grid.rows)
        let points = (pointCount(longitude.step), pointCount(latitude.step))
        let westmost = centre.x - width
        let turns = 360 * ((westmost - longitude.origin) / 360).rounded(.down)
        // The eastern end may lie on the next turn of the axis.
        for shift in [turns, turns + 360] {
            let columns = cells(westmost - shift, centre.x + width - shift, longitude)
                .clamped(to: 0..<grid.columns)
            for row in rows {
                for column in columns {
                    let west = longitude.edge(column) + shift
                    let mean = mean(west, latitude.edge(row), (longitude.step, latitude.step), points)
                    if mean > Self.smallestMean { body(row * grid.columns + column, mean) }
                }
            }
        }
    }

    private func cells(_ low: Double, _ high: Double, _ axis: UniformAxis) -> Range<Int> {
        let bounds = -1.0...Double(axis.count) + 1
        let first = min(max((low - axis.origin) / axis.step, bounds.lowerBound), bounds.upperBound)
        let end = min(max((high - axis.origin) / axis.step, bounds.lowerBound), bounds.upperBound)
        return Int(first.rounded(.down))..<max(Int(end.rounded(.up)), Int(first.rounded(.down)))
    }

    private func pointCount(_ step: Double) -> Int {
        let side = 2 * min(hypot(first.x, first.y), hypot(second.x, second.y))
        return Int(min(max((8 * step / side).rounded(.up), 2), Double(Self.largestPoints)))
    }

    private func mean(_ west: Double, _ south: Double, _ step: (Double, Double), _ points: (Int, Int))
        -> Double
    {
        var sum = 0.0
        for row in 0..<points.1 {
            let y = south + (Double(row) + 0.5) * step.1 / Double(points.1)
            for column in 0..<points.0 {
                sum += response(west + (Double(column) + 0.5) * step.0 / Double(points.0), y)
            }
        }
        return sum / Double(points.0 * points.1)
    }
}
