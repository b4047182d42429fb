import Formats
import Quantities

/// Observations that stand twice, in one table or in two: they would count as if they were independent.
enum RepeatedObservations {
    private struct Key: Hashable {
        let footprint: Int
        let time: Instant
        let group: String
        let bias: String
        let height: Double?
    }

    /// Marks what is there again with the same values.
    ///
    /// - Returns: the pairs without these.
    /// - Throws: ``FootprintProblemError/contradiction(observation:why:)`` for other values of one receptor, time,
    ///   height, group and bias.
    static func leaveOut(
        of pairs: [FootprintMatch.Pair],
        _ observations: inout [FootprintObservation]
    ) throws(FootprintProblemError) -> [FootprintMatch.Pair] {
        var firsts: [Key: Int] = [:]
        var kept: [FootprintMatch.Pair] = []
        for pair in pairs {
            let own = observations[pair.observation].measured
            let key = Key(
                footprint: pair.footprint,
                time: own.time,
                group: own.group,
                bias: own.bias,
                height: own.heightMetres
            )
            guard let first = firsts[key] else {
                firsts[key] = pair.observation
                kept.append(pair)
                continue
            }
            if let why = difference(observations[first].measured, own) {
                throw .contradiction(observation: "\(own.name), \(own.time)", why: why)
            }
            observations[pair.observation].exclusion = .repeated
        }
        return kept
    }

    /// Nil where both say the same.
    private static func difference(_ one: ReceptorObservation, _ other: ReceptorObservation) -> String? {
        let numbers: [(String, Double?, Double?)] = [
            ("value", one.value, other.value), ("sigma", one.sigma, other.sigma),
            ("background", one.background, other.background), ("offset", one.offset, other.offset),
        ]
        return numbers.first { $0.1 != $0.2 }.map { name, first, second in
            func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "nothing" }
            return "\(name) \(text(first)) and \(text(second)) ppm"
        }
    }
}
