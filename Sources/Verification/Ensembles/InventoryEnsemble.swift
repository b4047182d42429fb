public import Quantities

/// Several inventories of one region, gas and period, none of which is known to be right.
public struct InventoryEnsemble: Sendable {
    /// A modified z-score above this in magnitude is an outlier (Iglewicz and Hoaglin 1993).
    public static let greatestModifiedScore = 3.5

    public struct Member: Codable, Hashable, Sendable {
        public let name: String
        public let figure: Estimate

        public init(name: String, figure: Estimate) {
            self.name = name
            self.figure = figure
        }
    }

    /// Those with a finite figure, in the given order.
    public let members: [Member]
    public let median: Double
    public let least: Double
    public let greatest: Double
    /// 25 % and 75 % quantiles, linear between the members.
    public let lowerQuartile: Double
    public let upperQuartile: Double
    /// sqrt(chi²/(n - 1)) about the weighted mean (Birge 1932, Phys. Rev. 40, 207): above 1 the members differ by
    /// more than they say; NaN for fewer than two members with an uncertainty.
    public let birgeRatio: Double
    /// Chance of a ratio at least this large if the members were consistent.
    public let consistencyProbability: Double
    /// Mean weighted by 1/sigma², its standard deviation enlarged by the Birge ratio where that is above 1;
    /// NaN where no member has an uncertainty.
    public let weightedMean: Estimate
    /// (x - median) / (1.4826 median |x - median|), in the order of the members; where that median is zero, the
    /// mean distance x 1.2533 stands for it.
    public let modifiedScores: [Double]

    public var outliers: [Member] {
        zip(members, modifiedScores).filter { abs($0.1) > Self.greatestModifiedScore }.map(\.0)
    }

    /// The median with half the spread that covers 68 % of Gaussian members, or the median standard deviation the
    /// members state where that is larger: members that copy each other agree too well.
    public var consensus: Estimate {
        let spread = (upperQuartile - lowerQuartile) / 1.3489795003921634
        let stated = OrderStatistics(members.map(\.figure.standardDeviation).filter { $0.isFinite && $0 > 0 })
        return Estimate(
            mean: median,
            standardDeviation: max(spread, stated.sorted.isEmpty ? 0 : stated.median)
        )
    }

    /// Nil where no member has a finite figure.
    public init?(_ members: [Member]) {
        self.members = members.filter { $0.figure.mean.isFinite }
        guard !self.members.isEmpty else { return nil }
        let values = self.members.map(\.figure.mean)
        let order = OrderStatistics(values)
        median = order.median
        least = order.quantile(0)
        greatest = order.quantile(1)
        lowerQuartile = order.quantile(0.25)
        upperQuartile = order.quantile(0.75)
        modifiedScores = Self.modifiedScores(values, order)
        let sure = self.members.map(\.figure).filter { $0.isMeaningful && $0.standardDeviation > 0 }
        let weights = sure.map { 1 / ($0.standardDeviation * $0.standardDeviation) }
        let total = weights.reduce(0, +)
        let mean = zip(sure, weights).reduce(0) { $0 + $1.0.mean * $1.1 } / total
        let chiSquare = zip(sure, weights).reduce(0) { $0 + $1.1 * ($1.0.mean - mean) * ($1.0.mean - mean) }
        let degrees = sure.count - 1
        birgeRatio = degrees > 0 ? (chiSquare / Double(degrees)).squareRoot() : .nan
        consistencyProbability = degrees > 0 ? chiSquareTail(chiSquare, degrees: degrees) : .nan
        let enlarged = birgeRatio > 1 ? birgeRatio : 1
        weightedMean = Estimate(mean: mean, standardDeviation: enlarged / total.squareRoot())
    }

    private static func modifiedScores(_ values: [Double], _ order: OrderStatistics) -> [Double] {
        let centre = order.median
        let mean = values.reduce(0) { $0 + abs($1 - centre) } / Double(values.count)
        let scale = order.medianDistance > 0 ? order.robustSigma : mean * 1.2533141373155003
        return values.map { scale > 0 ? ($0 - centre) / scale : 0 }
    }
}
