/// A moment in UTC as whole microseconds since 1970-01-01T00:00:00Z (no leap seconds).
public struct Instant: Hashable, Comparable, Sendable {
    public let microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// - Parameter seconds: seconds since 1970; rounded to the nearest microsecond. Nil if not finite or
    ///   outside the years 1 to 9999, which ISO 8601 can write.
    public init?(secondsSince1970 seconds: Double) {
        guard (-62_135_596_800..<253_402_300_800).contains(seconds) else { return nil }
        // Within the bounds far below what 64 bits hold.
        microseconds = Self.nearest(seconds * 1e6)
    }

    /// The nearest whole number, halves away from zero, for what 64 bits hold: without the call of a library for each
    /// of millions of soundings.
    @inline(__always)
    private static func nearest(_ value: Double) -> Int64 {
        let whole = Int64(value)
        let rest = value - Double(whole)
        return whole + (rest >= 0.5 ? 1 : 0) - (rest <= -0.5 ? 1 : 0)
    }

    public var secondsSince1970: Double { Double(microseconds) / 1e6 }

    public static func < (a: Self, b: Self) -> Bool { a.microseconds < b.microseconds }

    public func advanced(bySeconds seconds: Double) -> Instant {
        Instant(microseconds: microseconds + Int64((seconds * 1e6).rounded()))
    }

    /// Seconds from another moment to this one.
    public func seconds(since other: Instant) -> Double {
        Double(microseconds - other.microseconds) / 1e6
    }
}

/// A half-open stretch of time, `start <= t < end`.
public struct Period: Hashable, Sendable {
    public let start: Instant
    public let end: Instant

    public init(start: Instant, end: Instant) {
        precondition(start <= end, "period ends before it starts")
        self.start = start
        self.end = end
    }

    public func contains(_ instant: Instant) -> Bool { instant >= start && instant < end }
    public var seconds: Double { end.seconds(since: start) }
}
