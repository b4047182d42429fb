import Quantities
import Testing

@testable import Transport

struct ParticleRunTests {
    private func options(particles: Int = 150, hours: Double = 0.2) -> DispersionOptions {
        var options = DispersionOptions()
        options.particles = particles
        options.hours = hours
        return options
    }

    private let receptors = (0..<5).map {
        Receptor(
            name: "r\($0)",
            time: releaseTime,
            points: [ReceptorPoint(longitude: Double($0), latitude: 0, heightMetres: 20)]
        )
    }

    @Test func sameBitsHoweverManyTasks() async throws {
        let atmosphere = AnalyticAtmosphere(reference: releaseTime, buoyancyFlux: 0.004)
        let alone = try await following(receptors, options(), atmosphere, tasks: 1)
        for tasks in [2, 3, 7] {
            let together = try await following(receptors, options(), atmosphere, tasks: tasks)
            #expect(together.map(\.receptor) == receptors)
            #expect(together.map(\.table) == alone.map(\.table))
            #expect(together.map(\.ends) == alone.map(\.ends))
        }
        #expect(Set(alone.map { $0.ends.heightMetres }).count == 5, "receptors share random numbers")
        #expect(Set(alone[0].ends.heightMetres).count == 150, "particles share random numbers")
    }

    @Test func seedsDiffer() async throws {
        let atmosphere = AnalyticAtmosphere(reference: releaseTime)
        var other = options()
        other.seed = 2
        let first = try await following(receptors[0], options(), atmosphere)
        let second = try await following(receptors[0], other, atmosphere)
        #expect(first.table != second.table)
    }

    @Test func everyParticleIsAccountedFor() async throws {
        let result = try await following(receptors[0], options(), AnalyticAtmosphere(reference: releaseTime))
        #expect(result.ends.particle == (0..<150).map { Int32($0) })
        #expect(result.table.count == 150 * 12)
        #expect(!result.ends.hasLeft.contains(true))
        #expect(result.table.minutes.prefix(12).elementsEqual((1...12).map { -Double($0) }))
        let reset = zip(result.table.particle, result.table.particle.dropFirst()).filter { $0 != $1 }.count
        #expect(reset == 149)
    }

    /// Rows at longer intervals hold the influence of all that lies between.
    @Test func thinningKeepsInfluence() async throws {
        let atmosphere = AnalyticAtmosphere(reference: releaseTime, buoyancyFlux: 0.004)
        var thin = options()
        thin.outputMinutes = 6
        let full = try await following(receptors[0], options(), atmosphere).table
        let thinned = try await following(receptors[0], thin, atmosphere).table
        #expect(thinned.count == 150 * 2)
        let (one, other) = (full.influence.reduce(0, +), thinned.influence.reduce(0, +))
        #expect(abs(one / other - 1) < 1e-9)
    }

    /// Without turbulence a particle below half of the layer sees the ground all the time: m t / (rho h/2).
    @Test func influenceHasClosedForm() async throws {
        let decay = 1.0 / 8000
        let atmosphere = AnalyticAtmosphere(
            reference: releaseTime,
            mixedLayerMetres: 1000,
            surfaceDensity: 1.1,
            densityDecay: Float(decay)
        )
        var options = options(particles: 4)
        options.turbulence = false
        let low = ReceptorPoint(longitude: 0, latitude: 0, heightMetres: 100, weight: 0.3)
        let high = ReceptorPoint(longitude: 0, latitude: 0, heightMetres: 600, weight: 0.7)
        let receptor = Receptor(name: "two", time: releaseTime, points: [low, high])
        let table = try await following(receptor, options, atmosphere).table
        let meanDensity = 1.1 * (1 - exponential(-500 * decay)) / (500 * decay)
        let expected = 0.3 * 0.028_964_7 * 720 / (500 * meanDensity)
        // The mean density below 500 m is a series of two terms: 1e-5 of it is left out.
        #expect(abs(table.influence.reduce(0, +) / 4 / expected - 1) < 2e-5)
        #expect(table.particle.indices.allSatisfy { (table.influence[$0] > 0) == (table.particle[$0] < 2) })
    }

    @Test func particlesAreSharedAmongPoints() async throws {
        let points = (0..<3).map {
            ReceptorPoint(
                longitude: Double($0),
                latitude: 0,
                heightMetres: 10,
                weight: 1,
                secondsAfter: 60 * Double($0)
            )
        }
        var options = options(particles: 7)
        options.turbulence = false
        let result = try await following(
            Receptor(name: "drive", time: releaseTime, points: points),
            options,
            still
        )
        #expect(result.ends.longitude == [0, 0, 0, 1, 1, 2, 2])
        #expect(result.ends.minutes == [-12, -12, -12, -11, -11, -10, -10])
        let sums = (0..<3).map { point in
            result.ends.particle.indices.filter { Int(result.ends.longitude[$0]) == point }
                .reduce(0) { $0 + result.ends.weight[$1] }
        }
        #expect(sums.allSatisfy { abs($0 - 7) < 1e-12 })
    }

    private var still: AnalyticAtmosphere { AnalyticAtmosphere(reference: releaseTime, speed: 0) }

    @Test func particlesThatLeaveAreKeptForTheBackground() async throws {
        var atmosphere = AnalyticAtmosphere(reference: releaseTime, speed: 10)
        atmosphere.reachDegrees = 0.05
        var options = options(particles: 20, hours: 1)
        options.turbulence = false
        let ends = try await following(receptors[0], options, atmosphere).ends
        #expect(ends.hasLeft.allSatisfy { $0 })
        // 5 km at 10 m/s are 500 s; the last place within is at most a minute earlier.
        #expect(ends.minutes.allSatisfy { (-9.4 ... -7.3).contains($0) })
        #expect(ends.longitude.allSatisfy { (-0.05 ... -0.044).contains($0) })
    }

    @Test func faultsComeBeforeAnythingIsComputed() async throws {
        var atmosphere = AnalyticAtmosphere(reference: releaseTime)
        atmosphere.covered = releaseTime.advanced(bySeconds: -600)...releaseTime
        let early = releaseTime.advanced(bySeconds: -720)
        await #expect(
            throws: DispersionError.missingMeteorology(
                at: early,
                receptor: "r0",
                from: early,
                to: releaseTime
            )
        ) { try await following(receptors, options(), atmosphere) }
        await #expect(throws: DispersionError.fewParticles(receptor: "column", points: 3, particles: 2)) {
            try await following(column(heights: [1, 2, 3]), options(particles: 2), still)
        }
        await #expect(throws: DispersionError.self) {
            try await following(column(heights: [.nan]), options(), still)
        }
        await #expect(throws: DispersionError.self) {
            try await following(column(heights: [10], longitude: 90), options(), still)
        }
        for (metres, words) in [(-1.0, "lies below the ground, at -1 m"), (60_000, "at 60000 m lies above")] {
            do {
                _ = try await following(column(heights: [10, metres]), options(), still)
                Issue.record("\(metres) m")
            } catch let error as DispersionError {
                #expect(
                    error.line.hasPrefix("receptor `column`") && error.line.contains(words),
                    "\(error.line)"
                )
            }
        }
        var wrong = options()
        wrong.timescaleShare = 0
        await #expect(throws: DispersionError.option(name: "timescale share", value: 0, valid: 1e-3...0.5)) {
            try await following(receptors, wrong, still)
        }
    }

    @Test func progressCountsReceptors() async throws {
        var seen: [Int] = []
        try await ParticleRun.run(
            receptors: receptors,
            options: options(particles: 3),
            atmosphere: still,
            progress: { seen.append($0.receptorsDone) },
            consume: { _ in }
        )
        #expect(seen == [0, 1, 2, 3, 4, 5])
    }

    @Test func normalsAreNormal() {
        var stream = NormalStream(seed: 7, receptor: 3, particle: 11)
        let values = (0..<200_000).map { _ in Double(stream.normal(Ziggurat.standard)) }
        let mean = values.reduce(0, +) / 200_000
        let square = values.reduce(0) { $0 + $1 * $1 } / 200_000
        let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / 200_000
        let lagged = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / 200_000
        #expect(abs(mean) < 0.009)
        #expect(abs(square - 1) < 0.0127)
        #expect(abs(fourth - 3) < 0.09)
        #expect(abs(lagged) < 0.009)
        for (edge, share) in [
            (0.5, 0.617_075), (1, 0.317_311), (2, 0.045_500), (3, 0.002_700), (3.8, 0.000_144_7),
        ] {
            let found = Double(values.filter { abs($0) > edge }.count) / 200_000
            #expect(abs(found - share) < 4 * (share / 200_000).squareRoot(), "\(edge)")
        }
    }
}
