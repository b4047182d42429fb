public import Quantities

/// Finds the usual step of a series from the distances between its readings, for records that do not state it.
public struct NominalStep: Sendable {
    private var previous: Instant?
    /// Distances by whole tenths of a second, so that a jittering clock of a year fits into a small table.
    private var distances: [Int64: (count: Int, microseconds: Int64)] = [:]

    public init() {}

    /// Takes the next reading's time; times must come in order. A repeated time is no step.
    public mutating func add(_ time: Instant) {
        if let previous, time > previous {
            let distance = time.microseconds - previous.microseconds
            let bucket = distances[distance / 100_000] ?? (0, 0)
            distances[distance / 100_000] = (bucket.count + 1, bucket.microseconds + distance)
        }
        previous = time
    }

    /// The next time has no predecessor: what lies between is not known.
    public mutating func breakOff() { previous = nil }

    /// Distances so far.
    public var count: Int { distances.values.reduce(0) { $0 + $1.count } }

    /// The mean of the distances that are not gaps, which are those of more than about twice the median; nil
    /// below two times. The median itself would be wrong for an instrument that reports in bursts.
    public var seconds: Double? {
        let total = count
        let tenths = distances.keys.sorted()
        var seen = 0
        let median = tenths.first { tenth in
            seen += distances[tenth]?.count ?? 0
            return 2 * seen >= total
        }
        guard let median else { return nil }
        var usual: (count: Int, microseconds: Int64) = (0, 0)
        for tenth in tenths where tenth <= 2 * max(1, median) {
            guard let bucket = distances[tenth] else { continue }
            usual.count += bucket.count
            usual.microseconds += bucket.microseconds
        }
        return Double(usual.microseconds) / 1e6 / Double(usual.count)
    }
}
