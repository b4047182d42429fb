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
    /// Connections in a row that were subscribed and that the broker closed soon, without a word.
    private(set) var quickLosses = 0
    private var connectionStart: ContinuousClock.Instant?
    private var random = SystemRandomNumberGenerator()

    /// A connection that lasted so long was a good one: what follows is a new trouble. Counting messages
    /// instead would let two clients with one identifier push each other out without any pause.
    static let goodDuration: Duration = .seconds(10)

    /// A broker that restarts closes one connection, and unlucky ones two. A third is no accident: two clients push
    /// each other out, and a broker of 3.1.1, or one that closes the socket before its DISCONNECT is read, does not say
    /// so.
    static let suspiciousLosses = 3

    mutating func begin() {
        connectionStart = .now
        wasTakenOver = false
    }

    mutating func finish(_ loop: ReceiveLoop, _ events: ConnectionEvents, _ note: (SessionEvent) -> Void) {
        progress = loop.progress
        let isGood = connectionStart.map { ContinuousClock.now - $0 >= Self.goodDuration } ?? false
        let isQuickLoss = connectionStart != nil && !isGood && loop.isLost && events.goodbye == nil
        quickLosses = isQuickLoss ? quickLosses + 1 : 0
        let isSuspicious = quickLosses >= Self.suspiciousLosses
        wasTakenOver = events.goodbye == ReceiveLoop.sessionTakenOver || isSuspicious
        if isGood {
            backoff.reset()
            if !wasTakenOver { takeoverBackoff.reset() }
        }
        if isSuspicious {
            note(.hungUpAtOnce(broker: loop.broker, clientID: loop.clientID, times: quickLosses))
        }
        connectionStart = nil
        if loop.unsent > 0 {
            progress.publications.dropped += loop.unsent
            note(.publicationsDropped(count: loop.unsent, reason: "the connection ended"))
        }
    }

    /// A broker that could not be reached meanwhile closed for reasons of its own.
    mutating func forgetLosses() { quickLosses = 0 }

    mutating func nextPause() -> Duration {
        wasTakenOver ? takeoverBackoff.next(using: &random) : backoff.next(using: &random)
    }
}
