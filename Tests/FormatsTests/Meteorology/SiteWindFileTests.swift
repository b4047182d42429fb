import Foundation
import Quantities
import TestSupport
import Testing
import Transport

@testable import Formats

@Suite struct SiteWindFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ text: String) throws -> SiteWind {
        let path = folder.file("wind.csv").path
        try Data(text.utf8).write(to: URL(filePath: path))
        return try SiteWindFile.read(path, heightMetres: 10, roughnessMetres: 0.1)
    }

    private func minute(_ minute: Int) -> Instant {
        Instant(CivilTime(year: 2022, month: 5, day: 9, hour: 0, minute: minute))
    }

    @Test func rowsGapsAndOptionalColumnsAreRead() throws {
        let wind = try read(
            """
            time,wind_speed_m_s,wind_from_deg,temperature_c,obukhov_length_m,note
            2022-05-09T00:01:00Z,3,90,10,-50,b
            2022-05-09T00:00:00Z,2,270,,,a
            2022-05-09T00:02:00Z,,,,,calm
            2022-05-09T00:03:00Z,4,0,,,c
            2022-05-09T00:04:00Z,4,0,,,d

            """
        )
        #expect(wind.stepSeconds == 60 && wind.records.count == 4)
        #expect(wind.record(at: minute(1).advanced(bySeconds: 59))?.speed == 3)
        #expect(wind.record(at: minute(2)) == nil && wind.record(at: minute(9)) == nil)
        #expect(wind.gaps == [Period(start: minute(2), end: minute(3))])
        #expect(wind.records[1].temperatureKelvin == 283.15 && wind.records[0].temperatureKelvin == nil)
        #expect(wind.obukhovLengthMetres(wind.records[1]) == -50)
        // From the west it blows eastward.
        #expect(abs(wind.records[0].eastward - 2) < 1e-12)
        let gap = try #require(throws: MeteorologyGap.self) {
            try wind.requireCoverage(of: Period(start: minute(0), end: minute(4)))
        }
        #expect(gap.missing == minute(2) && gap.before == minute(1) && gap.after == minute(3))
        #expect(throws: Never.self) { try wind.requireCoverage(of: Period(start: minute(3), end: minute(5))) }
    }

    @Test(arguments: [
        ("time,wind_speed_m_s\n", "wind_from_deg"),
        ("time,wind_speed_m_s,wind_from_deg\n2022-05-09T00:00:00,1,2\n", "is not an ISO 8601 time with zone"),
        (
            "time,wind_speed_m_s,wind_from_deg\n2022-05-09T00:00:00Z,-1,2\n",
            "wind_speed_m_s `-1` is not from 0.0 to 150.0"
        ),
        (
            "time,wind_speed_m_s,wind_from_deg\n2022-05-09T00:00:00Z,1,2\n2022-05-09T00:00:00Z,1,3\n",
            "different values"
        ),
        ("time,wind_speed_m_s,wind_from_deg\n2022-05-09T00:00:00Z,1,2\n", "two rows"),
    ])
    func badTablesAreRefused(text: String, says: String) throws {
        let error = try #require(throws: MeteorologyError.self) { _ = try self.read(text) }
        #expect(error.line.contains(says))
    }

    @Test(.enabled(if: Places.shared("park-releases/wind.csv") != nil)) func theWindOfAParkIsRead() throws {
        let path = try #require(Places.shared("park-releases/wind.csv")).path
        let wind = try SiteWindFile.read(path, heightMetres: 3, roughnessMetres: 0.03)
        #expect(wind.stepSeconds == 60 && wind.records[0].speed == 1.478)
        #expect(wind.records.count > 5000)
    }
}
