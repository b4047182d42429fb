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
    ///   - tasks: how many chunks of particles are computed at once; the result does not depend on it.
    ///   - progress: called before the first receptor and after each.
    ///   - consume: called for each receptor in order, while others are computed.
    /// - Throws: ``DispersionError`` before anything is computed: for options, for points outside of the domain, and
    /// for the first time that the meteorology lacks; what `consume` throws, which ends the run; `CancellationError`.
    public static func run<Field: Atmosphere>(
        receptors: [Receptor],
        options: DispersionOptions,
        atmosphere: Field,
        tasks: Int = 2 * availableThreads,
        progress: (DispersionProgress) -> Void = { _ in },
        consume: (ReceptorParticles) async throws -> Void
    ) async throws {
        try check(receptors, options, atmosphere)
        let plan = ParticlePlan(
            receptors: receptors,
            options: options,
            field: atmosphere,
            tasks: max(1, tasks)
        )
        progress(plan.progress(after: 0))
        try await withThrowingTaskGroup(of: ParticlePlan<Field>.Part.self) { group in
            var assembly = ReceptorAssembly(chunks: plan.chunks, count: receptors.count)
            var next = 0
            func fill() {
                while next < plan.end(delivered: assembly.delivered), next - assembly.received < plan.tasks {
                    let (item, chunk) = (next, plan.chunk(next))
                    group.addTask {
                        try Task.checkCancellation()
                        let result = chunk.follow()
                        return (item, result.table, result.ends)
                    }
                    next += 1
                }
            }
            fill()
            while let part = try await group.next() {
                assembly.receive(part.item, part.table, part.ends)
                fill()
                while let done = assembly.take() {
                    let receptor = receptors[assembly.delivered - 1]
                    try await consume(
                        ReceptorParticles(receptor: receptor, table: done.table, ends: done.ends)
                    )
                    progress(plan.progress(after: assembly.delivered))
                    fill()
                }
            }
        }
    }

    /// What can be known to fail before anything is computed.
    static func check(
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
        let isPlace =
            point.longitude.isFinite && point.latitude.isFinite && point.weight.isFinite
            && point.secondsAfter.isFinite && abs(point.secondsAfter) < 1e8
            && point.heightMetres >= 0 && point.heightMetres <= Double(atmosphere.topMetres)
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

/// How a run is divided: all chunks of the first receptor, then those of the next.
private struct ParticlePlan<Field: Atmosphere>: Sendable {
    typealias Part = (item: Int, table: ParticleTable, ends: ParticleEnds)

    let receptors: [Receptor]
    let settings: DispersionSettings
    let field: Field
    let tasks: Int
    /// Of a receptor.
    let chunks: Int

    init(receptors: [Receptor], options: DispersionOptions, field: Field, tasks: Int) {
        self.receptors = receptors
        self.field = field
        self.tasks = tasks
        settings = DispersionSettings(options, topMetres: field.topMetres)
        chunks = (options.particles + ParticleRun.chunkSize - 1) / ParticleRun.chunkSize
    }

    /// The chunk from which none is begun yet: so far ahead that no task waits for the oldest receptor, and no further,
    /// for what is ahead is kept.
    func end(delivered: Int) -> Int {
        min(receptors.count, delivered + 2 + tasks / chunks) * chunks
    }

    func chunk(_ item: Int) -> ParticleChunk<Field> {
        let first = item % chunks * ParticleRun.chunkSize
        return ParticleChunk(
            receptor: receptors[item / chunks],
            receptorIndex: item / chunks,
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

/// Puts the chunks of receptors together again.
private struct ReceptorAssembly {
    let chunks: Int
    let count: Int
    private(set) var received = 0
    private(set) var delivered = 0
    private var waiting: [Int: (table: ParticleTable, ends: ParticleEnds)] = [:]

    init(chunks: Int, count: Int) {
        self.chunks = chunks
        self.count = count
    }

    mutating func receive(_ item: Int, _ table: ParticleTable, _ ends: ParticleEnds) {
        received += 1
        waiting[item] = (table, ends)
    }

    /// The next receptor, when all of it is there.
    mutating func take() -> (table: ParticleTable, ends: ParticleEnds)? {
        let items = (delivered * chunks)..<((delivered + 1) * chunks)
        guard delivered < count, items.allSatisfy({ waiting[$0] != nil }) else { return nil }
        var (table, ends) = (ParticleTable(), ParticleEnds())
        table.reserve(items.reduce(0) { $0 + (waiting[$1]?.table.count ?? 0) })
        for item in items {
            guard let part = waiting.removeValue(forKey: item) else { continue }
            table.append(part.table)
            ends.append(part.ends)
        }
        delivered += 1
        return (table, ends)
    }
}
