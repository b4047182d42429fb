import Foundation
import Geo
import Inventory
import Quantities
import TestSupport
import Testing

@testable import Formats

private let folder = "inventory/coco2-point-sources"

private func provinces() throws -> RegionSet {
    let path = try #require(Places.shared("inventory/natural_earth/ne_50m_admin1_china.geojson"))
    return try RegionFile.read(path.path)
}

@Suite(.enabled(if: Places.shared(folder) != nil)) struct ChinesePlantTests {
    private func plants() throws -> [PointSource] {
        try PointCatalogueFile.read(try #require(Places.shared("\(folder)/coco2_ps_china.csv")).path)
    }

    @Test func coastalPlantsFindTheirProvinceAndNullIslandIsTold() throws {
        let plants = try plants()
        #expect(plants.count == 3758)
        let total = plants.reduce(0) { $0 + ($1.tonnesPerYear[.co2] ?? 0) }
        #expect(abs(total / 1e6 - 4732.1) < 0.05)
        let regions = PointRegions(plants, gas: .co2, finder: RegionFinder(try provinces()))
        #expect(regions.nearestUnits == 376)
        #expect(regions.nullIsland.count == 3)
        #expect(regions.unassigned.map(\.id) == regions.nullIsland.map(\.id))
        let nearest = regions.rows.reduce(0) { $0 + $1.nearestTonnes }
        #expect(abs(nearest / 1e6 - 665) < 1)
        let assigned = regions.rows.reduce(0) { $0 + $1.tonnes }
        #expect(abs(assigned + regions.unassignedTonnes - total) < 1e-3)
    }

    @Test func eachPlantIsWhereAnIndependentJoinPutsIt() throws {
        let path = try #require(Places.shared("\(folder)/coco2_ps_china.csv")).path
        let table = try CSVTable(inventory: path)
        let (region, assign) = (try table.column("iso_3166_2"), try table.column("assign"))
        let set = try provinces()
        let regions = PointRegions(try plants(), gas: .co2, finder: RegionFinder(set))
        var differing: Set<String> = []
        for (row, assignment) in zip(table.rows, regions.assignments) {
            let code = assignment.region.map { set.regions[$0].code } ?? ""
            if code != row.fields[region] { differing.insert(row.fields[0]) }
            if case .nearest(_, let metres, _) = assignment {
                let words = row.fields[assign].replacing("nearest_", with: "").replacing("km", with: "")
                let kilometres = try #require(Double(words))
                #expect(metres / 1000 < kilometres + 0.06, "\(row.fields[0])")
            } else {
                #expect(!row.fields[assign].hasPrefix("nearest"))
            }
        }
        // Four units of one plant, 5.22 km from Shandong and 5.26 km from Hebei, where they are.
        let plant: Set = ["CoCO2_03366", "CoCO2_03367", "CoCO2_03368", "CoCO2_03369"]
        #expect(differing == plant)
        #expect(plant.isSubset(of: regions.ambiguous.map(\.id)))
        let corrected = PointRegions(
            try plants(),
            gas: .co2,
            finder: RegionFinder(set),
            overrides: Dictionary(uniqueKeysWithValues: plant.map { ($0, "CN-HE") })
        )
        let hebei = try #require(set.regions.firstIndex { $0.code == "CN-HE" })
        #expect(corrected.rows[hebei].units == regions.rows[hebei].units + 4)
    }

    @Test func allProfilesResolveAndSumToTheirCycles() throws {
        func path(_ name: String) throws -> String { try #require(Places.shared("\(folder)/\(name)")).path }
        let month = try ProfileFile.temporal(try path("coco2_ps_monthly_profiles_v1.1.csv"))
        let week = try ProfileFile.temporal(try path("coco2_ps_weekly_profiles_v1.1.csv"))
        let hour = try ProfileFile.temporal(try path("coco2_ps_hourly_profiles_v1.1.csv"))
        let vertical = try ProfileFile.vertical(try path("coco2_ps_vertical_profiles_china.csv"))
        #expect(Set(month.map(\.kind)) == [.month] && Set(week.map(\.kind)) == [.weekday])
        #expect(Set(hour.map(\.kind)) == [.hour])
        #expect((month + week + hour).allSatisfy { abs($0.givenSum / Double($0.kind.count) - 1) < 2e-3 })
        #expect(vertical.allSatisfy { abs($0.givenSum - 1) < 1e-6 && $0.topsMetres.count == 16 })
        let profiles = PointProfiles(temporal: month + week + hour, vertical: vertical)
        let plants = try plants()
        #expect(profiles.unresolved(plants) == [])
        let cycle = try profiles.cycle(of: plants[0])
        let ahead = TimeZoneRule().secondsAhead(of: plants[0])
        let year = Period(
            start: Instant(CivilTime(year: 2018, month: 1, day: 1)),
            end: Instant(CivilTime(year: 2019, month: 1, day: 1))
        )
        let factors = try #require(HourlyFactors(cycle, period: year, secondsAhead: ahead))
        #expect(abs(factors.factors.reduce(0, +) - 8760) < 1e-8)
    }

    @Test func plantsOnTheGridOfTheFixtureKeepTheirTotal() throws {
        let box = try #require(BoundingBox(west: 72, south: 15, east: 140, north: 55))
        let grid = try #require(LatitudeLongitudeGrid(box: box, stepDegrees: 0.1))
        let plants = try plants()
        let year = Period(
            start: Instant(CivilTime(year: 2018, month: 1, day: 1)),
            end: Instant(CivilTime(year: 2019, month: 1, day: 1))
        )
        let gridded = GriddedPoints(
            plants,
            gas: .co2,
            on: .longitudeLatitude(grid),
            period: year,
            source: "CoCO2"
        )
        #expect(abs(gridded.flux.account.relativeResidual) < 1e-12)
        #expect(gridded.nullIsland.count == 3 && gridded.outside.isEmpty)
        let field = try #require(gridded.flux.field)
        #expect(abs(field.tonnesInPeriod / gridded.flux.account.targetTonnes - 1) < 1e-12)
        #expect(abs(field.tonnesInPeriod / 1e6 - 4732.1) < 5)
    }
}

@Suite struct PointGridFixtureTests {
    @Test func theGridOfPlantsHasItsCellsAndTotal() async throws {
        let path = Places.fixtures.appending(path: "edgar-layout-power-eastasia.nc").path
        let field = try #require(try await FluxFile.read(path, year: 2018).fields.first)
        #expect(field.nonZeroCells == 2492)
        #expect(abs(field.tonnesInPeriod / 1e6 - 6854.4) < 0.05)
    }
}

@Suite(.enabled(if: Places.shared("inventory/derived/cui_daily_province_sector_2019_2020.csv") != nil))
struct DailyProvinceTests {
    @Test func theYearWithoutItsLeapDayIsTold() throws {
        let path = try #require(Places.shared("inventory/derived/cui_daily_province_sector_2019_2020.csv"))
            .path
        let file = try DailyProvinceFile(path)
        #expect(file.days.count == 67_952)
        #expect(Set(file.days.map(\.region)).count == 31)
        let power = file.tonnes(sector: "power", year: 2019).values.reduce(0, +)
        #expect(abs(power / 1e6 - 4569.0) < 0.05)
        #expect(file.dayCount(sector: "power", year: 2019) == 365)
        #expect(file.dayCount(sector: "power", year: 2020) == 366)
        let transport = try #require(Set(file.days.map(\.sector)).first { $0.contains("transport") })
        #expect(file.dayCount(sector: transport, year: 2020) == 365)
        #expect(file.warnings == [.missing(sector: transport, dates: ["2020-12-31"])])
    }
}

@Suite struct DailyProvinceWarningTests {
    private func read(_ lines: [String]) throws -> DailyProvinceFile {
        let folder = try TemporaryFolder()
        let text = (["date,iso_3166_2,sector,mt_co2_per_day"] + lines).joined(separator: "\n")
        try text.write(to: folder.file("daily.csv"), atomically: true, encoding: .utf8)
        return try DailyProvinceFile(folder.file("daily.csv").path)
    }

    @Test func datesThatStandTwiceAreTold() throws {
        // As in the sheet of 2020 that carries the dates of 2019.
        let year = (1...31).map { "2019-12-\($0 < 10 ? "0" : "")\($0),CN-BJ,transport,0.1" }
        let file = try read(year + year)
        #expect(
            file.warnings == [
                .duplicates(sector: "transport", days: 31, firstDate: "2019-12-01", line: 33)
            ]
        )
        #expect(file.warnings[0].words.contains("line 33"))
    }

    @Test func badFieldsAreNamed() {
        #expect(throws: TableError.self) { try read(["2019-13-01,CN-BJ,power,1"]) }
        do {
            _ = try read(["2019-12-31,CN-BJ,power,1", "2019-12-30,CN-BJ,power,much"])
        } catch {
            let fault = error as? TableError
            #expect(fault?.place.hasSuffix("daily.csv, line 3, column `mt_co2_per_day`") == true)
        }
    }
}

@Suite(.enabled(if: Places.shared("inventory/temporal_profiles") != nil)) struct SectorProfileTests {
    private func path(_ name: String) throws -> String {
        try #require(Places.shared("inventory/temporal_profiles/\(name)")).path
    }

    @Test(
        arguments: [
            ("copernicus__timeprofiles-day_in_week.csv", TemporalProfile.Kind.weekday),
            ("copernicus__timeprofiles-hour_in_day.csv", .hour),
            ("copernicus__timeprofiles-month_in_year.csv", .month),
            ("tno__timeprofiles-day-in-week_GNFR.csv", .weekday),
            ("tno__timeprofiles-hour-in-day_GNFR.csv", .hour),
            ("tno__timeprofiles-month-in-year_GNFR.csv", .month),
        ]
    ) func tablesOfSectorsAreRead(name: String, kind: TemporalProfile.Kind) throws {
        let profiles = try ProfileFile.temporal(try path(name))
        #expect(profiles.count >= 10)
        #expect(profiles.allSatisfy { $0.kind == kind && abs($0.givenSum / Double(kind.count) - 1) < 0.02 })
        #expect(profiles.contains { $0.id == "A" })
    }

    @Test func verticalSharesSumToOne() throws {
        let profiles = try ProfileFile.vertical(try path("copernicus__vertical.csv"))
        #expect(profiles.first?.topsMetres == [20, 92, 184, 324, 522, 781, 1106])
        #expect(profiles.allSatisfy { abs($0.shares.reduce(0, +) - 1) < 1e-12 })
    }

    @Test func timeZonesOfCountries() throws {
        let zones = try ProfileFile.timeZones(try path("country_tz.csv"))
        #expect(zones["DEU"] == 1 && zones["GBR"] == 0 && zones["ARM"] == 4)
    }
}
