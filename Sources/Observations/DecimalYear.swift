public import Quantities

extension Instant {
    /// The year with its elapsed part, e.g. 2020.5 in the night to 2 July 2020; a year of 366 days counts its
    /// days as 1/366.
    public var decimalYear: Double {
        let year = civil.year
        let start = Instant(CivilTime(year: year, month: 1, day: 1))
        let end = Instant(CivilTime(year: year + 1, month: 1, day: 1))
        return Double(year) + seconds(since: start) / end.seconds(since: start)
    }
}
