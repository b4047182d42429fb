import Foundation
public import Geo
public import Quantities

extension OrientedPlume {
    /// How strongly the flux of each cell acts on a receptor, ppm per umol m-2 s-1: the plume of this wind from every
    /// place of the cell, integrated over it. Streets of 10 to 100 m come out right where the plume is thinner than
    /// they are, which the centres of cells would miss.
    ///
    /// The cells lie in the plane that touches the Earth at the receptor, good for some 20 km. What is below
    /// one part in a thousand million of the strongest cell is left out.
    ///
    /// - Parameters:
    ///   - receptor: its height must be above zero, or the source have a size: the ground it stands on would act on it
    ///     without bound.
    ///   - grid: of the cells; the longitude of the receptor counts modulo 360.
    ///   - emission: when the wind was so; nil for all times.
    public func footprint(
        of receptor: ReceptorPoint,
        grid: CellGrid,
        air: AmbientAir,
        emission: Period? = nil
    ) -> FootprintLayer {
        footprint(of: [receptor], grid: grid, air: air, emission: emission)
    }

    /// The same of all points of a receptor, such as those of a drive, by their weights.
    public func footprint(
        of points: [ReceptorPoint],
        grid: CellGrid,
        air: AmbientAir,
        emission: Period? = nil
    ) -> FootprintLayer {
        var sums = [Double](repeating: 0, count: grid.cellCount)
        for point in points {
            let integrals = cellIntegrals(of: point, grid: grid)
            for cell in integrals.indices { sums[cell] += integrals[cell] * point.weight }
        }
        let least = 1e-9 * (sums.max() ?? 0)
        let cells = sums.indices.filter { sums[$0] > least }
        return FootprintLayer(
            emission: emission,
            cells: cells.map { Int32($0) },
            values: cells.map { sums[$0] / air.molesPerCubicMetre }
        )
    }

    /// The plume integrated over each cell, s m-1; edges that cells share are integrated once.
    private func cellIntegrals(of receptor: ReceptorPoint, grid: CellGrid) -> [Double] {
        let (rows, columns) = (grid.rows, grid.columns)
        let corners = self.corners(of: grid, around: receptor)
        func corner(_ row: Int, _ column: Int) -> SIMD2<Double> { corners[row * (columns + 1) + column] }
        let isReached = (0..<(rows * columns)).map { cell in
            let (row, column) = (cell / columns, cell % columns)
            return reaches([
                corner(row, column), corner(row, column + 1), corner(row + 1, column),
                corner(row + 1, column + 1),
            ])
        }
        var integrals = [Double](repeating: 0, count: rows * columns)
        // Offsets from sources to the receptor turn the cells by half a circle, which keeps their direction.
        func add(_ start: SIMD2<Double>, _ end: SIMD2<Double>, ahead: Int?, behind: Int?) {
            let cells = [(ahead, 1.0), (behind, -1.0)].compactMap { cell, sign in
                cell.flatMap { isReached[$0] ? ($0, sign) : nil }
            }
            guard !cells.isEmpty else { return }
            let value = plume.edgeIntegral(from: start, to: end, atMetres: receptor.heightMetres).value
            for (cell, sign) in cells { integrals[cell] += sign * value }
        }
        for row in 0...rows {
            for column in 0..<columns {
                let above = row < rows ? row * columns + column : nil
                let below = row > 0 ? (row - 1) * columns + column : nil
                add(corner(row, column), corner(row, column + 1), ahead: below, behind: above)
            }
        }
        for row in 0..<rows {
            for column in 0...columns {
                let right = column < columns ? row * columns + column : nil
                let left = column > 0 ? row * columns + column - 1 : nil
                add(corner(row, column), corner(row + 1, column), ahead: right, behind: left)
            }
        }
        return integrals
    }

    /// Whether something of the plume lies in a cell: not so where all of it is upwind or nine widths off the axis.
    private func reaches(_ corners: [SIMD2<Double>]) -> Bool {
        let far = corners.reduce(-.infinity) { max($0, $1.x) }
        guard let section = plume.crossSection(downwindMetres: far) else { return false }
        let limit = 9 * section.acrossMetres
        return corners.contains { $0.y > -limit } && corners.contains { $0.y < limit }
    }

    /// Corners of cells in the frame of the plume, (rows + 1) x (columns + 1).
    private func corners(of grid: CellGrid, around receptor: ReceptorPoint) -> [SIMD2<Double>] {
        let plane = grid.plane
        var (across, along) = ([Double](), [Double]())
        for row in 0...plane.rows {
            for column in 0...plane.columns {
                across.append(plane.across.edge(column))
                along.append(plane.along.edge(row))
            }
        }
        let places =
            grid.projected.map { $0.projection.places(x: across, y: along) }
            ?? GeographicPoints(longitudes: across, latitudes: along)
        let touching = TouchingPlane(longitude: receptor.longitude, latitude: receptor.latitude)
        return (0..<places.count).map { index in
            let place = touching.place(longitude: places.longitudes[index], latitude: places.latitudes[index])
            return frame(receptor: SIMD2(0, 0), source: place)
        }
    }
}

/// The plane that touches the ellipsoid of WGS 84 at a place: metres to its east and north.
public struct TouchingPlane: Hashable, Sendable {
    public let longitude: Double
    public let latitude: Double
    private let metresPerDegreeEast: Double
    private let metresPerDegreeNorth: Double

    public init(longitude: Double, latitude: Double) {
        self.longitude = longitude
        self.latitude = latitude
        let (axis, squaredEccentricity) = (6_378_137.0, 0.006694379990141317)
        let sine = sin(latitude * .pi / 180)
        let root = (1 - squaredEccentricity * sine * sine).squareRoot()
        metresPerDegreeEast = axis / root * cos(latitude * .pi / 180) * .pi / 180
        metresPerDegreeNorth = axis * (1 - squaredEccentricity) / (root * root * root) * .pi / 180
    }

    /// Metres to the east and the north; longitudes modulo 360.
    public func place(longitude: Double, latitude: Double) -> SIMD2<Double> {
        var degrees = longitude - self.longitude
        degrees -= 360 * (degrees / 360).rounded()
        return SIMD2(degrees * metresPerDegreeEast, (latitude - self.latitude) * metresPerDegreeNorth)
    }
}
