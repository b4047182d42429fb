/// Waiting times between attempts to connect: doubling, bounded, and jittered so that many clients of a
/// restarted broker do not all come back in the same moment.
struct Backoff {
    var first: Duration = .milliseconds(100)
    var longest: Duration = .seconds(30)
    private var attempt = 0

    init() {}

    /// For two clients with one identifier, who push each other out: neither is helped by haste.
    static var afterTakeover: Backoff {
        var backoff = Backoff()
        (backoff.first, backoff.longest) = (.seconds(10), .seconds(600))
        return backoff
    }

    /// Between half and the whole of `first * 2^attempt`, at most `longest`.
    mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
        let whole = min(longest, first * (1 << min(attempt, 16)))
        attempt += 1
        return whole * Double.random(in: 0.5...1, using: &random)
    }

    mutating func reset() { attempt = 0 }
}
