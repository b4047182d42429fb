import Quantities
import SQLite

/// What is remembered of one start of a logger.
struct Logger {
    let boot: String
    let number: Int64
    var received: SequenceRanges
    /// What the file holds while a transaction is changing it; nil when it has not.
    var stored: SequenceRanges?
}

/// A logger in the index of stations.
struct LoggerPlace: Hashable {
    let station: Int
    let boot: String
}

/// The statements that keep receipts.
struct ReceiptStatements: ~Copyable {
    private let select: Statement
    private let upsert: Statement
    private let delete: Statement

    init(_ connection: borrowing Connection) throws(SQLiteError) {
        let select = try connection.prepare("SELECT first, last FROM receipts WHERE logger = ?")
        let upsert = try connection.prepare(
            """
            INSERT INTO receipts(logger, first, last) VALUES(?, ?, ?) \
            ON CONFLICT DO UPDATE SET last = excluded.last
            """
        )
        let delete = try connection.prepare("DELETE FROM receipts WHERE logger = ? AND first = ?")
        self.select = select
        self.upsert = upsert
        self.delete = delete
    }

    func ranges(_ logger: Int64) throws(SQLiteError) -> SequenceRanges {
        try select.bind(1, logger)
        defer { select.reset() }
        var ranges: [ClosedRange<Int64>] = []
        while try select.step() {
            let first = select.integer(0)
            ranges.append(first...max(first, select.integer(1)))
        }
        return SequenceRanges(ranges)
    }

    /// Writes what differs between the ranges of the file and those of memory.
    func write(_ logger: Logger) throws(SQLiteError) {
        guard let stored = logger.stored else { return }
        // Both begin alike nearly always: what changes is at the end.
        let same = zip(stored.ranges, logger.received.ranges).prefix { $0 == $1 }.count
        let kept = Set(logger.received.ranges[same...].map(\.lowerBound))
        for range in stored.ranges[same...] where !kept.contains(range.lowerBound) {
            try delete.bind(1, logger.number)
            try delete.bind(2, range.lowerBound)
            try delete.run()
        }
        for range in logger.received.ranges[same...] {
            try upsert.bind(1, logger.number)
            try upsert.bind(2, range.lowerBound)
            try upsert.bind(3, range.upperBound)
            try upsert.run()
        }
    }
}

extension StationIndex {
    /// More starts of one logger than this are not kept in memory; they are read again when needed.
    private static let loggerLimit = 8

    /// Forgets receipts, which another writer may have changed.
    mutating func forgetLoggers() {
        for index in stations.indices { stations[index].loggers = [] }
    }

    /// The place of a logger among those of its station, read from the file at first use.
    mutating func logger(
        _ boot: String,
        _ station: StationHandle,
        _ connection: borrowing Connection,
        _ statements: borrowing ReceiptStatements
    ) throws(SQLiteError) -> Int {
        let known = stations[station.index].loggers
        if let place = known.lastIndex(where: { $0.boot == boot }) { return place }
        let number = try number(station, connection)
        let logger = try connection.find(
            "SELECT id FROM loggers WHERE station = \(number) AND boot = ?",
            orInsert: "INSERT INTO loggers(station, boot) VALUES(\(number), ?) RETURNING id",
            [boot]
        )
        if known.count >= Self.loggerLimit, let idle = known.firstIndex(where: { $0.stored == nil }) {
            stations[station.index].loggers.remove(at: idle)
        }
        stations[station.index].loggers.append(
            Logger(boot: boot, number: logger, received: try statements.ranges(logger))
        )
        return stations[station.index].loggers.count - 1
    }

    /// Notes a number; true when it is the first of the logger in the transaction. A number that has come before
    /// counts too: the logger has not got its receipt.
    mutating func receive(_ number: Int64, _ station: StationHandle, _ logger: Int) -> Bool {
        let before = stations[station.index].loggers[logger].stored
        guard before == nil else {
            stations[station.index].loggers[logger].received.insert(number)
            return false
        }
        let received = stations[station.index].loggers[logger].received
        stations[station.index].loggers[logger].received.insert(number)
        stations[station.index].loggers[logger].stored = received
        return true
    }
}
