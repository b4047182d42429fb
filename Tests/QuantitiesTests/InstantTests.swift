import Foundation
import Quantities
import TestSupport
import Testing

@Suite struct InstantTests {
    /// Unix times as `date -u -d ... +%s` gives them.
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0 as Int64), ("1969-12-31T23:59:59Z", -1),
        ("2000-02-29T12:00:00Z", 951_825_600),
        ("1900-03-01T00:00:00Z", -2_203_891_200), ("2100-02-28T00:00:00Z", 4_107_456_000),
        ("2009-09-01T00:01:31Z", 1_251_763_291), ("0001-01-01T00:00:00Z", -62_135_596_800),
        ("9999-12-31T23:59:59Z", 253_402_300_799),
    ])
    func knownDates(text: String, seconds: Int64) {
        #expect(Instant(iso8601: text)?.microseconds == seconds * 1_000_000)
        #expect(Instant(microseconds: seconds * 1_000_000).description == text)
    }

    @Test(arguments: [
        ("2018-10-24T09:52:36.28+02:00", "2018-10-24T07:52:36.280Z"),
        ("2018-10-24T07:52:36,280001Z", "2018-10-24T07:52:36.280001Z"),
        ("2018-10-24 07:52:36z", "2018-10-24T07:52:36Z"),
        ("2018-10-24T00:22:36-0530", "2018-10-24T05:52:36Z"),
        ("2018-10-24T07:52:36.1234569Z", "2018-10-24T07:52:36.123456Z"),
        ("2000-01-01T00:00:00+08:00", "1999-12-31T16:00:00Z"),
    ])
    func zonesAndFractions(text: String, expected: String) {
        #expect(Instant(iso8601: text)?.description == expected)
    }

    @Test(arguments: [
        "", "2018-10-24", "2018-10-24T07:52:36", "2018-02-29T00:00:00Z", "2018-13-01T00:00:00Z",
        "2018-10-24T24:00:00Z", "2018-10-24T07:60:00Z", "2018-10-24T07:52:60Z", "2018-10-24T07:52:36.Z",
        "2018-10-24T07:52:36Zx", "18-10-24T07:52:36Z", "0000-01-01T00:00:00Z", "2018-10-24T07:52:36+24:00",
        "2018-10-24T07:52:36+", "２０１８-10-24T07:52:36Z",
    ])
    func refusesWhatIsNoMoment(text: String) {
        #expect(Instant(iso8601: text) == nil)
    }

    @Test(arguments: 0..<200 as Range<UInt64>) func textAndFieldsRoundTrip(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let span = 315_537_897_599_999_999 as Int64
        let instant = Instant(microseconds: -62_135_596_800_000_000 + Int64(random.next() % UInt64(span)))
        #expect(Instant(instant.civil) == instant)
        #expect(instant.civil.isValid)
        #expect(Instant(iso8601: instant.description) == instant)
    }

    @Test func everyDayOfFourCenturiesFollowsTheOneBefore() {
        var civil = CivilTime(year: 1900, month: 1, day: 1)
        let start = Instant(civil)
        for day in 0..<146_097 {
            let instant = start.advanced(bySeconds: Double(day) * 86_400)
            #expect(instant.civil == civil)
            civil.day += 1
            if !civil.isValid { (civil.day, civil.month) = (1, civil.month + 1) }
            if civil.month == 13 { (civil.month, civil.year) = (1, civil.year + 1) }
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, 253_402_300_800, -62_135_596_801, -9.3e12])
    func secondsOutsideTheCalendarAreRefused(seconds: Double) {
        #expect(Instant(secondsSince1970: seconds) == nil)
    }

    @Test func codesAsText() throws {
        let instant = try #require(Instant(iso8601: "2018-10-24T07:52:36.28Z"))
        let data = try JSONEncoder().encode([instant])
        #expect(String(decoding: data, as: UTF8.self) == #"["2018-10-24T07:52:36.280Z"]"#)
        #expect(try JSONDecoder().decode([Instant].self, from: data) == [instant])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Instant].self, from: Data(#"["yesterday"]"#.utf8))
        }
    }

    @Test func aPeriodOwnsItsStartAndNotItsEnd() {
        let period = Period(start: Instant(microseconds: 10), end: Instant(microseconds: 20))
        #expect(period.contains(Instant(microseconds: 10)))
        #expect(!period.contains(Instant(microseconds: 20)))
        #expect(period.seconds == 1e-5)
    }
}
