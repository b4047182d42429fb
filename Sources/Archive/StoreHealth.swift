public import Quantities
import SQLite

/// What an operator wants to know of a store beside its readings.
public struct StoreHealth: Equatable, Sendable {
    /// The last that a station sent.
    public struct Station: Equatable, Sendable {
        public let network: String
        public let station: String
        /// The latest moment it reported of.
        public let lastObservation: Instant
        /// When that came.
        public let received: Instant

        public init(network: String, station: String, lastObservation: Instant, received: Instant) {
            self.network = network
            self.station = station
            self.lastObservation = lastObservation
            self.received = received
        }
    }

    public let schemaVersion: Int
    /// Spans of series that wait for context tests and aggregates.
    public let dirtySpans: Int
    /// Dead letters that have not been taken in again, by reason.
    public let deadLetters: [String: Int]
    public let stations: [Station]
    /// Of the file without its log.
    public let bytes: Int64
    /// First and last receipt; nil for an empty store.
    public let firstReceived: Instant?
    public let lastReceived: Instant?

    public init(
        schemaVersion: Int,
        dirtySpans: Int,
        deadLetters: [String: Int],
        stations: [Station],
        bytes: Int64,
        firstReceived: Instant?,
        lastReceived: Instant?
    ) {
        self.schemaVersion = schemaVersion
        self.dirtySpans = dirtySpans
        self.deadLetters = deadLetters
        self.stations = stations
        self.bytes = bytes
        self.firstReceived = firstReceived
        self.lastReceived = lastReceived
    }

    /// Mean since the first receipt; nil for less than a day, which tells nothing.
    public var bytesPerDay: Double? {
        guard let firstReceived, let lastReceived else { return nil }
        let days = lastReceived.seconds(since: firstReceived) / 86_400
        return days >= 1 ? Double(bytes) / days : nil
    }
}

extension ArchiveReader {
    /// Looks the store over. Takes time only for the number of series and dead letters, not of readings.
    /// - Throws: ``ArchiveError`` when the file cannot be read.
    public func health() throws(ArchiveError) -> StoreHealth {
        try storing { () throws(SQLiteError) in
            func count(_ sql: String) throws(SQLiteError) -> Int64 { try connection.integer(sql) ?? 0 }
            func moment(_ sql: String) throws(SQLiteError) -> Instant? {
                try connection.integer(sql).map(Instant.init(microseconds:))
            }
            return StoreHealth(
                schemaVersion: Int(try count("PRAGMA user_version")),
                dirtySpans: Int(
                    try count("SELECT (SELECT count(*) FROM dirty) + (SELECT count(*) FROM comparisons)")
                ),
                deadLetters: try waitingLetters(),
                stations: try lastOfStations(),
                bytes: try count("PRAGMA page_count") * count("PRAGMA page_size"),
                firstReceived: try moment("SELECT received FROM batches ORDER BY id LIMIT 1"),
                lastReceived: try moment("SELECT received FROM batches ORDER BY id DESC LIMIT 1")
            )
        }
    }

    private func waitingLetters() throws(SQLiteError) -> [String: Int] {
        let statement = try connection.prepare(
            "SELECT reason, count(*) FROM dead_letters WHERE replayed IS NULL GROUP BY reason"
        )
        var letters: [String: Int] = [:]
        while try statement.step() { letters[statement.text(0) ?? ""] = Int(statement.integer(1)) }
        return letters
    }

    /// The latest row of each series is found by the key; its batch is the last that begins no later.
    private func lastOfStations() throws(SQLiteError) -> [StoreHealth.Station] {
        let statement = try connection.prepare(
            """
            SELECT network, stations.station, max(latest.time), (
                SELECT received FROM batches WHERE batches.id <= latest.raw_message ORDER BY id DESC LIMIT 1
            ) FROM stations JOIN series ON series.station = stations.id
            JOIN readings AS latest ON latest.series = series.id AND latest.time = (
                SELECT max(time) FROM readings WHERE readings.series = series.id
            ) GROUP BY stations.id ORDER BY network, stations.station
            """
        )
        var stations: [StoreHealth.Station] = []
        while try statement.step() {
            stations.append(
                StoreHealth.Station(
                    network: statement.text(0) ?? "",
                    station: statement.text(1) ?? "",
                    lastObservation: Instant(microseconds: statement.integer(2)),
                    received: Instant(microseconds: statement.integer(3))
                )
            )
        }
        return stations
    }
}
