/// Differences between two series that were found before, so that the nights of a month are not read again for each
/// reading. What is remembered is what would be found again, as long as changes are told.
public struct ComparisonMemory: Sendable {
    enum Span: Hashable {
        /// By the day it belongs to.
        case night(Int)
        /// By the hour since 1970, UTC.
        case hour(Int)
    }

    struct Pair: Hashable {
        let own: CompanionSeries
        let companion: CompanionSeries
    }

    private var differences: [Pair: [Span: [Double]]] = [:]
    private var count = 0
    /// A night or an hour has a dozen differences: a hundred megabytes.
    private static let mostSpans = 500_000

    public init() {}

    /// - Returns: what is remembered, or else what is found.
    mutating func differences<Failure: Error>(
        _ pair: Pair,
        _ span: Span,
        find: () throws(Failure) -> [Double]
    ) throws(Failure) -> [Double] {
        if let known = differences[pair]?[span] { return known }
        let found = try find()
        if count >= Self.mostSpans { (differences, count) = ([:], 0) }
        differences[pair, default: [:]][span] = found
        count += 1
        return found
    }

    mutating func forget(_ pair: Pair, _ spans: [Span]) {
        guard differences[pair] != nil else { return }
        for span in spans where differences[pair]?.removeValue(forKey: span) != nil { count -= 1 }
    }

    mutating func forget(_ pair: Pair) {
        count -= differences.removeValue(forKey: pair)?.count ?? 0
    }
}
