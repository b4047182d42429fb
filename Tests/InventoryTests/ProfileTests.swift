import Geo
import Inventory
import Quantities
import TestSupport
import Testing

private func profile(_ kind: TemporalProfile.Kind, seed: UInt64) throws -> TemporalProfile {
    var generator = SeededGenerator(seed: seed)
    return try TemporalProfile(
        id: kind.rawValue,
        kind: kind,
        weights: (0..<kind.count).map { _ in Double.random(in: 0.1...2, using: &generator) }
    )
}

@Suite struct TemporalProfileTests {
    @Test(arguments: [0.0, 8, 5.5, -3.75], [2019, 2020])
    func aYearSumsExactlyWhateverTheZone(hoursAhead: Double, year: Int) throws {
        let cycle = try ActivityCycle([
            profile(.month, seed: 1), profile(.weekday, seed: 2), profile(.hour, seed: 3),
        ])
        let factors = try #require(
            HourlyFactors(cycle, period: yearOf(year), secondsAhead: 3600 * hoursAhead)
        )
        #expect(factors.factors.count == (year == 2020 ? 8784 : 8760))
        #expect(abs(factors.factors.reduce(0, +) / Double(factors.factors.count) - 1) < 1e-12)
        // Months and weekdays interact: without the division the year would not be exact.
        #expect(abs(factors.meanBefore - 1) > 1e-6)
    }

    @Test func localTimeMovesTheHours() throws {
        var weights = [Double](repeating: 0, count: 24)
        weights[9] = 1
        let cycle = try ActivityCycle([TemporalProfile(id: "nine", kind: .hour, weights: weights)])
        let china = try #require(HourlyFactors(cycle, period: yearOf(2019), secondsAhead: 8 * 3600))
        #expect(china.factor(at: Instant(CivilTime(year: 2019, month: 6, day: 1, hour: 1, minute: 30))) == 24)
        #expect(china.factor(at: Instant(CivilTime(year: 2019, month: 6, day: 1, hour: 9))) == 0)
        let india = try #require(HourlyFactors(cycle, period: yearOf(2019), secondsAhead: 5.5 * 3600))
        // Nine o'clock in India is half past three to half past four in UTC.
        #expect(india.factors[3] == 12 && india.factors[4] == 12 && india.factors[5] == 0)
        #expect(china.factor(at: Instant(CivilTime(year: 2020, month: 1, day: 1))) == nil)
    }

    @Test func weekdaysAreThoseOfTheCalendar() throws {
        let cycle = try ActivityCycle([
            TemporalProfile(id: "sunday", kind: .weekday, weights: [0, 0, 0, 0, 0, 0, 1])
        ])
        let factors = try #require(HourlyFactors(cycle, period: yearOf(2020), secondsAhead: 0))
        // 2020-01-05 was a Sunday; the year has 52 of them.
        #expect(factors.factors[4 * 24] == 366.0 / 52)
        #expect(factors.factors[3 * 24 + 23] == 0 && factors.factors[5 * 24] == 0)
    }

    @Test func hoursOfTheWeekForEachMonthAgreeWithTheirProduct() throws {
        let month = try profile(.month, seed: 4)
        let weekday = try profile(.weekday, seed: 5)
        let hour = try profile(.hour, seed: 6)
        var product: [Double] = []
        for index in 0..<2016 {
            let day = month.factors[index / 168] * weekday.factors[index % 168 / 24]
            product.append(day * hour.factors[index % 24])
        }
        let joint = try TemporalProfile(id: "joint", kind: .hourOfWeekPerMonth, weights: product)
        let cycles = [try ActivityCycle([joint]), try ActivityCycle([month, weekday, hour])]
        let one = try #require(HourlyFactors(cycles[0], period: yearOf(2018), secondsAhead: 28_800))
        let three = try #require(HourlyFactors(cycles[1], period: yearOf(2018), secondsAhead: 28_800))
        #expect(zip(one.factors, three.factors).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(throws: ProfileError.self) { try ActivityCycle([joint, hour]) }
    }

    @Test func aFieldKeepsItsTotalHourByHour() throws {
        let grid = try box(70, 0, 140, 50, step: 10)
        let field = FluxField(
            grid: grid,
            gas: .co2,
            microMolesPerSquareMetreSecond: (0..<grid.cellCount).map(Double.init),
            period: Period(
                start: Instant(CivilTime(year: 2019, month: 2, day: 1)),
                end: Instant(CivilTime(year: 2019, month: 3, day: 1))
            ),
            source: "test"
        )
        let cycle = try ActivityCycle([profile(.weekday, seed: 8), profile(.hour, seed: 9)])
        let flux = try #require(ProfiledFlux(field, cycle))
        #expect(flux.hours == 28 * 24)
        let sum = (0..<flux.hours).reduce(0.0) { $0 + flux.field(hour: $1).tonnesInPeriod }
        #expect(abs(sum / field.tonnesInPeriod - 1) < 1e-12)
    }

    @Test func chinaHasOneZoneUnlessARegionSaysOtherwise() {
        let rule = TimeZoneRule(hoursByCountry: ["DEU": 1], hoursByRegion: ["CN-XJ": 6])
        #expect(rule.secondsAhead(longitude: 87, country: "CHN") == 8 * 3600)
        #expect(rule.secondsAhead(longitude: 87, country: "CHN", region: "CN-XJ") == 6 * 3600)
        #expect(rule.secondsAhead(longitude: -100) == -7 * 3600)
        #expect(rule.secondsAhead(longitude: 260) == -7 * 3600)
        #expect(rule.secondsAhead(longitude: 6, country: "DEU") == 3600)
    }

    @Test func badWeightsAreNamed() {
        #expect(throws: ProfileError(.count(expected: 7, found: 2), profile: "a")) {
            try TemporalProfile(id: "a", kind: .weekday, weights: [1, 2])
        }
        #expect(throws: ProfileError(.weight(place: 2, value: -1), profile: "a")) {
            try TemporalProfile(id: "a", kind: .weekday, weights: [1, -1, 1, 1, 1, 1, 1])
        }
        #expect(throws: ProfileError(.empty, profile: "a")) {
            try TemporalProfile(id: "a", kind: .weekday, weights: [0, 0, 0, 0, 0, 0, 0])
        }
    }
}

@Suite struct VerticalProfileTests {
    @Test func sharesMoveToOtherLayersAndSumToOne() throws {
        let profile = try VerticalProfile(
            id: "stack",
            topsMetres: [100, 200, 400, .infinity],
            weights: [1, 2, 4, 1]
        )
        let shares = profile.shares(inLayersWithTops: [50, 300, 1000])
        #expect(abs(shares[0] - 0.5 / 8) < 1e-15)
        #expect(abs(shares[1] - (0.5 + 2 + 2) / 8) < 1e-15)
        #expect(abs(shares.reduce(0, +) - 1) < 1e-15)
        // The open layer begins at 400 m and belongs where 400 m is.
        #expect(abs(shares[2] - 3.0 / 8) < 1e-15)
        #expect(abs(profile.shares(inLayersWithTops: [10])[0] - 1) < 1e-15)
    }

    @Test func layersMustRise() {
        #expect(throws: ProfileError(.layers, profile: "x")) {
            try VerticalProfile(id: "x", topsMetres: [100, 100], weights: [1, 1])
        }
    }
}
