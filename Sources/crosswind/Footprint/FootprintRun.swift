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
        let meteorology = try await weather.read(progress)
        let placed = PlacedReceptors(plans, in: meteorology)
        let atmosphere = try settings.scheme.atmosphere(of: meteorology)
        var outcome = FootprintOutcome(
            meteorology: weather.summary(of: meteorology),
            remarks: remarks + weather.remarks + companions.remarks + placed.remarks
        )
        outcome.gas = companions.flux?.gas
        let spool = try FootprintSpool(beside: settings.output)
        let particles = try settings.particles.map { try ParticleTableFile($0) }
        let start = progress.elapsedSeconds
        try await follow(placed.receptors, atmosphere, companions, into: &outcome, spool, particles)
        outcome.seconds = progress.elapsedSeconds - start
        if let errors = settings.errors {
            let ensemble = FootprintErrors(settings: settings, companions: companions, progress: progress)
            try await ensemble.spread(
                placed.receptors,
                meteorology,
                atmosphere,
                errors,
                into: &outcome.results
            )
        }
        try particles?.finish()
        progress.end()
        try await FootprintOutputs(settings: settings).write(&outcome, spool)
        return outcome
    }

    private func follow(
        _ receptors: [Receptor],
        _ atmosphere: GriddedAtmosphere,
        _ companions: FootprintCompanions,
        into outcome: inout FootprintOutcome,
        _ spool: FootprintSpool,
        _ particles: ParticleTableFile?
    ) async throws {
        let isDrawn = settings.page != nil
        let finish = companions.finish(
            settings,
            particles: particles != nil
                ? .all : isDrawn ? .forPicture(rows: FootprintOutcome.plumeRows) : .none
        )
        try await settings.follow(
            receptors,
            atmosphere,
            settings.dispersion,
            "receptors",
            progress,
            finish: { try finish($0) },
            consume: { finished in
                outcome.add(finished, drawn: isDrawn)
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
    func follow<Outcome: Sendable>(
        _ receptors: [Receptor],
        _ atmosphere: GriddedAtmosphere,
        _ options: DispersionOptions,
        _ what: String,
        _ progress: StepProgress,
        finish: @escaping @Sendable (ReceptorParticles) throws -> Outcome,
        consume: (Outcome) async throws -> Void
    ) async throws {
        let start = progress.elapsedSeconds
        try await ParticleRun.run(
            receptors: receptors,
            options: options,
            atmosphere: atmosphere,
            tasks: 2 * (threads ?? availableThreads),
            finish: finish,
            progress: { done in
                progress.show(what, done: done.receptorsDone, of: done.receptors, since: start)
            },
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

/// Receptors with their columns in the air of the weather.
struct PlacedReceptors {
    let receptors: [Receptor]
    let remarks: [FootprintRemark]

    init(_ plans: [ReceptorPlan], in meteorology: Meteorology) {
        var receptors: [Receptor] = []
        var standard: [String] = []
        for plan in plans {
            let placed = plan.receptor(in: meteorology)
            if placed == nil { standard.append(plan.receptor.name) }
            receptors.append(placed ?? plan.receptor)
        }
        self.receptors = receptors
        var remarks: [FootprintRemark] =
            standard.first.map { [.standardAtmosphere(count: standard.count, first: $0)] } ?? []
        let apart = plans.compactMap { plan in
            plan.groundDifferencePascal(in: meteorology).map { (plan.receptor.name, $0 / 100) }
        }
        if let worst = apart.max(by: { abs($0.1) < abs($1.1) }), abs(worst.1) > Self.usualHectopascals {
            remarks.append(.groundDiffers(column: worst.0, hectopascals: worst.1))
        }
        self.remarks = remarks
    }

    /// Of the ground of a quarter of a degree against that of a sounding.
    private static let usualHectopascals = 20.0
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
                try await FluxInput.read(path, integrated: !settings.isHourly)
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
