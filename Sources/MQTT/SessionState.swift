/// How one connection came to its end.
enum ConnectionEnding {
    case ended
    case lost(hadProgress: Bool)
    case refused(any Error & Sendable, hadProgress: Bool)
}

/// What a session carries from one connection to the next.
struct SessionState {
    var negotiation = Negotiation()
    var progress = SessionProgress()
    /// How often in a row a batch was refused.
    var refusals = 0
    private var backoff = Backoff()
    private var takeoverBackoff = Backoff.afterTakeover
    private var wasTakenOver = false
    private var connectionStart: ContinuousClock.Instant?
    private var random = SystemRandomNumberGenerator()

    /// A connection that lasted so long was a good one: what follows is a new trouble. Counting messages
    /// instead would let two clients with one identifier push each other out without any pause.
    static let goodDuration: Duration = .seconds(10)

    mutating func begin() {
        connectionStart = .now
        wasTakenOver = false
    }

    mutating func finish(_ loop: ReceiveLoop, _ events: ConnectionEvents, _ note: (SessionEvent) -> Void) {
        progress = loop.progress
        wasTakenOver = events.goodbye == ReceiveLoop.sessionTakenOver
        if let connectionStart, ContinuousClock.now - connectionStart >= Self.goodDuration {
            backoff.reset()
            if !wasTakenOver { takeoverBackoff.reset() }
        }
        connectionStart = nil
        if loop.unsent > 0 {
            progress.publications.dropped += loop.unsent
            note(.publicationsDropped(count: loop.unsent, reason: "the connection ended"))
        }
    }

    mutating func nextPause() -> Duration {
        wasTakenOver ? takeoverBackoff.next(using: &random) : backoff.next(using: &random)
    }
}
