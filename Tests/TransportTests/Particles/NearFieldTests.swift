import Foundation
import Quantities
import Testing

@testable import Transport

@Suite struct NearFieldTests {
    /// By hand: at 60 s, sigma sqrt(2 (T t + T^2 exp(-t/T) - 1)) for sigma 0.5 m/s and T 20 s is 24.74 m; at 120 s
    /// 34.64 m.
    @Test func thePlumeGrowsFromTheHeightOfRelease() {
        var plume = NearFieldPlume(releaseMetres: 10)
        plume.grow(age: 60, minutesBelow: 1, sigma: 0.5, timescale: 20)
        let first = 0.5 * (2 * (20 * 60 + 400 * exp(-3.0) - 1)).squareRoot()
        #expect(abs(Double(plume.depthMetres) - 10 - first) < 1e-4)
        plume.grow(age: 120, minutesBelow: 0.5, sigma: 0.5, timescale: 20)
        let second = 0.25 * (2 * (20 * 120 + 400 * exp(-6.0) - 1)).squareRoot()
        #expect(abs(Double(plume.depthMetres) - 10 - first - second) < 1e-4)
    }

    @Test func aShortTimescaleDoesNotShrinkThePlume() {
        var plume = NearFieldPlume(releaseMetres: 10)
        plume.grow(age: 1, minutesBelow: 1, sigma: 0.5, timescale: 0.01)
        #expect(plume.depthMetres == 10)
    }

    /// The first minute of a particle counts as mixed through the plume, later ones through half of the mixed layer.
    @Test func onlyTheBeginningCountsMore() async throws {
        let atmosphere = AnalyticAtmosphere(
            reference: releaseTime,
            mixedLayerMetres: 400,
            buoyancyFlux: 0.004
        )
        var options = DispersionOptions()
        (options.hours, options.particles, options.keepsConditions) = (1, 20, true)
        let place = ReceptorPoint(longitude: 0, latitude: 0, heightMetres: 5)
        let receptor = Receptor(name: "site", time: releaseTime, points: [place])
        let table = try await following(receptor, options, atmosphere).table
        let conditions = table.conditions
        #expect(conditions.influenceOfLayer.count == table.count && conditions.density.count == table.count)
        for row in 0..<table.count {
            let (near, ofLayer) = (table.influence[row], conditions.influenceOfLayer[row])
            #expect(table.minutes[row] < -30 ? near == ofLayer : near >= ofLayer * (1 - 1e-6))
            guard table.minutes[row] == -1, ofLayer > 0 else { continue }
            let sigma = Double(conditions.verticalSigma[row])
            let scale = Double(conditions.timescaleSeconds[row])
            let minutes = Double(conditions.minutesBelow[row])
            let spread = scale * 60 + scale * scale * exp(-60 / scale) - 1
            let depth = 5 + minutes * sigma * (2 * spread).squareRoot()
            let expected = 0.028_964_7 * 60 * minutes / (depth * Double(conditions.density[row]))
            #expect(depth > 200 || abs(near / expected - 1) < 1e-3)
        }
    }
}
