public import Observations
public import Quantities

/// One moment of one station in a recorded file, as the device would have sent it.
public struct RecordedRow: Equatable, Sendable {
    /// A gas in the unit of the station's instrument; nil where the record has none.
    public struct Value: Equatable, Sendable {
        public let gas: Gas
        public let value: Double?
        public let standardUncertainty: Double?
        /// What the source says of it; nil where it has no objection.
        public let verdict: QualityVerdict?

        public init(
            gas: Gas,
            value: Double?,
            standardUncertainty: Double?,
            verdict: QualityVerdict? = nil
        ) {
            self.gas = gas
            self.value = value
            self.standardUncertainty = standardUncertainty
            self.verdict = verdict
        }
    }

    /// What the receiver of a moving platform reported.
    public struct Fix: Equatable, Sendable {
        public let longitude: Double?
        public let latitude: Double?
        public let altitudeMetres: Double?
        public let accuracyMetres: Double?
        public let satellites: Double?
        public let speedMetresPerSecond: Double?

        public init(
            longitude: Double?,
            latitude: Double?,
            altitudeMetres: Double?,
            accuracyMetres: Double?,
            satellites: Double?,
            speedMetresPerSecond: Double?
        ) {
            self.longitude = longitude
            self.latitude = latitude
            self.altitudeMetres = altitudeMetres
            self.accuracyMetres = accuracyMetres
            self.satellites = satellites
            self.speedMetresPerSecond = speedMetresPerSecond
        }
    }

    /// What an instrument reports of itself, under the name it has in messages.
    public struct State: Equatable, Sendable {
        public let name: String
        public let value: Double?

        public init(name: String, value: Double?) {
            self.name = name
            self.value = value
        }
    }

    public internal(set) var station: String
    public internal(set) var time: Instant
    public internal(set) var values: [Value]
    public internal(set) var fix: Fix?
    public internal(set) var state: [State]
    /// Weather and what else has a common name, in the units of ``Conditions``; without the fix.
    public internal(set) var conditions: Conditions
    /// Identifier of the bottle that was measured; nil for air.
    public internal(set) var bottle: String?

    public init(
        station: String,
        time: Instant,
        values: [Value],
        fix: Fix?,
        state: [State],
        conditions: Conditions = [:],
        bottle: String? = nil
    ) {
        self.station = station
        self.time = time
        self.values = values
        self.fix = fix
        self.state = state
        self.conditions = conditions
        self.bottle = bottle
    }
}

extension RecordedRow {
    /// Gives its conditions away for others.
    public mutating func exchangeConditions(with others: inout Conditions) { swap(&conditions, &others) }

    /// Nothing yet: what a reader fills line by line, so that the memory of one line serves all.
    public init() {
        self.init(station: "", time: Instant(microseconds: 0), values: [], fix: nil, state: [])
    }
}

/// Reads a recorded file by the mapping of its network.
/// - Throws: ``RecordError`` naming the line or variable; for netCDF files also `NetCDFError`.
public func readRecord(at path: String, for file: NetworkFile) async throws -> [RecordedRow] {
    let mapping = try file.requiredRecord()
    guard mapping.format != .netCDF else {
        return try await readNetCDFRecord(path: path, mapping: mapping, network: file.network)
    }
    var reader = try RecordReader(path: path, for: file)
    var rows: [RecordedRow] = []
    while let step = try reader.next() {
        switch step {
        case .row(let row): rows.append(row)
        case .refused(let problem): throw reader.error(problem)
        }
    }
    return rows
}

extension NetworkFile {
    /// - Throws: ``RecordError`` where the network describes no record.
    public func requiredRecord() throws(RecordError) -> RecordMapping {
        if let record { return record }
        throw RecordError.invalid(
            path: path,
            place: "record",
            problem: "the network does not describe a record",
            remedy: "add a `record` object that names the columns"
        )
    }
}
