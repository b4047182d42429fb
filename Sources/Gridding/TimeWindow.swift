public import Quantities

/// How soundings are parted by time, in UTC.
public enum TimeWindow: String, CaseIterable, Codable, Sendable {
    case day
    /// Eight days counted from 1 January, the last of a year shorter, as MODIS composites.
    case eightDays = "8-day"
    case month
    /// December to February (of the year of the January), March to May, June to August, September to November.
    case season
    case year
    case all

    /// Outside the years 1 to 9999 there are no windows.
    static let datable = Period(
        start: Instant(CivilTime(year: 1, month: 1, day: 1)),
        end: Instant(microseconds: 253_402_300_800_000_000)
    )

    /// The number of the window that holds a moment; ascending with time. Nil outside the years 1 to 9999.
    public func index(of time: Instant) -> Int? {
        guard Self.datable.contains(time) else { return nil }
        let civil = time.civil
        switch self {
        case .day: return dayNumber(time)
        case .eightDays:
            let newYear = Instant(CivilTime(year: civil.year, month: 1, day: 1))
            return civil.year * 46 + (dayNumber(time) - dayNumber(newYear)) / 8
        case .month: return civil.year * 12 + civil.month - 1
        case .season: return (civil.year * 12 + civil.month) / 3
        case .year: return civil.year
        case .all: return 0
        }
    }

    /// The stretch of time of a window; nil for ``all``, and for numbers that no datable moment has.
    public func period(_ index: Int) -> Period? {
        guard (-800_000...3_000_000).contains(index), let start = beginning(index),
            let end = beginning(index + 1)
        else { return nil }
        return start < end ? Period(start: start, end: end) : nil
    }

    private func beginning(_ index: Int) -> Instant? {
        switch self {
        case .day: return Instant(microseconds: Int64(index) * Self.dayMicroseconds)
        case .eightDays:
            guard let newYear = month(index / 46, 1) else { return nil }
            return Instant(microseconds: newYear.microseconds + Int64(index % 46) * 8 * Self.dayMicroseconds)
        case .month: return month(index / 12, index % 12 + 1)
        case .season: return index % 4 == 0 ? month(index / 4 - 1, 12) : month(index / 4, index % 4 * 3)
        case .year: return month(index, 1)
        case .all: return nil
        }
    }

    private func month(_ year: Int, _ month: Int) -> Instant? {
        let civil = CivilTime(year: year, month: month, day: 1)
        // The window after the last one begins with the year 10000, the first season in December of the year 0.
        return (0...10_000).contains(year) && (1...12).contains(month) ? Instant(civil) : nil
    }

    private func dayNumber(_ time: Instant) -> Int {
        let value = time.microseconds
        return Int((value >= 0 ? value : value - Self.dayMicroseconds + 1) / Self.dayMicroseconds)
    }

    private static let dayMicroseconds: Int64 = 86_400_000_000
}

/// Finds windows of moments that mostly follow each other.
struct WindowFinder {
    let window: TimeWindow
    private var current: Period?
    private var index = 0

    init(_ window: TimeWindow) { self.window = window }

    /// Nil outside the years 1 to 9999.
    mutating func index(of time: Instant) -> Int32? {
        if let current, current.contains(time) { return Int32(index) }
        guard let found = window.index(of: time) else { return nil }
        index = found
        current = window == .all ? TimeWindow.datable : window.period(found)
        return Int32(found)
    }
}
