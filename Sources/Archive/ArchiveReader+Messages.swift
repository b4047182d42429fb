import Compression
public import Quantities
import SQLite

extension ArchiveReader {
    // MARK: - Messages

    /// The message that a reading came from; nil when there is none of that number.
    public func rawMessage(_ id: Int64) throws(ArchiveError) -> RawMessage? {
        guard let batch = try batch(of: id) else { return nil }
        if let message = try singleMessage(id) { return message }
        let frame = try storing { () throws(SQLiteError) -> [UInt8] in
            let statement = try connection.prepare("SELECT payloads FROM raw_batches WHERE batch = ?")
            try statement.bind(1, batch.id)
            return try statement.step() ? statement.bytes(0) : []
        }
        guard !frame.isEmpty else {
            return RawMessage(
                id: id,
                received: batch.received,
                topic: "",
                line: nil,
                payload: [],
                isDiscarded: true
            )
        }
        let bytes = try compressing(connection.path) { () throws(CompressionError) in
            try Zstandard().decompress(frame.span.bytes, byteLimit: RawBatch.decodedByteLimit)
        }
        return RawBatch.message(id - batch.id, in: bytes).map {
            RawMessage(
                id: id,
                received: batch.received,
                topic: $0.topic,
                line: $0.line,
                payload: $0.payload,
                isDiscarded: false
            )
        }
    }

    private func batch(of id: Int64) throws(ArchiveError) -> (id: Int64, received: Instant)? {
        try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(
                "SELECT id, received FROM batches WHERE id <= ? ORDER BY id DESC LIMIT 1"
            )
            try statement.bind(1, id)
            guard try statement.step() else { return nil }
            return (statement.integer(0), Instant(microseconds: statement.integer(1)))
        }
    }

    /// A message of the time when each had a row.
    private func singleMessage(_ id: Int64) throws(ArchiveError) -> RawMessage? {
        try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(
                "SELECT received, topic, payload FROM raw_messages WHERE id = ?"
            )
            try statement.bind(1, id)
            guard try statement.step() else { return nil }
            return RawMessage(
                id: id,
                received: Instant(microseconds: statement.integer(0)),
                topic: statement.text(1) ?? "",
                line: nil,
                payload: statement.bytes(2),
                isDiscarded: false
            )
        }
    }

    /// Everything that could not be used, in the order of arrival.
    public func deadLetters() throws(ArchiveError) -> [DeadLetter] {
        try letters(
            "SELECT \(DeadLetter.columns) FROM dead_letters WHERE id > ? ORDER BY id LIMIT ?",
            0,
            .max
        )
    }

    /// Dead letters that have not been taken in again, in the order of arrival.
    /// - Parameters:
    ///   - letter: only those after this one; 0 for all.
    ///   - limit: how many at most, so that any number can be worked off in bounded memory.
    public func deadLettersToReplay(after letter: Int64 = 0, limit: Int) throws(ArchiveError) -> [DeadLetter]
    {
        let sql = """
            SELECT \(DeadLetter.columns) FROM dead_letters WHERE replayed IS NULL AND id > ? \
            ORDER BY id LIMIT ?
            """
        return try letters(sql, letter, Int64(limit))
    }

    private func letters(_ sql: String, _ first: Int64, _ limit: Int64) throws(ArchiveError) -> [DeadLetter] {
        try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(sql)
            try statement.bind(1, first)
            try statement.bind(2, limit)
            var letters: [DeadLetter] = []
            while try statement.step() { letters.append(DeadLetter(statement)) }
            return letters
        }
    }

    // MARK: - Receipts and configurations

    /// What has come of every start of every logger, in the order of network, station and the first message.
    public func receipts() throws(ArchiveError) -> [ReceiptState] {
        try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(
                """
                SELECT network, stations.station, boot, first, last, logger FROM receipts \
                JOIN loggers ON loggers.id = logger JOIN stations ON stations.id = loggers.station \
                ORDER BY network, stations.station, logger, first
                """
            )
            var states: [ReceiptState] = []
            while try statement.step() {
                let (first, last) = (statement.integer(3), statement.integer(4))
                let state = ReceiptState(
                    network: statement.text(0) ?? "",
                    station: statement.text(1) ?? "",
                    boot: statement.text(2) ?? "",
                    ranges: [first...max(first, last)]
                )
                if let before = states.last, before.isSameLogger(as: state) {
                    states[states.count - 1] = before.adding(state)
                } else {
                    states.append(state)
                }
            }
            return states
        }
    }

    /// A configuration as it was at a moment; nil when none was known.
    /// - Parameter moment: nil for now.
    public func configuration(
        network: String,
        kind: String,
        asOf moment: Instant? = nil
    ) throws(ArchiveError) -> RecordedConfiguration? {
        try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(
                """
                SELECT id, recorded, text FROM configurations \
                WHERE network = ? AND kind = ? AND recorded <= ? ORDER BY id DESC LIMIT 1
                """
            )
            try statement.bind(1, network)
            try statement.bind(2, kind)
            try statement.bind(3, moment?.microseconds ?? .max)
            guard try statement.step() else { return nil }
            return RecordedConfiguration(
                id: statement.integer(0),
                recorded: Instant(microseconds: statement.integer(1)),
                network: network,
                kind: kind,
                text: statement.text(2) ?? ""
            )
        }
    }
}

extension ReceiptState {
    fileprivate func isSameLogger(as other: ReceiptState) -> Bool {
        network == other.network && station == other.station && boot == other.boot
    }

    fileprivate func adding(_ other: ReceiptState) -> ReceiptState {
        ReceiptState(
            network: network,
            station: station,
            boot: boot,
            ranges: SequenceRanges(ranges + other.ranges).ranges
        )
    }
}
