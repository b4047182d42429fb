public import Quantities

/// Several inversions of the same total: other priors, transport models, networks or methods.
///
/// The mean over the runs has the mean of their variances and the variance of their means (law of total variance),
/// so that neither an over-confident run nor a spread that the runs do not state is lost.
public struct InversionEnsemble: Sendable {
    public struct Run: Codable, Hashable, Sendable {
        public let name: String
        public let figure: Estimate
        /// Relative; need not add to one.
        public let weight: Double

        public init(name: String, figure: Estimate, weight: Double = 1) {
            self.name = name
            self.figure = figure
            self.weight = weight
        }
    }

    /// The runs that count: finite figure and uncertainty, positive weight.
    public let runs: [Run]
    /// Given, but without a figure, an uncertainty or a weight.
    public let unusable: [String]
    public let mean: Double
    /// Mean of the variances of the runs.
    public let withinVariance: Double
    /// Weighted variance of their means about the mean of all.
    public let betweenVariance: Double
    public let least: Double
    public let greatest: Double
    public let median: Double

    public var figure: Estimate {
        Estimate(mean: mean, standardDeviation: (withinVariance + betweenVariance).squareRoot())
    }

    /// Share of the variance that the choice of the run makes, 0 to 1; 0 where there is no variance.
    public var structuralShare: Double {
        let total = withinVariance + betweenVariance
        return total > 0 ? betweenVariance / total : 0
    }

    /// Nil where no run is usable.
    public init?(_ given: [Run]) {
        runs = given.filter { $0.figure.isMeaningful && $0.weight > 0 && $0.weight.isFinite }
        let used = Set(runs.map(\.name))
        unusable = given.map(\.name).filter { !used.contains($0) }
        guard !runs.isEmpty else { return nil }
        let total = runs.reduce(0) { $0 + $1.weight }
        let shares = runs.map { $0.weight / total }
        let centre = zip(runs, shares).reduce(0) { $0 + $1.0.figure.mean * $1.1 }
        mean = centre
        withinVariance = zip(runs, shares).reduce(0) {
            $0 + $1.1 * $1.0.figure.standardDeviation * $1.0.figure.standardDeviation
        }
        betweenVariance = zip(runs, shares).reduce(0) {
            $0 + $1.1 * ($1.0.figure.mean - centre) * ($1.0.figure.mean - centre)
        }
        let order = OrderStatistics(runs.map(\.figure.mean))
        (least, greatest, median) = (order.quantile(0), order.quantile(1), order.median)
    }
}
