import Foundation
import Geo
import Inventory
import Quantities
import TestSupport
import Testing

func yearOf(_ year: Int) -> Period {
    Period(
        start: Instant(CivilTime(year: year, month: 1, day: 1)),
        end: Instant(CivilTime(year: year + 1, month: 1, day: 1))
    )
}

func box(_ west: Double, _ south: Double, _ east: Double, _ north: Double, step: Double) throws
    -> LatitudeLongitudeGrid
{
    let box = try #require(BoundingBox(west: west, south: south, east: east, north: north))
    return try #require(LatitudeLongitudeGrid(box: box, stepDegrees: step))
}

func noise(on grid: LatitudeLongitudeGrid, seed: UInt64 = 1, gas: Gas = .co2) -> FluxField {
    var generator = SeededGenerator(seed: seed)
    return FluxField(
        grid: grid,
        gas: gas,
        microMolesPerSquareMetreSecond: (0..<grid.cellCount).map { _ in
            Double.random(in: 0...1, using: &generator) < 0.4
                ? 0 : Double.random(in: -0.1...5, using: &generator)
        },
        period: yearOf(2018),
        source: "noise"
    )
}

@Suite struct RegriddingTests {
    @Test(arguments: [(3.0, 2.5), (2.5, 3.0), (1, 0.75), (5, 1)])
    func aGlobeKeepsItsTotalWhateverTheSteps(from: Double, to: Double) throws {
        let source = try box(-180, -90, 180, 90, step: from)
        let target = try box(-180, -90, 180, 90, step: to)
        let result = Regridding(from: source, to: .longitudeLatitude(target)).apply(noise(on: source))
        #expect(abs(result.account.relativeResidual) < 1e-12)
        #expect(abs(result.account.outsideTonnes) < 1e-12 * result.account.sourceTonnes)
        let field = try #require(result.field)
        #expect(abs(field.tonnesInPeriod / result.account.sourceTonnes - 1) < 1e-12)
    }

    @Test func aConstantFluxStaysConstantWhereTheSourceReaches() throws {
        let source = try box(70, 0, 140, 56, step: 0.7)
        let constant = FluxField(
            grid: source,
            gas: .ch4,
            microMolesPerSquareMetreSecond: [Double](repeating: 3, count: source.cellCount),
            period: yearOf(2020),
            source: "constant"
        )
        let target = try box(80, 10, 130, 50, step: 0.25)
        let result = Regridding(from: source, to: .longitudeLatitude(target)).apply(constant)
        #expect(result.microMolesPerSquareMetreSecond.allSatisfy { abs($0 - 3) < 1e-12 })
        #expect(abs(result.account.relativeResidual) < 1e-12)
    }

    @Test func longitudesBeyondTheAntimeridianMeetThoseBeforeIt() throws {
        let source = try box(-180, -10, 180, 10, step: 5)
        let target = try box(170, -10, 190, 10, step: 2.5)
        let field = noise(on: source, seed: 7)
        let result = Regridding(from: source, to: .longitudeLatitude(target)).apply(field)
        let flux = field.microMolesPerSquareMetreSecond
        // The last two columns of the source, then its first two, each as two columns of the target.
        let expected = [70, 71, 0, 1].flatMap { [flux[$0], flux[$0]] }
        #expect(zip(result.microMolesPerSquareMetreSecond, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func whatLiesBeyondTheTargetIsCounted() throws {
        let source = try box(0, 0, 10, 10, step: 1)
        let target = try box(5, 5, 20, 20, step: 1.5)
        let result = Regridding(from: source, to: .longitudeLatitude(target)).apply(noise(on: source))
        #expect(result.account.outsideTonnes > 0.5 * result.account.sourceTonnes)
        #expect(abs(result.account.relativeResidual) < 1e-12)
    }

    @Test func refiningAndComingBackGivesTheSameField() throws {
        let coarse = try box(100, 20, 120, 40, step: 1)
        let fine = try box(100, 20, 120, 40, step: 0.25)
        let field = noise(on: coarse)
        let refined = Regridding(from: coarse, to: .longitudeLatitude(fine)).apply(field)
        let back = Regridding(from: fine, to: .longitudeLatitude(coarse)).apply(try #require(refined.field))
        let pairs = zip(back.microMolesPerSquareMetreSecond, field.microMolesPerSquareMetreSecond)
        #expect(pairs.allSatisfy { abs($0 - $1) < 1e-12 })
    }
}

@Suite struct FluxUnitTests {
    @Test(
        arguments: [
            ("gC m-2 d-1", FluxUnit(.gramsOfCarbon(1), per: .squareMetres(1), .seconds(86_400))),
            ("gC/m2/day", FluxUnit(.gramsOfCarbon(1), per: .squareMetres(1), .seconds(86_400))),
            ("tC/cell/month", FluxUnit(.gramsOfCarbon(1e6), per: .cell, .month)),
            ("Tonne Carbon/cell/month", FluxUnit(.gramsOfCarbon(1e6), per: .cell, .month)),
            ("t/cell/yr", FluxUnit(.grams(1e6), per: .cell, .year)),
            ("kg CO2 cell-1 month-1", FluxUnit(.grams(1e3), per: .cell, .month)),
            ("kg/yr", FluxUnit(.grams(1e3), per: .cell, .year)),
            ("kg m-2 yr-1", FluxUnit(.grams(1e3), per: .squareMetres(1), .year)),
            ("metric ton per grid per month", FluxUnit(.grams(1e6), per: .cell, .month)),
            ("molec cm-2 s-1", FluxUnit(.moles(1 / 6.022_140_76e23), per: .squareMetres(1e-4), .seconds(1))),
            ("kg/(m2 s)", .kilogramsPerSquareMetreSecond), ("kg(CO2)/m2/s", .kilogramsPerSquareMetreSecond),
            ("µmol m-2 s-1", .microMolesPerSquareMetreSecond), ("Mg", .tonnesPerCell),
        ]
    ) func spellingsOfInventories(spelling: String, unit: FluxUnit) {
        #expect(FluxUnit(spelling: spelling) == unit)
    }

    @Test(arguments: ["", "K", "kg m-3", "people", "mol C m-2 s-1", "kg m-2 s-1 K-1", "kg/m2/s?"])
    func otherSpellingsAreNone(spelling: String) { #expect(FluxUnit(spelling: spelling) == nil) }

    @Test func carbonBecomesCarbonDioxideByTheRatioAskedFor() throws {
        let unit = FluxUnit(.gramsOfCarbon(1e6), per: .cell, .month)
        let march = Period(
            start: Instant(CivilTime(year: 2021, month: 3, day: 1)),
            end: Instant(CivilTime(year: 2021, month: 4, day: 1))
        )
        func tonnes(_ ratio: CarbonRatio) throws -> Double {
            let factor = try #require(
                unit.microMolesFactor(.co2, cellArea: 1e6, period: march, carbon: ratio)
            )
            return factor * 1e6 * march.seconds * 44.0095 * 1e-12
        }
        #expect(abs(try tonnes(.wholeNumbers) - 44.0 / 12) < 1e-12)
        #expect(abs(try tonnes(.molarMasses) - 44.0095 / 12.011) < 1e-12)
        #expect(unit.microMolesFactor(.n2o, cellArea: 1, period: march) == nil)
    }

    @Test func amountsPerYearUseTheDaysOfTheirYear() throws {
        let unit = try #require(FluxUnit(spelling: "t/cell/yr"))
        let common = try #require(unit.microMolesFactor(.co2, cellArea: 1, period: yearOf(2015)))
        let leap = try #require(unit.microMolesFactor(.co2, cellArea: 1, period: yearOf(2016)))
        #expect(abs(common / leap - 366.0 / 365) < 1e-12)
    }
}
