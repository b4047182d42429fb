import Archive
import Observations

/// What an ingest run took in. The sums close: `received = stored + revised + duplicated + rejected`, and the
/// flags count what was stored or revised.
public struct IngestSummary: Codable, Equatable, Sendable {
    /// The same figures for one station.
    public struct Station: Codable, Equatable, Sendable {
        public internal(set) var stored = 0
        public internal(set) var revised = 0
        public internal(set) var duplicated = 0
        public internal(set) var rejected = 0
        public internal(set) var flags = FlagTally()

        public var isEmpty: Bool { stored == 0 && revised == 0 && duplicated == 0 && rejected == 0 }
    }

    /// Messages acknowledged after their content was durable.
    public internal(set) var messages = 0
    /// Readings, and rejected messages or observations.
    public internal(set) var received = 0
    public internal(set) var stored = 0
    public internal(set) var revised = 0
    public internal(set) var duplicated = 0
    public internal(set) var rejected = 0
    public internal(set) var flags = FlagTally()
    public internal(set) var rejectedByReason: [String: Int] = [:]
    /// Observations of the weather alone that were new; they are no readings and in no other count.
    public internal(set) var weather = 0
    /// By `network/station`.
    public internal(set) var stations: [String: Station] = [:]
    /// What belongs to no station: an unknown device, topic or network. With the stations it adds up to the totals.
    public internal(set) var strays = Station()

    enum CodingKeys: String, CodingKey {
        case messages, received, stored, revised, duplicated, rejected, flags, weather, stations
        case rejectedByReason = "rejected_by_reason"
        case strays = "no_station"
    }

    public init() {}

    /// True when nothing was lost in the counting.
    public var isClosed: Bool {
        received == stored + revised + duplicated + rejected && flags.sum == stored + revised
    }
}

/// How many readings carry each flag.
public struct FlagTally: Codable, Equatable, Sendable {
    public internal(set) var good = 0
    public internal(set) var suspect = 0
    public internal(set) var fail = 0
    public internal(set) var missing = 0

    public var sum: Int { good + suspect + fail + missing }

    mutating func count(_ flag: QualityFlag) {
        switch flag {
        case .good: good += 1
        // Every reading is evaluated; one that says otherwise must not look good.
        case .suspect, .notEvaluated: suspect += 1
        case .fail: fail += 1
        case .missing: missing += 1
        }
    }
}

extension IngestSummary {
    /// Adds what belongs to no station.
    mutating func addStrays(_ part: Station) {
        add(part)
        strays.add(part)
    }

    /// Adds what came of one station to the totals.
    mutating func add(_ part: Station) {
        stored += part.stored
        revised += part.revised
        duplicated += part.duplicated
        rejected += part.rejected
        received += part.stored + part.revised + part.duplicated + part.rejected
        flags.add(part.flags)
    }
}

extension IngestSummary.Station {
    mutating func count(_ outcome: StoreOutcome, _ flag: QualityFlag) {
        switch outcome {
        case .stored: stored += 1
        case .revised: revised += 1
        case .duplicated:
            duplicated += 1
            return
        }
        flags.count(flag)
    }

    mutating func add(_ part: IngestSummary.Station) {
        stored += part.stored
        revised += part.revised
        duplicated += part.duplicated
        rejected += part.rejected
        flags.add(part.flags)
    }
}

extension FlagTally {
    mutating func add(_ other: FlagTally) {
        good += other.good
        suspect += other.suspect
        fail += other.fail
        missing += other.missing
    }
}
