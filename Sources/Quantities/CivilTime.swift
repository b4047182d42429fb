/// Date and time fields of the proleptic Gregorian calendar in UTC.
public struct CivilTime: Hashable, Sendable {
    public var year: Int
    public var month: Int
    public var day: Int
    public var hour: Int
    public var minute: Int
    public var second: Int
    public var microsecond: Int

    public init(
        year: Int,
        month: Int,
        day: Int,
        hour: Int = 0,
        minute: Int = 0,
        second: Int = 0,
        microsecond: Int = 0
    ) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
    }

    /// False for 31 February, hour 24, second 60 and the like.
    public var isValid: Bool {
        (1...9999).contains(year) && (1...12).contains(month)
            && (1...Self.days(inMonth: month, year: year)).contains(day)
            && (0..<24).contains(hour) && (0..<60).contains(minute) && (0..<60).contains(second)
            && (0..<1_000_000).contains(microsecond)
    }

    static func days(inMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01 by counting in 400-year eras that start on 1 March
    /// (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    var daysSince1970: Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    init(daysSince1970: Int) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        self.init(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
            month: month,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }
}

extension Instant {
    /// - Precondition: the fields are valid.
    public init(_ civil: CivilTime) {
        let seconds = civil.daysSince1970 * 86_400 + civil.hour * 3600 + civil.minute * 60 + civil.second
        self.init(microseconds: Int64(seconds) * 1_000_000 + Int64(civil.microsecond))
    }

    /// The UTC calendar fields.
    public var civil: CivilTime {
        let perDay: Int64 = 86_400_000_000
        let day = (microseconds >= 0 ? microseconds : microseconds - perDay + 1) / perDay
        var rest = Int(microseconds - day * perDay)
        var civil = CivilTime(daysSince1970: Int(day))
        civil.microsecond = rest % 1_000_000
        rest /= 1_000_000
        civil.second = rest % 60
        civil.minute = rest / 60 % 60
        civil.hour = rest / 3600
        return civil
    }
}
