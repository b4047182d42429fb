public import Compression
public import Quantities
public import SQLite

/// A failure of the store.
public enum ArchiveError: Fault, Equatable {
    /// SQLite cannot do what is asked: full, read-only, damaged, locked.
    case storage(SQLiteError)
    /// The store would exceed the size that the operator allows: what it would come to, and what is allowed.
    case limitReached(path: String, neededBytes: Int64, allowedBytes: Int64)
    /// An SQLite file of another program.
    case foreign(path: String)
    /// Written by an earlier version than this one, and only open for reading.
    case older(path: String, version: Int64)
    /// Messages of a batch that cannot be compressed or decompressed.
    case messages(path: String, CompressionError)
    /// Written by a later version than this one.
    case newer(path: String, version: Int64)
    /// A row with a gas, flag or position that there is not. The series is `network/station` and, where it
    /// is known, `/instrument`.
    case damagedRow(path: String, series: String, time: Instant, problem: String)

    public var exitStatus: ExitStatus {
        switch self {
        case .storage(let error): error.exitStatus
        case .limitReached: .inputOutput
        case .foreign, .older, .newer, .damagedRow: .badData
        case .messages(_, let error): error.exitStatus
        }
    }

    public var what: String {
        switch self {
        case .storage(let error): error.what
        case .limitReached(_, let needed, let allowed):
            "the store is full (it would come to \(megabytes(needed)) MB, and \(megabytes(allowed)) MB are allowed)"
        case .foreign: "an SQLite file, but no Crosswind store"
        case .older(_, let version): "the store has schema \(version), older than \(Schema.version)"
        case .messages(_, let error): "the messages of a batch cannot be used: \(error.what)"
        case .newer(_, let version): "the store has schema \(version), newer than \(Schema.version)"
        case .damagedRow(_, _, _, let problem): "the store has a damaged row: \(problem)"
        }
    }

    public var place: String {
        switch self {
        case .storage(let error): error.place
        case .limitReached(let path, _, _): path
        case .foreign(let path), .older(let path, _), .newer(let path, _), .messages(let path, _): path
        case .damagedRow(let path, let series, let time, _): "\(path), \(series) at \(time)"
        }
    }

    public var remedy: String {
        switch self {
        case .storage(let error): error.remedy
        case .limitReached(_, let needed, _):
            """
            raise --max-store-megabytes to \(sufficient(needed)) or more, delete old raw messages with \
            --keep-raw-days, or export what is there, move the file away and begin a new one
            """
        case .foreign: "check the path"
        case .older: "let `crosswind ingest` open it once, which brings it up to date"
        case .messages(_, let error): error.remedy
        case .newer: "use the version of Crosswind that wrote it, or a later one"
        case .damagedRow: "correct the row, or take the store from a backup"
        }
    }

    /// True for what may pass by itself or by an operator's hand while the program runs.
    public var mayPass: Bool {
        switch self {
        case .storage(let error): error.kind == .full || error.kind == .busy || error.kind == .inputOutput
        case .limitReached: true
        default: false
        }
    }

    /// True when there is no room for what was to be stored.
    public var isFull: Bool {
        switch self {
        case .storage(let error): error.kind == .full
        case .limitReached: true
        default: false
        }
    }
}

/// To a tenth: 1234567 is 1.2.
private func megabytes(_ bytes: Int64) -> String {
    let tenths = (bytes + 50_000) / 100_000
    return "\(tenths / 10).\(tenths % 10)"
}

/// Whole megabytes that leave room for as much again as a batch may need.
private func sufficient(_ bytes: Int64) -> Int64 { bytes / 1_000_000 + max(1, bytes / 10_000_000) }

/// Runs a body of SQLite calls and wraps its failure.
func storing<Value: ~Copyable>(_ body: () throws(SQLiteError) -> Value) throws(ArchiveError) -> Value {
    do { return try body() } catch { throw .storage(error) }
}

/// Runs a body of compression calls and wraps its failure.
func compressing<Value: ~Copyable>(
    _ path: String,
    _ body: () throws(CompressionError) -> Value
) throws(ArchiveError) -> Value {
    do { return try body() } catch { throw .messages(path: path, error) }
}
