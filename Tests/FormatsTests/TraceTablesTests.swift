import Foundation
import Geo
import Quantities
import TestSupport
import Testing
import Tracing

@testable import Formats

/// Tables of readings, places and wind that point sources are traced with.
@Suite struct TraceTablesTests {
    private typealias Place = TraceTables.SensorPlace
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(_ text: String) throws -> String {
        let file = folder.file("t.csv")
        try Data(text.utf8).write(to: file)
        return file.path
    }

    /// What is said of a table: what, where, what to do.
    private func line(_ read: () throws -> Void) -> String {
        do { try read() } catch let error as TableError {
            return error.line.replacingOccurrences(of: folder.file("t.csv").path, with: "t.csv")
        } catch { return "\(error)" }
        return "none"
    }

    private static let sensors: [String: TraceTables.SensorPlace] = {
        guard let position = Position(longitude: 116, latitude: 40) else { return [:] }
        return ["a": TraceTables.SensorPlace(position: position, heightMetres: 2)]
    }()

    private func readings(_ text: String, gas: Gas = .ch4, period: Period? = nil) throws
        -> TraceTables.Readings
    {
        try TraceTables.readings(try file(text), gas: gas, sensors: Self.sensors, period: period)
    }

    private func wind(_ text: String, _ angle: WindAngle? = nil) throws -> TraceTables.Wind {
        try TraceTables.wind(try file(text), angle: angle)
    }

    // MARK: - Places

    @Test func placesAreReadWhateverProgramWroteThem() throws {
        let text = "\u{FEFF}# from a spreadsheet\r\nName,Latitude,Longitude,Height,remark\r\n"
        let sensors = try TraceTables.sensors(
            try file(text + "\"N, mast\",40.5,116.25,2.4,x\r\n\r\n,,,,\r\n")
        )
        let position = try #require(Position(longitude: 116.25, latitude: 40.5))
        #expect(sensors == ["N, mast": Place(position: position, heightMetres: 2.4)])
        let sources = try TraceTables.sources(
            try file("source,lon,lat,height_m,size_m\nt,116.25,40.5,3,\nw,116.25,40.5,3,0.5\n")
        )
        #expect(sources.map(\.name) == ["t", "w"] && sources.allSatisfy { $0.position == position })
        #expect(sources.map(\.sizeMetres) == [3, 0.5] && sources.map(\.heightMetres) == [3, 3])
    }

    @Test(arguments: [
        (",116,40,2", "sensor is blank: t.csv, line 2, column `sensor`"),
        ("a,116,40,2\na,116,40,3", "sensor `a` stands twice: t.csv, line 3, column `sensor`"),
        ("a,116,90.1,2", "lat `90.1` is not degrees from -90 to 90: t.csv, line 2, column `lat`"),
        ("a,-181,40,2", "lon `-181` is not degrees from -180 to 360: t.csv, line 2, column `lon`"),
        ("a,nan,40,2", "lon `nan` is not degrees from -180 to 360: t.csv, line 2, column `lon`"),
        ("a,,40,2", "lon is blank: t.csv, line 2, column `lon`"),
        (
            "a,116,40,-1",
            "height_m `-1` is not m above ground, from 0 to 2000: t.csv, line 2, column `height_m`"
        ),
        ("a,116,40,1e999", "height_m `1e999` is not m above ground"),
        ("a,116,40", "3 fields where the header has 4: t.csv, line 2"),
    ])
    func placesThatCannotBeAreNamed(rows: String, expected: String) throws {
        for (column, read) in [
            ("sensor", { _ = try TraceTables.sensors($0) }), ("source", { _ = try TraceTables.sources($0) }),
        ] as [(String, (String) throws -> Void)] {
            let file = try file("\(column),lon,lat,height_m\n\(rows)\n")
            let said = line { try read(file) }
            #expect(said.hasPrefix(expected.replacingOccurrences(of: "sensor", with: column)), "\(said)")
        }
    }

    @Test func sourcesThatCannotBeAreNamed() throws {
        let header = "source,lon,lat,height_m,size_m\n"
        let huge = try file(header + "t,116,40,2,1001\n")
        #expect(
            line { _ = try TraceTables.sources(huge) }
                .hasPrefix(
                    "size_m `1001` is not a number of metres from 0 to 1000: t.csv, line 2, column `size_m`"
                )
        )
        let none = try file(header)
        #expect(
            line { _ = try TraceTables.sources(none) }
                == "the table holds no sources: t.csv; give a row for each"
        )
        let missing = try file("source,lon,lat\nt,116,40\n")
        #expect(
            line { _ = try TraceTables.sources(missing) }
                .hasPrefix("the header names no column `height_m`: t.csv, line 1; ")
        )
    }

    // MARK: - Readings

    @Test func readingsKeepTheirUnitsAndBlanksAreCounted() throws {
        let text = """
            \u{FEFF}time,sensor,co2_ppm,ch4_ppm,uncertainty_ppm,remark\r
            2026-05-01T08:10:00+08:00,a,420.5,2.125,0.01,late\r
            2026-05-01T00:00:00Z,a,,2,,\r
            2026-05-01T00:01:00Z,a,421,NaN,nan,\r
            2026-05-01T00:02:00Z,a,422,,,\r

            """
        let methane = try readings(text)
        #expect(methane.blank == 2 && methane.readings.map(\.moleFraction) == [2.125, 2])
        #expect(methane.readings.map(\.uncertainty) == [0.01, 0])
        // The order of the table is kept: the search puts it in order.
        let times = methane.readings.map { "\($0.time)" }
        #expect(times == ["2026-05-01T00:10:00Z", "2026-05-01T00:00:00Z"])
        let carbonDioxide = try readings(text, gas: .co2)
        #expect(carbonDioxide.blank == 1 && carbonDioxide.readings.map(\.moleFraction) == [420.5, 421, 422])
        #expect(
            try readings("time,sensor,value_ppm\n2026-05-01T00:00:00Z,a,3\n").readings[0].moleFraction == 3
        )
    }

    @Test func aPeriodTakesItsReadingsAlone() throws {
        let start = try #require(Instant(iso8601: "2026-05-01T00:01:00Z"))
        let rows = (0..<4).map { "2026-05-01T00:0\($0):00Z,a,\($0)" }.joined(separator: "\n")
        let period = Period(start: start, end: start.advanced(bySeconds: 120))
        let read = try readings("time,sensor,ch4_ppm\n\(rows)\n", period: period)
        #expect(read.readings.map(\.moleFraction) == [1, 2])
    }

    @Test func sensorsThatMoveAreWhereTheirRowsSay() throws {
        let rows =
            "2026-05-01T00:00:00Z,a,2,,,\n2026-05-01T00:00:00Z,a,2,116.5,40.5,\n2026-05-01T00:00:00Z,car,2,117,41,3\n"
        let read = try readings("time,sensor,ch4_ppm,lon,lat,height_m\n" + rows).readings
        #expect(
            read.map(\.position.longitude) == [116, 116.5, 117] && read.map(\.heightMetres) == [2, 2, 3]
        )
    }

    @Test(arguments: [
        ("2026-05-01 00:00,a,2", "time `2026-05-01 00:00` is not an ISO 8601 time with zone", "time"),
        (",a,2", "time is blank", "time"),
        ("2026-05-01T00:00:00Z,,2", "sensor is blank", "sensor"),
        ("2026-05-01T00:00:00Z,b,2", "no place of sensor `b`", "sensor"),
        ("2026-05-01T00:00:00Z,a,two", "ch4_ppm `two` is not a number of ppm", "ch4_ppm"),
        ("2026-05-01T00:00:00Z,a,inf", "ch4_ppm `inf` is not a number of ppm", "ch4_ppm"),
        ("2026-05-01T00:00:00Z,a,\"1,9\"", "ch4_ppm `1,9` is not a number of ppm", "ch4_ppm"),
        ("2026-05-01T00:00:00Z,a,1e7", "ch4_ppm `1e7` is not a number of ppm", "ch4_ppm"),
        (
            "2026-05-01T00:00:00Z,a,2,-1", "uncertainty_ppm `-1` is not a number of ppm from 0",
            "uncertainty_ppm"
        ),
        ("2026-05-01T00:00:00Z,a,2,,116", "lat is blank", "lat"),
        ("2026-05-01T00:00:00Z,a,2,,,40", "lon is blank", "lon"),
        ("2026-05-01T00:00:00Z,b,2,,116,40", "height_m is blank", "height_m"),
        ("2026-05-01T00:00:00Z,a,2,,116,400,2", "lat `400` is not degrees", "lat"),
    ])
    func readingsThatCannotBeAreNamed(row: String, what: String, column: String) throws {
        let blanks = String(repeating: ",", count: 6 - row.replacing(/"[^"]*"/, with: "").count { $0 == "," })
        let text = "time,sensor,ch4_ppm,uncertainty_ppm,lon,lat,height_m\n" + row + blanks + "\n"
        let said = line { _ = try readings(text) }
        #expect(said.hasPrefix(what) && said.contains(": t.csv, line 2, column `\(column)`; "), "\(said)")
    }

    /// The nearest name, of another unit or gas, would be wrong advice.
    @Test(arguments: ["ch4_ppb", "co2_ppm", "ch4"])
    func valuesInOtherUnitsAreNotTaken(column: String) throws {
        let said = line { _ = try readings("time,sensor,\(column)\n2026-05-01T00:00:00Z,a,2\n") }
        let expected = "the header names no column `ch4_ppm`: t.csv, line 1; give ppm, dry air, in "
        #expect(said == expected + "`ch4_ppm` or `value_ppm`")
    }

    @Test func noReadingsAreToldWithTheirReason() throws {
        let header = "time,sensor,ch4_ppm\n"
        #expect(line { _ = try readings(header) } == "no reading can be used: t.csv; the table holds no rows")
        let blank = line { _ = try readings(header + "2026-05-01T00:00:00Z,a,\n") }
        #expect(blank == "no reading can be used: t.csv; all 1 values are blank")
        let start = try #require(Instant(iso8601: "2027-05-01T00:00:00Z"))
        let later = Period(start: start, end: start.advanced(bySeconds: 60))
        let out = line { _ = try readings(header + "2026-05-01T00:00:00Z,a,2\n", period: later) }
        #expect(out == "no reading can be used: t.csv; no row lies in the time asked for")
    }

    // MARK: - Wind

    /// A wind of 2 m/s toward the east, and how each way of counting writes it.
    @Test(arguments: [(WindAngle?.none, 270.0), (.from, -90), (.to, 90), (.math, 360), (.mathFrom, 180)])
    func windBlowsWhitherItsAnglesSay(angle: WindAngle?, degrees: Double) throws {
        let rows = "2026-05-01T00:00:00Z,2,\(degrees)\n2026-05-01T00:01:00Z,,1\n2026-05-01T00:02:00Z,1,NaN\n"
        let read = try wind("time,wind_speed_m_s,wind_from_deg\n" + rows, angle)
        #expect(read.blank == 2 && read.steps.count == 1 && read.angle == angle ?? .from)
        let velocity = read.steps[0].velocity
        #expect(abs(velocity.x - 2) < 1e-12 && abs(velocity.y) < 1e-12)
    }

    /// Whatever is wrong with a wind, the angle that is proposed gives the right one.
    @Test(arguments: WindAngle.allCases, WindAngle.allCases)
    func aDoubtNamesTheAngleThatIsRight(read: WindAngle, right: WindAngle) throws {
        let text = "time,wind_speed_m_s,wind_from_deg\n2026-05-01T00:00:00Z,2,25\n"
        let found = try wind(text, read).steps[0].velocity, meant = try wind(text, right).steps[0].velocity
        let changes: [(WindDoubt.Change, SIMD2<Double>)] = [
            (.reversed, -found), (.exchanged, SIMD2(found.y, found.x)),
            (.exchangedAndReversed, SIMD2(-found.y, -found.x)),
        ]
        let fitting = changes.first { _, velocity in
            let error = velocity - meant
            return (error * error).sum() < 1e-20
        }
        guard let change = fitting?.0 else {
            #expect(read == right)
            return
        }
        #expect(read.corrected(by: change) == right)
    }

    @Test func componentsAreTakenAsTheyAre() throws {
        let text =
            "Time,Wind_North_m_s,wind_east_m_s,wind_speed_m_s,wind_from_deg\n2026-05-01T00:00:00Z,-1.5,0.5,9,9\n"
        let read = try wind(text)
        #expect(read.steps.map(\.velocity) == [SIMD2(0.5, -1.5)] && read.angle == nil)
        let said = line { _ = try wind(text, .math) }
        #expect(said.hasPrefix("the wind is in components, without angles to count: t.csv, line 1; "))
    }

    @Test(arguments: [
        (
            "wind_speed_m_s,wind_from_deg", "-1,10", "wind_speed_m_s `-1` is not m/s from 0 to 150",
            "wind_speed_m_s"
        ),
        ("wind_speed_m_s,wind_from_deg", "151,10", "wind_speed_m_s `151` is not m/s", "wind_speed_m_s"),
        (
            "wind_speed_m_s,wind_from_deg", "1,721", "wind_from_deg `721` is not degrees from -360",
            "wind_from_deg"
        ),
        ("wind_speed_m_s,wind_from_deg", "1,NE", "wind_from_deg `NE` is not degrees", "wind_from_deg"),
        (
            "wind_east_m_s,wind_north_m_s", "inf,1", "wind_east_m_s `inf` is not m/s from -150",
            "wind_east_m_s"
        ),
        ("wind_east_m_s,wind_north_m_s", "1,-9999", "wind_north_m_s `-9999` is not m/s", "wind_north_m_s"),
    ])
    func windThatCannotBeIsNamed(header: String, row: String, what: String, column: String) throws {
        let said = line { _ = try wind("time,\(header)\n2026-05-01T00:00:00Z,\(row)\n") }
        #expect(said.hasPrefix(what) && said.contains(": t.csv, line 2, column `\(column)`; "), "\(said)")
    }

    @Test(arguments: [
        ("time,wind_speed_m_s,wind_fromdeg", "`wind_from_deg`: t.csv, line 1; is it `wind_fromdeg`?"),
        ("time,wind_east_m_s", "`wind_north_m_s`: t.csv, line 1; "),
        ("time", "`wind_speed_m_s`, `wind_from_deg`: t.csv, line 1; "),
        ("wind_speed_m_s,wind_from_deg", "`time`: t.csv, line 1; "),
    ])
    func columnsOfWindThatAreMissingAreNamed(header: String, expected: String) throws {
        let said = line { _ = try wind(header + "\n") }
        #expect(said.hasPrefix("the header names no column " + expected), "\(said)")
    }

    @Test func windWithoutValuesIsNone() throws {
        let said = line { _ = try wind("time,wind_speed_m_s,wind_from_deg\n2026-05-01T00:00:00Z,,\n") }
        #expect(said == "the table holds no wind: t.csv; give a row for each")
    }
}
