public import Quantities

/// Finds the usual step of a series from the distances between its readings, for records that do not state it.
public struct NominalStep: Sendable {
    private var previous: Instant?
    /// Distances in whole tenths of a second, so that a jittering clock of a year fits into a small table.
    private var counts: [Int64: Int] = [:]

    public init() {}

    /// Takes the next reading's time; times must come in order. A repeated time is no step.
    public mutating func add(_ time: Instant) {
        if let previous, time > previous {
            let (tenths, remainder) = (time.microseconds - previous.microseconds)
                .quotientAndRemainder(dividingBy: 100_000)
            counts[tenths + (remainder >= 50_000 ? 1 : 0), default: 0] += 1
        }
        previous = time
    }

    /// The lower median distance, at least a tenth of a second; nil below two times.
    public var seconds: Double? {
        let total = counts.values.reduce(0, +)
        var seen = 0
        for tenths in counts.keys.sorted() {
            seen += counts[tenths] ?? 0
            if 2 * seen >= total { return Double(max(1, tenths)) / 10 }
        }
        return nil
    }
}
