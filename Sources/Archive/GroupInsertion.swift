import SQLite

/// Inserts many new readings by one statement. Starting and ending a statement costs as much as inserting a row.
///
/// Keys in ascending order let a statement write each page of the tree once; in any other order one statement for
/// many rows is slower than many.
struct GroupInsertion: ~Copyable {
    /// More gain nothing.
    static let size = 64
    private static let parameters = 13

    private let insert: Statement
    private var blobs: [Statement.BlobPlace] = []

    init(_ connection: borrowing Connection) throws(SQLiteError) {
        let rows = (0..<Self.size).map { slot -> String in
            let first = slot * Self.parameters
            let names = (1...Self.parameters).map { "?\(first + $0)" }
            return "(\(names.joined(separator: ", ")), 0, \(names[8]), \(names[9]))"
        }
        insert = try connection.prepare(
            """
            INSERT INTO readings(series, time, \(StoredValues.columns), raw_message, revision, flag, tests) \
            VALUES\(rows.joined(separator: ", ")) ON CONFLICT DO NOTHING
            """
        )
    }

    /// Sets the row of a slot.
    /// - Parameter conditions: where they stand in the bytes that ``run(conditions:)`` is given.
    mutating func set(
        _ slot: Int,
        _ values: StoredValues,
        at place: ReadingPlace,
        conditions: Range<Int>,
        bottle: String?
    ) throws(SQLiteError) {
        let first = slot * Self.parameters
        try insert.bind(first + 1, place.series)
        try insert.bind(first + 2, place.time)
        try values.bind(insert, from: first + 3)
        if !conditions.isEmpty { blobs.append(.init(index: first + 11, bytes: conditions)) }
        // What has not been set is NULL.
        if let bottle { try insert.bind(first + 12, bottle) }
        try insert.bind(first + 13, place.message)
    }

    /// Inserts the rows of all slots whose moments the store does not have.
    mutating func run(conditions: RawSpan) throws(SQLiteError) {
        defer { blobs.removeAll(keepingCapacity: true) }
        try insert.run(blobs, borrowing: conditions)
    }
}
