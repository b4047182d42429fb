public import Quantities

/// When somebody is to be told: one entry of `alarms` in a network file.
public enum AlarmRule: Equatable, Sendable {
    /// Nothing has come from a station, by our clock.
    case silence(Silence)
    /// A gas has been above a limit, by the clock of the observations.
    case threshold(Threshold)
    /// Too little of what was expected has come.
    case capture(Capture)

    public struct Silence: Equatable, Sendable {
        /// Nil for every station of the network.
        public let station: String?
        /// Nil for ``intervals`` of the usual step of the station.
        public let afterSeconds: Double?
        public let intervals: Double

        public init(station: String?, afterSeconds: Double?, intervals: Double = 3) {
            self.station = station
            self.afterSeconds = afterSeconds
            self.intervals = intervals
        }
    }

    public struct Threshold: Equatable, Sendable {
        public let station: String?
        public let gas: Gas
        /// Raised above this, ppm ...
        public let abovePartsPerMillion: Double
        /// ... and cleared only below this.
        public let clearBelowPartsPerMillion: Double
        /// Raised when all readings of so long a time were above.
        public let forSeconds: Double
        /// Readings with other flags neither raise nor clear.
        public let flags: [QualityFlag]

        public init(
            station: String?,
            gas: Gas,
            abovePartsPerMillion: Double,
            clearBelowPartsPerMillion: Double,
            forSeconds: Double = 0,
            flags: [QualityFlag] = [.good]
        ) {
            self.station = station
            self.gas = gas
            self.abovePartsPerMillion = abovePartsPerMillion
            self.clearBelowPartsPerMillion = clearBelowPartsPerMillion
            self.forSeconds = forSeconds
            self.flags = flags
        }
    }

    public struct Capture: Equatable, Sendable {
        public let station: String?
        /// Raised below this share of the expected readings ...
        public let below: Double
        /// ... and cleared only at this one.
        public let clearAt: Double
        public let windowHours: Double

        public init(station: String?, below: Double, clearAt: Double, windowHours: Double = 24) {
            self.station = station
            self.below = below
            self.clearAt = clearAt
            self.windowHours = windowHours
        }
    }

    public enum Kind: String, Codable, Sendable {
        case silence
        case threshold
        case capture
    }

    public var kind: Kind {
        switch self {
        case .silence: .silence
        case .threshold: .threshold
        case .capture: .capture
        }
    }

    /// Nil for every station.
    public var station: String? {
        switch self {
        case .silence(let rule): rule.station
        case .threshold(let rule): rule.station
        case .capture(let rule): rule.station
        }
    }
}
