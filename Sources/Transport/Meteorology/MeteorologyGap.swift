public import Quantities

/// Times that a run needs and that no file holds.
public struct MeteorologyGap: Fault, Equatable {
    /// The first time that is missing; where the usual step is not known, the start of the period.
    public let missing: Instant
    /// The last time there is before it, and the first after it.
    public let before: Instant?
    public let after: Instant?
    /// Files that were looked at.
    public let sources: [String]
    /// What the files lack at the missing time, where they hold something of it.
    public private(set) var lacking: String?

    public var exitStatus: ExitStatus { .missingInput }

    public var what: String {
        var text = "meteorology is missing at \(missing)"
        if let lacking { text += ", where \(lacking) is not there" }
        switch (before, after) {
        case (let before?, let after?): text += " (there is \(before) and then \(after))"
        case (let before?, nil): text += " (the last there is \(before))"
        case (nil, let after?): text += " (the first there is \(after))"
        case (nil, nil): text += " (there is none at all)"
        }
        return text
    }

    public var place: String { sources.joined(separator: ", ") }
    public var remedy: String { "add the file that holds this time, or shorten the run" }

    func explained(by incomplete: [Instant: String]) -> MeteorologyGap {
        var gap = self
        gap.lacking = incomplete[missing]
        return gap
    }

    /// - Parameters:
    ///   - times: ascending.
    ///   - stepSeconds: longest step between two times that is no gap; nil for the usual one.
    static func require(
        _ period: Period,
        in times: [Instant],
        stepSeconds: Double?,
        sources: [String]
    ) throws(MeteorologyGap) {
        let usual = stepSeconds ?? usualStepSeconds(times)
        func gap(_ missing: Instant, _ before: Instant?, _ after: Instant?) -> MeteorologyGap {
            MeteorologyGap(missing: missing, before: before, after: after, sources: sources)
        }
        guard let first = times.first, let last = times.last else { throw gap(period.start, nil, nil) }
        if first > period.start { throw gap(period.start, nil, first) }
        for (earlier, later) in zip(times, times.dropFirst()) {
            guard let usual, later > period.start, earlier < period.end else { continue }
            // Times of some products are a few seconds off the hour.
            if later.seconds(since: earlier) > 1.5 * usual {
                let steps = max(1, (period.start.seconds(since: earlier) / usual).rounded(.down))
                throw gap(earlier.advanced(bySeconds: steps * usual), earlier, later)
            }
        }
        if last < period.end {
            throw gap(usual.map { last.advanced(bySeconds: $0) } ?? period.end, last, nil)
        }
    }

    /// The middle one of the steps between times; nil for fewer than two times.
    public static func usualStepSeconds(_ times: [Instant]) -> Double? {
        let steps = zip(times, times.dropFirst()).map { $1.seconds(since: $0) }.sorted()
        return steps.isEmpty ? nil : steps[(steps.count - 1) / 2]
    }
}
