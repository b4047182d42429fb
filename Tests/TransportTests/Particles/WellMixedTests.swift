import Quantities
import Testing

@testable import Transport

/// What is well mixed stays so (Thomson 1987): the criterion that a wrong drift, reflection or top fails at once.
struct WellMixedTests {
    /// Quantile 0.999 of chi-square with nine degrees of freedom.
    private let limit = 27.9
    private let tenths = [Double](repeating: 0.1, count: 10)

    /// Turbulence whose strength changes sixfold within the layer.
    private func inhomogeneous(decay: Float = 0) -> AnalyticAtmosphere {
        var atmosphere = AnalyticAtmosphere(reference: releaseTime, speed: 3, densityDecay: decay)
        atmosphere.vertical = { height in
            let z = Double(height) / 1000
            return VerticalTurbulence(
                sigma: Float(0.2 + sine(.pi * z)),
                sigmaGradient: Float(.pi / 1000 * cosine(.pi * z)),
                timescale: Float(20 + 60 * z)
            )
        }
        return atmosphere
    }

    private func options(_ direction: DispersionOptions.Direction, hours: Double = 0.5) -> DispersionOptions {
        var options = DispersionOptions()
        options.direction = direction
        options.hours = hours
        options.outputMinutes = hours * 60
        options.particles = 2000
        options.mixedLayerTop = .reflects
        return options
    }

    private let even = (0..<2000).map { (Double($0) + 0.5) / 2 }

    @Test(arguments: [DispersionOptions.Direction.backward, .forward])
    func uniformStaysUniform(direction: DispersionOptions.Direction) async throws {
        let ends = try await following(column(heights: even), options(direction), inhomogeneous()).ends
        #expect(chiSquare(ends.heightMetres, depth: 1000, shares: tenths) < limit)
    }

    @Test(arguments: [DispersionOptions.Direction.backward, .forward])
    func densityProfileStays(direction: DispersionOptions.Direction) async throws {
        // e-folding within 500 m, far steeper than air, so that the term is seen.
        let decay = 1.0 / 500
        let mass = { (z: Double) in (1 - exponential(-decay * z)) / (1 - exponential(-decay * 1000)) }
        let heights = even.map { -logarithm(1 - $0 / 1000 * (1 - exponential(-decay * 1000))) / decay }
        let shares = (0..<10).map { mass(Double($0 + 1) * 100) - mass(Double($0) * 100) }
        let ends = try await following(
            column(heights: heights),
            options(direction),
            inhomogeneous(decay: Float(decay))
        ).ends
        #expect(chiSquare(ends.heightMetres, depth: 1000, shares: shares) < limit)
    }

    /// Unstable, neutral and stable layers of Hanna's, with the air above: nothing gathers at the top of the mixed
    /// layer.
    @Test(arguments: [(Float(0.008), Float(1000)), (0, 1000), (-0.0005, 300)])
    func hannaAndTheAirAboveStayMixed(buoyancy: Float, depth: Float) async throws {
        var atmosphere = AnalyticAtmosphere(
            reference: releaseTime,
            mixedLayerMetres: depth,
            frictionVelocity: 0.35,
            buoyancyFlux: buoyancy
        )
        atmosphere.topMetres = 2 * depth
        var options = options(.backward, hours: 1)
        options.mixedLayerTop = .passesByChance
        options.particles = 1000
        let heights = (0..<1000).map { (Double($0) + 0.5) / 1000 * Double(2 * depth) }
        let ends = try await following(column(heights: heights), options, atmosphere).ends
        #expect(chiSquare(ends.heightMetres, depth: Double(2 * depth), shares: tenths) < limit)
    }

    /// In the lowest fiftieth of a convective layer, where the time scale goes to zero and so does the step: without
    /// drift 1.6 times too many gather here, with a scheme of first order 1.2 times.
    @Test func nothingGathersAtTheGround() async throws {
        let atmosphere = AnalyticAtmosphere(
            reference: releaseTime,
            mixedLayerMetres: 1000,
            frictionVelocity: 0.2,
            buoyancyFlux: 0.008
        )
        var options = options(.backward, hours: 2)
        options.particles = 1000
        options.outputMinutes = 2
        let heights = (0..<1000).map { Double($0) + 0.5 }
        let table = try await following(column(heights: heights), options, atmosphere).table
        let late = table.minutes.indices.filter { table.minutes[$0] < -19 }
        let low = late.filter { table.heightMetres[$0] < 20 }.count
        #expect(abs(Double(low) / Double(late.count) / 0.02 - 1) < 0.12, "\(low) of \(late.count)")
    }

    /// A uniform flux into a mixed layer of depth h for a time t raises it by F t m / (rho h).
    @Test func influenceOfTheMixedLayerIsThatOfABox() async throws {
        var options = options(.backward)
        options.dilutesNearField = false
        let result = try await following(column(heights: even), options, inhomogeneous())
        let sum = result.table.influence.reduce(0, +) / 2000
        let box = 0.028_964_7 * 1800 / (1.2 * 1000)
        #expect(abs(sum / box - 1) < 0.02)
    }
}
