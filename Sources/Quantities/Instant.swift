/// A moment in UTC as whole microseconds since 1970-01-01T00:00:00Z (no leap seconds).
public struct Instant: Hashable, Comparable, Sendable {
    public let microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// - Parameter seconds: seconds since 1970; rounded to the nearest microsecond. Nil if not finite or
    ///   outside the years 1 to 9999, which ISO 8601 can write.
    public init?(secondsSince1970 seconds: Double) {
        guard (-62_135_596_800..<253_402_300_800).contains(seconds) else { return nil }
        // Within the bounds far below what 64 bits hold.
        microseconds = Int64((seconds * 1e6).rounded())
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
