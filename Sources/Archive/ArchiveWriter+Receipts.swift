import Quantities
import SQLite

extension ArchiveWriter {
    /// Notes that a message of a logger has come, whatever became of it: it need not be sent again.
    /// - Parameter boot: tells one start of the logger from another.
    public mutating func receive(
        _ sequence: Int64,
        boot: String,
        of station: StationHandle
    ) throws(ArchiveError) {
        do {
            let logger = try stations.logger(boot, station, connection, receipts)
            if stations.receive(sequence, station, logger) {
                touchedLoggers.append(LoggerPlace(station: station.index, boot: boot))
            }
        } catch {
            throw .storage(error)
        }
    }

    /// The receipts of the loggers heard in the open transaction, or else in the last one that was committed. They
    /// are true only once it has been.
    public var changedReceipts: [ReceiptState] {
        touchedLoggers.compactMap { place in
            let station = stations.stations[place.station]
            return station.loggers.last { $0.boot == place.boot }.map {
                ReceiptState(
                    network: station.network,
                    station: station.id,
                    boot: place.boot,
                    ranges: $0.received.ranges
                )
            }
        }
    }

    mutating func flushReceipts() throws(ArchiveError) {
        for place in touchedLoggers {
            let loggers = stations.stations[place.station].loggers
            guard let index = loggers.lastIndex(where: { $0.boot == place.boot }) else { continue }
            try storing { () throws(SQLiteError) in try receipts.write(loggers[index]) }
            stations.stations[place.station].loggers[index].stored = nil
        }
    }
}
