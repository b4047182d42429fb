import Observations

/// The columns of readings in queries: `readings` always in the same order, so that one piece of code reads them.
enum ReadingColumns {
    /// Of a moment, without the series: 0 time, 1 value, 2 uncertainty, 3 scale, 4 to 6 position, 7 flag, 8 tests,
    /// 9 conditions, 10 bottle.
    static let reported = """
        time, value, uncertainty, scale, longitude, latitude, altitude, reported_flag, reported_tests, \
        conditions, bottle
        """

    /// As they stand: the calibrated value where there is one.
    static let settled = """
        \(settledValue), longitude, latitude, altitude, flag, tests, conditions, bottle
        """

    private static let settledValue = """
        time, CASE WHEN settled_scale IS NULL THEN value ELSE settled_value END AS value, \
        CASE WHEN settled_scale IS NULL THEN uncertainty ELSE settled_uncertainty END AS uncertainty, \
        coalesce(settled_scale, scale) AS scale
        """

    /// The readings of a series in a period as they stand, with what means are made of and nothing else.
    static let averaged = """
        SELECT \(settledValue), NULL, NULL, NULL, flag, tests, NULL, NULL FROM readings \
        WHERE series = ?1 AND time >= ?2 AND time < ?3 ORDER BY time
        """

    /// The readings of a series between two moments, both included: reported, then 11 flag, 12 tests, 13 to 15
    /// settled value, uncertainty and scale.
    static let window = """
        SELECT \(reported), flag, tests, settled_value, settled_uncertainty, settled_scale FROM readings \
        WHERE series = ?1 AND time BETWEEN ?2 AND ?3 ORDER BY time
        """

    /// The readings of a series in a period that other series may be judged by: good by all tests but those against
    /// other series, whatever these say. 0 time, 1 value, 2 scale.
    static let compared = """
        SELECT time, CASE WHEN settled_scale IS NULL THEN value ELSE settled_value END AS value, \
        coalesce(settled_scale, scale) FROM readings \
        WHERE series = ?1 AND time >= ?2 AND time < ?3 AND (flag IN (\(QualityFlag.good.rawValue), \
        \(QualityFlag.notEvaluated.rawValue)) OR (flag = \(QualityFlag.suspect.rawValue) \
        AND tests & \(QualityTests.comparisonAlone.rawValue))) ORDER BY time
        """
}
