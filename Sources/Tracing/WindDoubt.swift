import Foundation

/// A sign that the wind was not read as it was written: changed, the candidates explain the events far better.
public struct WindDoubt: Hashable, Sendable {
    /// What angles counted otherwise, or columns taken for others, make of a wind.
    public enum Change: String, CaseIterable, Sendable {
        /// Whence taken for whither.
        case reversed
        /// East taken for north.
        case exchanged
        case exchangedAndReversed

        func velocity(_ read: SIMD2<Double>) -> SIMD2<Double> {
            switch self {
            case .reversed: SIMD2(-read.x, -read.y)
            case .exchanged: SIMD2(read.y, read.x)
            case .exchangedAndReversed: SIMD2(-read.y, -read.x)
            }
        }
    }

    /// That makes of the wind as it was read one that goes better.
    public let change: Change
    /// By how much the logarithm of the evidence of all events is greater so.
    public let gain: Double

    /// Far beyond what likelihoods themselves ask for: plumes err alike for hours, and a day of releases with
    /// three events reached 19 for angles that were wrong, where wind read wrongly reaches some hundreds in two days.
    static let leastGain = 50.0
}

extension SourceTrace {
    /// The best change of the wind but none; nil where none is about as good.
    func windDoubt(_ events: [[WindowMean]], _ origins: [PlumeOrigin], evidence: Double) -> WindDoubt? {
        guard !origins.isEmpty, !events.isEmpty else { return nil }
        let doubts = WindDoubt.Change.allCases.map { change in
            let turned = PlumeSensitivity(wind.mapped(change.velocity), plumes.turns, settings)
            let sum = events.reduce(0) { sum, rows in
                let columns = origins.map { column(of: $0, rows, turned) }
                return sum + EventEvidence(EventData(rows), columns, settings).logEvidence
            }
            return WindDoubt(change: change, gain: sum - evidence)
        }
        guard let best = doubts.max(by: { $0.gain < $1.gain }), best.gain > WindDoubt.leastGain else {
            return nil
        }
        return best
    }
}
