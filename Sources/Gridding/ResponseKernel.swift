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

/// The response of one sounding over the cells of a grid.
///
/// Where cells are not much smaller than the footprint, the integral over each cell is exact for the response of
/// the ``ResponseTable``. Else the mean over each cell is taken by the midpoint rule. Cells with a mean below 1e-4 are
/// left out.
struct ResponseKernel {
    private let table: ResponseTable
    private let centre: (x: Double, y: Double)
    /// Half sides of the footprint as vectors, degrees or metres.
    private let first: (x: Double, y: Double)
    private let second: (x: Double, y: Double)
    private let determinant: Double
    static let smallestMean = 1e-4
    private static let largestPoints = 64
    /// A cell must hold a few squares of the table.
    private static let largestSpanInCells = Double(ResponseTable.intervals) / 4
    /// How far the response reaches east and north, degrees or metres.
    private let width: Double
    private let height: Double

    /// - Precondition: the footprint is valid.
    init(_ footprint: borrowing Footprint, _ table: ResponseTable) {
        self.table = table
        let frame = footprint.frame
        (centre, first, second) = (frame.centre, frame.first, frame.second)
        determinant = first.x * second.y - first.y * second.x
        width = abs(first.x) * table.reach.0 + abs(second.x) * table.reach.1
        height = abs(first.y) * table.reach.0 + abs(second.y) * table.reach.1
    }

    /// Calls `body` with each cell and the mean response over it.
    func forEachCell(of plane: PlaneCells, _ body: (Int, Double) -> Void) {
        guard determinant != 0 else { return }
        guard let circle = plane.circle else { return visit(plane, shift: 0, body) }
        guard width < circle / 4, height < circle / 4 else { return }
        let turns = circle * ((centre.x - width - plane.across.origin) / circle).rounded(.down)
        // The eastern end may lie on the next turn of the axis.
        visit(plane, shift: turns, body)
        visit(plane, shift: turns + circle, body)
    }

    private func visit(_ plane: PlaneCells, shift: Double, _ body: (Int, Double) -> Void) {
        let isCoarse =
            2 * width <= Self.largestSpanInCells * plane.across.step
            && 2 * height <= Self.largestSpanInCells * plane.along.step
        let rows = cells(centre.y - height, centre.y + height, plane.along)
        let columns = cells(centre.x - width - shift, centre.x + width - shift, plane.across)
        if isCoarse {
            integrate(over: rows, columns, of: plane, shift: shift, body)
        } else {
            takeMeans(over: rows, columns, of: plane, shift: shift, body)
        }
    }

    private func integrate(
        over rows: Range<Int>,
        _ columns: Range<Int>,
        of plane: PlaneCells,
        shift: Double,
        _ body: (Int, Double) -> Void
    ) {
        let scale = self.scale / (plane.across.step * plane.along.step)
        let (within, across) = (rows.clamped(to: 0..<plane.rows), columns.clamped(to: 0..<plane.columns))
        guard !within.isEmpty, !across.isEmpty, across.count < Southern.count else { return }
        if within == rows, across == columns, rows.count == 1, columns.count == 1 {
            body(rows.lowerBound * plane.columns + columns.lowerBound, min(abs(table.total * scale), 1))
            return
        }
        let (longitude, latitude) = (plane.across, plane.along)
        var southern = Southern(repeating: 0)
        for row in within {
            let (south, north) = (latitude.edge(row), latitude.edge(row + 1))
            var lower = place(longitude.edge(across.lowerBound) + shift, south)
            var upper = place(longitude.edge(across.lowerBound) + shift, north)
            var western = table.lineIntegral(from: lower, to: upper)
            for column in across {
                let (lowerEast, upperEast) = (
                    place(longitude.edge(column + 1) + shift, south),
                    place(longitude.edge(column + 1) + shift, north)
                )
                let slot = column - across.lowerBound
                let bottom =
                    row == within.lowerBound
                    ? table.lineIntegral(from: lower, to: lowerEast) : southern[slot]
                let top = table.lineIntegral(from: upper, to: upperEast)
                let eastern = table.lineIntegral(from: lowerEast, to: upperEast)
                let mean = (bottom + eastern - top - western) * scale
                if mean > Self.smallestMean { body(row * plane.columns + column, min(mean, 1)) }
                southern[slot] = top
                western = eastern
                (lower, upper) = (lowerEast, upperEast)
            }
        }
    }

    /// Integrals along the southern edges of a row of cells.
    private typealias Southern = InlineArray<16, Double>

    /// A square of the plane to a square of the table, negative where its axes are mirrored.
    private var scale: Double {
        let side = 2 / Double(ResponseTable.intervals)
        return determinant * table.reach.0 * table.reach.1 * side * side
    }

    /// The place in the table.
    private func place(_ x: Double, _ y: Double) -> SIMD2<Double> {
        let (dx, dy) = (x - centre.x, y - centre.y)
        let along = (dx * second.y - dy * second.x) / (determinant * table.reach.0)
        let across = (dy * first.x - dx * first.y) / (determinant * table.reach.1)
        return (SIMD2(along, across) + 1) * (Double(ResponseTable.intervals) / 2)
    }

    private func response(_ x: Double, _ y: Double) -> Double {
        let (dx, dy) = (x - centre.x, y - centre.y)
        let along = abs((dx * second.y - dy * second.x) / determinant) / table.widths.0
        let across = abs((dy * first.x - dx * first.y) / determinant) / table.widths.1
        let shape = table.shape
        return exp(-pow(pow(along, shape.along) + pow(across, shape.across), shape.joint))
    }

    private func takeMeans(
        over rows: Range<Int>,
        _ columns: Range<Int>,
        of plane: PlaneCells,
        shift: Double,
        _ body: (Int, Double) -> Void
    ) {
        let (longitude, latitude) = (plane.across, plane.along)
        let points = (pointCount(longitude.step), pointCount(latitude.step))
        for row in rows.clamped(to: 0..<plane.rows) {
            for column in columns.clamped(to: 0..<plane.columns) {
                let west = longitude.edge(column) + shift
                let mean = mean(west, latitude.edge(row), (longitude.step, latitude.step), points)
                if mean > Self.smallestMean { body(row * plane.columns + column, mean) }
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
