public import Quantities
import SQLite

extension ArchiveWriter {
    /// Keeps a network file or a file of edits as it is now.
    /// - Returns: whether it differs from what was kept last; only then is it stored.
    public mutating func recordConfiguration(
        kind: String,
        network: String,
        text: String
    ) throws(ArchiveError) -> Bool {
        try storing { () throws(SQLiteError) in
            let latest = try connection.prepare(
                "SELECT text FROM configurations WHERE network = ? AND kind = ? ORDER BY id DESC LIMIT 1"
            )
            try latest.bind(1, network)
            try latest.bind(2, kind)
            if try latest.step(), latest.text(0) == text { return false }
            let insert = try connection.prepare(
                "INSERT INTO configurations(recorded, network, kind, text) VALUES(?, ?, ?, ?)"
            )
            try insert.bind(1, transactionTime.microseconds)
            try insert.bind(2, network)
            try insert.bind(3, kind)
            try insert.bind(4, text)
            try insert.run()
            hasStored = true
            return true
        }
    }

    /// Deletes a slice of the raw messages that came before a moment, in a transaction of its own. When they came,
    /// and everything derived from them, stays.
    /// - Parameter batches: how many batches to delete at most; of messages stored one by one, a hundred times
    ///   as many.
    /// - Returns: how many batches and messages have been deleted; zero when nothing is left to delete.
    public mutating func discardRaw(
        before moment: Instant,
        batches limit: Int = 64
    ) throws(ArchiveError) -> Int {
        try storing { () throws(SQLiteError) in
            try connection.transaction { () throws(SQLiteError) in
                let end = try connection.firstMessage(after: Instant(microseconds: moment.microseconds - 1))
                var deleted = 0
                for (table, key, count) in [
                    ("raw_batches", "batch", limit), ("raw_messages", "id", limit * 100),
                ] {
                    let statement = try connection.prepare(
                        """
                        DELETE FROM \(table) WHERE \(key) IN \
                        (SELECT \(key) FROM \(table) WHERE \(key) < ? ORDER BY \(key) LIMIT ?)
                        """
                    )
                    try statement.bind(1, end)
                    try statement.bind(2, Int64(count))
                    try statement.run()
                    deleted += connection.changedRows
                }
                return deleted
            }
        }
    }
}

extension ArchiveWriter {
    /// Gives space that discarded messages have left back to the disk, a slice at a time, in a transaction of its own.
    /// The file itself is shorter after the next checkpoint of the log.
    /// - Parameter pages: how many pages of 4096 bytes to give back at most.
    /// - Returns: how many have been given back; zero when there are no more, and for stores of before version 2.
    public mutating func giveBackSpace(pages limit: Int = 1024) throws(ArchiveError) -> Int {
        try storing { () throws(SQLiteError) in
            try connection.transaction { () throws(SQLiteError) in
                try connection.giveBackFreePages(limit: limit)
            }
        }
    }
}

extension Connection {
    /// The number below which all messages came not later than a moment, and none of the others did.
    func firstMessage(after moment: Instant) throws(SQLiteError) -> Int64 {
        // Batches come in the order of time, so that bisection finds the place without an index.
        let statement = try prepare(
            "SELECT id, received FROM batches WHERE id >= ? ORDER BY id LIMIT 1"
        )
        var low: Int64 = 0
        var high = try integer("SELECT max(id) FROM batches").map { $0 + 1 } ?? 0
        let end = high
        while low < high {
            let middle = low + (high - low) / 2
            statement.reset()
            try statement.bind(1, middle)
            guard try statement.step() else {
                high = middle
                continue
            }
            if statement.integer(1) > moment.microseconds {
                high = middle
            } else {
                low = statement.integer(0) + 1
            }
        }
        // What lies from here on came later; so do all messages that are still to come.
        statement.reset()
        try statement.bind(1, low)
        return try statement.step() && low < end ? statement.integer(0) : .max
    }
}
