import Testing

@testable import Transport

@Suite struct StabilityTests {
    @Test func wholeTableOfSunAndWindIsThatOfTheAgency() {
        let expected: [[StabilityClass]] = [
            [.a, .a, .b, .d], [.a, .b, .c, .d], [.b, .b, .c, .d], [.c, .c, .d, .d], [.c, .d, .d, .d],
        ]
        for (row, wind) in [1.9, 2, 3, 5, 6].enumerated() {
            for (column, sun) in [925.0, 924, 300, 174].enumerated() {
                #expect(StabilityClass(dayWindSpeed: wind, solarRadiation: sun) == expected[row][column])
            }
        }
        #expect(StabilityClass(nightWindSpeed: 1.9, isInversion: true) == .f)
        #expect(StabilityClass(nightWindSpeed: 2.4, isInversion: true) == .e)
        #expect(StabilityClass(nightWindSpeed: 1.9, isInversion: false) == .e)
        #expect(StabilityClass(nightWindSpeed: 2.5, isInversion: true) == .d)
        #expect(StabilityClass(nightWindSpeed: 2.5, cloudShare: 0.2) == .f)
        #expect(StabilityClass(nightWindSpeed: 4, cloudShare: 0.2) == .e)
        #expect(StabilityClass(nightWindSpeed: 4, cloudShare: 0.6) == .d)
    }

    /// Lengths that a class stands for at 1 m of roughness: a of the table alone, since lg 1 is nought, but 0.5 m
    /// bounds.
    @Test(arguments: StabilityClass.allCases, [0.001, 0.01, 0.1, 0.5])
    func classesComeBackFromTheirOwnObukhovLength(stability: StabilityClass, roughness: Double) {
        let inverse = stability.inverseObukhov(roughnessMetres: roughness)
        let length = inverse == 0 ? Double.infinity : 1 / inverse
        #expect(StabilityClass(obukhovMetres: length, roughnessMetres: roughness) == stability)
    }

    /// At 0.5 m: A -9.6, B -22, C -135, E 106, F 22 m.
    @Test func lengthsOfClassesAreThoseOfTheNomogram() {
        let lengths = StabilityClass.allCases.map { 1 / $0.inverseObukhov(roughnessMetres: 0.5) }
        let expected = [-9.55, -21.9, -134.9, .infinity, 106.2, 21.8]
        for (length, value) in zip(lengths, expected) where value.isFinite {
            #expect(abs(length / value - 1) < 0.005)
        }
    }

    /// Turner (1970), figures 3-2 and 3-3 at 1 km, read to about 5 %, and at 10 km for D.
    @Test func curvesOfPasquillAndGiffordPassThroughTurnersWorkbook() {
        let across = [210.0, 155, 105, 68, 50, 34]
        let vertical = [450.0, 110, 61, 32, 21.5, 14]
        for stability in StabilityClass.allCases {
            let sigmas = stability.pasquillGiffordSigmas(downwindMetres: 1000)
            #expect(abs(sigmas.across / across[stability.rawValue] - 1) < 0.05)
            #expect(abs(sigmas.vertical / vertical[stability.rawValue] - 1) < 0.05)
        }
        let far = StabilityClass.d.pasquillGiffordSigmas(downwindMetres: 10_000)
        #expect(abs(far.across / 550 - 1) < 0.05)
        #expect(abs(far.vertical / 135 - 1) < 0.05)
    }

    /// The power laws meet where they change: a wrong digit in any of the 84 numbers would part them.
    @Test(arguments: StabilityClass.allCases)
    func curvesHaveNoJumpsAndGrow(stability: StabilityClass) {
        var last = stability.pasquillGiffordSigmas(downwindMetres: 20)
        var distance = 20.0
        while distance < 90_000 {
            distance *= 1.01
            let next = stability.pasquillGiffordSigmas(downwindMetres: distance)
            #expect(next.across > last.across && next.across < last.across * 1.011)
            #expect(next.vertical > last.vertical * 0.985 && next.vertical < last.vertical * 1.035)
            last = next
        }
    }

    /// Briggs (1973) as printed, worked by hand at 1 km.
    @Test func curvesOfBriggsAreAsPrinted() {
        let neutral = StabilityClass.d.briggsSigmas(downwindMetres: 1000, terrain: .rural)
        #expect(abs(neutral.across - 76.277) < 0.001)
        #expect(abs(neutral.vertical - 37.947) < 0.001)
        let stable = StabilityClass.f.briggsSigmas(downwindMetres: 1000, terrain: .rural)
        #expect(abs(stable.across - 38.139) < 0.001)
        #expect(abs(stable.vertical - 12.308) < 0.001)
        let town = StabilityClass.a.briggsSigmas(downwindMetres: 1000, terrain: .urban)
        #expect(abs(town.across - 270.449) < 0.001)
        #expect(abs(town.vertical - 339.411) < 0.001)
    }

    @Test func widerAveragesGrowByTheFifthPower() {
        #expect(abs(averagingFactor(seconds: 3600) - 1.4310) < 1e-4)
        #expect(averagingFactor(seconds: 600) == 1)
        #expect(abs(averagingFactor(seconds: 7200) / averagingFactor(seconds: 3600) - 1.1892) < 1e-4)
        #expect(averagingFactor(seconds: 1) == averagingFactor(seconds: 180))
    }
}

@Suite struct SurfaceLayerTests {
    @Test func neutralWindIsTheLogarithm() throws {
        let layer = try #require(
            SurfaceLayer(frictionVelocity: 0.4, obukhovMetres: .infinity, roughnessMetres: 0.1)
        )
        #expect(abs(layer.speed(atMetres: 10) - 4.605170) < 1e-6)
        #expect(layer.speed(atMetres: 0) == layer.speed(atMetres: 0.5))
    }

    @Test func measuredWindComesBack() throws {
        for obukhov in [-5.0, -50, .infinity, 80, 6] {
            let layer = try #require(
                SurfaceLayer(windSpeed: 3, atMetres: 10, obukhovMetres: obukhov, roughnessMetres: 0.03)
            )
            #expect(abs(layer.speed(atMetres: 10) - 3) < 1e-12)
            #expect(layer.speed(atMetres: 20) > 3 && layer.speed(atMetres: 5) < 3)
        }
        #expect(SurfaceLayer(windSpeed: 3, atMetres: 0.01, obukhovMetres: -5, roughnessMetres: 0.03) == nil)
        #expect(SurfaceLayer(windSpeed: -3, atMetres: 10, obukhovMetres: -5, roughnessMetres: 0.03) == nil)
        #expect(SurfaceLayer(windSpeed: 3, atMetres: 10, obukhovMetres: 0, roughnessMetres: 0.03) == nil)
    }

    /// Its gradient is phi = 1 + 5 z/L to first order in stable air and (1 - 16 z/L)^(-1/4) in unstable air.
    @Test func gradientOfTheWindIsThatOfSimilarity() throws {
        for (obukhov, expected) in [(1000.0, 1 + 17 * 0.29 * 0.01), (-20.0, 0.5773502691896258)] {
            let layer = try #require(
                SurfaceLayer(frictionVelocity: 0.4, obukhovMetres: obukhov, roughnessMetres: 0.001)
            )
            let slope = (layer.speed(atMetres: 10.001) - layer.speed(atMetres: 9.999)) / 0.002
            #expect(abs(slope * 10 * 0.4 / 0.4 - expected) < 2e-4)
        }
    }
}

@Suite struct StackPlumeTests {
    /// A stack of 2 m with 10 m s-1 at 400 K into air of 300 K: F = 24.5166, worked by hand.
    @Test func buoyantRiseIsThatOfBriggs() throws {
        let stack = try #require(
            StackPlume(heightMetres: 50, diameterMetres: 2, exitSpeed: 10, gasKelvin: 400, airKelvin: 300)
        )
        #expect(abs(stack.buoyancyFlux - 24.516625) < 1e-9)
        let rise = stack.neutralRise(windSpeed: 5)
        #expect(abs(rise.metres - 47.212) < 0.01)
        #expect(abs(rise.distanceMetres - 361.97) < 0.1)
        // 1.6 F^(1/3) x^(2/3) / u reaches the final rise where that stands: the two formulas of Briggs fit each other.
        let near = 1.6 * 2.90518 * 50.7885 / 5
        #expect(abs(stack.rise(rise, downwindMetres: 361.9, windSpeed: 5) - near) < 0.1)
        let stable = stack.stableRise(windSpeed: 5, potentialGradient: 0.02)
        #expect(abs(stable.metres - 50.99) < 0.1)
        #expect(abs(stable.distanceMetres - 405.1) < 0.2)
    }

    @Test func coldJetsRiseByMomentumAlone() throws {
        let stack = try #require(
            StackPlume(heightMetres: 10, diameterMetres: 1, exitSpeed: 12, gasKelvin: 290, airKelvin: 300)
        )
        #expect(stack.buoyancyFlux == 0)
        #expect(stack.neutralRise(windSpeed: 4) == .init(metres: 9, distanceMetres: 0))
        #expect(stack.neutralRise(windSpeed: 0.1) == stack.neutralRise(windSpeed: 1))
    }

    /// Just below and just above 55 m4 s-3 the two branches of the final rise meet.
    @Test func branchesOfTheFinalRiseMeet() throws {
        let rises = try [14.2, 14.4].map { diameter in
            try #require(
                StackPlume(
                    heightMetres: 9,
                    diameterMetres: diameter,
                    exitSpeed: 1,
                    gasKelvin: 337,
                    airKelvin: 300
                )
            )
        }
        #expect(rises[0].buoyancyFlux < 55 && rises[1].buoyancyFlux > 55)
        let (low, high) = (rises[0].neutralRise(windSpeed: 3), rises[1].neutralRise(windSpeed: 3))
        #expect(abs(high.metres / low.metres - 1) < 0.04)
        #expect(abs(high.distanceMetres / low.distanceMetres - 1) < 0.04)
    }
}
