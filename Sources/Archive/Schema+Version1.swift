extension Schema {
    /// One row a message, and readings as they were judged when they came.
    static let version1 = """
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
}
