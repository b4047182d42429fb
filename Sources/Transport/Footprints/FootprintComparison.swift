import Geo

/// How two footprints on one grid differ, over all times.
public struct FootprintComparison: Equatable, Sendable {
    public let firstSum: Double
    public let secondSum: Double
    /// Between the centroids, m; nil where one is empty.
    public let centroidDistanceMetres: Double?
    /// Part of the influence that both have in the same cells once each is brought to a sum of one: 1 for the same
    /// pattern, 0 for none in common.
    public let overlap: Double

    /// Second over first, less one.
    public var relativeDifferenceOfSums: Double { secondSum / firstSum - 1 }

    /// - Throws: ``FootprintFault/gridsDiffer(_:)``.
    public init(_ first: ReceptorFootprint, _ second: ReceptorFootprint) throws(FootprintFault) {
        guard first.grid.isSame(as: second.grid) else { throw .gridsDiffer("footprints to compare") }
        let (a, b) = (FootprintStatistics(first), FootprintStatistics(second))
        var overlap = 0.0
        let layers = (first.integratedLayer, second.integratedLayer)
        if a.sum > 0, b.sum > 0 {
            forEachCell(of: layers.0, and: layers.1) { overlap += min($1 / a.sum, $2 / b.sum) }
        }
        (firstSum, secondSum) = (a.sum, b.sum)
        self.overlap = overlap
        centroidDistanceMetres = a.centroid.flatMap { place in b.centroid.map(place.distanceMetres(to:)) }
    }
}
