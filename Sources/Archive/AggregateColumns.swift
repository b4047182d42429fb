import Observations
import Quantities
import SQLite

/// How aggregates stand in their table.
enum AggregateColumns {
    static let names = """
        scale, mean, deviation, uncertainty, parts, used, excluded, completeness, worst_flag, tests, \
        good, not_evaluated, suspect, fail, missing, reading_uncertainty, nominal_step
        """

    private static let flags: [QualityFlag] = [.good, .notEvaluated, .suspect, .fail, .missing]

    /// The lengths are stored under numbers: never reuse one.
    static func number(_ interval: AggregateInterval) -> Int64 {
        switch interval {
        case .minute: 1
        case .hour: 2
        case .day: 3
        }
    }

    static func bind(
        _ aggregate: Aggregate,
        scale: Int64?,
        _ statement: borrowing Statement,
        from first: Int
    ) throws(SQLiteError) {
        try statement.bind(first, scale)
        try statement.bind(first + 1, aggregate.meanPartsPerMillion)
        try statement.bind(first + 2, aggregate.standardDeviationPartsPerMillion)
        try statement.bind(first + 3, aggregate.standardUncertaintyPartsPerMillion)
        try statement.bind(first + 4, Int64(aggregate.parts))
        try statement.bind(first + 5, Int64(aggregate.used))
        try statement.bind(first + 6, Int64(aggregate.excluded))
        try statement.bind(first + 7, aggregate.completeness)
        try statement.bind(first + 8, Int64(aggregate.worstFlag.rawValue))
        try statement.bind(first + 9, Int64(aggregate.tests.rawValue))
        for (offset, flag) in flags.enumerated() {
            try statement.bind(first + 10 + offset, Int64(aggregate.flagCounts[flag] ?? 0))
        }
        try statement.bind(first + 10 + flags.count, aggregate.readingUncertaintyPartsPerMillion)
        try statement.bind(first + 11 + flags.count, aggregate.nominalStepSeconds)
    }

    /// The aggregate whose columns, without the scale, begin at `first`.
    static func read(
        _ row: borrowing Statement,
        from first: Int,
        period: Period,
        scale: CalibrationScale?,
        _ stored: StoredRow
    ) throws(ArchiveError) -> Aggregate {
        var counts: [QualityFlag: Int] = [:]
        for (offset, flag) in flags.enumerated() {
            let count = Int(row.integer(first + 9 + offset))
            if count > 0 { counts[flag] = count }
        }
        return Aggregate(
            period: period,
            scale: scale,
            meanPartsPerMillion: row.double(first),
            standardDeviationPartsPerMillion: row.double(first + 1),
            standardUncertaintyPartsPerMillion: row.double(first + 2),
            readingUncertaintyPartsPerMillion: row.double(first + 9 + flags.count),
            parts: Int(row.integer(first + 3)),
            used: Int(row.integer(first + 4)),
            excluded: Int(row.integer(first + 5)),
            nominalStepSeconds: row.double(first + 10 + flags.count),
            completeness: row.double(first + 6) ?? 0,
            worstFlag: try stored.flag(row.integer(first + 7)),
            tests: try stored.tests(row.integer(first + 8)),
            flagCounts: counts
        )
    }
}
