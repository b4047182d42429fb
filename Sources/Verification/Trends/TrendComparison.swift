/// The trend of a region seen from the air beside that of its inventory.
public struct TrendComparison: Hashable, Sendable {
    public let topDown: SenSlope
    public let inventory: SenSlope
    /// Mann-Kendall on top-down over inventory: significant where the two drift apart.
    public let ratioTest: MannKendall
    public let ratioProbability: TestProbability
    /// Slope of the ratio, per time unit.
    public let ratioSlope: SenSlope
    /// Years without one of the two figures or with an inventory that is not positive.
    public let skipped: Int

    /// Whether the intervals of the slopes overlap. Stricter than a test of the difference: intervals at 95 % that
    /// do not overlap differ at about the 0.6 % level where they are equally wide.
    public var intervalsOverlap: Bool {
        topDown.lower <= inventory.upper && inventory.lower <= topDown.upper
    }

    /// Both point the same way, or one interval holds zero.
    public var directionsAgree: Bool {
        let points = [topDown, inventory].map { $0.lower > 0 ? 1 : $0.upper < 0 ? -1 : 0 }
        return points[0] * points[1] >= 0
    }

    /// - Parameters:
    ///   - times: of both, e.g. years.
    ///   - topDown: in the unit of the inventory; NaN where missing.
    /// - Throws: ``TrendError``.
    public init(
        times: [Double],
        topDown: [Double],
        inventory: [Double],
        confidence: Double = 0.95
    ) throws(TrendError) {
        guard topDown.count == times.count else { throw .lengthsDiffer(times.count, topDown.count) }
        guard inventory.count == times.count else { throw .lengthsDiffer(times.count, inventory.count) }
        let common = times.indices.filter { !topDown[$0].isNaN && inventory[$0] > 0 }
        let years = common.map { times[$0] }
        let seen = common.map { topDown[$0] }
        let declared = common.map { inventory[$0] }
        let ratio = zip(seen, declared).map { $0 / $1 }
        self.topDown = try SenSlope(seen, times: years, confidence: confidence)
        self.inventory = try SenSlope(declared, times: years, confidence: confidence)
        ratioTest = try MannKendall(ratio)
        ratioProbability = ratioTest.probability
        ratioSlope = try SenSlope(ratio, times: years, confidence: confidence)
        skipped = times.count - common.count
    }
}
