import Archive
import MQTT

/// Collects receipts, so that a logger gets one a second at most, and one soon after it falls silent.
struct ReceiptDesk {
    private struct Logger: Hashable {
        let network: String
        let station: String
        let boot: String
    }

    private static let interval = Duration.seconds(1)
    private var waiting: [Logger: ReceiptState] = [:]
    private var last: ContinuousClock.Instant?
    private var isQuiet = true

    /// A receipt repeats what earlier ones said, so that only the newest matters.
    mutating func add(_ states: [ReceiptState]) {
        isQuiet = false
        for state in states {
            waiting[Logger(network: state.network, station: state.station, boot: state.boot)] = state
        }
    }

    /// The receipts that are due; asked between batches.
    mutating func take(at now: ContinuousClock.Instant) -> [Publication] {
        defer { isQuiet = true }
        guard !waiting.isEmpty else { return [] }
        guard isQuiet || last.map({ now - $0 >= Self.interval }) ?? true else { return [] }
        last = now
        defer { waiting.removeAll(keepingCapacity: true) }
        return waiting.values.sorted { ($0.network, $0.station, $0.boot) < ($1.network, $1.station, $1.boot) }
            .compactMap { state in
                guard let last = state.last else { return nil }
                let receipt = Receipt(boot: state.boot, upTo: last, gaps: state.gaps)
                return Publication(
                    topic: receiptTopic(network: state.network, station: state.station),
                    payload: receipt.payload
                )
            }
    }
}
