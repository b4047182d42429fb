public import Quantities
public import SQLite

/// A failure of the store.
public enum ArchiveError: Fault, Equatable {
    /// SQLite cannot do what is asked: full, read-only, damaged, locked.
    case storage(SQLiteError)
    /// An SQLite file of another program.
    case foreign(path: String)
    /// Written by a later version than this one.
    case newer(path: String, version: Int64)

    public var exitStatus: ExitStatus {
        switch self {
        case .storage(let error): error.exitStatus
        case .foreign, .newer: .badData
        }
    }

    public var what: String {
        switch self {
        case .storage(let error): error.what
        case .foreign: "an SQLite file, but no Crosswind store"
        case .newer(_, let version): "the store has schema \(version), newer than \(Schema.version)"
        }
    }

    public var place: String {
        switch self {
        case .storage(let error): error.place
        case .foreign(let path), .newer(let path, _): path
        }
    }

    public var remedy: String {
        switch self {
        case .storage(let error): error.remedy
        case .foreign: "check the path"
        case .newer: "use the version of Crosswind that wrote it, or a later one"
        }
    }

    /// True for what may pass by itself or by an operator's hand while the program runs.
    public var mayPass: Bool {
        guard case .storage(let error) = self else { return false }
        return error.kind == .full || error.kind == .busy || error.kind == .inputOutput
    }
}

/// Runs a body of SQLite calls and wraps its failure.
func storing<Value: ~Copyable>(_ body: () throws(SQLiteError) -> Value) throws(ArchiveError) -> Value {
    do { return try body() } catch { throw .storage(error) }
}
