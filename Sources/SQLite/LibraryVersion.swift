import CSQLite

/// The database library that runs below this module.
public enum SQLiteLibrary {
    /// Version, e.g. `3.40.1`.
    public static var version: String { String(cString: sqlite3_libversion()) }
}
