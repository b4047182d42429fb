import Quantities
import SQLite

/// The tables of the store and how older ones are brought up to date.
///
/// Times are microseconds since 1970 (UTC), mole fractions and uncertainties ppm, positions WGS 84 degrees,
/// altitudes metres; `flag` and `tests` are the raw values of `QualityFlag` and `QualityTests`.
enum Schema {
    /// "CXWD", so that `file` and we know the store from other SQLite files.
    static let applicationID: Int64 = 0x4358_5744

    /// `migrations[n]` leads from version n to n + 1. Never change one that has been released.
    static let migrations = [version1, version2, version3, version4]

    static var version: Int { migrations.count }

    /// Creates or migrates the tables, all in one transaction.
    static func prepare(_ connection: borrowing Connection) throws(ArchiveError) {
        let found = try check(connection)
        guard found < version else { return }
        try storing { () throws(SQLiteError) in
            try connection.transaction { () throws(SQLiteError) in
                // Another process may have been faster.
                let now = try connection.integer("PRAGMA user_version") ?? 0
                for migration in migrations.dropFirst(Int(now)) { try connection.execute(migration) }
                try LetterDigest.fillIn(connection)
                try connection.execute("PRAGMA application_id = \(applicationID)")
                try connection.execute("PRAGMA user_version = \(version)")
            }
        }
    }

    /// The schema version of the file; 0 for an empty one.
    @discardableResult
    static func check(_ connection: borrowing Connection) throws(ArchiveError) -> Int64 {
        let (application, found, tables) = try storing { () throws(SQLiteError) in
            (
                try connection.integer("PRAGMA application_id") ?? 0,
                try connection.integer("PRAGMA user_version") ?? 0,
                try connection.integer("SELECT count(*) FROM sqlite_schema") ?? 0
            )
        }
        guard application == applicationID || tables == 0 else { throw .foreign(path: connection.path) }
        guard found <= version else { throw .newer(path: connection.path, version: found) }
        return found
    }
}
