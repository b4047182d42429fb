import CInterop
import CSQLite
import Foundation
import Glibc
import Quantities

/// An open database file. Calls block; keep them on a thread of their own.
public struct Connection: ~Copyable {
    /// What the connection is for.
    public enum Access: Sendable {
        /// Reading and writing; the file is created where absent.
        case readWrite
        /// Reading only; an absent file is an error.
        case readOnly
    }

    let handle: OpaquePointer
    public let path: String

    /// - Parameters:
    ///   - path: a file, or `:memory:`.
    ///   - busyTimeoutMilliseconds: how long a call waits for a lock of another process.
    /// - Throws: ``SQLiteError`` of kind `noSuchFile` or `cannotOpen`. That a file is damaged or something
    ///   else shows with the first statement.
    public init(
        path: String,
        access: Access = .readWrite,
        busyTimeoutMilliseconds: Int32 = 5000
    ) throws(SQLiteError) {
        var raw: OpaquePointer?
        var mode = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        var name = path
        if case .readOnly = access {
            mode = SQLITE_OPEN_READONLY
            if Self.isAtRest(path) {
                mode |= SQLITE_OPEN_URI
                name = Self.immutableURI(path)
            }
        }
        let code = sqlite3_open_v2(name, &raw, mode | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let raw else {
            let text = raw.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            let isAbsent = raw.map { sqlite3_system_errno($0) == ENOENT } ?? false
            sqlite3_close_v2(raw)
            if isAbsent, case .readOnly = access {
                throw SQLiteError(.noSuchFile, code: code, message: text, path: path)
            }
            throw SQLiteError(code: code, message: text, path: path)
        }
        sqlite3_extended_result_codes(raw, 1)
        sqlite3_busy_timeout(raw, busyTimeoutMilliseconds)
        handle = raw
        self.path = path
    }

    /// True for a file in a folder that we may not write and without a log beside it: an archive on a read-only
    /// medium. A log needs a file of shared memory there, which SQLite would fail to make.
    private static func isAtRest(_ path: String) -> Bool {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard Glibc.access(folder, W_OK) != 0 else { return false }
        let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
        return (log ?? 0) == 0
    }

    /// Tells SQLite that nobody changes the file, so that it needs no locks.
    private static func immutableURI(_ path: String) -> String {
        let absolute = URL(filePath: path).path
        return "file:" + (absolute.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? absolute)
            + "?immutable=1"
    }

    // Statements that still live keep the handle open until they are finalized (sqlite3_close_v2).
    deinit { sqlite3_close_v2(handle) }

    /// Runs statements that give no rows, separated by semicolons.
    public func execute(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(sql) }
    }

    /// Compiles one statement for repeated use.
    public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        var raw: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &raw, nil)
        guard code == SQLITE_OK, let raw else { throw error(sql) }
        return Statement(handle: raw, connection: handle, path: path)
    }

    /// The first column of the first row as an integer; nil when there is no row or it is NULL.
    public func integer(_ sql: String) throws(SQLiteError) -> Int64? {
        let statement = try prepare(sql)
        guard try statement.step(), !statement.isNull(0) else { return nil }
        return statement.integer(0)
    }

    /// The first column of the first row as text; nil when there is no row or it is NULL.
    public func text(_ sql: String) throws(SQLiteError) -> String? {
        let statement = try prepare(sql)
        guard try statement.step() else { return nil }
        return statement.text(0)
    }

    /// Rows inserted, changed or deleted by the last statement.
    public var changedRows: Int { Int(sqlite3_changes(handle)) }

    /// False while a transaction is open.
    public var isInAutocommit: Bool { sqlite3_get_autocommit(handle) != 0 }

    /// Makes every commit durable before it returns: write-ahead log, synchronised at each commit.
    public func useDurableWriteAheadLog() throws(SQLiteError) {
        let mode = try text("PRAGMA journal_mode = WAL")
        // In-memory databases have no log to write ahead.
        guard mode == "wal" || mode == "memory" else {
            throw SQLiteError(
                .readOnly,
                code: SQLITE_READONLY,
                message: "write-ahead logging is refused",
                path: path
            )
        }
        try execute("PRAGMA synchronous = FULL")
        // Pages that many transactions change are copied from the log to the file once for all of them: 16 MB of
        // log instead of 4, and as much memory for pages.
        try execute("PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16384")
        // A transaction on a read-only file opens without complaint; better to know before there is data.
        guard sqlite3_db_readonly(handle, "main") == 0 else {
            throw SQLiteError(
                .readOnly,
                code: SQLITE_READONLY,
                message: "the file is read-only",
                path: path
            )
        }
    }

    /// Has a new file keep account of its pages, so that ``giveBackFreePages(limit:)`` can make it smaller. A file that
    /// has tables stays as it is. To be called before anything is written.
    public func giveFreePagesBackOnRequest() throws(SQLiteError) {
        try execute("PRAGMA auto_vacuum = INCREMENTAL")
    }

    /// Moves pages from the end of the file to free places, and cuts so many off.
    /// - Returns: by how many pages the file is shorter; 0 for one that keeps no account of them.
    public func giveBackFreePages(limit: Int) throws(SQLiteError) -> Int {
        let before = try integer("PRAGMA page_count") ?? 0
        try execute("PRAGMA incremental_vacuum(\(max(1, limit)))")
        return Int(before - (try integer("PRAGMA page_count") ?? before))
    }

    /// Refuses to let the file grow beyond a size; what would exceed it fails with kind `full`.
    public func limitSize(bytes: Int64) throws(SQLiteError) {
        let pageSize = try integer("PRAGMA page_size") ?? 4096
        _ = try integer("PRAGMA max_page_count = \(max(1, bytes / pageSize))")
    }

    /// Takes the write lock at once, so that a later upgrade cannot fail as busy.
    public func beginImmediate() throws(SQLiteError) { try execute("BEGIN IMMEDIATE") }

    /// When it returns, the transaction is durable (under ``useDurableWriteAheadLog()``).
    public func commit() throws(SQLiteError) { try execute("COMMIT") }

    /// Undoes the open transaction, if there is one; some failures have already ended it.
    public func rollBack() {
        guard !isInAutocommit else { return }
        sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    /// Runs the body in a transaction: committed when it returns, undone when it throws.
    public func transaction<Value>(
        _ body: () throws(SQLiteError) -> Value
    ) throws(SQLiteError) -> Value {
        try beginImmediate()
        do {
            let value = try body()
            try commit()
            return value
        } catch {
            rollBack()
            throw error
        }
    }

    private func error(_ sql: String) -> SQLiteError {
        SQLiteError(
            code: sqlite3_extended_errcode(handle),
            message: String(cString: sqlite3_errmsg(handle)),
            path: path,
            sql: sql
        )
    }
}
