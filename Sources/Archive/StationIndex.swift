import Observations
import Quantities
import SQLite

/// A station as the writer of a store knows it. It is asked for once and then used for every message.
public struct StationHandle: Hashable, Sendable {
    let index: Int
}

/// Numbers of stations, series, scales and names, remembered so that a reading costs no query for them.
struct StationIndex {
    struct Station {
        let network: String
        let id: String
        var number: Int64?
        var series: [SeriesEntry] = []
        var loggers: [Logger] = []
    }

    struct SeriesEntry {
        let instrument: String
        let gas: Gas
        let number: Int64
        /// A small number of its own, for what is remembered of a series within a transaction.
        let place: Int
    }

    private struct Key: Hashable {
        let network: String
        let station: String
    }

    private var places: [Key: Int] = [:]
    var stations: [Station] = []
    /// Numbers of series by their places.
    private(set) var seriesNumbers: [Int64] = []
    private var scales: [(scale: CalibrationScale, number: Int64)] = []
    private var names: [(name: String, number: Int64)] = []

    mutating func handle(_ station: String, network: String) -> StationHandle {
        let key = Key(network: network, station: station)
        if let known = places[key] { return StationHandle(index: known) }
        stations.append(Station(network: network, id: station))
        places[key] = stations.count - 1
        return StationHandle(index: stations.count - 1)
    }

    /// After a transaction has been undone: numbers that it gave out are not in the file.
    mutating func forgetNumbers() {
        for index in stations.indices {
            stations[index].number = nil
            stations[index].series = []
            stations[index].loggers = []
        }
        seriesNumbers = []
        scales = []
        names = []
    }

    mutating func number(
        _ station: StationHandle,
        _ connection: borrowing Connection
    ) throws(SQLiteError) -> Int64 {
        if let known = stations[station.index].number { return known }
        let number = try connection.find(
            "SELECT id FROM stations WHERE network = ? AND station = ?",
            orInsert: "INSERT INTO stations(network, station) VALUES(?, ?) RETURNING id",
            [stations[station.index].network, stations[station.index].id]
        )
        stations[station.index].number = number
        return number
    }

    mutating func series(
        _ station: StationHandle,
        _ instrument: String,
        _ gas: Gas,
        _ connection: borrowing Connection
    ) throws(SQLiteError) -> SeriesEntry {
        // A station has a handful; strings that are the same object compare at once, so this beats hashing.
        for entry in stations[station.index].series
        where entry.gas == gas && entry.instrument == instrument {
            return entry
        }
        let station = (index: station.index, number: try number(station, connection))
        let number = try connection.find(
            "SELECT id FROM series WHERE station = \(station.number) AND instrument = ? AND gas = ?",
            orInsert: """
                INSERT INTO series(station, instrument, gas) VALUES(\(station.number), ?, ?) RETURNING id
                """,
            [instrument, gas.rawValue]
        )
        let entry = SeriesEntry(
            instrument: instrument,
            gas: gas,
            number: number,
            place: seriesNumbers.count
        )
        seriesNumbers.append(number)
        stations[station.index].series.append(entry)
        return entry
    }

    mutating func scale(
        _ scale: CalibrationScale,
        _ connection: borrowing Connection
    ) throws(SQLiteError) -> Int64 {
        for known in scales where known.scale == scale { return known.number }
        let number = try connection.find(
            "SELECT id FROM scales WHERE name = ?",
            orInsert: "INSERT INTO scales(name) VALUES(?) RETURNING id",
            [scale.rawValue]
        )
        scales.append((scale, number))
        return number
    }

    mutating func conditionName(
        _ name: String,
        _ connection: borrowing Connection
    ) throws(SQLiteError) -> Int64 {
        for known in names where known.name == name { return known.number }
        let number = try connection.find(
            "SELECT id FROM condition_names WHERE name = ?",
            orInsert: "INSERT INTO condition_names(name) VALUES(?) RETURNING id",
            [name]
        )
        names.append((name, number))
        return number
    }
}

extension Connection {
    /// The number of a row with these texts, which is added where it is not there.
    func find(_ query: String, orInsert insertion: String, _ texts: [String]) throws(SQLiteError) -> Int64 {
        for sql in [query, insertion] {
            let statement = try prepare(sql)
            for (index, text) in texts.enumerated() { try statement.bind(index + 1, text) }
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
