import Foundation

/// What an event says of a candidate.
public struct TracedSource: Sendable {
    public let name: String
    /// That this one alone made the event, were one of the candidates, or something else, to have made it.
    public let probability: Double
    /// Whether a sensor was where its gas would have come; otherwise nothing is known of its rate.
    public let isConstrained: Bool
    /// The least rate that three standard deviations of the noise would show, kg h-1; nil where none would.
    public let detectableRate: Double?
    /// Were it the only source; nil where it is not constrained.
    public let alone: RateEstimate?
    /// Beside all others; nil where it is not constrained.
    public let jointly: JointRate?
}

extension TracedSource {
    /// - Parameters:
    ///   - needed: the detectable rate, infinite where there is none.
    ///   - probability: nil for a source that is not constrained.
    fileprivate init(
        name: String,
        needed: Double,
        probability: Double?,
        alone: RateEstimate?,
        jointly: JointRate?
    ) {
        self.init(
            name: name,
            probability: probability ?? 0,
            isConstrained: probability != nil,
            detectableRate: needed.isFinite ? needed : nil,
            alone: alone,
            jointly: jointly
        )
    }
}

extension JointRates {
    fileprivate func rate(_ source: Int, _ logDeviation: Double) -> JointRate {
        JointRate(
            rate: rates[source],
            deviation: standardDeviation(source),
            logDeviation: logDeviation
        )
    }
}

/// A rate beside those of other sources, kg h-1.
public struct JointRate: Hashable, Sendable {
    public let rate: Double
    /// With the error of the model, were it normal.
    public let standardDeviation: Double
    public let lower68: Double
    public let upper68: Double
    public let lower95: Double
    public let upper95: Double

    /// - Parameters:
    ///   - deviation: of the fit, kg h-1.
    ///   - logDeviation: of the model, in the logarithm of the rate.
    init(rate: Double, deviation: Double, logDeviation: Double) {
        self.rate = rate
        guard rate > deviation else {
            // Nothing says that it is not zero: one-sided limits above.
            let factor = exp(logDeviation)
            standardDeviation = deviation
            (lower68, lower95) = (0, 0)
            upper68 = (rate + deviation) * factor
            upper95 = (rate + 1.959963984540054 * deviation) * exp(1.959963984540054 * logDeviation)
            return
        }
        let relative = log(1 + deviation * deviation / (rate * rate))
        let estimate = RateEstimate(
            rate: rate,
            logDeviation: (relative + logDeviation * logDeviation).squareRoot()
        )
        standardDeviation = (deviation * deviation + rate * rate * logDeviation * logDeviation).squareRoot()
        (lower68, upper68) = (estimate.lower68, estimate.upper68)
        (lower95, upper95) = (estimate.lower95, estimate.upper95)
    }
}

/// Which of several sources made an event, and how much it emitted.
public struct Attribution: Sendable {
    /// In the order of the candidates.
    public let sources: [TracedSource]
    /// That none of the candidates explains it better than noise.
    public let noneProbability: Double
    /// Logarithm of how much likelier the enhancements are with a candidate, or none, each as likely beforehand, than
    /// without.
    let logEvidence: Double
    /// Part of the squares of enhancements over their noise that the most likely source explains.
    public let explainedShare: Double
    /// Independent values that the rows of the event count as.
    public let effectiveCount: Double
    /// Nil without a constrained source.
    public let joint: JointRates?

    /// Candidates from the most to the least likely.
    public var ranking: [Int] {
        sources.indices.sorted { (-sources[$0].probability, $0) < (-sources[$1].probability, $1) }
    }

    init(_ data: EventData, names: [String], columns: [TurnedColumn], _ settings: TraceSettings) {
        var likelihood = RateLikelihood(data: data, scatter: settings.scatter)
        let needed = columns.map { $0.turns.map { Self.detectableRate(data, $0) }.min() ?? .infinity }
        let reference = Self.referenceRate(data, columns.flatMap(\.turns)) ?? 1
        let grid = RateGrid(about: reference, reach: Self.reach, step: 0.05)
        let seen = columns.indices.filter { needed[$0] <= reference * Self.hopeless }
        let best = likelihood.peak(seen.map { columns[$0] }, grid)
        if let best {
            let column = columns[seen[best.column]].turns[best.turn]
            likelihood.findIndependentShare(rate: best.rate, column)
        }
        let curves = seen.map { source in
            grid.rates.map { likelihood.logLikelihood(rate: $0, columns[source]) }
        }
        let empty = [Sensitivity](repeating: Sensitivity(), count: data.count)
        let none = likelihood.logLikelihood(rate: 0, empty)
        // Rates are equally likely beforehand in their logarithm, over the whole of the grid.
        let evidence = curves.map { logarithmOfSum($0) - log(Double($0.count)) }
        let top = max(none, evidence.max() ?? none)
        let total = exp(none - top) + evidence.reduce(0) { $0 + exp($1 - top) }
        let fitted =
            seen.isEmpty
            ? nil
            : JointRates(
                data,
                seen.map { columns[$0].turns[best?.turn ?? 0] },
                scatter: settings.scatter,
                independentShare: likelihood.independentShare
            )
        sources = names.indices.map { source in
            let place = seen.firstIndex(of: source)
            return TracedSource(
                name: names[source],
                needed: needed[source],
                probability: place.map { exp(evidence[$0] - top) / total },
                alone: place.map {
                    RateEstimate(curves[$0], at: grid, widenedBy: settings.commonLogDeviation)
                },
                jointly: place.flatMap { fitted?.rate($0, settings.commonLogDeviation) }
            )
        }
        noneProbability = exp(none - top) / total
        logEvidence = top - none + log(total / Double(evidence.count + 1))
        explainedShare =
            best.map { Self.explained(data, columns[seen[$0.column]].turns[$0.turn], rate: $0.rate) } ?? 0
        joint = fitted
        effectiveCount = Double(data.count) * likelihood.independentShare
    }

    private static func explained(_ data: EventData, _ column: [Sensitivity], rate: Double) -> Double {
        func squares(_ rate: Double) -> Double {
            data.enhancements.indices.reduce(0) { sum, row in
                let left = (data.enhancements[row] - rate * column[row].mean) / data.deviations[row]
                return sum + left * left
            }
        }
        let all = squares(0)
        return all > 0 ? max(0, 1 - squares(rate) / all) : 0
    }

    /// Factors of e about the best rate that are looked at.
    static let reach = 7.0
    /// A source that would have to emit so many times more than the best to be seen at all is not constrained.
    static let hopeless = 100.0

    static func detectableRate(_ data: EventData, _ column: [Sensitivity]) -> Double {
        let squares = column.indices.reduce(0) { sum, row in
            let value = column[row].mean / data.deviations[row]
            return sum + value * value
        }
        return squares > 0 ? 3 / squares.squareRoot() : .infinity
    }

    /// The rate of the source that goes best with the enhancements, kg h-1; nil without one.
    static func referenceRate(_ data: EventData, _ columns: [[Sensitivity]]) -> Double? {
        var best: (gain: Double, rate: Double)?
        for column in columns {
            var (product, square) = (0.0, 0.0)
            for row in column.indices {
                let weight = column[row].mean / (data.deviations[row] * data.deviations[row])
                product += weight * data.enhancements[row]
                square += weight * column[row].mean
            }
            guard product > 0, square > 0, product / square > .leastNormalMagnitude * 1e10 else { continue }
            let gain = product * product / square
            if gain > best?.gain ?? 0 { best = (gain, product / square) }
        }
        return best?.rate
    }
}

/// Where a likelihood is greatest.
struct LikelihoodPeak: Sendable {
    let column: Int
    let turn: Int
    /// kg h-1.
    let rate: Double
    let value: Double
}

extension RateLikelihood {
    /// Nil without a column.
    func peak(_ columns: [TurnedColumn], _ grid: RateGrid) -> LikelihoodPeak? {
        var best: LikelihoodPeak?
        for (index, column) in columns.enumerated() {
            for turn in column.turns.indices {
                for rate in grid.rates {
                    let value = logLikelihood(rate: rate, column.turns[turn]) + column.logWeight(turn)
                    if value > best?.value ?? -.infinity {
                        best = LikelihoodPeak(column: index, turn: turn, rate: rate, value: value)
                    }
                }
            }
        }
        return best
    }
}
