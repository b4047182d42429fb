import CSQLite
public import Quantities

/// A failure of the SQLite library, with the statement it happened in.
public struct SQLiteError: Fault, Equatable {
    /// What an operator can do something about, told apart.
    public enum Kind: Equatable, Sendable {
        /// No file at the path.
        case noSuchFile
        /// The path cannot be opened: a folder, no permission, no such folder.
        case cannotOpen
        /// Another process holds the lock for longer than the waiting time.
        case busy
        /// The disk, or the size allowed to the file, is exhausted.
        case full
        /// The file or its folder may not be written.
        case readOnly
        /// The content of the file is damaged.
        case corrupt
        /// The file is something else.
        case notADatabase
        /// The disk fails.
        case inputOutput
        /// A uniqueness or check rule of the schema refuses.
        case constraint
        /// Any other code: mostly a mistake in the SQL.
        case other
    }

    public let kind: Kind
    /// The extended result code of the library.
    public let code: Int32
    public let message: String
    public let path: String
    /// Empty when no statement was being run.
    public let sql: String

    public init(_ kind: Kind, code: Int32, message: String, path: String, sql: String = "") {
        self.kind = kind
        self.code = code
        self.message = message
        self.path = path
        self.sql = sql
    }

    init(code: Int32, message: String, path: String, sql: String = "") {
        // The low byte is the primary code; the rest refines it.
        let kind: Kind =
            switch code & 0xFF {
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_FULL: .full
            case SQLITE_READONLY, SQLITE_PERM: .readOnly
            case SQLITE_CORRUPT: .corrupt
            case SQLITE_NOTADB: .notADatabase
            case SQLITE_CANTOPEN: .cannotOpen
            case SQLITE_IOERR: .inputOutput
            case SQLITE_CONSTRAINT: .constraint
            default: .other
            }
        self.init(kind, code: code, message: message, path: path, sql: sql)
    }

    public var exitStatus: ExitStatus {
        switch kind {
        case .noSuchFile: .missingInput
        case .corrupt, .notADatabase: .badData
        case .cannotOpen, .busy, .full, .readOnly, .inputOutput: .inputOutput
        case .constraint, .other: .internalError
        }
    }

    public var what: String {
        switch kind {
        case .noSuchFile: "no such file"
        case .cannotOpen: "the store cannot be opened"
        case .busy: "the store is locked by another process"
        case .full: "the store is full"
        case .readOnly: "the store may not be written"
        case .corrupt: "the store is damaged"
        case .notADatabase: "not an SQLite file"
        case .inputOutput: "the disk of the store fails (\(message))"
        case .constraint, .other: "SQLite error \(code) (\(message))"
        }
    }

    public var place: String { sql.isEmpty || kind != .other ? path : "\(path), `\(sql)`" }

    public var remedy: String {
        switch kind {
        case .noSuchFile: "check the path"
        case .cannotOpen: "check that the folder exists and may be written"
        case .busy: "end the other writer"
        case .full: "free disk space or allow the store to grow"
        case .readOnly: "check the permissions of the file and its folder"
        case .corrupt: "restore a backup, or save what is left with `sqlite3 FILE .recover`"
        case .notADatabase: "check the path"
        case .inputOutput: "check the disk"
        case .constraint, .other: ""
        }
    }
}
