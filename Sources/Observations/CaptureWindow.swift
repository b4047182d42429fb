public import Quantities

/// How much of what an instrument should have reported in a sliding window has arrived, by observation time.
///
/// Memory is fixed whatever comes: the window is counted in ``bucketCount`` parts, and the step is learnt from the
/// last distances between readings that came in order.
public struct CaptureWindow: Sendable {
    static let bucketCount = 96
    private static let distancesKept = 64
    private static let distancesNeeded = 8

    private let bucketMicroseconds: Int64
    private var counts = [Int](repeating: 0, count: bucketCount)
    /// Index of the newest part, in parts since 1970.
    private var newestBucket: Int64?
    private var first: Instant?
    private(set) var latest: Instant?
    private var distances: [Int64] = []
    private var nextDistance = 0

    /// - Precondition: the window is positive and at most a hundred years.
    public init(seconds: Double) {
        precondition(seconds > 0 && seconds < 4e9, "a window is a positive time")
        bucketMicroseconds = max(1, Int64(seconds * 1e6) / Int64(Self.bucketCount))
    }

    /// Takes a reading that is new; repeated ones are not to be given.
    public mutating func add(_ time: Instant) {
        let bucket = bucket(of: time)
        guard advance(to: bucket) else { return }
        counts[place(bucket)] += 1
        first = min(first ?? time, time)
        if let latest, time > latest { keep(time.microseconds - latest.microseconds) }
        latest = max(latest ?? time, time)
    }

    /// The usual distance between two readings, s; nil before enough have come. Gaps, which are those of more than
    /// twice the median, do not count.
    public var stepSeconds: Double? {
        guard distances.count >= Self.distancesNeeded else { return nil }
        let sorted = distances.sorted()
        let median = sorted[sorted.count / 2]
        let usual = sorted.prefix { $0 / 2 <= median }
        return usual.reduce(0) { $0 + Double($1) } / Double(usual.count) / 1e6
    }

    /// Share of the expected readings that arrived, 0 to 1; nil while the step is unknown or less than a quarter of
    /// the window has been watched.
    public func rate(at now: Instant) -> Double? {
        guard let step = stepSeconds, let first, let newestBucket else { return nil }
        let last = bucket(of: now)
        let oldest = last - Int64(Self.bucketCount) + 1
        let start = max(first.microseconds, oldest * bucketMicroseconds)
        let seconds = Double(now.microseconds - start) / 1e6
        let window = Double(bucketMicroseconds) * Double(Self.bucketCount) / 1e6
        guard seconds >= window / 4 else { return nil }
        let kept = max(oldest, newestBucket - Int64(Self.bucketCount) + 1)
        var received = 0
        if kept <= newestBucket { for bucket in kept...newestBucket { received += counts[place(bucket)] } }
        return min(1, Double(received) * step / seconds)
    }

    private func bucket(of time: Instant) -> Int64 {
        // Rounds down, before 1970 too.
        let (quotient, remainder) = time.microseconds.quotientAndRemainder(dividingBy: bucketMicroseconds)
        return remainder < 0 ? quotient - 1 : quotient
    }

    private func place(_ bucket: Int64) -> Int {
        let count = Int64(Self.bucketCount)
        return Int(((bucket % count) + count) % count)
    }

    /// False for a part that has left the window.
    private mutating func advance(to bucket: Int64) -> Bool {
        guard let newest = newestBucket else {
            newestBucket = bucket
            return true
        }
        if bucket <= newest { return bucket > newest - Int64(Self.bucketCount) }
        for passed in 1...min(bucket - newest, Int64(Self.bucketCount)) { counts[place(newest + passed)] = 0 }
        newestBucket = bucket
        return true
    }

    private mutating func keep(_ distance: Int64) {
        if distances.count < Self.distancesKept {
            distances.append(distance)
        } else {
            distances[nextDistance] = distance
        }
        nextDistance = (nextDistance + 1) % Self.distancesKept
    }
}
