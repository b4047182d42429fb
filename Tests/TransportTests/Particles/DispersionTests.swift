import Quantities
import Testing

@testable import Transport

struct DispersionTests {
    /// Homogeneous turbulence in a layer so deep that no particle meets its ends.
    private func homogeneous(timescale: Float = 100) -> AnalyticAtmosphere {
        var atmosphere = AnalyticAtmosphere(reference: releaseTime, mixedLayerMetres: 20_000)
        atmosphere.vertical = { _ in VerticalTurbulence(sigma: 1, sigmaGradient: 0, timescale: timescale) }
        atmosphere.horizontal = HorizontalTurbulence(
            alongSigma: 1,
            acrossSigma: 0.5,
            alongTimescale: timescale,
            acrossTimescale: timescale
        )
        return atmosphere
    }

    private func taylor(_ seconds: Double, timescale: Double) -> Double {
        let age = seconds / timescale
        return 2 * timescale * timescale * (age - 1 + exponential(-age))
    }

    /// Taylor (1921): 6,000 particles give sigma within 0.9 % (one standard deviation), 0.65 % where both components
    /// are taken together.
    @Test func spreadsAsTaylorSays() async throws {
        var options = DispersionOptions()
        options.particles = 6000
        options.longestStepSeconds = 10
        options.outputMinutes = 1
        options.hours = 0.1
        let receptor = column(heights: [10_000])
        let table = try await following(receptor, options, homogeneous()).table
        for minutes in [1.0, 3, 6] {
            let rows = table.minutes.indices.filter { abs(table.minutes[$0] + minutes) < 1e-6 }
            #expect(rows.count == 6000)
            let expected = taylor(minutes * 60, timescale: 100).squareRoot()
            let along = variance(rows.map { table.longitude[$0] * 1e5 }).squareRoot()
            let across = variance(rows.map { table.latitude[$0] * 2e5 }).squareRoot()
            let upward = variance(rows.map { table.heightMetres[$0] }).squareRoot()
            #expect(abs((along + across) / 2 / expected - 1) < 0.02, "\(along) \(across) \(expected)")
            #expect(abs(upward / expected - 1) < 0.025, "\(upward) \(expected)")
        }
    }

    /// A plume over a reflecting ground: Gaussian with its image.
    @Test func plumeIsGaussianWithItsImage() async throws {
        var options = DispersionOptions()
        options.direction = .forward
        options.particles = 3000
        options.hours = 600.0 / 3600
        options.outputMinutes = 10
        let ends = try await following(column(heights: [150]), options, homogeneous(timescale: 50)).ends
        let sigma = taylor(600, timescale: 50).squareRoot()
        let shares = (0..<10).map { bin in
            let (low, high) = (Double(bin) * 100, bin == 9 ? 1e5 : Double(bin + 1) * 100)
            return gaussianShare(from: low, to: high, mean: 150, sigma: sigma)
                + gaussianShare(from: low, to: high, mean: -150, sigma: sigma)
        }
        #expect(chiSquare(ends.heightMetres, depth: 1000, shares: shares) < 27.9)
        let mean = ends.longitude.reduce(0, +) / 3000 * 1e5
        #expect(abs(mean / 3000 - 1) < 0.02)
    }

    /// What goes from one box to another forward comes from it backward, with wind that turns with height.
    @Test func forwardAndBackwardAreReciprocal() async throws {
        var atmosphere = AnalyticAtmosphere(
            reference: releaseTime,
            mixedLayerMetres: 800,
            buoyancyFlux: 0.005
        )
        atmosphere.wind = AnalyticAtmosphere.powerWind(speed: 4, atMetres: 100, exponent: 0.2)
        var options = DispersionOptions()
        options.mixedLayerTop = .reflects
        options.horizontalTimescale = .hanna
        options.hours = 0.25
        options.outputMinutes = 15
        options.longestStepSeconds = 15
        options.particles = 1600
        let near = Slice(degrees: 0...0.006, metres: 0...160)
        let far = Slice(degrees: 0.036...0.046, metres: 300...500)
        let there = try await share(from: near, to: far, .forward, options, atmosphere)
        let back = try await share(from: far, to: near, .backward, options, atmosphere)
        // Particles over the volume that they are spread over.
        let (nearVolume, farVolume) = (0.006 * 160, 0.010 * 200)
        let (one, other) = (there * nearVolume, back * farVolume)
        let error = (there / 1600).squareRoot() * nearVolume + (back / 1600).squareRoot() * farVolume
        #expect(there > 0.05)
        #expect(abs(one - other) < 3 * error, "\(one) \(other) \(error)")
    }

    /// A box along the wind and upward.
    private struct Slice {
        let degrees: ClosedRange<Double>
        let metres: ClosedRange<Double>

        func place(_ along: Double, _ up: Double) -> ReceptorPoint {
            ReceptorPoint(
                longitude: degrees.lowerBound + (degrees.upperBound - degrees.lowerBound) * along,
                latitude: 0,
                heightMetres: metres.lowerBound + (metres.upperBound - metres.lowerBound) * up
            )
        }
    }

    private func share(
        from: Slice,
        to: Slice,
        _ direction: DispersionOptions.Direction,
        _ options: DispersionOptions,
        _ atmosphere: AnalyticAtmosphere
    ) async throws -> Double {
        var options = options
        options.direction = direction
        let points = (0..<1600).map { index in
            from.place((Double(index % 40) + 0.5) / 40, (Double(index / 40) + 0.5) / 40)
        }
        let ends = try await following(
            Receptor(name: "box", time: releaseTime, points: points),
            options,
            atmosphere
        )
        .ends
        let hits = ends.particle.indices.filter {
            to.degrees.contains(ends.longitude[$0]) && to.metres.contains(ends.heightMetres[$0])
        }
        return Double(hits.count) / 1600
    }

    /// Halving the step divides the error of a turn of solid rotation by four.
    @Test func advectionIsOfSecondOrder() async throws {
        var atmosphere = AnalyticAtmosphere(reference: releaseTime)
        let rate = 2 * Double.pi / 14_400
        atmosphere.wind = { x, y, _, _ in SIMD3(-rate * y, rate * x, 0) }
        var errors: [Double] = []
        for step in [600.0, 300, 150] {
            var options = DispersionOptions()
            options.turbulence = false
            options.particles = 1
            options.hours = 4
            options.outputMinutes = 240
            options.longestStepSeconds = step
            options.longestStepCells = 10
            let ends = try await following(column(heights: [10], longitude: 0.5), options, atmosphere).ends
            let (x, y) = (ends.longitude[0] - 0.5, ends.latitude[0])
            errors.append((x * x + y * y).squareRoot())
        }
        #expect((3.5...4.5).contains(errors[0] / errors[1]), "\(errors)")
        #expect((3.5...4.5).contains(errors[1] / errors[2]), "\(errors)")
    }
}
