import Foundation
import Quantities
import TestSupport
import Testing

@testable import Transport

@Suite struct SimilarityProfilesTests {
    private func wind(_ length: Double) -> (SiteWind, SiteWind.Record) {
        var record = SiteWind.Record(time: Instant(microseconds: 0), speed: 5, directionDegrees: 0)
        record.obukhovLengthMetres = length
        let site = SiteWind(
            records: [record],
            heightMetres: 10,
            roughnessMetres: 0.1,
            stepSeconds: 60,
            source: ""
        )
        return (site, record)
    }

    @Test func neutralWindIsTheLawOfTheWall() {
        let (site, record) = wind(.infinity)
        #expect(abs(site.frictionVelocity(record) - 0.4 * 5 / log(100)) < 1e-12)
        #expect(abs(site.speed(record, atMetres: 50) - 5 * log(500) / log(100)) < 1e-12)
        #expect(site.speed(record, atMetres: 10) == 5 && site.speed(record, atMetres: 0.05) == 0)
    }

    @Test func stableAirSlowsTheGroundAndUnstableAirStirsIt() {
        let heights = [1.0, 3, 30, 100]
        for height in heights {
            let speeds = [-30.0, .infinity, 60].map { length in
                let (site, record) = wind(length)
                return site.speed(record, atMetres: height)
            }
            // Shear is strongest in stable air.
            #expect(
                height < 10
                    ? speeds[0] > speeds[1] && speeds[1] > speeds[2]
                    : speeds[0] < speeds[1] && speeds[1] < speeds[2]
            )
        }
    }

    /// The slope of the profile is the flux-profile relation (Dyer 1974; Beljaars and Holtslag 1991, eq. 28).
    @Test(arguments: [-2.0, -0.5, -0.05, 0.05, 0.5, 3]) func theCorrectionIntegratesTheGradient(zeta: Double)
    {
        let step = 1e-5
        let slope =
            (SimilarityProfiles.stabilityCorrection(zeta + step)
                - SimilarityProfiles.stabilityCorrection(zeta - step))
            / (2 * step)
        let gradient = 1 - zeta * slope
        let expected =
            zeta < 0
            ? pow(1 - 16 * zeta, -0.25)
            : 1 + zeta * (1 + 0.667 * exp(-0.35 * zeta) * (1 + 5 - 0.35 * zeta))
        #expect(abs(gradient - expected) < 1e-6)
    }

    @Test func heatMakesTheObukhovLengthNegative() {
        let length = SimilarityProfiles.obukhovLengthMetres(frictionVelocity: 0.3, heatFlux: 100, kelvin: 290)
        #expect(abs(length + 1.2 * 1004.5 * 290 * 0.027 / (0.4 * 9.80665 * 100)) < 1e-9)
        #expect(
            SimilarityProfiles.obukhovLengthMetres(frictionVelocity: 0.3, heatFlux: 0, kelvin: 290)
                == .infinity
        )
    }

    /// With a constant gradient of temperature and constant wind the Richardson number is linear in height.
    @Test(arguments: [(3.0, 0.005), (8.0, 0.003), (1.5, 0.02)])
    func theBoundaryLayerOfAUniformStratificationIsKnown(wind: Double, gradient: Double) {
        var column = BoundaryLayer.Column()
        column.heightMetres = stride(from: 20.0, through: 4000, by: 20).map { $0 }
        column.temperature = column.heightMetres.map { 290 + gradient * $0 }
        column.alongColumns = column.heightMetres.map { _ in wind }
        column.alongRows = column.heightMetres.map { _ in 0 }
        column.groundTemperature = 290
        // 9.80665 / 290 * gradient z (z - 2) = 0.25 wind^2
        let product = 0.25 * wind * wind * 290 / (9.80665 * gradient)
        let expected = 1 + (1 + product).squareRoot()
        #expect(abs(BoundaryLayer.metres(column) - expected) < 3)
        column.frictionVelocity = 0.3
        let wider = 1 + (1 + product * (wind * wind + 9) / (wind * wind)).squareRoot()
        #expect(abs(BoundaryLayer.metres(column) - wider) < 3)
    }

    @Test func aMixedLayerReachesItsInversionAndHeatRaisesIt() {
        var column = BoundaryLayer.Column()
        column.heightMetres = stride(from: 50.0, through: 3000, by: 50).map { $0 }
        column.temperature = column.heightMetres.map { $0 <= 1200 ? 300 : 305 + 0.005 * ($0 - 1200) }
        column.alongColumns = column.heightMetres.map { _ in 4 }
        column.alongRows = column.heightMetres.map { _ in 0 }
        column.groundTemperature = 300
        let height = BoundaryLayer.metres(column)
        #expect(height > 1200 && height < 1250)
        column.temperature = column.heightMetres.map { 299.5 + 0.002 * $0 }
        let plain = BoundaryLayer.metres(column)
        column.heatFlux = 0.2
        #expect(BoundaryLayer.metres(column) > plain + 100)
    }
}
