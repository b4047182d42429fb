import Geo
public import Quantities

/// Point sources by region, with those that had to be assigned by the nearest edge and those that belong to none.
public struct PointRegions: Sendable {
    public struct Row: Equatable, Sendable {
        public let code: String
        public let name: LocalizedName
        public let units: Int
        public let tonnes: Double
        /// Of these, by the nearest edge.
        public let nearestUnits: Int
        public let nearestTonnes: Double
    }

    /// One for each source, in their order.
    public let assignments: [RegionAssignment]
    /// One for each region of the set.
    public let rows: [Row]
    public let unassigned: [PointSource]
    public let unassignedTonnes: Double
    /// Sources without a place; they are among the unassigned.
    public let nullIsland: [PointSource]
    /// Sources near the edges of two regions, of which the second is hardly farther: to be looked at.
    public let ambiguous: [PointSource]

    /// - Parameter overrides: codes of regions by the id of a source, from whoever knows better than an outline.
    public init(_ sources: [PointSource], gas: Gas, finder: RegionFinder, overrides: [String: String] = [:]) {
        let codes = Dictionary(finder.set.regions.enumerated().map { ($1.code, $0) }) { first, _ in first }
        assignments = sources.map { source in
            if let region = overrides[source.id].flatMap({ codes[$0] }) { return .inside(region: region) }
            return source.isAtNullIsland ? .unassigned : finder.assignment(of: source.position)
        }
        ambiguous = zip(sources, assignments).compactMap { source, assignment in
            if case .nearest(_, _, .some) = assignment { source } else { nil }
        }
        var units = [Int](repeating: 0, count: finder.set.regions.count)
        var nearest = units
        var tonnes = [Double](repeating: 0, count: units.count)
        var nearestTonnes = tonnes
        for (source, assignment) in zip(sources, assignments) {
            guard let region = assignment.region else { continue }
            units[region] += 1
            tonnes[region] += source.tonnesPerYear[gas] ?? 0
            guard case .nearest = assignment else { continue }
            nearest[region] += 1
            nearestTonnes[region] += source.tonnesPerYear[gas] ?? 0
        }
        rows = finder.set.regions.enumerated().map { index, region in
            Row(
                code: region.code,
                name: region.name,
                units: units[index],
                tonnes: tonnes[index],
                nearestUnits: nearest[index],
                nearestTonnes: nearestTonnes[index]
            )
        }
        unassigned = zip(sources, assignments).filter { $0.1 == .unassigned }.map(\.0)
        unassignedTonnes = unassigned.reduce(0) { $0 + ($1.tonnesPerYear[gas] ?? 0) }
        nullIsland = sources.filter(\.isAtNullIsland)
    }

    public var nearestUnits: Int { rows.reduce(0) { $0 + $1.nearestUnits } }
}
