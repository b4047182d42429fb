import Foundation
import Quantities

/// The times of some meteorology and the way from a second to the two around it.
struct MeteorologyTimes: Sendable {
    let instants: [Instant]
    /// s since the first.
    private let seconds: [Double]
    private let inverseLengths: [Double]
    /// s that a place in `sliceOfBin` stands for.
    private let bin: Double
    private let sliceOfBin: [Int32]
    /// The usual interval; a longer one is a gap.
    private let usual: Double

    /// - Precondition: at least two, ascending.
    init(_ instants: [Instant]) {
        precondition(instants.count > 1, "nothing between fewer than two times")
        let seconds = instants.map { $0.seconds(since: instants[0]) }
        let lengths = zip(seconds.dropFirst(), seconds).map { $0 - $1 }
        var counts: [Double: Int] = [:]
        for length in lengths { counts[length, default: 0] += 1 }
        usual = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? lengths[0]
        // Half of the shortest interval: at most one time within a bin.
        let shortest = max(lengths.min() ?? 1, (seconds.last ?? 1) / 1e6)
        let bin = shortest / 2
        let bins = Int(exactly: ((seconds.last ?? 0) / bin).rounded(.up)) ?? 0
        var slice = 0
        var slices: [Int32] = []
        for index in 0...bins {
            while slice + 2 < seconds.count, seconds[slice + 1] <= Double(index) * bin { slice += 1 }
            slices.append(Int32(truncatingIfNeeded: slice))
        }
        self.bin = bin
        sliceOfBin = slices
        inverseLengths = lengths.map { 1 / $0 }
        self.seconds = seconds
        self.instants = instants
    }

    /// The time before and the share of the way to the next; beyond the ends, the nearest.
    @inline(__always)
    func slice(_ time: Double) -> (index: Int, share: Float) {
        let place = max(0, time) / bin
        var index = Int(sliceOfBin[min(Int(Int32(min(place, 2e6))), sliceOfBin.count &- 1)])
        while index &+ 2 < seconds.count, time >= seconds[index &+ 1] { index = index &+ 1 }
        let share = (time - seconds[index]) * inverseLengths[index]
        return (index, Float(max(0, min(1, share))))
    }

    /// Times that ``slice(_:)`` may lead to from one moment to another: seconds of a particle are sums, which rounding
    /// puts a little beyond.
    func hours(of period: Period) -> Range<Int> {
        let start = period.start.seconds(since: instants[0]) - Self.roundingSeconds
        let end = period.end.seconds(since: instants[0]) + Self.roundingSeconds
        return slice(start).index..<(slice(end).index + 2)
    }

    private static let roundingSeconds = 1.0

    /// The first time of the usual grid of times that lies in a gap, or beyond the ends, of a span.
    func firstMissing(from start: Instant, to end: Instant) -> Instant? {
        if start < instants[0] { return start }
        for (earlier, later) in zip(instants, instants.dropFirst())
        where later.seconds(since: earlier) > usual * 1.5 && later > start && earlier < end {
            return earlier.advanced(bySeconds: usual)
        }
        guard let last = instants.last, end > last else { return nil }
        return max(start, last.advanced(bySeconds: usual))
    }
}
