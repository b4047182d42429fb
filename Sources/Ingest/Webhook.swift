import Concurrent
import Dispatch
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Posts JSON to a server of the operator, in order, from a thread of its own. Handing over never waits: what finds
/// the queue full is counted and let go, and so is what the server did not take in the end.
public final class Webhook: Sendable {
    public struct Policy: Sendable {
        /// Messages that may wait.
        public var queueLimit = 1000
        /// Tries of one message before it is given up.
        public var attempts = 10
        /// Pause after the first failure; it doubles up to the longest.
        public var firstPause = Duration.seconds(1)
        public var longestPause = Duration.seconds(60)
        /// For one request as a whole.
        public var timeoutSeconds = 10.0
        public init() {}
    }

    /// What became of the messages so far.
    public struct Counts: Equatable, Sendable {
        public internal(set) var delivered = 0
        /// Given up, or found the queue full.
        public internal(set) var dropped = 0
        public internal(set) var waiting = 0
    }

    private struct State {
        var queue: [[UInt8]] = []
        var counts = Counts()
        var isStopped = false
    }

    private let url: URL
    private let policy: Policy
    private let note: @Sendable (String) -> Void
    private let changed = NSCondition()
    // Only its waiting needs the condition; the values are guarded by the mutex.
    private let state = Mutex(State())

    /// - Parameters:
    ///   - url: `http` or `https`. Its user and password, if any, are never written to the log.
    ///   - note: lines for the log, about what is given up.
    /// - Returns: nil when the text is no such address.
    public init?(
        _ url: String,
        policy: Policy = Policy(),
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        guard let parsed = URL(string: url), ["http", "https"].contains(parsed.scheme ?? ""),
            parsed.host?.isEmpty == false
        else { return nil }
        self.url = parsed
        self.policy = policy
        self.note = note
        startThread(named: "webhook") { [weak self] in
            while let next = self?.nextBody() { self?.deliver(next) }
        }
    }

    public var counts: Counts {
        state.withLock { state in
            var counts = state.counts
            counts.waiting = state.queue.count
            return counts
        }
    }

    /// Queues one message and returns at once.
    public func send(_ body: [UInt8]) {
        state.withLock { state in
            guard !state.isStopped, state.queue.count < policy.queueLimit else {
                state.counts.dropped += 1
                return
            }
            state.queue.append(body)
        }
        wake()
    }

    /// Lets go of what still waits and ends the thread after the request under way.
    public func stop() {
        state.withLock { state in
            state.isStopped = true
            state.counts.dropped += state.queue.count
            state.queue = []
        }
        wake()
    }

    private func wake() {
        changed.lock()
        changed.broadcast()
        changed.unlock()
    }

    /// The oldest message, left in its place until it is delivered; nil at the end.
    private func nextBody() -> [UInt8]? {
        changed.lock()
        defer { changed.unlock() }
        while true {
            let (body, isStopped) = state.withLock { ($0.queue.first, $0.isStopped) }
            if isStopped { return nil }
            if let body { return body }
            changed.wait()
        }
    }

    private func deliver(_ body: [UInt8]) {
        var pause = policy.firstPause
        for attempt in 1...max(1, policy.attempts) {
            let answer = post(body)
            if answer.isTaken { return settle(isDelivered: true) }
            guard answer.mayPass, attempt < policy.attempts, wait(pause) else {
                note("an alarm could not be delivered to \(url.host ?? "the webhook"): \(answer.reason)")
                return settle(isDelivered: false)
            }
            pause = min(pause * 2, policy.longestPause)
        }
    }

    private func settle(isDelivered: Bool) {
        state.withLock { state in
            // After a stop the message has been counted with the queue.
            guard !state.queue.isEmpty else { return }
            state.queue.removeFirst()
            if isDelivered { state.counts.delivered += 1 } else { state.counts.dropped += 1 }
        }
    }

    /// False when the pause was cut short by a stop.
    private func wait(_ pause: Duration) -> Bool {
        let deadline = Date(timeIntervalSinceNow: pause / .seconds(1))
        changed.lock()
        defer { changed.unlock() }
        while !state.withLock({ $0.isStopped }) {
            if !changed.wait(until: deadline) { return true }
        }
        return false
    }

    private func post(_ body: [UInt8]) -> WebhookAnswer {
        var request = URLRequest(url: url, timeoutInterval: policy.timeoutSeconds)
        request.httpMethod = "POST"
        request.httpBody = Data(body)
        request.setValue("application/json; charset=utf-8", forHTTPHeaderField: "Content-Type")
        let pending = PendingAnswer()
        let task = URLSession.shared.dataTask(with: request) { _, response, error in
            pending.settle(
                WebhookAnswer(
                    status: (response as? HTTPURLResponse)?.statusCode,
                    problem: error.map { ($0 as NSError).localizedDescription }
                )
            )
        }
        task.resume()
        let answer = pending.wait(seconds: policy.timeoutSeconds + 1)
        if answer == nil { task.cancel() }
        return answer ?? WebhookAnswer(status: nil, problem: "no answer in time")
    }
}

/// What came back for one try.
private struct WebhookAnswer: Sendable {
    let status: Int?
    let problem: String?

    var isTaken: Bool { status.map { (200...299).contains($0) } ?? false }

    /// Whether trying again may help. A request that the server finds wrong stays wrong.
    var mayPass: Bool {
        guard let status else { return true }
        return status >= 500 || status == 408 || status == 429
    }

    var reason: String { status.map { "status \($0)" } ?? problem ?? "no answer" }
}

/// Hands the answer from the thread of the session to the one that waits for it.
private final class PendingAnswer: Sendable {
    private let answer = Mutex<WebhookAnswer?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    func settle(_ value: WebhookAnswer) {
        answer.withLock { $0 = value }
        isDone.signal()
    }

    /// Nil when nothing came in time.
    func wait(seconds: Double) -> WebhookAnswer? {
        _ = isDone.wait(timeout: .now() + seconds)
        return answer.withLock { $0 }
    }
}
