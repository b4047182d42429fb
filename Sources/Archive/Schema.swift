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
    static let migrations = [
        """
        CREATE TABLE raw_messages(
            id INTEGER PRIMARY KEY,
            received INTEGER NOT NULL,
            topic TEXT NOT NULL,
            payload BLOB NOT NULL
        );
        CREATE TABLE series(
            id INTEGER PRIMARY KEY,
            network TEXT NOT NULL,
            station TEXT NOT NULL,
            instrument TEXT NOT NULL,
            gas TEXT NOT NULL,
            UNIQUE(station, gas, network, instrument)
        );
        CREATE TABLE scales(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE readings(
            series INTEGER NOT NULL REFERENCES series(id),
            time INTEGER NOT NULL,
            value REAL,
            uncertainty REAL,
            scale INTEGER NOT NULL REFERENCES scales(id),
            longitude REAL,
            latitude REAL,
            altitude REAL,
            flag INTEGER NOT NULL,
            tests INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            raw_message INTEGER NOT NULL REFERENCES raw_messages(id),
            PRIMARY KEY(series, time)
        ) WITHOUT ROWID;
        CREATE TABLE revisions(
            series INTEGER NOT NULL,
            time INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            value REAL,
            uncertainty REAL,
            scale INTEGER NOT NULL,
            longitude REAL,
            latitude REAL,
            altitude REAL,
            flag INTEGER NOT NULL,
            tests INTEGER NOT NULL,
            raw_message INTEGER NOT NULL,
            superseded INTEGER NOT NULL,
            PRIMARY KEY(series, time, revision)
        ) WITHOUT ROWID;
        CREATE TABLE dead_letters(
            id INTEGER PRIMARY KEY,
            received INTEGER NOT NULL,
            topic TEXT NOT NULL,
            payload BLOB NOT NULL,
            item INTEGER,
            reason TEXT NOT NULL,
            detail TEXT NOT NULL,
            decoder TEXT NOT NULL
        );
        """
    ]

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
