public import Concurrent
import Quantities

/// Follows the particles of receptors through the air, as many at once as there are cores.
///
/// What comes out is a function of receptors, options and atmosphere: every particle has random numbers of its own,
/// named by seed, place of the receptor in the list and number of the particle, so neither threads nor scheduling
/// change a bit.
public enum ParticleRun {
    /// Particles that one task follows: enough work for a task (style: at least 0.1 ms), and few enough that one
    /// receptor keeps all cores busy.
    static let chunkSize = 64

    /// Computes receptors and hands them over in their order, as they finish; only a few wait at a time, whatever their
    /// number.
    ///
    /// - Parameters:
    ///   - numbers: where each receptor stands in the list of the whole run, which names its random numbers; as they
    ///     are given where nil.
    ///   - tasks: how many chunks of particles are computed at once; the result does not depend on it.
    ///   - progress: called before the first receptor and after each.
    ///   - consume: called for each receptor in order, while others are computed.
    /// - Throws: ``DispersionError`` before anything is computed: for options, for points outside of the domain, and
    /// for the first time that the meteorology lacks; what `consume` throws, which ends the run; `CancellationError`.
    public static func run<Field: Atmosphere>(
        receptors: [Receptor],
        numbers: [Int]? = nil,
        options: DispersionOptions,
        atmosphere: Field,
        tasks: Int = 2 * availableThreads,
        progress: (DispersionProgress) -> Void = { _ in },
        consume: (ReceptorParticles) async throws -> Void
    ) async throws {
        try await run(
            receptors: receptors,
            numbers: numbers,
            options: options,
            atmosphere: atmosphere,
            tasks: tasks,
            finish: { $0 },
            progress: progress,
            consume: consume
        )
    }

    /// The same where something is made of the particles of each receptor, which then need not be kept.
    ///
    /// - Parameter finish: called for each receptor in a task of its own, beside those that follow particles; what it
    ///   throws ends the run.
    public static func run<Field: Atmosphere, Outcome: Sendable>(
        receptors: [Receptor],
        numbers: [Int]? = nil,
        options: DispersionOptions,
        atmosphere: Field,
        tasks: Int = 2 * availableThreads,
        finish: @escaping @Sendable (ReceptorParticles) throws -> Outcome,
        progress: (DispersionProgress) -> Void = { _ in },
        consume: (Outcome) async throws -> Void
    ) async throws {
        try check(receptors, options, atmosphere)
        precondition(numbers.map { $0.count == receptors.count } ?? true, "a number for each receptor")
        let plan = ParticlePlan(
            receptors: receptors,
            numbers: numbers ?? Array(receptors.indices),
            options: options,
            field: atmosphere,
            tasks: max(1, tasks)
        )
        progress(plan.progress(after: 0))
        try await withThrowingTaskGroup(of: ParticleStep<Outcome>.self) { group in
            var assembly = ReceptorAssembly<Outcome>(chunks: plan.chunks)
            plan.begin(&assembly, &group)
            while let step = try await group.next() {
                if let whole = assembly.receive(step) {
                    let receptor = receptors[whole.receptor]
                    group.addTask { .done(whole.receptor, try finish(whole.particles(of: receptor))) }
                }
                plan.begin(&assembly, &group)
                while let outcome = assembly.take() {
                    try await consume(outcome)
                    progress(plan.progress(after: assembly.delivered))
                    plan.begin(&assembly, &group)
                }
            }
        }
    }

    /// What can be known to fail before anything is computed; nothing of the air is read for it.
    ///
    /// - Throws: ``DispersionError`` for options, for points outside of the domain, and for the first time that the
    ///   meteorology lacks.
    public static func check(
        _ receptors: [Receptor],
        _ options: DispersionOptions,
        _ atmosphere: some Atmosphere
    ) throws(DispersionError) {
        try options.validated()
        for receptor in receptors {
            guard receptor.points.count <= options.particles else {
                throw .fewParticles(
                    receptor: receptor.name,
                    points: receptor.points.count,
                    particles: options.particles
                )
            }
            for point in receptor.points { try check(point, receptor, options, atmosphere) }
        }
    }

    private static func check(
        _ point: ReceptorPoint,
        _ receptor: Receptor,
        _ options: DispersionOptions,
        _ atmosphere: some Atmosphere
    ) throws(DispersionError) {
        let top = Double(atmosphere.topMetres)
        guard !point.heightMetres.isFinite || (0...top).contains(point.heightMetres) else {
            throw .height(receptor: receptor.name, metres: point.heightMetres, topMetres: top)
        }
        let isPlace =
            point.longitude.isFinite && point.latitude.isFinite && point.weight.isFinite
            && point.secondsAfter.isFinite && abs(point.secondsAfter) < 1e8
            && point.heightMetres.isFinite
        guard isPlace,
            atmosphere.gridPlace(longitude: point.longitude, latitude: point.latitude) != nil
        else {
            throw .outside(
                receptor: receptor.name,
                longitude: point.longitude,
                latitude: point.latitude,
                heightMetres: point.heightMetres
            )
        }
        let start = receptor.time.advanced(bySeconds: point.secondsAfter)
        let end = start.advanced(bySeconds: (options.direction == .backward ? -3600 : 3600) * options.hours)
        let (from, to) = (min(start, end), max(start, end))
        if let missing = atmosphere.firstMissing(from: from, to: to) {
            throw .missingMeteorology(at: missing, receptor: receptor.name, from: from, to: to)
        }
    }
}

/// What one task of a run gives.
private enum ParticleStep<Outcome: Sendable>: Sendable {
    case part(Int, table: ParticleTable, ends: ParticleEnds)
    case done(Int, Outcome)
}

/// How a run is divided: all chunks of the first receptor, then those of the next.
private struct ParticlePlan<Field: Atmosphere>: Sendable {
    let receptors: [Receptor]
    let numbers: [Int]
    let settings: DispersionSettings
    let field: Field
    let tasks: Int
    /// Of a receptor.
    let chunks: Int

    init(receptors: [Receptor], numbers: [Int], options: DispersionOptions, field: Field, tasks: Int) {
        self.receptors = receptors
        self.numbers = numbers
        self.field = field
        self.tasks = tasks
        settings = DispersionSettings(options, topMetres: field.topMetres)
        chunks = (options.particles + ParticleRun.chunkSize - 1) / ParticleRun.chunkSize
    }

    /// The chunk from which none is begun yet: so far ahead that no task waits for the oldest receptor, and no further,
    /// for what is ahead is kept.
    private func end(delivered: Int) -> Int {
        min(receptors.count, delivered + 2 + tasks / chunks) * chunks
    }

    /// Begins as many chunks as may run at once.
    func begin<Outcome>(
        _ assembly: inout ReceptorAssembly<Outcome>,
        _ group: inout ThrowingTaskGroup<ParticleStep<Outcome>, any Error>
    ) {
        while assembly.begun < end(delivered: assembly.delivered),
            assembly.begun - assembly.received < tasks
        {
            let (item, chunk) = (assembly.begun, chunk(assembly.begun))
            group.addTask {
                try Task.checkCancellation()
                let result = chunk.follow()
                return .part(item, table: result.table, ends: result.ends)
            }
            assembly.begun += 1
        }
    }

    private func chunk(_ item: Int) -> ParticleChunk<Field> {
        let first = item % chunks * ParticleRun.chunkSize
        return ParticleChunk(
            receptor: receptors[item / chunks],
            receptorIndex: numbers[item / chunks],
            particles: first..<min(settings.options.particles, first + ParticleRun.chunkSize),
            field: field,
            settings: settings
        )
    }

    func progress(after done: Int) -> DispersionProgress {
        DispersionProgress(
            receptorsDone: done,
            receptors: receptors.count,
            particlesDone: done * settings.options.particles
        )
    }
}

/// All chunks of a receptor, not yet put together.
private struct WholeReceptor: Sendable {
    let receptor: Int
    let parts: [(table: ParticleTable, ends: ParticleEnds)]

    func particles(of receptor: Receptor) -> ReceptorParticles {
        var (table, ends) = (ParticleTable(), ParticleEnds())
        table.reserve(parts.reduce(0) { $0 + $1.table.count })
        for part in parts {
            table.append(part.table)
            ends.append(part.ends)
        }
        return ReceptorParticles(receptor: receptor, table: table, ends: ends)
    }
}

/// Keeps chunks until a receptor is whole, and what was made of receptors until those before are delivered.
private struct ReceptorAssembly<Outcome: Sendable> {
    let chunks: Int
    /// Chunks that were begun, and those that came back.
    var begun = 0
    private(set) var received = 0
    private(set) var delivered = 0
    private var waiting: [Int: [Int: (table: ParticleTable, ends: ParticleEnds)]] = [:]
    private var outcomes: [Int: Outcome] = [:]

    init(chunks: Int) { self.chunks = chunks }

    /// Gives a receptor whose last chunk came.
    mutating func receive(_ step: ParticleStep<Outcome>) -> WholeReceptor? {
        switch step {
        case .done(let receptor, let outcome):
            outcomes[receptor] = outcome
            return nil
        case .part(let item, let table, let ends):
            received += 1
            let receptor = item / chunks
            waiting[receptor, default: [:]][item % chunks] = (table, ends)
            guard waiting[receptor]?.count == chunks, let parts = waiting.removeValue(forKey: receptor) else {
                return nil
            }
            return WholeReceptor(receptor: receptor, parts: (0..<chunks).compactMap { parts[$0] })
        }
    }

    /// What was made of the next receptor, when it is there.
    mutating func take() -> Outcome? {
        guard let outcome = outcomes.removeValue(forKey: delivered) else { return nil }
        delivered += 1
        return outcome
    }
}
