import Foundation
import Testing

@testable import Transport

private let spread = PlumeSpread.briggs(.e, .rural)

private func steady(_ seconds: Double = 7200, speed: Double = 3) throws -> SiteWindSeries {
    let step = SiteWindSeries.Step(seconds: seconds, windSpeed: speed, windFromDegrees: 270, spread: spread)
    return try #require(SiteWindSeries(steps: [step]))
}

@Suite struct PuffTrainTests {
    /// In a steady wind the puffs of a continuous source are its plume, to the square of their slenderness.
    @Test func puffsOfASteadyWindAreThePlume() throws {
        let train = PuffTrain(wind: try steady(), source: LocalPoint(0, 0, 5), lidMetres: 80)
        let plume = GaussianPlume(spread: spread, wind: .uniform(3), sourceMetres: 5, lidMetres: 80)
        for (x, y) in [(100.0, 0.0), (800, 0), (800, 50), (4000, 100)] {
            let puffs = train.concentration(
                at: LocalPoint(x, y, 1.5),
                seconds: 7200,
                releasedDuring: 0...7200
            )
            let expected = plume.concentration(downwindMetres: x, acrossMetres: y, atMetres: 1.5)
            #expect(abs(puffs / expected - 1) < 0.012, "at \(x), \(y)")
        }
    }

    @Test func massOfAPuffStaysWhole() throws {
        let turning = try #require(
            SiteWindSeries(steps: [
                .init(seconds: 300, velocity: SIMD2(2, 0), spread: .briggs(.b, .rural)),
                .init(seconds: 300, velocity: SIMD2(0.1, 1.5), spread: .briggs(.f, .rural)),
                .init(seconds: 300, velocity: SIMD2(0, 0), spread: .briggs(.d, .urban)),
            ])
        )
        let train = PuffTrain(wind: turning, source: LocalPoint(0, 0, 30), lidMetres: 100)
        let sigmas = turning.sigmas(from: 40, to: 880)
        let centre = turning.way(at: 880) - turning.way(at: 40)
        // Sums over even steps are exact for Gaussians of a width of two steps, and for what is reflected at both ends.
        let (step, count) = (sigmas.across / 2, 17)
        var mass = 0.0
        for level in 0...20 {
            let weight = level == 0 || level == 20 ? 2.5 : 5
            for row in -count...count {
                for column in -count...count {
                    let place = centre + step * SIMD2(Double(column), Double(row))
                    let point = LocalPoint(place.x, place.y, Double(level) * 5)
                    mass +=
                        weight * step * step * train.concentration(at: point, seconds: 880, releasedAt: 40)
                }
            }
        }
        #expect(abs(mass - 1) < 1e-9)
        #expect(train.concentration(at: LocalPoint(0, 0, 1), seconds: 40, releasedAt: 40) == 0)
        #expect(train.concentration(at: LocalPoint(0, 0, 1), seconds: 1000, releasedAt: 40) == 0)
    }

    @Test func puffsGrowOnWhereConditionsChange() throws {
        let series = try #require(
            SiteWindSeries(steps: [
                .init(seconds: 200, velocity: SIMD2(3, 0), spread: .briggs(.a, .rural)),
                .init(seconds: 200, velocity: SIMD2(0, 4), spread: .briggs(.f, .rural)),
            ])
        )
        let (before, at, after) = (
            series.sigmas(from: 0, to: 200 - 1e-9), series.sigmas(from: 0, to: 200),
            series.sigmas(from: 0, to: 200 + 1e-9)
        )
        #expect(abs(before.across - at.across) < 1e-6 && abs(after.across - at.across) < 1e-6)
        #expect(abs(at.across - 0.22 * 600 / 1.06.squareRoot()) < 1e-6)
        let later = series.sigmas(from: 0, to: 400)
        #expect(later.across > at.across && later.vertical >= at.vertical)
        #expect(series.way(at: 400) == SIMD2(600, 800))
    }

    /// A wind that turns about brings back what it carried away: a plume of either wind alone would miss the receptor.
    @Test func returningWindBringsBackTheCloud() throws {
        let series = try #require(
            SiteWindSeries(steps: [
                .init(seconds: 600, velocity: SIMD2(2, 0), spread: spread),
                .init(seconds: 600, velocity: SIMD2(-2, 0), spread: spread),
            ])
        )
        let train = PuffTrain(wind: series, source: LocalPoint(0, 0, 2))
        let receptor = LocalPoint(300, 0, 2)
        let early = train.concentration(at: receptor, seconds: 590, releasedDuring: 0...1200)
        let late = train.concentration(at: receptor, seconds: 1050, releasedDuring: 0...1200)
        #expect(early > 0 && late > 0)
        let peak = train.concentration(at: LocalPoint(0, 0, 2), seconds: 1200, releasedAt: 0)
        #expect(peak > train.concentration(at: LocalPoint(100, 0, 2), seconds: 1200, releasedAt: 0))
    }

    /// In still air the cloud stays where it is and is round.
    @Test func calmAirSpreadsEvenly() throws {
        let train = PuffTrain(wind: try steady(speed: 0), source: LocalPoint(0, 0, 2))
        let places = [LocalPoint(30, 0, 2), LocalPoint(0, 30, 2), LocalPoint(-30, 0, 2)]
        let values = places.map { train.concentration(at: $0, seconds: 3600, releasedDuring: 0...3600) }
        #expect(values[0] > 0)
        for value in values { #expect(abs(value / values[0] - 1) < 1e-9) }
    }

    @Test func seriesThatMakeNoSenseAreRefused() {
        #expect(SiteWindSeries(steps: []) == nil)
        #expect(SiteWindSeries(steps: [.init(seconds: 0, velocity: SIMD2(1, 0), spread: spread)]) == nil)
        #expect(SiteWindSeries(steps: [.init(seconds: 1, velocity: SIMD2(.nan, 0), spread: spread)]) == nil)
    }
}
