import Foundation

/// A sign that the wind was not read as it was written: with its angles counted otherwise, the candidates explain the
/// events far better.
public struct WindDoubt: Hashable, Sendable {
    /// What the angles might be that were taken for whence the wind blows, clockwise from north.
    public enum Angle: String, CaseIterable, Sendable {
        /// Whither it blows, clockwise from north.
        case to
        /// Whither it blows, counter-clockwise from east.
        case math
        /// Whence it blows, counter-clockwise from east.
        case mathFrom

        func velocity(_ read: SIMD2<Double>) -> SIMD2<Double> {
            switch self {
            case .to: SIMD2(-read.x, -read.y)
            case .math: SIMD2(-read.y, -read.x)
            case .mathFrom: SIMD2(read.y, read.x)
            }
        }
    }

    public let angle: Angle
    /// By how much the logarithm of the evidence of all events is greater so.
    public let gain: Double

    /// Far beyond what likelihoods themselves ask for: plumes err alike for hours, and a day of releases with
    /// three events reached 19 for angles that were wrong, where wind read wrongly reaches some hundreds in two days.
    static let leastGain = 50.0
}

extension SourceTrace {
    /// The best way to count angles but the one used; nil where that is about as good.
    func windDoubt(_ events: [[WindowMean]], _ origins: [PlumeOrigin], evidence: Double) -> WindDoubt? {
        guard !origins.isEmpty, !events.isEmpty else { return nil }
        let doubts = WindDoubt.Angle.allCases.map { angle in
            let turned = PlumeSensitivity.turned(wind.mapped(angle.velocity), settings)
            let sum = events.reduce(0) { sum, rows in
                let columns = origins.map { column(of: $0, rows, turned) }
                let names = origins.indices.map(String.init)
                return sum
                    + Attribution(EventData(rows), names: names, columns: columns, settings).logEvidence
            }
            return WindDoubt(angle: angle, gain: sum - evidence)
        }
        guard let best = doubts.max(by: { $0.gain < $1.gain }), best.gain > WindDoubt.leastGain else {
            return nil
        }
        return best
    }
}
