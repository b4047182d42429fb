extension Schema {
    /// Readings are compared with those of other series once these are settled. What vehicles measured beside stations
    /// has not been: all is settled anew.
    static let version4 = """
        CREATE TABLE comparisons(
            series INTEGER NOT NULL REFERENCES series(id),
            start INTEGER NOT NULL,
            end INTEGER NOT NULL,
            PRIMARY KEY(series, start)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO dirty(series, start, end)
            SELECT series, min(time), max(time) FROM readings WHERE true GROUP BY series
            ON CONFLICT DO UPDATE SET end = max(end, excluded.end);
        """
}
