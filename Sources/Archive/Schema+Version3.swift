extension Schema {
    /// Means know the step of their series. Those there are were made with another: all is settled anew.
    static let version3 = """
        ALTER TABLE aggregates ADD COLUMN nominal_step REAL;
        INSERT INTO dirty(series, start, end)
            SELECT series, min(time), max(time) FROM readings WHERE true GROUP BY series
            ON CONFLICT DO UPDATE SET end = max(end, excluded.end);
        """
}
