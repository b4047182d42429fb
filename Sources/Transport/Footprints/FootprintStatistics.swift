import Foundation
public import Geo

/// What is asked of a footprint in a few numbers.
public struct FootprintStatistics: Sendable {
    /// ppm per umol m-2 s-1, all times and the residual.
    public let sum: Double
    /// Of a cell over all times.
    public let maximum: Double
    /// That cell; nil for an empty footprint.
    public let maximumCell: Int?
    /// The middle of the influence on the sphere; nil for an empty footprint.
    public let centroid: Position?
    /// Root of the mean squared distance of the influence from its centroid, m.
    public let spreadMetres: Double
    /// Mean distance of the influence from the receptor, m; nil without a place.
    public let meanDistanceMetres: Double?
    private let layer: FootprintLayer
    private let grid: CellGrid

    public init(_ footprint: ReceptorFootprint) {
        let layer = footprint.integratedLayer
        let sum = layer.sum
        let largest = layer.values.indices.max { layer.values[$0] < layer.values[$1] }
        let centres = footprint.grid.centres(of: layer.cells.map(Int.init))
        let centroid = Self.centroid(centres, layer.values)
        let receptor = footprint.place.flatMap { Position(wrapping: $0.longitude, latitude: $0.latitude) }
        self.layer = layer
        self.sum = sum
        self.centroid = centroid
        grid = footprint.grid
        maximum = largest.map { layer.values[$0] } ?? 0
        maximumCell = largest.map { Int(layer.cells[$0]) }
        let squares = centroid.map { Self.distances(centres, from: $0).map { $0 * $0 } }
        spreadMetres = squares.map { Self.mean($0, layer.values).squareRoot() } ?? 0
        meanDistanceMetres =
            sum > 0 ? receptor.map { Self.mean(Self.distances(centres, from: $0), layer.values) } : nil
    }

    private static func distances(_ centres: GeographicPoints, from place: Position) -> [Double] {
        zip(centres.longitudes, centres.latitudes).map { longitude, latitude in
            Position(wrapping: longitude, latitude: latitude)?.distanceMetres(to: place) ?? .nan
        }
    }

    private static func mean(_ values: [Double], _ weights: [Double]) -> Double {
        let sum = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
        return sum / weights.reduce(0, +)
    }

    /// The fewest cells that hold a share of the influence, the strongest first; for nested areas in a picture.
    ///
    /// - Precondition: a share within 0...1.
    public func cells(holding share: Double) -> [Int32] {
        precondition((0...1).contains(share), "a share of the influence")
        let order = layer.values.indices.sorted {
            (layer.values[$1], layer.cells[$0]) < (layer.values[$0], layer.cells[$1])
        }
        var cells: [Int32] = []
        var held = 0.0
        // Rounding of the sum must not ask for a cell more.
        for index in order where held < share * sum * (1 - 1e-12) {
            held += layer.values[index]
            cells.append(layer.cells[index])
        }
        return cells
    }

    /// The ground below ``cells(holding:)``, m2.
    public func areaSquareMetres(holding share: Double) -> Double {
        grid.areasSquareMetres(of: cells(holding: share).map(Int.init)).reduce(0, +)
    }

    /// The mean of the unit vectors, brought back to the sphere: right across the antimeridian too.
    private static func centroid(_ centres: GeographicPoints, _ weights: [Double]) -> Position? {
        var sum = SIMD3<Double>()
        for (index, weight) in weights.enumerated() {
            let (x, y) = (centres.longitudes[index] * .pi / 180, centres.latitudes[index] * .pi / 180)
            sum += weight * SIMD3(cos(y) * cos(x), cos(y) * sin(x), sin(y))
        }
        guard (sum * sum).sum() > 0 else { return nil }
        let level = (sum.x * sum.x + sum.y * sum.y).squareRoot()
        return Position(
            wrapping: atan2(sum.y, sum.x) * 180 / .pi,
            latitude: atan2(sum.z, level) * 180 / .pi
        )
    }
}

extension Position {
    /// With a longitude of any turn.
    init?(wrapping longitude: Double, latitude: Double) {
        self.init(longitude: longitude - 360 * ((longitude + 180) / 360).rounded(.down), latitude: latitude)
    }
}
