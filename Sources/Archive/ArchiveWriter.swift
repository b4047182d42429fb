import Compression
public import Quantities
import SQLite

/// What became of a reading that was handed to the store.
public enum StoreOutcome: String, CaseIterable, Sendable {
    /// New.
    case stored
    /// Another value for a moment that had one: the new one counts, the old one is kept as a revision.
    case revised
    /// The same again, or the late repetition of a value that has been revised since.
    case duplicated
}

/// A message that could not be used, or a part of one.
public struct Rejection: Equatable, Sendable {
    /// A stable name for counting.
    public let reason: String
    /// What exactly was wrong.
    public let detail: String
    /// Index in a batch message; nil when the message as a whole is meant.
    public let item: Int?

    public init(reason: String, detail: String, item: Int? = nil) {
        self.reason = reason
        self.detail = detail
        self.item = item
    }
}

/// A writer of a store. Calls block: keep it on a thread of its own. Of several writers one is in a transaction
/// and the others wait.
///
/// Everything between ``begin(received:)`` and ``commit()`` is kept together or not at all, and is on disk when
/// `commit` returns.
public struct ArchiveWriter: ~Copyable {
    let connection: Connection
    let journal: JournalStatements
    let letters: LetterStatements
    let readings: ReadingStatements
    /// Made for the first page.
    var group: GroupInsertion?
    let weather: WeatherStatements
    let settling: SettlingStatements
    let receipts: ReceiptStatements
    let zstandard: Zstandard
    /// What the file may grow to; nil for as far as the disk goes.
    public let maximumBytes: Int64?
    /// Whether the open transaction only tries how large the file would be.
    var isTrial = false
    var stations = StationIndex()
    var catalog = StoreCatalog()
    var raw = RawBatch()
    var dirty = DirtySpans()
    /// Loggers whose receipts the transaction has changed, or the last one did.
    var touchedLoggers: [LoggerPlace] = []
    /// Dead letters that the open transaction has refused again.
    var lettersRefusedAgain: Set<Int64> = []
    private var fileVersion: Int64?
    /// Grows whenever a transaction opens on a file that another writer has changed since the one before.
    public private(set) var changesByOthers = 0
    var hasStored = false
    var messageHasStored = false
    /// When the open transaction came: later than all before it, even where the clock has stepped backwards.
    public private(set) var transactionTime = Instant(microseconds: .min)

    /// Opens a store, creating or migrating its tables.
    /// - Parameters:
    ///   - maximumBytes: what the file may grow to; beyond it writing fails as on a full disk.
    ///   - lockTimeoutMilliseconds: how long to wait for another writer to end its transaction.
    public init(
        path: String,
        maximumBytes: Int64? = nil,
        lockTimeoutMilliseconds: Int32 = 5000
    ) throws(ArchiveError) {
        let connection = try storing { () throws(SQLiteError) -> Connection in
            let connection = try Connection(path: path, busyTimeoutMilliseconds: lockTimeoutMilliseconds)
            try connection.giveFreePagesBackOnRequest()
            try connection.useDurableWriteAheadLog()
            if let maximumBytes { try connection.limitSize(bytes: maximumBytes) }
            return connection
        }
        try Schema.prepare(connection)
        let journal = try storing { () throws(SQLiteError) in try JournalStatements(connection) }
        let letters = try storing { () throws(SQLiteError) in try LetterStatements(connection) }
        let readings = try storing { () throws(SQLiteError) in try ReadingStatements(connection) }
        let weather = try storing { () throws(SQLiteError) in try WeatherStatements(connection) }
        let settling = try storing { () throws(SQLiteError) in try SettlingStatements(connection) }
        let receipts = try storing { () throws(SQLiteError) in try ReceiptStatements(connection) }
        let zstandard = try compressing(path) { () throws(CompressionError) in try Zstandard(level: 1) }
        self.journal = journal
        self.letters = letters
        self.readings = readings
        self.weather = weather
        self.settling = settling
        self.receipts = receipts
        self.zstandard = zstandard
        self.maximumBytes = maximumBytes
        self.connection = connection
    }

    /// A station for ``store(_:of:)`` and the rest; it stays valid as long as the writer.
    public mutating func station(_ station: String, network: String) -> StationHandle {
        stations.handle(station, network: network)
    }

    // MARK: - Transactions

    /// Opens a transaction.
    /// - Parameter received: when what it stores came. Where that is not later than the last transaction, the
    ///   store takes the next microsecond: what it knew at a moment must not change afterwards.
    public mutating func begin(received: Instant) throws(ArchiveError) {
        do {
            try connection.beginImmediate()
            let version = try journal.version()
            // Another writer has been here.
            if version != fileVersion {
                stations.forgetLoggers()
                changesByOthers += 1
            }
            fileVersion = version
            let last = try journal.last()
            raw.begin(after: last.message)
            // A transaction that changes nothing leaves no trace in the file.
            let latest = max(transactionTime, last.received ?? transactionTime)
            let next = latest.microseconds == .max ? .max : latest.microseconds + 1
            transactionTime = max(received, Instant(microseconds: next))
        } catch {
            connection.rollBack()
            throw .storage(error)
        }
        touchedLoggers = []
        lettersRefusedAgain.removeAll(keepingCapacity: true)
        hasStored = false
        messageHasStored = false
    }

    /// Makes everything since ``begin(received:)`` durable.
    public mutating func commit() throws(ArchiveError) {
        do {
            try flush()
            try storing { () throws(SQLiteError) in try connection.commit() }
        } catch {
            rollBack()
            throw error
        }
    }

    private mutating func flush() throws(ArchiveError) {
        try flushRaw()
        try flushDirty()
        try flushReceipts()
    }

    // MARK: - Trials

    /// Opens a transaction that may exceed the size allowed, and that is never committed: what would there have to be
    /// room for?
    public mutating func beginTrial(received: Instant) throws(ArchiveError) {
        try storing { () throws(SQLiteError) in try connection.limitSize(bytes: .max) }
        isTrial = true
        do { try begin(received: received) } catch {
            rollBack()
            throw error
        }
    }

    /// Ends a trial, of which nothing stays.
    /// - Returns: what the file would have come to, in bytes.
    public mutating func endTrial() throws(ArchiveError) -> Int64 {
        precondition(isTrial, "no trial is open")
        defer { rollBack() }
        try flush()
        return try storing { () throws(SQLiteError) in
            let pages = try connection.integer("PRAGMA page_count") ?? 0
            return pages * (try connection.integer("PRAGMA page_size") ?? 4096)
        }
    }

    /// Forgets everything since ``begin(received:)``.
    public mutating func rollBack() {
        connection.rollBack()
        if isTrial {
            isTrial = false
            // Without a limit nothing would stop the store; where this fails, so does the next transaction.
            if let maximumBytes { try? connection.limitSize(bytes: maximumBytes) }
        }
        stations.forgetNumbers()
        catalog = StoreCatalog()
        _ = dirty.take()
        touchedLoggers = []
    }
}
