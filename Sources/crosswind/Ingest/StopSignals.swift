import Dispatch
import Foundation
import Ingest

/// Turns SIGTERM and SIGINT into a request to end in good order.
struct StopSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ request: StopRequest) {
        sources = [SIGTERM, SIGINT].map { number in
            // The default action would end the process before the source hears of the signal.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { @Sendable in request.stop() }
            source.activate()
            return source
        }
    }

    func cancel() { for source in sources { source.cancel() } }
}
