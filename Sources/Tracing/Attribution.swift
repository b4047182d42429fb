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
        let evidence = EventEvidence(data, columns, settings)
        let fitted =
            evidence.seen.isEmpty
            ? nil
            : JointRates(
                data,
                evidence.seen.map { columns[$0].turns[evidence.best?.turn ?? 0] },
                scatter: settings.scatter,
                independentShare: evidence.independentShare
            )
        let probabilities = evidence.probabilities
        sources = names.indices.map { source in
            let place = evidence.seen.firstIndex(of: source)
            return TracedSource(
                name: names[source],
                needed: evidence.needed[source],
                probability: place.map { probabilities.sources[$0] },
                alone: place.map {
                    RateEstimate(
                        evidence.curves[$0],
                        at: evidence.grid,
                        widenedBy: settings.commonLogDeviation
                    )
                },
                jointly: place.flatMap { fitted?.rate($0, settings.commonLogDeviation) }
            )
        }
        noneProbability = probabilities.none
        logEvidence = evidence.logEvidence
        explainedShare =
            evidence.best.map { best in
                let column = columns[evidence.seen[best.column]].turns[best.turn]
                return Self.explained(data, column, rate: best.rate)
            } ?? 0
        joint = fitted
        effectiveCount = Double(data.count) * evidence.independentShare
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
}
