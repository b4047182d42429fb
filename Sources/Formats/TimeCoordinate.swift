import NetCDF
import Quantities

/// The unit text of a CF time coordinate, such as `hours since 2019-01-01 00:00:00`; without a zone it is in
/// UTC (CF conventions 1.11, section 4.4).
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
        // UDUNITS also writes UTC as an offset of `0:00`; after a date alone that is midnight all the same.
        for zone in ["z", " utc", "+00:00", " 0:00"] where text.hasSuffix(zone) {
            text.removeLast(zone.count)
        }
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "t" })
        guard let date = parts.first, parts.count <= 2 else { return nil }
        let days = date.split(separator: "-").map { Int($0) }
        guard days.count == 3, let year = days[0], let month = days[1], let day = days[2] else { return nil }
        var civil = CivilTime(year: year, month: month, day: day)
        if parts.count == 2 {
            guard setClock(parts[1], of: &civil) else { return nil }
        }
        return civil.isValid ? Instant(civil) : nil
    }

    /// `h`, `h:m` or `h:m:s`, of which the seconds may have a fraction.
    private static func setClock(_ text: Substring, of civil: inout CivilTime) -> Bool {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...3).contains(fields.count), let hour = Int(fields[0]) else { return false }
        civil.hour = hour
        if fields.count > 1 {
            guard let minute = Int(fields[1]) else { return false }
            civil.minute = minute
        }
        if fields.count > 2 {
            guard let seconds = Double(fields[2]), (0..<60).contains(seconds) else { return false }
            let microseconds = Int(min((seconds * 1e6).rounded(), 59_999_999))
            civil.second = microseconds / 1_000_000
            civil.microsecond = microseconds % 1_000_000
        }
        return true
    }
}

extension NetCDFFile {
    /// Turns values of a time variable into instants by its `units` and `calendar`.
    @NetCDFThread
    func instants(_ values: [Double], of variable: String) throws(NetCDFError) -> [Instant] {
        let units = text("units", of: variable) ?? ""
        let calendar = text("calendar", of: variable)
        guard let coordinate = TimeCoordinate(units: units, calendar: calendar) else {
            let inCalendar = calendar.map { " in calendar `\($0)`" } ?? ""
            throw NetCDFError(
                .unexpected(
                    "time unit `\(units)`\(inCalendar) is not of the form `hours since 2019-01-01`"
                ),
                path: path,
                variable: variable
            )
        }
        var instants: [Instant] = []
        for (index, value) in values.enumerated() {
            guard let instant = coordinate.instant(value) else {
                throw NetCDFError(
                    .unexpected("time \(index) is not a moment"),
                    path: path,
                    variable: variable
                )
            }
            instants.append(instant)
        }
        return instants
    }
}
