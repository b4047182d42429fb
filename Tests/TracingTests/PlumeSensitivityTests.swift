import Foundation
import Geo
import Quantities
import TestSupport
import Testing
import Transport

@testable import Tracing

/// What a source adds, by hand.
@Suite struct PlumeSensitivityTests {
    private func weather(_ site: Site, _ record: WindRecord) throws -> WindowWeather {
        let period = Period(start: Site.start, end: Site.start.advanced(bySeconds: 60))
        return try #require(WindowWeather(record, period, at: Site.place(0, 0), site.settings))
    }

    /// 1 kg h-1 of methane, 100 m downwind and 5 m to the side, 3 m s-1, class D, by the formulas of Briggs and Gauss.
    @Test func aPlumeIsThatOfTheTextbook() throws {
        var site = Site()
        site.settings.stability = .d
        site.settings.windDirectionError = 0
        let record = try WindRecord([WindRecord.Step(time: Site.start, velocity: SIMD2(3, 0))])
        let found = Site.sensitivity(
            record,
            site.settings,
            of: PlumeOrigin(place: SIMD2(0, 0), heightMetres: 2, sizeMetres: 0),
            at: SIMD2(100, 5),
            heightMetres: 3,
            step: 0,
            try weather(site, record)
        )
        let across = 8 / 1.01.squareRoot(), vertical = 6 / 1.15.squareRoot()
        let layers = exp(-0.5 / (vertical * vertical)) + exp(-12.5 / (vertical * vertical))
        let kilograms =
            1.0 / 3600 / (2 * Double.pi * 3 * across * vertical) * exp(-12.5 / (across * across)) * layers
        // Moles of methane in a cubic metre, over those of air.
        let ppm = kilograms / 0.0160425 / (101_325 / (8.31446261815324 * 288.15)) * 1e6
        #expect(abs(found.mean / ppm - 1) < 1e-9)
        #expect(found.parts.0 == 0 && found.parts.1 == 0)
    }

    @Test func nothingIsAddedUpwindAndTheSidesAreAlike() throws {
        let site = Site()
        let record = try WindRecord([WindRecord.Step(time: Site.start, velocity: SIMD2(0, 3))])
        let origin = PlumeOrigin(place: SIMD2(0, 0), heightMetres: 2, sizeMetres: 2)
        func value(_ x: Double, _ y: Double) throws -> Sensitivity {
            Site.sensitivity(
                record,
                site.settings,
                of: origin,
                at: SIMD2(x, y),
                heightMetres: 2,
                step: 0,
                try weather(site, record)
            )
        }
        #expect(try value(0, -50).mean == 0)
        let (left, right) = (try value(-7, 50), try value(7, 50))
        #expect(abs(left.mean - right.mean) < 1e-15 && left.mean > 0)
        #expect(abs(left.odd + right.odd) < 1e-15 && left.odd != 0)
        #expect(try abs(value(0, 50).odd) < 1e-15)
    }

    /// The three nodes against the integral over the error of the direction.
    @Test func theMeanOverTheDirectionIsThatOfManyTurns() throws {
        var site = Site()
        site.settings.windDirectionError = 4
        site.settings.stability = .b
        let record = try WindRecord([WindRecord.Step(time: Site.start, velocity: SIMD2(3, 0))])
        let origin = PlumeOrigin(place: SIMD2(0, 0), heightMetres: 2, sizeMetres: 2)
        let weather = try weather(site, record)
        let found = Site.sensitivity(
            record,
            site.settings,
            of: origin,
            at: SIMD2(60, 8),
            heightMetres: 2,
            step: 0,
            weather
        )
        site.settings.windDirectionError = 0
        var (sum, square, weights) = (0.0, 0.0, 0.0)
        for turn in stride(from: -4.0, through: 4, by: 0.05) {
            let angle = turn * 4 * Double.pi / 180
            let value = Site.sensitivity(
                record.mapped { _ in SIMD2(3 * cos(angle), 3 * sin(angle)) },
                site.settings,
                of: origin,
                at: SIMD2(60, 8),
                heightMetres: 2,
                step: 0,
                weather
            ).mean
            let weight = exp(-0.5 * turn * turn)
            (sum, square, weights) = (sum + weight * value, square + weight * value * value, weights + weight)
        }
        let deviation = (square / weights - sum * sum / weights / weights).squareRoot()
        let (first, second) = found.parts
        #expect(abs(found.mean / (sum / weights) - 1) < 0.01)
        #expect(abs((first * first + second * second).squareRoot() / deviation - 1) < 0.05)
    }

    /// EPA-454/R-99-005, tables 6-8a and 6-8b, at its roughness of 15 cm.
    @Test(arguments: [
        (25.0, 2.0, true, StabilityClass.a), (25, 3.5, true, .b), (25, 5, true, .c), (25, 7, true, .d),
        (20, 3, true, .b), (15, 3, true, .c), (10, 3, true, .d), (2, 1, true, .d), (25, 2, false, .f),
        (25, 3, false, .e), (20, 3.5, false, .d), (15, 2, false, .e), (10, 2, false, .d),
        (5, 3, false, .e), (2, 2, false, .f), (2, 4, false, .e), (2, 6, false, .d),
    ])
    func theClassIsThatOfTheTables(deviation: Double, speed: Double, isDay: Bool, expected: StabilityClass) {
        let found = StabilityClass(
            directionDeviationDegrees: deviation,
            windSpeed: speed,
            isDay: isDay,
            roughnessMetres: 0.15
        )
        #expect(found == expected)
    }

    /// Beijing on 21 June: the sun rises at 4:46 and sets at 19:46 of UTC+8.
    @Test(arguments: [(21.0, false), (22.5, true), (4, true), (10.5, true), (11.7, false), (16, false)])
    func theDayIsWhenTheSunIsUp(hour: Double, expected: Bool) throws {
        let midnight = try #require(Instant(iso8601: "2022-06-20T00:00:00Z"))
        #expect(isDay(midnight.advanced(bySeconds: hour * 3600), at: Site.place(0, 0)) == expected)
    }

    @Test func theWindThatCarriesIsThatOfTheWayThere() throws {
        let record = try WindRecord(
            (0..<10).map {
                WindRecord.Step(time: Site.time($0), velocity: $0 < 8 ? SIMD2(1, 0) : SIMD2(0, 1))
            }
        )
        #expect(record.carrying(to: 9, metres: 30) == SIMD2(0, 1))
        // 240 m at 1 m s-1 are four steps before the last one's own.
        let far = record.carrying(to: 9, metres: 240)
        #expect(abs(far.x - 3.0 / 5) < 1e-12 && abs(far.y - 2.0 / 5) < 1e-12)
        #expect(record.index(at: Site.time(9).advanced(bySeconds: 119)) == 9)
        #expect(record.index(at: Site.time(9).advanced(bySeconds: 120)) == nil)
        #expect(record.index(at: Site.start.advanced(bySeconds: -1)) == nil)
    }
}
