import Compression
public import Observations
public import Quantities
import SQLite

extension ArchiveWriter {
    // MARK: - Messages

    /// Stores readings of the message that is being taken in; ``endMessage(topic:payload:)`` ends it.
    /// - Returns: what became of each reading, in order.
    public mutating func store(
        _ newReadings: [Reading],
        of station: StationHandle
    ) throws(ArchiveError) -> [StoreOutcome] {
        var outcomes: [StoreOutcome] = []
        outcomes.reserveCapacity(newReadings.count)
        for reading in newReadings { outcomes.append(try store(reading, of: station)) }
        return outcomes
    }

    /// Stores one reading of the message that is being taken in.
    public mutating func store(
        _ reading: Reading,
        of station: StationHandle
    ) throws(ArchiveError) -> StoreOutcome {
        do {
            let series = try stations.series(
                station,
                reading.instrument,
                reading.gas,
                connection
            )
            let outcome = try readings.store(
                ReportedRow(
                    StoredValues(reading, scale: try stations.scale(reading.scale, connection)),
                    conditions: try encode(reading.conditions),
                    bottle: reading.bottle
                ),
                at: place(series.number, reading.time),
                connection
            )
            note(outcome)
            if outcome != .duplicated { dirty.note(series.place, reading.time.microseconds) }
            return outcome
        } catch {
            throw .storage(error)
        }
    }

    /// Stores what was measured at a moment without any gas: the record of an anemometer.
    public mutating func storeWeather(
        _ conditions: Conditions,
        at time: Instant,
        of station: StationHandle
    ) throws(ArchiveError) -> StoreOutcome {
        do {
            let outcome = try weather.store(
                try encode(conditions),
                at: place(try stations.number(station, connection), time),
                connection
            )
            note(outcome)
            return outcome
        } catch {
            throw .storage(error)
        }
    }

    /// Ends a message: it is kept when anything of it has changed the store. What is stored afterwards belongs
    /// to the next.
    public mutating func endMessage(topic: RawSpan, payload: RawSpan) throws(ArchiveError) {
        guard messageHasStored else { return }
        messageHasStored = false
        raw.append(topic: topic, payload: payload)
        if raw.isFull { try beginBatch() }
    }

    /// Stores the readings of one message of one station, and the message itself when any of them changes the
    /// store.
    /// - Returns: what became of each reading, in order.
    public mutating func store(
        _ newReadings: [Reading],
        network: String,
        topic: RawSpan,
        payload: RawSpan
    ) throws(ArchiveError) -> [StoreOutcome] {
        var outcomes: [StoreOutcome] = []
        for reading in newReadings {
            outcomes.append(try store(reading, of: station(reading.station, network: network)))
        }
        try endMessage(topic: topic, payload: payload)
        return outcomes
    }

    /// Keeps what cannot be used, with its reason, so that it can be looked at and sent again.
    ///
    /// The same message, refused for the same reason by the same decoder, is kept once and counted; when it had been
    /// replayed, it waits again.
    /// - Parameter decoder: name and version of what refused it.
    /// - Returns: `stored` for a new letter, `duplicated` for one that was there.
    @discardableResult
    public mutating func reject(
        _ rejection: Rejection,
        topic: RawSpan,
        payload: RawSpan,
        decoder: String
    ) throws(ArchiveError) -> StoreOutcome {
        let known = try storing { () throws(SQLiteError) in
            try letters.keep(rejection, topic, payload, transactionTime, decoder)
        }
        guard let known else { return .stored }
        lettersRefusedAgain.insert(known)
        return .duplicated
    }

    /// Keeps the beginning of a message that cannot be used and that there is no room for; see
    /// ``DeadLetter/isShortened``. Such messages are told apart by the whole of them.
    /// - Returns: `stored` for a new letter, `duplicated` for one that was there.
    @discardableResult
    public mutating func rejectShortened(
        _ rejection: Rejection,
        topic: RawSpan,
        payload: RawSpan
    ) throws(ArchiveError) -> StoreOutcome {
        let decoder = DeadLetter.decoderOfShortened
        let known = try storing { () throws(SQLiteError) in
            try letters.keep(
                rejection,
                topic,
                payload,
                transactionTime,
                decoder,
                byteLimit: DeadLetter.shortenedByteCount
            )
        }
        guard let known else { return .stored }
        lettersRefusedAgain.insert(known)
        return .duplicated
    }

    /// Notes that a dead letter has been taken in again. One that the open transaction has refused again still waits:
    /// a later decoder or another network file may have use for it.
    public mutating func markReplayed(_ letter: Int64) throws(ArchiveError) {
        guard !lettersRefusedAgain.contains(letter) else { return }
        try storing { () throws(SQLiteError) in try letters.markReplayed(letter, transactionTime) }
    }

    // MARK: - Parts

    private func place(_ series: Int64, _ time: Instant) -> ReadingPlace {
        ReadingPlace(
            series: series,
            time: time.microseconds,
            message: raw.nextMessage,
            received: transactionTime
        )
    }

    mutating func note(_ outcome: StoreOutcome) {
        guard outcome != .duplicated else { return }
        messageHasStored = true
        hasStored = true
    }

    private mutating func encode(_ conditions: Conditions) throws(SQLiteError) -> [UInt8] {
        guard !conditions.isEmpty else { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(conditions.entries.count * 5)
        for entry in conditions.entries {
            let name = try stations.conditionName(entry.name, connection)
            ConditionCodec.append(entry.value, name: name, to: &bytes)
        }
        return bytes
    }

    /// Closes the batch and begins the next.
    mutating func beginBatch() throws(ArchiveError) {
        try flushRaw()
        raw.begin(after: raw.id)
    }

    /// Writes the batch as far as it has come.
    mutating func flushRaw() throws(ArchiveError) {
        guard hasStored else { return }
        hasStored = false
        let batch = raw.id
        try storing { () throws(SQLiteError) in try journal.insertBatch(batch, transactionTime) }
        guard raw.count > 0 else { return }
        let frame = try compressing(connection.path) { () throws(CompressionError) in
            try zstandard.compress(raw.bytes.span.bytes)
        }
        try storing { () throws(SQLiteError) in try journal.insertRaw(batch, frame) }
    }

    /// Writes the spans that the transaction has touched so far.
    mutating func flushDirty() throws(ArchiveError) {
        let touched = dirty.take()
        try storing { () throws(SQLiteError) in
            for (place, spans) in touched {
                for span in spans { try journal.insertDirty(stations.seriesNumbers[place], span, connection) }
            }
        }
    }
}
