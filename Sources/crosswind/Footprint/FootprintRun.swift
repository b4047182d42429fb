import Concurrent
import Formats
import Foundation
import Geo
import Quantities
import Transport

/// Reads the weather, follows particles, grids them and writes what is asked for.
struct FootprintRun: Sendable {
    let settings: FootprintSettings
    private let progress = StepProgress()
    init(settings: FootprintSettings) { self.settings = settings }

    func perform() async throws -> FootprintOutcome {
        defer { progress.end() }
        let (plans, remarks) = try await settings.receptors.plans()
        let companions = try await FootprintCompanions(settings)
        try await companions.requireOverlap(settings, plans.map(\.receptor))
        let weather = try await FootprintWeather(settings, plans.map(\.receptor))
        var air = try await FootprintAir(settings, weather, plans)
        var outcome = FootprintOutcome(meteorology: weather.summary(of: air.window.account), remarks: [])
        outcome.gas = companions.flux?.gas
        let spool = try FootprintSpool(beside: settings.output)
        let particles = try settings.particles.map { try ParticleTableFile($0) }
        let begin = progress.elapsedSeconds
        while let batch = try await air.next(progress) {
            try await follow(batch, air.window, companions, into: &outcome, spool, particles, since: begin)
        }
        try particles?.finish()
        progress.end()
        spool.arrange(by: air.places)
        outcome.arrange(by: air.places)
        outcome.meteorology = weather.summary(of: air.window.account)
        outcome.remarks = remarks + weather.remarks + companions.remarks + air.remarks
        try await FootprintOutputs(settings: settings).write(&outcome, spool)
        return outcome
    }

    /// Computes a batch, and what errors of the weather make of it.
    private func follow(
        _ batch: PlacedBatch,
        _ window: WeatherWindow,
        _ companions: FootprintCompanions,
        into outcome: inout FootprintOutcome,
        _ spool: FootprintSpool,
        _ particles: ParticleTableFile?,
        since begin: Double
    ) async throws {
        let first = outcome.results.count
        let start = progress.elapsedSeconds
        try await follow(batch, window.atmosphere, companions, into: &outcome, spool, particles, since: begin)
        outcome.seconds += progress.elapsedSeconds - start
        guard let errors = settings.errors else { return }
        let ensemble = FootprintErrors(settings: settings, companions: companions, progress: progress)
        try await ensemble.spread(batch, window, errors, into: &outcome.results, from: first)
    }

    private func follow(
        _ batch: PlacedBatch,
        _ atmosphere: GriddedAtmosphere,
        _ companions: FootprintCompanions,
        into outcome: inout FootprintOutcome,
        _ spool: FootprintSpool,
        _ particles: ParticleTableFile?,
        since begin: Double
    ) async throws {
        let isDrawn = settings.page != nil
        let finish = companions.finish(
            settings,
            particles: particles != nil
                ? .all : isDrawn ? .forPicture(rows: FootprintOutcome.plumeRows) : .none
        )
        let before = outcome.results.count
        try await settings.follow(
            batch,
            atmosphere,
            settings.dispersion,
            shown: { progress.show("receptors", done: before + $0, of: batch.ofAll, since: begin) },
            finish: { try finish($0) },
            consume: { finished in
                outcome.add(finished, at: batch.places[outcome.results.count - before], drawn: isDrawn)
                try await onOwnThread(named: "footprints") {
                    try spool.add(finished.footprint, finished.boundary)
                }
                if let all = finished.particles { try particles?.add(all) }
            }
        )
    }
}

extension FootprintSettings {
    /// Follows the particles of receptors and hands over what is made of them, in order.
    ///
    /// - Parameter shown: how many are done.
    func follow<Outcome: Sendable>(
        _ batch: PlacedBatch,
        _ atmosphere: GriddedAtmosphere,
        _ options: DispersionOptions,
        shown: (Int) -> Void,
        finish: @escaping @Sendable (ReceptorParticles) throws -> Outcome,
        consume: (Outcome) async throws -> Void
    ) async throws {
        try await ParticleRun.run(
            receptors: batch.receptors,
            numbers: batch.places,
            options: options,
            atmosphere: atmosphere,
            tasks: 2 * (threads ?? availableThreads),
            finish: finish,
            progress: { shown($0.receptorsDone) },
            consume: consume
        )
    }

    var gridding: FootprintGridding {
        var options = FootprintGridding.Options()
        options.smoothing = smoothing
        options.isHourly = isHourly
        options.releasedParticles = dispersion.particles
        return FootprintGridding(options)
    }
}

/// What goes with footprints: fluxes and mole fractions at the boundary.
struct FootprintCompanions: Sendable {
    let flux: FluxInput?
    let operation: FootprintOperator?
    let curtain: BoundaryCurtain?
    private(set) var remarks: [FootprintRemark] = []

    init(_ settings: FootprintSettings) async throws {
        flux =
            if let path = settings.flux {
                try await FluxInput.read(
                    path,
                    integrated: !settings.isHourly,
                    blankIsZero: settings.blankIsZero
                )
            } else { nil }
        let applied = try flux?.operation(on: settings.grid.grid)
        operation = applied?.operation
        if applied?.isRegridded == true {
            remarks.append(.fluxRegridded)
        }
        guard let path = settings.background else {
            curtain = nil
            return
        }
        let heartbeat = Heartbeat.inherited
        heartbeat.reading(path)
        defer { heartbeat.doneReading() }
        let read = try await BoundaryCurtainFile.read(path)
        if read.times.count == 1 {
            remarks.append(.curtainOfOneTime(read.times[0]))
        }
        remarks += [try read.remark(on: settings.grid.grid, file: path)].compactMap(\.self)
        curtain = read
    }

    func finish(_ settings: FootprintSettings, particles: ReceptorFinish.ParticlesKept) -> ReceptorFinish {
        ReceptorFinish(
            gridding: settings.gridding,
            grid: settings.grid.grid,
            operation: operation,
            curtain: curtain,
            hasBoundary: settings.dispersion.direction == .backward,
            particles: particles
        )
    }
}
