import Quantities
import Testing

@testable import Formats

@Suite struct TimeCoordinateTests {
    @Test(
        arguments: [
            ("days since 2019-01-01", 1.0, "2019-01-02T00:00:00Z"),
            ("hours since 2019-01-01 00:00:00", 23, "2019-01-01T23:00:00Z"),
            ("seconds since 1970-01-01T00:00:00Z", 90, "1970-01-01T00:01:30Z"),
            ("Seconds since 1970-01-01 00:00:00 UTC", 0.5, "1970-01-01T00:00:00.500000Z"),
            ("minutes since 2000-2-29 12:30", 30, "2000-02-29T13:00:00Z"),
            ("hours since 1970-01-01 00:00:00.0", -1, "1969-12-31T23:00:00Z"),
            ("hours since 2019-01-01 00:00:00", 1.5, "2019-01-01T01:30:00Z"),
            ("days since 2000-02-28T12:00:00Z", 1, "2000-02-29T12:00:00Z"),
            ("minutes since 2019-01-01 06:00:00 UTC", -1, "2019-01-01T05:59:00Z"),
            ("h since 2019-01-01 06:00:00 0:00", 0, "2019-01-01T06:00:00Z"),
            ("d since 2019-01-01 0:00", 1, "2019-01-02T00:00:00Z"),
            ("s since 2019-01-01 06:00:07.25", 0.5, "2019-01-01T06:00:07.750Z"),
        ]
    ) func spellingsMetInFilesAreUnderstood(units: String, value: Double, expected: String) throws {
        let coordinate = try #require(TimeCoordinate(units: units))
        #expect(coordinate.instant(value) == Instant(iso8601: expected))
    }

    @Test(
        arguments: [
            "", "days", "days since", "fortnights since 2000-01-01", "days since 2019-02-30",
            "days since 2019-01-01 00:00:00 +08:00", "months since 2000-01-01", "days since yesterday",
            "hours", "hours since", "days since 2019-01-01 24:00", "days since 2019-01-01 1:2:3:4",
            "days since 2019-01-01 12:", "days since 2019-01-01 12:00:nan", "days since 2019-01-01 12:00:60",
        ]
    ) func otherTextsAreRefused(units: String) {
        #expect(TimeCoordinate(units: units) == nil)
    }

    @Test func calendarsWithOtherYearsAreRefused() throws {
        #expect(TimeCoordinate(units: "days since 2000-01-01", calendar: "360_day") == nil)
        let coordinate = try #require(
            TimeCoordinate(units: "days since 2000-01-01", calendar: "proleptic_gregorian")
        )
        #expect(coordinate.instant(.nan) == nil)
        #expect(coordinate.instant(1e300) == nil)
    }
}
