import Quantities

/// The hours of the night, by mean solar time: 12 is when the mean sun stands in the south.
public struct NightHours: Equatable, Sendable {
    /// Of the evening or the morning, from 0 to 24.
    public let from: Double
    public let to: Double

    /// From 22 to 5, when it is dark in most latitudes and seasons.
    public init() { (from, to) = (22, 5) }

    /// Nil where the night would be empty or hold noon.
    public init?(from: Double, to: Double) {
        guard (0...24).contains(from), (0...24).contains(to) else { return nil }
        self.from = from
        self.to = to
        guard sinceNoon.start < sinceNoon.end else { return nil }
    }

    /// Hours since the noon before.
    var sinceNoon: (start: Double, end: Double) {
        let end = to <= 12 ? to + 12 : to - 12
        return (from < 12 ? from + 12 : from - 12, end)
    }

    /// How many hours of it have begun when it ends.
    var count: Int { Int(exactly: (sinceNoon.end - sinceNoon.start).rounded(.up)) ?? 0 }
}

/// Days from noon to noon at a longitude, so that a night is of one day. Mean solar time differs from the sun's own by
/// a quarter of an hour at most.
struct SolarNights: Equatable, Sendable {
    let hours: NightHours
    /// From midnight UTC of 1 January 1970 to the noon that day 0 begins with, microseconds.
    private let noon: Int64

    /// - Parameter longitude: degrees east.
    init(_ hours: NightHours, longitude: Double) {
        self.hours = hours
        noon = 12 * hourMicroseconds - Int64((longitude / 15 * Double(hourMicroseconds)).rounded())
    }

    func day(of time: Instant) -> Int { Int((time.microseconds - noon).flooredQuotient(dayMicroseconds)) }

    /// The moment a day begins.
    func noon(of day: Int) -> Instant { Instant(microseconds: noon + Int64(day) * dayMicroseconds) }

    func night(of day: Int) -> Period {
        let (start, end) = hours.sinceNoon
        return Period(
            start: noon(of: day).advanced(bySeconds: start * 3600),
            end: noon(of: day).advanced(bySeconds: end * 3600)
        )
    }

    /// Whether any of a period is night.
    func touches(_ period: Period) -> Bool {
        (day(of: period.start)...day(of: period.end)).prefix(2).contains { day in
            let night = night(of: day)
            return night.start < period.end && period.start < night.end
        }
    }
}

let hourMicroseconds: Int64 = 3_600_000_000
private let dayMicroseconds = 24 * hourMicroseconds

extension Int64 {
    /// Towards minus infinity.
    func flooredQuotient(_ divisor: Int64) -> Int64 {
        self / divisor - (self % divisor < 0 ? 1 : 0)
    }
}
