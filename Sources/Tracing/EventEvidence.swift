import Foundation

/// How likely an event is with each of several sources, at every rate, and with none.
struct EventEvidence: Sendable {
    /// The least rates that show, kg h-1; infinite where there is none.
    let needed: [Double]
    /// Sources that sensors were downwind of.
    let seen: [Int]
    /// Rates that are looked at.
    let grid: RateGrid
    /// Log-likelihoods of those that are seen, at every rate.
    let curves: [[Double]]
    /// Of those that are seen; nil without any.
    let best: LikelihoodPeak?
    let independentShare: Double
    /// Logarithms of the evidence of those that are seen, with rates equally likely beforehand in their logarithm over
    /// the whole of the grid, and of none.
    private let values: [Double]
    private let none: Double

    init(_ data: EventData, _ columns: [TurnedColumn], _ settings: TraceSettings) {
        var likelihood = RateLikelihood(data: data, scatter: settings.scatter)
        let needed = columns.map { $0.turns.map { Self.detectableRate(data, $0) }.min() ?? .infinity }
        let reference = Self.referenceRate(data, columns.flatMap(\.turns)) ?? 1
        let grid = RateGrid(about: reference, reach: Self.reach, step: 0.05)
        let seen = columns.indices.filter { needed[$0] <= reference * Self.hopeless }
        let surfaces = seen.map { LikelihoodSurface(likelihood, columns[$0], grid) }
        let best = LikelihoodPeak.best(of: surfaces, grid)
        if let best {
            let column = columns[seen[best.column]].turns[best.turn]
            likelihood.findIndependentShare(rate: best.rate, column)
        }
        independentShare = likelihood.independentShare
        curves = surfaces.map { [share = likelihood.independentShare] in $0.curve(independentShare: share) }
        let empty = [Sensitivity](repeating: Sensitivity(), count: data.count)
        none = likelihood.logLikelihood(rate: 0, empty)
        values = curves.map { logarithmOfSum($0) - log(Double($0.count)) }
        (self.needed, self.seen, self.grid, self.best) = (needed, seen, grid, best)
    }

    private var top: Double { max(none, values.max() ?? none) }

    private var total: Double {
        values.reduce(exp(none - top)) { [top] in $0 + exp($1 - top) }
    }

    /// How much likelier the enhancements are with a candidate, or none, each as likely beforehand, than without.
    var logEvidence: Double { top - none + log(total / Double(values.count + 1)) }

    /// Of those that are seen, and of none.
    var probabilities: (sources: [Double], none: Double) {
        let (top, total) = (top, total)
        return (values.map { exp($0 - top) / total }, exp(none - top) / total)
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

/// Log-likelihoods of a source turn by turn and rate by rate, as if all rows were independent.
private struct LikelihoodSurface {
    let turns: [[Double]]
    let logWeights: [Double]

    init(_ likelihood: RateLikelihood, _ column: TurnedColumn, _ grid: RateGrid) {
        let rates = grid.rates
        turns = column.turns.map { turn in rates.map { likelihood.logLikelihood(rate: $0, turn) } }
        logWeights = column.logWeights
    }

    /// Over the turns, at every rate.
    func curve(independentShare share: Double) -> [Double] {
        (turns.first ?? []).indices.map { rate in
            logarithmOfSum(turns.indices.map { share * turns[$0][rate] + logWeights[$0] })
        }
    }
}

/// Where a likelihood is greatest.
struct LikelihoodPeak: Sendable {
    let column: Int
    let turn: Int
    /// kg h-1.
    let rate: Double
    let value: Double

    /// Nil without a column.
    fileprivate static func best(of surfaces: [LikelihoodSurface], _ grid: RateGrid) -> LikelihoodPeak? {
        let rates = grid.rates
        var best: LikelihoodPeak?
        for (column, surface) in surfaces.enumerated() {
            for turn in surface.turns.indices {
                for (index, rate) in rates.enumerated() {
                    let value = surface.turns[turn][index] + surface.logWeights[turn]
                    if value > best?.value ?? -.infinity {
                        best = LikelihoodPeak(column: column, turn: turn, rate: rate, value: value)
                    }
                }
            }
        }
        return best
    }
}
