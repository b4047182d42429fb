import Foundation
import Quantities

/// The unit text of a CF time coordinate, such as `hours since 2019-01-01 00:00:00`.
struct TimeCoordinate: Equatable {
    let secondsPerUnit: Double
    let origin: Instant

    /// Nil when the text is not `UNIT since DATE [TIME] [Z|UTC]` or the calendar is not the civil one.
    init?(units: String, calendar: String? = nil) {
        if let calendar, !Self.civilCalendars.contains(calendar.lowercased()) { return nil }
        let words = units.lowercased().split(separator: " ").map(String.init)
        guard words.count >= 3, words[1] == "since", let seconds = Self.seconds(of: words[0]),
            let origin = Self.instant(words.dropFirst(2).joined(separator: " "))
        else { return nil }
        secondsPerUnit = seconds
        self.origin = origin
    }

    /// Nil for values outside the years that an instant holds.
    func instant(_ value: Double) -> Instant? {
        Instant(secondsSince1970: origin.secondsSince1970 + value * secondsPerUnit)
    }

    private static let civilCalendars = ["standard", "gregorian", "proleptic_gregorian", "none"]

    private static func seconds(of unit: String) -> Double? {
        switch unit {
        case "second", "seconds", "sec", "secs", "s": 1
        case "minute", "minutes", "min", "mins": 60
        case "hour", "hours", "hr", "hrs", "h": 3600
        case "day", "days", "d": 86_400
        default: nil
        }
    }

    /// The date and, where given, the time of day. Zone offsets other than UTC are refused.
    private static func instant(_ words: String) -> Instant? {
        var text = words
        for zone in ["z", " utc", "+00:00"] where text.hasSuffix(zone) { text.removeLast(zone.count) }
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "t" }).map(String.init)
        guard let date = parts.first, parts.count <= 2 else { return nil }
        let days = date.split(separator: "-").map { Int($0) }
        guard days.count == 3, let year = days[0], let month = days[1], let day = days[2] else { return nil }
        var civil = CivilTime(year: year, month: month, day: day)
        if parts.count == 2 {
            let clock = parts[1].split(separator: ":").map { Double($0) }
            guard (1...3).contains(clock.count) else { return nil }
            let fields = clock.map { $0.flatMap { Int(exactly: $0) } }
            guard !fields.contains(nil) else { return nil }
            civil.hour = (fields[0] ?? 0)
            civil.minute = fields.count > 1 ? (fields[1] ?? 0) : 0
            civil.second = fields.count > 2 ? (fields[2] ?? 0) : 0
        }
        return civil.isValid ? Instant(civil) : nil
    }
}
