import CInterop
import CSQLite
import Quantities

/// A compiled statement. Parameters count from 1 and columns from 0, as in SQLite itself.
public struct Statement: ~Copyable {
    private let handle: OpaquePointer
    private let connection: OpaquePointer
    private let path: String

    init(handle: OpaquePointer, connection: OpaquePointer, path: String) {
        self.handle = handle
        self.connection = connection
        self.path = path
    }

    deinit { sqlite3_finalize(handle) }

    /// Advances to the next row; false when there are no more.
    public func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let failure = error()
            sqlite3_reset(handle)
            throw failure
        }
    }

    /// Runs to the end, discarding rows, and makes the statement ready for the next use.
    public func run() throws(SQLiteError) {
        while try step() {}
        sqlite3_reset(handle)
    }

    /// Runs to the end with bytes bound as a BLOB that are not copied.
    public func run(_ index: Int, borrowing bytes: RawSpan) throws(SQLiteError) {
        let code = bytes.withUnsafeBytes { buffer -> Int32 in
            // No destructor: the bytes stay where they are until the statement has ended.
            let bound = sqlite3_bind_blob64(
                handle,
                Int32(index),
                buffer.baseAddress ?? UnsafeRawPointer(emptyText),
                UInt64(buffer.count),
                nil
            )
            guard bound == SQLITE_OK else { return bound }
            var code = sqlite3_step(handle)
            while code == SQLITE_ROW { code = sqlite3_step(handle) }
            return code
        }
        guard code == SQLITE_DONE else {
            let failure = error()
            sqlite3_reset(handle)
            sqlite3_bind_null(handle, Int32(index))
            throw failure
        }
        sqlite3_reset(handle)
        sqlite3_bind_null(handle, Int32(index))
    }

    /// A parameter and the bytes that it stands for.
    public struct BlobPlace: Sendable {
        let index: Int
        let bytes: Range<Int>

        /// - Parameter bytes: among those that the statement is run with.
        public init(index: Int, bytes: Range<Int>) {
            self.index = index
            self.bytes = bytes
        }
    }

    /// Runs to the end with parts of the bytes bound as BLOBs that are not copied. Afterwards no parameter has a value.
    public func run(_ blobs: [BlobPlace], borrowing bytes: RawSpan) throws(SQLiteError) {
        defer { sqlite3_clear_bindings(handle) }
        let code = bytes.withUnsafeBytes { buffer -> Int32 in
            for blob in blobs {
                let part = UnsafeRawBufferPointer(rebasing: buffer[blob.bytes])
                let start = part.baseAddress ?? UnsafeRawPointer(emptyText)
                // No destructor: the bytes stay where they are until the statement has ended.
                let bound = sqlite3_bind_blob64(handle, Int32(blob.index), start, UInt64(part.count), nil)
                guard bound == SQLITE_OK else { return bound }
            }
            var code = sqlite3_step(handle)
            while code == SQLITE_ROW { code = sqlite3_step(handle) }
            return code
        }
        defer { sqlite3_reset(handle) }
        guard code == SQLITE_DONE else { throw error() }
    }

    /// Ready for the next use; the parameters keep their values.
    public func reset() { sqlite3_reset(handle) }

    public func bind(_ index: Int, _ value: Int64?) throws(SQLiteError) {
        guard let value else { return try bindNull(index) }
        try check(sqlite3_bind_int64(handle, Int32(index), value))
    }

    public func bind(_ index: Int, _ value: Double?) throws(SQLiteError) {
        guard let value else { return try bindNull(index) }
        try check(sqlite3_bind_double(handle, Int32(index), value))
    }

    public func bind(_ index: Int, _ value: String?) throws(SQLiteError) {
        guard var value else { return try bindNull(index) }
        let code = value.withUTF8 { bytes in
            let text = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            return sqlite3_bind_text(
                handle,
                Int32(index),
                text ?? emptyText,
                Int32(clamping: bytes.count),
                crosswind_sqlite_transient()
            )
        }
        try check(code)
    }

    /// Binds bytes as a BLOB; they are copied.
    public func bind(_ index: Int, bytes: RawSpan) throws(SQLiteError) {
        let code = bytes.withUnsafeBytes { buffer in
            sqlite3_bind_blob64(
                handle,
                Int32(index),
                buffer.baseAddress ?? UnsafeRawPointer(emptyText),
                UInt64(buffer.count),
                crosswind_sqlite_transient()
            )
        }
        try check(code)
    }

    public func bindNull(_ index: Int) throws(SQLiteError) {
        try check(sqlite3_bind_null(handle, Int32(index)))
    }

    public func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
    }

    public func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

    /// Nil for NULL.
    public func double(_ column: Int) -> Double? {
        isNull(column) ? nil : sqlite3_column_double(handle, Int32(column))
    }

    /// Nil for NULL.
    public func text(_ column: Int) -> String? {
        sqlite3_column_text(handle, Int32(column)).map { String(cString: $0) }
    }

    /// Empty for NULL.
    public func bytes(_ column: Int) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, Int32(column)) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw error() }
    }

    private func error() -> SQLiteError {
        SQLiteError(
            code: sqlite3_extended_errcode(connection),
            message: String(cString: sqlite3_errmsg(connection)),
            path: path,
            sql: sqlite3_sql(handle).map { String(cString: $0) } ?? ""
        )
    }
}

/// A null pointer would be bound as NULL; an empty string or blob is something else.
private var emptyText: UnsafePointer<CChar> {
    UnsafeRawPointer(emptyLiteral.utf8Start).assumingMemoryBound(to: CChar.self)
}
private let emptyLiteral: StaticString = ""
