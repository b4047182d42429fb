import Foundation
import Quantities
import TestSupport
import Testing

@testable import Transport

/// Plumes of all kinds of spread and wind.
private func plumes(lid: Double? = nil, source: Double = 20) throws -> [GaussianPlume] {
    let layer = try #require(SurfaceLayer(frictionVelocity: 0.3, obukhovMetres: -40, roughnessMetres: 0.05))
    let stable = try #require(SurfaceLayer(frictionVelocity: 0.2, obukhovMetres: 30, roughnessMetres: 0.05))
    let turbulence = MeasuredTurbulence(across: 0.6, vertical: 0.3, isStable: true)
    let spreads: [(PlumeSpread, WindProfile)] = [
        (.pasquillGifford(.d), .uniform(4)),
        (.briggs(.b, .rural), .power(speed: 3, atMetres: 10, exponent: 0.1)),
        (.briggs(.f, .urban), .logarithmic(stable)), (.measured(turbulence), .logarithmic(stable)),
        (.measuredAloft(turbulence), .uniform(2)), (.surfaceLayer(layer, across: 0.7), .logarithmic(layer)),
        (.surfaceLayer(stable, across: 0.4), .logarithmic(stable)),
    ]
    return spreads.map { spread, wind in
        GaussianPlume(spread: spread, wind: wind, sourceMetres: source, lidMetres: lid)
    }
}

@Suite struct GaussianPlumeTests {
    @Test func axisOnTheGroundIsTheClosedForm() {
        let plume = GaussianPlume(spread: .briggs(.d, .rural), wind: .uniform(5), sourceMetres: 0)
        let sigmas = StabilityClass.d.briggsSigmas(downwindMetres: 500, terrain: .rural)
        let expected = 1 / (Double.pi * sigmas.across * sigmas.vertical * 5)
        let found = plume.concentration(downwindMetres: 500, acrossMetres: 0, atMetres: 0)
        #expect(abs(found / expected - 1) < 1e-13)
        #expect(plume.concentration(downwindMetres: -500, acrossMetres: 0, atMetres: 0) == 0)
        #expect(plume.concentration(downwindMetres: .nan, acrossMetres: 0, atMetres: 0) == 0)
    }

    /// Turner (1970), workbook of atmospheric dispersion estimates, problem 1: 80 g s-1 from 60 m into 6 m s-1 in class
    /// D, 500 m downwind on the axis at the ground: 3.3e-5 g m-3 with spreads of 36 and 18.5 m read from the curves,
    /// where three per cent of the height make ten of the concentration.
    @Test func firstProblemOfTurnersWorkbookComesOut() {
        let plume = GaussianPlume(spread: .pasquillGifford(.d), wind: .uniform(6), sourceMetres: 60)
        let found = 80 * plume.concentration(downwindMetres: 500, acrossMetres: 0, atMetres: 0)
        #expect(abs(found / 3.3e-5 - 1) < 0.15)
        // Problem 2: 50 m off the axis, 1.3e-5.
        let beside = 80 * plume.concentration(downwindMetres: 500, acrossMetres: 50, atMetres: 0)
        #expect(abs(beside / 1.3e-5 - 1) < 0.15)
    }

    @Test(arguments: [nil, 150.0])
    func allMassPassesEachPlaneDownwind(lid: Double?) throws {
        for plume in try plumes(lid: lid) {
            for x in [30.0, 400, 5000] {
                let section = try #require(plume.crossSection(downwindMetres: x))
                let (sigma, top) = (
                    section.vertical.sigmaMetres, lid ?? 20 + 10 * section.vertical.sigmaMetres
                )
                let points = (0...16).map { top * Double($0) / 16 }
                let flux = integrate(over: points, relativeTolerance: 1e-10) { z in
                    let half = 9 * section.acrossMetres
                    let row = integrate(
                        over: [-half, -half / 3, 0, half / 3, half],
                        relativeTolerance: 1e-11
                    ) {
                        plume.concentration(downwindMetres: x, acrossMetres: $0, atMetres: z)
                    }
                    return row.value * section.speed
                }
                #expect(abs(flux.value - 1) < 1e-9, "\(plume.spread) at \(x) m, sigma \(sigma)")
                let crossing = integrate(over: points, relativeTolerance: 1e-11) {
                    plume.crosswindIntegral(downwindMetres: x, atMetres: $0) * section.speed
                }
                #expect(abs(crossing.value - 1) < 1e-9)
            }
        }
    }

    @Test func windOfThePlumeIsThatAtItsMeanHeight() throws {
        for plume in try plumes() {
            for x in [10.0, 100, 3000] {
                let section = try #require(plume.crossSection(downwindMetres: x))
                let expected = plume.wind.speed(atMetres: section.vertical.meanMetres)
                #expect(abs(section.speed / expected - 1) < 1e-9)
            }
        }
    }

    @Test func plumesAreAlikeOnBothSides() throws {
        for plume in try plumes() {
            let left = plume.concentration(downwindMetres: 700, acrossMetres: 40, atMetres: 2)
            #expect(left > 0)
            #expect(left == plume.concentration(downwindMetres: 700, acrossMetres: -40, atMetres: 2))
        }
    }

    /// Source and receptor change places, and the wind its direction: in an even wind nothing changes.
    @Test(arguments: 1...40)
    func sourceAndReceptorMayChangePlaces(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let classes = StabilityClass.allCases
        let spread = PlumeSpread.pasquillGifford(classes[Int(generator.uniform() * 6)])
        let lid: Double? = generator.uniform() < 0.5 ? nil : 120
        let (low, high) = (100 * generator.uniform(), 100 * generator.uniform())
        let degrees = 360 * generator.uniform()
        let there = SIMD2(2000 * generator.uniform() - 1000, 2000 * generator.uniform() - 1000)
        func concentration(_ source: SIMD2<Double>, _ height: Double, _ receptor: LocalPoint, _ from: Double)
            -> Double
        {
            let plume = GaussianPlume(spread: spread, wind: .uniform(3), sourceMetres: height, lidMetres: lid)
            return OrientedPlume(plume: plume, windFromDegrees: from).concentration(
                at: receptor,
                from: source
            )
        }
        let forward = concentration(SIMD2(0, 0), low, LocalPoint(there.x, there.y, high), degrees)
        let backward = concentration(there, high, LocalPoint(0, 0, low), degrees + 180)
        #expect(abs(forward - backward) <= 1e-9 * max(forward, 1e-12))
    }

    @Test func windFromTheWestCarriesEast() {
        let plume = GaussianPlume(spread: .briggs(.d, .rural), wind: .uniform(5), sourceMetres: 0)
        let laid = OrientedPlume(plume: plume, windFromDegrees: 270)
        let east = laid.concentration(at: LocalPoint(500, 0, 0), from: SIMD2(0, 0))
        #expect(
            abs(east / plume.concentration(downwindMetres: 500, acrossMetres: 0, atMetres: 0) - 1) < 1e-12
        )
        #expect(laid.concentration(at: LocalPoint(-500, 0, 0), from: SIMD2(0, 0)) == 0)
        let north = OrientedPlume(plume: plume, windFromDegrees: 180)
        #expect(abs(north.concentration(at: LocalPoint(0, 500, 0), from: SIMD2(0, 0)) / east - 1) < 1e-12)
    }

    /// A source with a size is as wide and as high as it is said to be where it stands.
    @Test func virtualSourceHasTheSizeOfTheSource() throws {
        for base in try plumes() {
            let plume = GaussianPlume(
                spread: base.spread,
                wind: .uniform(3),
                sourceMetres: 20,
                size: PlumeSigmas(across: 12, vertical: 3),
                widening: 1.2
            )
            let across = base.spread.sigmas(downwindMetres: plume.virtualAcrossMetres, speed: 3).across
            let vertical = base.spread.sigmas(downwindMetres: plume.virtualVerticalMetres, speed: 3).vertical
            #expect(abs(across * 1.2 - 12) < 1e-9 && abs(vertical - 3) < 1e-9)
            let far = try #require(plume.crossSection(downwindMetres: 2000))
            #expect(far.acrossMetres > 1.2 * base.spread.sigmas(downwindMetres: 2000, speed: 3).across)
        }
    }

    @Test func massBecomesMoleFraction() throws {
        let air = try #require(AmbientAir(kelvin: 273.15, pascal: 101_325))
        // A mole of air fills 22.414 litres.
        #expect(abs(air.molesPerCubicMetre * 0.022_413_969_54 - 1) < 1e-9)
        #expect(abs(air.partsPerMillion(16.0425e-9 / 0.022_413_969_54, of: .ch4) - 1) < 1e-9)
        let back = air.kilogramsPerCubicMetre(air.partsPerMillion(3e-6, of: .co2), of: .co2)
        #expect(abs(back / 3e-6 - 1) < 1e-14)
        #expect(AmbientAir(kelvin: 0, pascal: 1) == nil)
    }
}

@Suite struct VerticalSpreadTests {
    /// Thin and well-mixed plumes, sums of 400 images by brute force.
    @Test(arguments: [0.05, 0.3, 0.59, 0.61, 0.9, 2])
    func sumOfImagesConverges(ratio: Double) {
        let lid = 200.0
        for (axis, z) in [(0.0, 0.0), (30, 0), (30, 170), (200, 200), (90, 90.5)] {
            let spread = VerticalSpread(axisMetres: axis, sigmaMetres: ratio * lid, lidMetres: lid)
            var expected = 0.0
            for image in -400...400 {
                for side in [axis, -axis] {
                    let scaled = (z - side - 2 * Double(image) * lid) / (ratio * lid)
                    expected += exp(-0.5 * scaled * scaled)
                }
            }
            expected /= ratio * lid * (2 * Double.pi).squareRoot()
            #expect(abs(spread.density(atMetres: z) - expected) < 1e-14 + 1e-12 * expected)
        }
    }

    @Test func farPlumesFillTheLayerEvenly() {
        let spread = VerticalSpread(axisMetres: 10, sigmaMetres: 900, lidMetres: 300)
        for z in [0.0, 77, 300] { #expect(abs(spread.density(atMetres: z) * 300 - 1) < 1e-9) }
        #expect(spread.density(atMetres: 301) == 0)
        #expect(spread.density(atMetres: -1) == 0)
        #expect(VerticalSpread(axisMetres: 400, sigmaMetres: 50, lidMetres: 300).density(atMetres: 100) == 0)
    }

    @Test func meanHeightIsThatOfTheDensity() {
        for (axis, sigma) in [(0.0, 10.0), (15, 10), (50, 4)] {
            let spread = VerticalSpread(axisMetres: axis, sigmaMetres: sigma)
            let mean = integrate(over: [0, axis, axis + 50, axis + 200], relativeTolerance: 1e-11) {
                $0 * spread.density(atMetres: $0)
            }
            #expect(abs(spread.meanMetres - mean.value) < 1e-8)
        }
    }
}
