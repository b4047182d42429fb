import Concurrent
import Formats
import Foundation
import Geo
import Quantities
import Transport

/// Reads the weather, follows particles and grids them.
struct FootprintRun: Sendable {
    let settings: FootprintSettings
    private let progress = StepProgress()
    /// A summer day mixes the air as high.
    private static let lowTopMetres: Float = 3000

    init(settings: FootprintSettings) { self.settings = settings }

    func perform() async throws -> FootprintOutcome {
        defer { progress.end() }
        let (receptors, remarks) = try await settings.receptors.receptors()
        let weather = try await FootprintWeather(settings, receptors)
        let meteorology = try await weather.read(progress)
        let atmosphere = try GriddedAtmosphere(meteorology)
        let particles = try settings.particles.map { try ParticleTableFile($0) }
        var outcome = FootprintOutcome(meteorology: weather.summary, remarks: remarks + weather.remarks)
        if atmosphere.topMetres < Self.lowTopMetres {
            let top = Int(atmosphere.topMetres)
            outcome.remarks.append("the weather reaches \(top) m above ground; air does not rise beyond")
        }
        let start = progress.elapsedSeconds
        try await follow(receptors, atmosphere, settings.dispersion, "receptors") { result in
            let gridded = gridding.footprint(of: result.table, for: result.receptor, on: settings.grid.grid)
            outcome.add(result, gridded)
            try particles?.add(result)
        }
        outcome.seconds = progress.elapsedSeconds - start
        if let errors = settings.errors {
            let spread = try await spread(receptors, meteorology, atmosphere, errors)
            outcome.spreads = spread
        }
        try particles?.finish()
        progress.end()
        try await FootprintOutputs(settings: settings).write(&outcome)
        return outcome
    }

    private var gridding: FootprintGridding {
        var options = FootprintGridding.Options()
        options.smoothing = settings.smoothing
        options.isHourly = settings.isHourly
        options.releasedParticles = settings.dispersion.particles
        return FootprintGridding(options)
    }

    private func follow(
        _ receptors: [Receptor],
        _ atmosphere: GriddedAtmosphere,
        _ options: DispersionOptions,
        _ what: String,
        _ consume: (ReceptorParticles) async throws -> Void
    ) async throws {
        let start = progress.elapsedSeconds
        try await ParticleRun.run(
            receptors: receptors,
            options: options,
            atmosphere: atmosphere,
            tasks: 2 * (settings.threads ?? availableThreads),
            progress: { done in
                progress.show(what, done: done.receptorsDone, of: done.receptors, since: start)
            },
            consume: consume
        )
    }

    // MARK: - Errors of the weather

    /// Spread of the sums of the footprints over members and controls.
    private func spread(
        _ receptors: [Receptor],
        _ meteorology: Meteorology,
        _ atmosphere: GriddedAtmosphere,
        _ errors: TransportErrorOptions
    ) async throws -> [TransportSpread?] {
        var members = [[Double]](repeating: [], count: receptors.count)
        var controls = members
        for member in 0..<settings.members {
            var options = settings.dispersion
            // Other random numbers than those of the run itself.
            options.seed = settings.dispersion.seed &+ UInt64(member) &+ 1
            let perturbed = try GriddedAtmosphere(await meteorology.perturbed(by: errors, member: member))
            let name = "member \(member + 1) of \(settings.members)"
            let sums = try await sums(receptors, perturbed, options, name)
            let control = try await self.sums(receptors, atmosphere, options, "control of " + name)
            for index in receptors.indices {
                members[index].append(sums[index])
                controls[index].append(control[index])
            }
        }
        return receptors.indices.map { TransportSpread(members: members[$0], controls: controls[$0]) }
    }

    private func sums(
        _ receptors: [Receptor],
        _ atmosphere: GriddedAtmosphere,
        _ options: DispersionOptions,
        _ what: String
    ) async throws -> [Double] {
        var sums: [Double] = []
        try await follow(receptors, atmosphere, options, what) { result in
            let gridded = gridding.footprint(of: result.table, for: result.receptor, on: settings.grid.grid)
            sums.append(gridded.account.griddedInfluence)
        }
        return sums
    }
}

/// What came of a run.
struct FootprintOutcome: Sendable {
    /// What became of one receptor.
    struct Result: Sendable {
        let receptor: Receptor
        let footprint: ReceptorFootprint
        let account: GriddingAccount
        let emptiness: EmptyFootprint?
        /// Part of the particles that left the weather before their time was up, by weight.
        let shareLeft: Double
    }

    let meteorology: MeteorologySummary
    var remarks: [String]
    private(set) var results: [Result] = []
    /// Particles of the first receptors, thinned, for pictures.
    private(set) var plumes: [(receptor: Receptor, particles: ParticleTable)] = []
    /// One a receptor where there was an ensemble.
    var spreads: [TransportSpread?] = []
    /// That particles were followed.
    var seconds = 0.0
    var provenance: FileProvenance?
    var written: FootprintFileSummary?

    private static let mostPlumes = 2
    private static let plumeRows = 30_000

    init(meteorology: MeteorologySummary, remarks: [String]) {
        self.meteorology = meteorology
        self.remarks = remarks
    }

    mutating func add(_ particles: ReceptorParticles, _ gridded: GriddedFootprint) {
        let ends = particles.ends
        let all = ends.weight.reduce(0) { $0 + abs($1) }
        let left = zip(ends.weight, ends.hasLeft).reduce(0) { $0 + ($1.1 ? abs($1.0) : 0) }
        results.append(
            Result(
                receptor: particles.receptor,
                footprint: gridded.footprint,
                account: gridded.account,
                emptiness: gridded.emptiness,
                shareLeft: all > 0 ? left / all : 0
            )
        )
        if plumes.count < Self.mostPlumes {
            plumes.append((particles.receptor, particles.table.thinned(to: Self.plumeRows)))
        }
    }
}

extension ParticleTable {
    /// Every so many rows, by a number that visits all ages of the particles in turn.
    func thinned(to most: Int) -> ParticleTable {
        guard count > most, most > 0 else { return self }
        var thin = ParticleTable()
        for row in stride(from: 0, to: count, by: (count / most + 1) | 1) {
            thin.particle.append(particle[row])
            thin.minutes.append(minutes[row])
            thin.longitude.append(longitude[row])
            thin.latitude.append(latitude[row])
            thin.heightMetres.append(heightMetres[row])
            thin.influence.append(influence[row])
        }
        return thin
    }
}
