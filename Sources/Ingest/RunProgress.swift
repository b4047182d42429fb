import Synchronization

/// How far the sources of a run have come together: when to end is a question to all of them.
final class RunProgress: Sendable {
    private struct Source {
        var stored = 0
        var idle = Duration.zero
        /// Since the last sign of life of all.
        var hasDoneRound = false
    }

    private let sources: Mutex<[Source]>
    private let settings: (messageLimit: Int?, idleLimit: Duration?)
    private let stop: StopRequest
    private let signs: (@Sendable (RunSign) -> Void)?

    init(sources count: Int, _ settings: IngestSettings, _ stop: StopRequest) {
        sources = Mutex([Source](repeating: Source(), count: count))
        self.settings = (settings.messageLimit, settings.idleLimit)
        self.stop = stop
        signs = settings.signs
    }

    /// Takes the state of one source, and tells whether it is time to end.
    func shouldEnd(source: Int, stored: Int, idle: Duration) -> Bool {
        let (total, leastIdle, areAllAlive) = sources.withLock { sources in
            sources[source].stored = stored
            sources[source].idle = idle
            sources[source].hasDoneRound = true
            let areAllAlive = sources.allSatisfy(\.hasDoneRound)
            if areAllAlive { for index in sources.indices { sources[index].hasDoneRound = false } }
            let total = sources.reduce(0) { $0 + $1.stored }
            return (total, sources.map(\.idle).min() ?? .zero, areAllAlive)
        }
        if areAllAlive { signs?(.alive) }
        return stop.isStopped || total >= settings.messageLimit ?? .max
            || settings.idleLimit.map { leastIdle >= $0 } ?? false
    }
}
