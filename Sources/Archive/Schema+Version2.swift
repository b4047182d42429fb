extension Schema {
    /// Messages of a transaction together and compressed, reported and settled values side by side, conditions,
    /// and tables for everything that is derived from readings. What version 1 held is carried over.
    static let version2 = [stations2, messages2, readings2, revisions2, derived2, journal2].joined(
        separator: "\n"
    )

    /// A station has weather and receipts of its own, besides its series.
    private static let stations2 = """
        CREATE TABLE stations(
            id INTEGER PRIMARY KEY,
            network TEXT NOT NULL,
            station TEXT NOT NULL,
            UNIQUE(network, station)
        ) STRICT;
        INSERT INTO stations(network, station) SELECT DISTINCT network, station FROM series ORDER BY id;
        ALTER TABLE series RENAME TO old_series;
        CREATE TABLE series(
            id INTEGER PRIMARY KEY,
            station INTEGER NOT NULL REFERENCES stations(id),
            instrument TEXT NOT NULL,
            gas TEXT NOT NULL,
            UNIQUE(station, gas, instrument)
        ) STRICT;
        INSERT INTO series(id, station, instrument, gas)
            SELECT old_series.id, stations.id, instrument, gas FROM old_series
            JOIN stations ON stations.network = old_series.network
                AND stations.station = old_series.station;
        DROP TABLE old_series;
        ALTER TABLE scales RENAME TO old_scales;
        CREATE TABLE scales(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        INSERT INTO scales SELECT id, name FROM old_scales;
        DROP TABLE old_scales;
        CREATE TABLE condition_names(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        INSERT INTO condition_names(name) VALUES
            ('t'), ('rh'), ('p'), ('h2o'), ('ws'), ('wd'), ('spd'), ('hdg'), ('acc'), ('sat'), ('bat');
        """

    /// A batch is named after the number of its first message. Those of version 1 are recognised by the moment
    /// they came; where the clock stepped backwards, they count as come when it had stood before. The last message
    /// has a row in any case: later numbers begin behind it even when it has been discarded.
    private static let messages2 = """
        CREATE TABLE batches(id INTEGER PRIMARY KEY, received INTEGER NOT NULL) STRICT;
        INSERT INTO batches(id, received)
            SELECT id, max(received, coalesce(latest, received)) FROM (
                SELECT id, received, max(received) OVER (
                    ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ) AS latest FROM raw_messages
            ) WHERE latest IS NULL OR received > latest OR id = (SELECT max(id) FROM raw_messages);
        CREATE TABLE raw_batches(
            batch INTEGER PRIMARY KEY REFERENCES batches(id),
            codec INTEGER NOT NULL,
            payloads BLOB NOT NULL
        ) STRICT;
        """

    private static let reported2 = """
        value REAL,
            uncertainty REAL,
            scale INTEGER NOT NULL REFERENCES scales(id),
            longitude REAL,
            latitude REAL,
            altitude REAL,
            reported_flag INTEGER NOT NULL,
            reported_tests INTEGER NOT NULL,
            conditions BLOB,
            bottle TEXT,
            raw_message INTEGER NOT NULL,
            revision INTEGER NOT NULL
        """

    private static let readings2 = """
        ALTER TABLE readings RENAME TO old_readings;
        CREATE TABLE readings(
            series INTEGER NOT NULL REFERENCES series(id),
            time INTEGER NOT NULL,
            \(reported2),
            flag INTEGER NOT NULL,
            tests INTEGER NOT NULL,
            settled_value REAL,
            settled_uncertainty REAL,
            settled_scale INTEGER REFERENCES scales(id),
            PRIMARY KEY(series, time)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO readings
            SELECT series, time, value, uncertainty, scale, longitude, latitude, altitude, flag, tests,
                NULL, NULL, raw_message, revision, flag, tests, NULL, NULL, NULL
            FROM old_readings ORDER BY series, time;
        DROP TABLE old_readings;
        CREATE TABLE weather(
            station INTEGER NOT NULL REFERENCES stations(id),
            time INTEGER NOT NULL,
            conditions BLOB NOT NULL,
            raw_message INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            PRIMARY KEY(station, time)
        ) STRICT, WITHOUT ROWID;
        """

    /// `superseded` is when the transaction came that brought the next value, in the order of the batches.
    private static let revisions2 = """
        ALTER TABLE revisions RENAME TO old_revisions;
        CREATE TABLE revisions(
            series INTEGER NOT NULL REFERENCES series(id),
            time INTEGER NOT NULL,
            \(reported2),
            superseded INTEGER NOT NULL,
            PRIMARY KEY(series, time, revision)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO revisions
            SELECT series, time, value, uncertainty, scale, longitude, latitude, altitude, flag, tests,
                NULL, NULL, raw_message, revision,
                coalesce((
                    SELECT received FROM batches WHERE batches.id <= coalesce(
                        (SELECT next.raw_message FROM old_revisions AS next
                            WHERE next.series = old_revisions.series AND next.time = old_revisions.time
                            AND next.revision = old_revisions.revision + 1),
                        (SELECT readings.raw_message FROM readings
                            WHERE readings.series = old_revisions.series
                            AND readings.time = old_revisions.time)
                    ) ORDER BY batches.id DESC LIMIT 1
                ), superseded)
            FROM old_revisions;
        DROP TABLE old_revisions;
        CREATE TABLE weather_revisions(
            station INTEGER NOT NULL REFERENCES stations(id),
            time INTEGER NOT NULL,
            conditions BLOB NOT NULL,
            raw_message INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            superseded INTEGER NOT NULL,
            PRIMARY KEY(station, time, revision)
        ) STRICT, WITHOUT ROWID;
        """

    private static let derived2 = """
        CREATE TABLE dirty(
            series INTEGER NOT NULL REFERENCES series(id),
            start INTEGER NOT NULL,
            end INTEGER NOT NULL,
            PRIMARY KEY(series, start)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE aggregates(
            series INTEGER NOT NULL REFERENCES series(id),
            interval INTEGER NOT NULL,
            start INTEGER NOT NULL,
            scale INTEGER REFERENCES scales(id),
            mean REAL,
            deviation REAL,
            uncertainty REAL,
            parts INTEGER NOT NULL,
            used INTEGER NOT NULL,
            excluded INTEGER NOT NULL,
            completeness REAL NOT NULL,
            worst_flag INTEGER NOT NULL,
            tests INTEGER NOT NULL,
            good INTEGER NOT NULL,
            not_evaluated INTEGER NOT NULL,
            suspect INTEGER NOT NULL,
            fail INTEGER NOT NULL,
            missing INTEGER NOT NULL,
            reading_uncertainty REAL,
            PRIMARY KEY(series, interval, start)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE calibrations(
            series INTEGER NOT NULL REFERENCES series(id),
            start INTEGER NOT NULL,
            end INTEGER NOT NULL,
            kind TEXT NOT NULL,
            coefficients BLOB NOT NULL,
            covariance BLOB NOT NULL,
            detail TEXT NOT NULL,
            PRIMARY KEY(series, start, kind)
        ) STRICT, WITHOUT ROWID;
        """

    /// `digest` tells letters apart quickly (``LetterDigest``); SQL cannot compute it for those of version 1, so
    /// that it is filled in afterwards.
    private static let journal2 = """
        CREATE TABLE configurations(
            id INTEGER PRIMARY KEY,
            recorded INTEGER NOT NULL,
            network TEXT NOT NULL,
            kind TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX configurations_by_name ON configurations(network, kind, recorded);
        CREATE INDEX readings_of_bottles ON readings(series, time) WHERE bottle IS NOT NULL;
        CREATE TABLE loggers(
            id INTEGER PRIMARY KEY,
            station INTEGER NOT NULL REFERENCES stations(id),
            boot TEXT NOT NULL,
            UNIQUE(station, boot)
        ) STRICT;
        CREATE TABLE receipts(
            logger INTEGER NOT NULL REFERENCES loggers(id),
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            PRIMARY KEY(logger, first)
        ) STRICT, WITHOUT ROWID;
        ALTER TABLE dead_letters RENAME TO old_dead_letters;
        CREATE TABLE dead_letters(
            id INTEGER PRIMARY KEY,
            received INTEGER NOT NULL,
            topic TEXT NOT NULL,
            payload BLOB NOT NULL,
            item INTEGER,
            reason TEXT NOT NULL,
            detail TEXT NOT NULL,
            decoder TEXT NOT NULL,
            replayed INTEGER,
            repeats INTEGER NOT NULL,
            last_received INTEGER NOT NULL,
            digest INTEGER
        ) STRICT;
        INSERT INTO dead_letters
            SELECT id, received, topic, payload, item, reason, detail, decoder, NULL, 0, received, NULL
            FROM old_dead_letters;
        DROP TABLE old_dead_letters;
        CREATE INDEX dead_letters_to_replay ON dead_letters(id) WHERE replayed IS NULL;
        CREATE INDEX dead_letters_by_digest ON dead_letters(digest);
        """
}
