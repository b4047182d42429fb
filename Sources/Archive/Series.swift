public import Observations
public import Quantities

/// The readings of one gas by one instrument of a station.
public struct Series: Hashable, Sendable, Identifiable {
    /// Its number in the store.
    public struct ID: Hashable, Comparable, Sendable {
        let number: Int64

        public static func < (a: ID, b: ID) -> Bool { a.number < b.number }
    }

    public let id: ID
    public let network: String
    public let station: String
    public let instrument: String
    public let gas: Gas
    /// `network/station/instrument`, for messages.
    let path: String

    init(id: ID, network: String, station: String, instrument: String, gas: Gas) {
        self.id = id
        self.network = network
        self.station = station
        self.instrument = instrument
        self.gas = gas
        path = "\(network)/\(station)/\(instrument)"
    }
}

/// A stretch of a series whose readings have come or changed since they were last settled; both ends belong to it.
public struct DirtySpan: Equatable, Sendable {
    public let series: Series
    public let first: Instant
    public let last: Instant
}

/// What the tests among neighbours, the calibration and the operator made of a reading.
public struct SettledRow: Equatable, Sendable {
    /// A calibrated value.
    public struct Value: Equatable, Sendable {
        /// Dry-air mole fraction, ppm; nil when there is none.
        public let partsPerMillion: Double?
        /// ppm; nil when nobody can say.
        public let standardUncertaintyPartsPerMillion: Double?
        public let scale: CalibrationScale

        public init(
            partsPerMillion: Double?,
            standardUncertaintyPartsPerMillion: Double?,
            scale: CalibrationScale
        ) {
            self.partsPerMillion = partsPerMillion
            self.standardUncertaintyPartsPerMillion = standardUncertaintyPartsPerMillion
            self.scale = scale
        }
    }

    public let time: Instant
    public let flag: QualityFlag
    public let tests: QualityTests
    /// Nil for the value as it was reported.
    public let value: Value?

    public init(time: Instant, flag: QualityFlag, tests: QualityTests, value: Value? = nil) {
        self.time = time
        self.flag = flag
        self.tests = tests
        self.value = value
    }
}

/// The readings of one series in a stretch of time, as reported and as they stand.
public struct SeriesWindow: Equatable, Sendable {
    /// Reported values with the flags of the message, in the order of time.
    public var readings: [Reading] = []
    /// What the store holds of each reading, in the same order.
    public var settled: [SettledRow] = []

    /// Those of the rows that differ from what the store holds.
    /// - Parameter rows: in the order of time; rows of moments that the window does not hold are left out.
    public func changes(to rows: [SettledRow]) -> [SettledRow] {
        var changed: [SettledRow] = []
        var index = 0
        for row in rows {
            while index < settled.count, settled[index].time < row.time { index += 1 }
            guard index < settled.count, settled[index].time == row.time else { continue }
            if settled[index] != row { changed.append(row) }
        }
        return changed
    }
}

/// A fit that calibrates a series in a stretch of time.
public struct CalibrationRow: Equatable, Sendable {
    public let period: Period
    /// Which fit it is, e.g. `two-point`.
    public let kind: String
    public let coefficients: [Double]
    /// Of the coefficients, row by row; empty when there is none.
    public let covariance: [Double]
    /// JSON, for what a person wants to know of it.
    public let detail: String

    public init(
        period: Period,
        kind: String,
        coefficients: [Double],
        covariance: [Double],
        detail: String = "{}"
    ) {
        self.period = period
        self.kind = kind
        self.coefficients = coefficients
        self.covariance = covariance
        self.detail = detail
    }
}

/// Which messages of one start of a logger are durable.
public struct ReceiptState: Equatable, Sendable {
    public let network: String
    public let station: String
    /// Tells one start of the logger from another.
    public let boot: String
    /// In ascending order, apart from each other.
    public let ranges: [ClosedRange<Int64>]

    /// The numbers between the first and the last that have not come.
    public var gaps: [ClosedRange<Int64>] {
        zip(ranges, ranges.dropFirst()).map { $0.upperBound + 1...$1.lowerBound - 1 }
    }

    /// The highest number that has come.
    public var last: Int64? { ranges.last?.upperBound }
}

/// A network file or a file of edits as it was from some moment on.
public struct RecordedConfiguration: Equatable, Sendable {
    public let id: Int64
    public let recorded: Instant
    public let network: String
    public let kind: String
    public let text: String
}
