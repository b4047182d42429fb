import Synchronization

/// How far the sources of a run have come together: when to end is a question to all of them.
final class RunProgress: Sendable {
    private struct Source {
        var stored = 0
        var idle = Duration.zero
    }

    private let sources: Mutex<[Source]>
    private let settings: (messageLimit: Int?, idleLimit: Duration?)
    private let stop: StopRequest

    init(sources count: Int, _ settings: IngestSettings, _ stop: StopRequest) {
        sources = Mutex([Source](repeating: Source(), count: count))
        self.settings = (settings.messageLimit, settings.idleLimit)
        self.stop = stop
    }

    /// Takes the state of one source, and tells whether it is time to end.
    func shouldEnd(source: Int, stored: Int, idle: Duration) -> Bool {
        let (total, leastIdle) = sources.withLock { sources in
            sources[source].stored = stored
            sources[source].idle = idle
            return (sources.reduce(0) { $0 + $1.stored }, sources.map(\.idle).min() ?? .zero)
        }
        return stop.isStopped || total >= settings.messageLimit ?? .max
            || settings.idleLimit.map { leastIdle >= $0 } ?? false
    }
}
