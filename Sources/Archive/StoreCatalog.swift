import Geo
import Observations
import Quantities
import SQLite

/// Names behind the numbers of a store.
struct StoreCatalog {
    private var series: [Int64: Series] = [:]
    private var scales: [Int64: CalibrationScale] = [:]
    /// Of the row before, which is most often that of the next.
    private var lastScale: (number: Int64, scale: CalibrationScale)?
    private var names = ConditionNames()

    /// The series, or nil for an unknown number even after the file has been asked.
    mutating func series(
        _ number: Int64,
        _ connection: borrowing Connection
    ) throws(ArchiveError) -> Series {
        if let known = series[number] { return known }
        for found in try Self.allSeries(connection) { series[found.id.number] = found }
        guard let known = series[number] else {
            throw .damagedRow(
                path: connection.path,
                series: "series \(number)",
                time: Instant(microseconds: 0),
                problem: "unknown series"
            )
        }
        return known
    }

    mutating func scale(_ number: Int64, _ connection: borrowing Connection) throws(ArchiveError)
        -> CalibrationScale
    {
        if let lastScale, lastScale.number == number { return lastScale.scale }
        if let known = scales[number] {
            lastScale = (number, known)
            return known
        }
        for (number, name) in try Self.texts("SELECT id, name FROM scales", connection) {
            scales[number] = CalibrationScale(rawValue: name)
        }
        return scales[number] ?? CalibrationScale(rawValue: "")
    }

    mutating func conditions(
        _ row: borrowing Statement,
        _ column: Int,
        _ connection: borrowing Connection,
        _ stored: StoredRow
    ) throws(ArchiveError) -> Conditions {
        guard !row.isNull(column) else { return [:] }
        let bytes = row.bytes(column)
        if let known = ConditionCodec.decode(bytes, name: { names[$0] }) { return known }
        // A name may have come since we looked.
        for (number, name) in try Self.texts("SELECT id, name FROM condition_names", connection) {
            names[number] = name
        }
        guard let known = ConditionCodec.decode(bytes, name: { names[$0] }) else {
            throw stored.damaged("unreadable conditions")
        }
        return known
    }

    /// A reading whose columns are those of ``ReadingColumns`` from `first` on.
    mutating func reading(
        _ row: borrowing Statement,
        from first: Int,
        of series: Series,
        _ connection: borrowing Connection
    ) throws(ArchiveError) -> Reading {
        let stored = StoredRow(
            path: connection.path,
            series: series.path,
            time: Instant(microseconds: row.integer(first))
        )
        return Reading(
            station: series.station,
            instrument: series.instrument,
            gas: series.gas,
            time: stored.time,
            valuePartsPerMillion: row.double(first + 1),
            scale: try scale(row.integer(first + 3), connection),
            position: try stored.position(
                row.double(first + 4),
                row.double(first + 5),
                row.double(first + 6)
            ),
            standardUncertaintyPartsPerMillion: row.double(first + 2),
            flag: try stored.flag(row.integer(first + 7)),
            tests: try stored.tests(row.integer(first + 8)),
            conditions: try conditions(row, first + 9, connection, stored),
            bottle: row.text(first + 10)
        )
    }

    /// The rows of ``ReadingColumns/window``.
    mutating func window(
        _ series: Series,
        _ first: Instant,
        _ last: Instant,
        _ statement: borrowing Statement,
        _ connection: borrowing Connection
    ) throws(ArchiveError) -> SeriesWindow {
        try storing { () throws(SQLiteError) in
            try statement.bind(1, series.id.number)
            try statement.bind(2, first.microseconds)
            try statement.bind(3, last.microseconds)
        }
        var window = SeriesWindow()
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            let reading = try reading(statement, from: 0, of: series, connection)
            window.readings.append(reading)
            window.settled.append(try settled(statement, reading.time, series, connection))
        }
        return window
    }

    /// The rows of ``ReadingColumns/averaged``.
    mutating func readingsToAverage(
        _ series: Series,
        _ period: Period,
        _ statement: borrowing Statement,
        _ connection: borrowing Connection
    ) throws(ArchiveError) -> [Reading] {
        try storing { () throws(SQLiteError) in
            try statement.bind(1, series.id.number)
            try statement.bind(2, period.start.microseconds)
            try statement.bind(3, period.end.microseconds)
        }
        var readings: [Reading] = []
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            readings.append(try reading(statement, from: 0, of: series, connection))
        }
        return readings
    }

    private mutating func settled(
        _ row: borrowing Statement,
        _ time: Instant,
        _ series: Series,
        _ connection: borrowing Connection
    ) throws(ArchiveError) -> SettledRow {
        let stored = StoredRow(path: connection.path, series: series.path, time: time)
        var value: SettledRow.Value?
        if !row.isNull(15) {
            value = SettledRow.Value(
                partsPerMillion: row.double(13),
                standardUncertaintyPartsPerMillion: row.double(14),
                scale: try scale(row.integer(15), connection)
            )
        }
        return SettledRow(
            time: time,
            flag: try stored.flag(row.integer(11)),
            tests: try stored.tests(row.integer(12)),
            value: value
        )
    }

    /// All series in the order of network, station, instrument and gas.
    static func allSeries(_ connection: borrowing Connection) throws(ArchiveError) -> [Series] {
        let statement = try storing { () throws(SQLiteError) in
            try connection.prepare(
                """
                SELECT series.id, network, stations.station, instrument, gas, \
                (SELECT min(time) FROM readings WHERE readings.series = series.id) \
                FROM series JOIN stations ON stations.id = series.station \
                ORDER BY network, stations.station, instrument, gas
                """
            )
        }
        var all: [Series] = []
        while try storing({ () throws(SQLiteError) in try statement.step() }) {
            let names = [statement.text(1) ?? "", statement.text(2) ?? "", statement.text(3) ?? ""]
            let stored = StoredRow(
                path: connection.path,
                series: names.joined(separator: "/"),
                time: Instant(microseconds: statement.integer(5))
            )
            all.append(
                Series(
                    id: Series.ID(number: statement.integer(0)),
                    network: names[0],
                    station: names[1],
                    instrument: names[2],
                    gas: try stored.gas(statement.text(4))
                )
            )
        }
        return all
    }

    private static func texts(
        _ sql: String,
        _ connection: borrowing Connection
    ) throws(ArchiveError) -> [(Int64, String)] {
        try storing { () throws(SQLiteError) in
            let statement = try connection.prepare(sql)
            var rows: [(Int64, String)] = []
            while try statement.step() { rows.append((statement.integer(0), statement.text(1) ?? "")) }
            return rows
        }
    }
}

/// Names of conditions by their numbers, which are small and without gaps but for damage.
private struct ConditionNames {
    private var first: [String?] = []
    private var others: [Int64: String] = [:]

    subscript(_ number: Int64) -> String? {
        get { number >= 0 && number < first.count ? first[Int(number)] : others[number] }
        set {
            guard number >= 0, number < 1024 else { return others[number] = newValue }
            let place = Int(number)
            if place >= first.count {
                first.append(contentsOf: repeatElement(nil, count: place + 1 - first.count))
            }
            first[place] = newValue
        }
    }
}
