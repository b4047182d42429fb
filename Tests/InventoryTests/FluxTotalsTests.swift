import Geo
import Inventory
import Quantities
import Testing

@Suite struct FluxTotalsTests {
    private func field(year: Int) throws -> FluxField {
        let grid = try #require(GridArrangement(latitudes: [0.5, 1.5], longitudes: [0.5, 1.5])).grid
        return FluxField(
            grid: grid,
            gas: .co2,
            microMolesPerSquareMetreSecond: [1, 0, 0, 2],
            period: Period(
                start: Instant(CivilTime(year: year, month: 1, day: 1)),
                end: Instant(CivilTime(year: year + 1, month: 1, day: 1))
            ),
            source: "test"
        )
    }

    @Test func aLeapYearEmitsOneDayMore() throws {
        let common = try field(year: 2015).tonnesInPeriod
        let leap = try field(year: 2016).tonnesInPeriod
        #expect(abs(leap / common - 366.0 / 365) < 1e-12)
    }

    @Test func amountAndRateAreTheSameFlux() throws {
        let field = try field(year: 2015)
        #expect(field.nonZeroCells == 2)
        let area = field.grid.cellAreaSquareMetres(row: 0)
        let expected = 1e-12 * 44.0095 * area * 365 * 86_400
        #expect(abs(field.tonnesInPeriod(cell: 0) - expected) < 1e-9 * expected)
        #expect(abs(field.tonnesPerYear / field.tonnesInPeriod - 1) < 1e-12)
        #expect(abs(field.tonnesPerJulianYear / field.tonnesInPeriod - 365.25 / 365) < 1e-12)
        let mask = RegionMask(grid: field.grid, names: ["a", "b"], index: [0, 1, -1, 1])
        let regions = field.tonnesInPeriod(in: mask)
        #expect(abs(regions[0] + regions[1] - field.tonnesInPeriod) < 1e-9 * field.tonnesInPeriod)
    }

    @Test(arguments: [
        ("2016-01-01T00:00:00Z", "2017-01-01T00:00:00Z", 366.0),
        ("2015-01-01T00:00:00Z", "2016-01-01T00:00:00Z", 365),
        ("2016-02-29T11:00:00Z", "2016-02-29T12:00:00Z", 366),
        ("1900-06-01T00:00:00Z", "1900-07-01T00:00:00Z", 365),
        ("2015-12-31T00:00:00Z", "2016-01-01T00:00:01Z", 365.25),
        ("2018-01-01T00:00:00Z", "2020-01-01T00:00:00Z", 365.25),
    ])
    func aPeriodHasTheYearItLiesIn(start: String, end: String, days: Double) throws {
        let period = Period(
            start: try #require(Instant(iso8601: start)),
            end: try #require(Instant(iso8601: end))
        )
        #expect(period.secondsOfYear == days * 86_400)
    }

    @Test func unitsAgreeOnTheSameEmission() throws {
        let period = try field(year: 2015).period
        let area = 1e8
        func factor(_ unit: FluxUnit) throws -> Double {
            try #require(unit.microMolesFactor(.ch4, cellArea: area, period: period))
        }
        // 1 t in the cell and year.
        let flux = 1000 / (area * period.seconds)
        let tonnes = try factor(.tonnesPerCell)
        #expect(abs(try factor(.kilogramsPerSquareMetreSecond) * flux - tonnes) < 1e-12 * tonnes)
        let moles = try factor(.molesPerSquareMetreSecond) * flux * 1000 / 16.0425
        #expect(abs(moles - tonnes) < 1e-12 * tonnes)
    }

    @Test func spellingsOfUnitsAreUnderstood() {
        #expect(FluxUnit(spelling: "kg m-2 s-1") == .kilogramsPerSquareMetreSecond)
        #expect(FluxUnit(spelling: "kg/m2/s") == .kilogramsPerSquareMetreSecond)
        #expect(FluxUnit(spelling: "mol/m2/s") == .molesPerSquareMetreSecond)
        #expect(FluxUnit(spelling: "mol m^-2 s^-1") == .molesPerSquareMetreSecond)
        #expect(FluxUnit(spelling: "umol m-2 s-1") == .microMolesPerSquareMetreSecond)
        #expect(FluxUnit(spelling: "Tonnes") == .tonnesPerCell)
        #expect(FluxUnit(spelling: "people km-2") == nil)
    }

    @Test func theCheckAllowsRoundingAndNoLeapDay() {
        #expect(TotalsCheck(declaredTonnes: 1000, computedTonnes: 1000.9).passes)
        #expect(!TotalsCheck(declaredTonnes: 1000, computedTonnes: 1000.0 * 366 / 365).passes)
        #expect(!TotalsCheck(declaredTonnes: 1000, computedTonnes: 640).passes)
        #expect(!TotalsCheck(declaredTonnes: 0, computedTonnes: 1).passes)
    }
}
