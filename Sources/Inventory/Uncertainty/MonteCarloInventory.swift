import Concurrent
public import Quantities

/// Uncertainty by Tier 2 (2006 IPCC, Volume 1, 3.2.3.2): sums of emissions over random draws of their inputs.
///
/// A draw of an input is a pure function of seed, key and number of the draw, so that results depend neither on the
/// number of threads nor on the order of the rows.
public struct MonteCarloInventory: Codable, Sendable {
    /// A sum over all draws.
    public struct Sum: Codable, Hashable, Sendable {
        public let group: String
        /// What the sum is as stated; asymmetric inputs move the mean away from it.
        public let statedTonnes: Double
        public let emission: Estimate
        /// 2.5 and 97.5 % of the draws lie below.
        public let lower95: Double
        public let upper95: Double
        /// Standard error of both bounds, from batches of draws, relative to half of the interval.
        public let boundError: Double

        /// Half of the interval relative to the stated sum, percent.
        public var percent95: Double { 50 * (upper95 - lower95) / abs(statedTonnes) }
        /// The bounds are known to 1 % of half of the interval.
        public var isConverged: Bool { boundError < 0.01 || upper95 == lower95 }
    }

    public let seed: UInt64
    public let draws: Int
    public let total: Sum
    /// In alphabetical order.
    public let groups: [Sum]
    /// Sample covariance of the groups, row by row, t^2.
    public let covariance: [Double]

    /// Draws per task and batch count; fixed, so that sums are the same on any machine.
    private static let chunkDraws = 4096
    private static let batches = 20

    /// - Parameter draws: at least 1000; 100,000 give the bounds to about half a percent of the interval.
    public static func run(
        _ emissions: [UncertainEmission],
        draws: Int = 100_000,
        seed: UInt64
    ) async -> MonteCarloInventory {
        let plan = DrawPlan(emissions, seed: seed)
        let draws = max(1000, draws)
        let samples = await sample(plan, draws)
        let count = plan.groups.count
        let stated = plan.statedTonnes
        var totals = [Double](repeating: 0, count: draws)
        for group in 0..<count {
            for draw in 0..<draws { totals[draw] += samples[group][draw] }
        }
        return MonteCarloInventory(
            seed: seed,
            draws: draws,
            total: sum("total", stated.reduce(0, +), totals),
            groups: (0..<count).map { sum(plan.groups[$0], stated[$0], samples[$0]) },
            covariance: covariance(samples)
        )
    }

    /// Change from the base year to the year, percent, with errors that both share cancelling.
    public static func trend(
        from base: [UncertainEmission],
        to year: [UncertainEmission],
        draws: Int = 100_000,
        seed: UInt64
    ) async -> Sum {
        func named(_ emissions: [UncertainEmission], _ group: String) -> [UncertainEmission] {
            emissions.map {
                UncertainEmission(group: group, tonnes: $0.tonnes, activity: $0.activity, factor: $0.factor)
            }
        }
        let plan = DrawPlan(named(base, "0") + named(year, "1"), seed: seed)
        let samples = await sample(plan, max(1000, draws))
        guard samples.count == 2 else { return sum("trend", .nan, [.nan]) }
        let changes = zip(samples[0], samples[1]).map { ($1 - $0) / $0 * 100 }
        let stated = plan.statedTonnes
        return sum("trend", (stated[1] - stated[0]) / stated[0] * 100, changes)
    }

    /// Sums of each group by draw.
    private static func sample(_ plan: DrawPlan, _ draws: Int) async -> [[Double]] {
        let count = plan.groups.count
        let chunks = (draws + chunkDraws - 1) / chunkDraws
        let parts = await parallelParts(chunks: chunks) { chunk in
            plan.sums(draws: chunk * chunkDraws..<min(draws, (chunk + 1) * chunkDraws))
        }
        return (0..<count).map { group in
            parts.flatMap { part in part[(group * part.count / count)..<((group + 1) * part.count / count)] }
        }
    }

    private static func sum(_ group: String, _ stated: Double, _ samples: [Double]) -> Sum {
        let mean = samples.reduce(0, +) / Double(samples.count)
        let squares = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let sorted = samples.sorted()
        let (lower, upper) = (quantile(sorted, 0.025), quantile(sorted, 0.975))
        return Sum(
            group: group,
            statedTonnes: stated,
            emission: Estimate(
                mean: mean,
                standardDeviation: (squares / Double(max(1, samples.count - 1))).squareRoot()
            ),
            lower95: lower,
            upper95: upper,
            boundError: upper > lower ? boundError(samples) / ((upper - lower) / 2) : 0
        )
    }

    /// The larger standard error of the two bounds: spread of the bounds of batches over the root of their number.
    private static func boundError(_ samples: [Double]) -> Double {
        let bounds = (0..<batches).map { batch in
            let part = samples[(batch * samples.count / batches)..<((batch + 1) * samples.count / batches)]
                .sorted()
            return (quantile(part, 0.025), quantile(part, 0.975))
        }
        func error(_ values: [Double]) -> Double {
            let mean = values.reduce(0, +) / Double(values.count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
            return (variance / Double(values.count)).squareRoot()
        }
        return max(error(bounds.map(\.0)), error(bounds.map(\.1)))
    }

    /// Linear between the two nearest of sorted values.
    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        guard let last = sorted.last else { return .nan }
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        guard below + 1 < sorted.count else { return last }
        return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
    }

    private static func covariance(_ samples: [[Double]]) -> [Double] {
        let count = samples.count
        let draws = Double(samples.first?.count ?? 1)
        let means = samples.map { $0.reduce(0, +) / draws }
        var covariance = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in 0...row {
                var sum = 0.0
                for draw in samples[row].indices {
                    sum += (samples[row][draw] - means[row]) * (samples[column][draw] - means[column])
                }
                covariance[row * count + column] = sum / max(1, draws - 1)
                covariance[column * count + row] = sum / max(1, draws - 1)
            }
        }
        return covariance
    }
}

/// Emissions as indices into their inputs and groups.
private struct DrawPlan: Sendable {
    struct Term {
        let group: Int
        let tonnes: Double
        let activity: Int
        let factor: Int
    }

    let groups: [String]
    let statedTonnes: [Double]
    private let inputs: [RelativeDistribution]
    private let streams: [UInt64]
    private let terms: [Term]
    private let random: CounterRandom

    init(_ emissions: [UncertainEmission], seed: UInt64) {
        let keys = Set(emissions.flatMap { [$0.activity.key, $0.factor.key] }).sorted()
        // Inputs of one key share the random number; should two rows give it different widths, each keeps its own.
        let distinct = Set(emissions.flatMap { [$0.activity, $0.factor] })
            .sorted {
                ($0.key, $0.distribution.standardDeviation) < ($1.key, $1.distribution.standardDeviation)
            }
        let streamOfKey = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, UInt64($0)) })
        let placeOfInput = Dictionary(
            distinct.enumerated().map { ($1, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let groups = Set(emissions.map(\.group)).sorted()
        let placeOfGroup = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1, $0) })
        let terms = emissions.map { emission in
            Term(
                group: placeOfGroup[emission.group] ?? 0,
                tonnes: emission.tonnes,
                activity: placeOfInput[emission.activity] ?? 0,
                factor: placeOfInput[emission.factor] ?? 0
            )
        }
        // Sums of doubles depend on their order; this one does not depend on that of the rows.
        let ordered = terms.sorted {
            ($0.group, $0.activity, $0.factor, $0.tonnes) < ($1.group, $1.activity, $1.factor, $1.tonnes)
        }
        self.terms = ordered
        self.groups = groups
        statedTonnes = groups.indices.map { group in
            ordered.reduce(0) { $0 + ($1.group == group ? $1.tonnes : 0) }
        }
        inputs = distinct.map(\.distribution)
        streams = distinct.map { streamOfKey[$0.key] ?? 0 }
        random = CounterRandom(seed: seed)
    }

    /// Sums by group, all draws of the first group first.
    func sums(draws: Range<Int>) -> [Double] {
        var sums = [Double](repeating: 0, count: groups.count * draws.count)
        var values = [Double](repeating: 1, count: inputs.count)
        for (place, draw) in draws.enumerated() {
            for index in inputs.indices where inputs[index] != .exact {
                values[index] = inputs[index].quantile(
                    random.uniform(stream: streams[index], index: UInt64(draw))
                )
            }
            for term in terms {
                sums[term.group * draws.count + place] +=
                    term.tonnes * values[term.activity] * values[term.factor]
            }
        }
        return sums
    }
}
