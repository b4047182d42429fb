import Quantities
import SQLite

/// What the readings of one series have in common.
struct SeriesKey: Hashable {
    let network: String
    let station: String
    let instrument: String
    let gas: Gas
}

/// Identifiers of series and scales, remembered so that a reading costs no query for them.
struct SeriesIndex {
    private var series: [SeriesKey: Int64] = [:]
    private var scales: [CalibrationScale: Int64] = [:]

    mutating func id(_ key: SeriesKey, _ connection: borrowing Connection) throws(SQLiteError) -> Int64 {
        if let known = series[key] { return known }
        let columns = [key.network, key.station, key.instrument, key.gas.rawValue]
        let id = try find(
            "SELECT id FROM series WHERE network = ? AND station = ? AND instrument = ? AND gas = ?",
            orInsert: "INSERT INTO series(network, station, instrument, gas) VALUES(?, ?, ?, ?) RETURNING id",
            columns,
            connection
        )
        series[key] = id
        return id
    }

    mutating func scale(
        _ scale: CalibrationScale,
        _ connection: borrowing Connection
    ) throws(SQLiteError) -> Int64 {
        if let known = scales[scale] { return known }
        let id = try find(
            "SELECT id FROM scales WHERE name = ?",
            orInsert: "INSERT INTO scales(name) VALUES(?) RETURNING id",
            [scale.rawValue],
            connection
        )
        scales[scale] = id
        return id
    }

    private func find(
        _ query: String,
        orInsert insertion: String,
        _ columns: [String],
        _ connection: borrowing Connection
    ) throws(SQLiteError) -> Int64 {
        for sql in [query, insertion] {
            let statement = try connection.prepare(sql)
            for (index, column) in columns.enumerated() { try statement.bind(index + 1, column) }
            if try statement.step() {
                let id = statement.integer(0)
                // An insertion with RETURNING takes effect when it has run to its end.
                while try statement.step() {}
                return id
            }
        }
        preconditionFailure("an insertion returns its row")
    }
}
