import Archive
import Observations
import Quantities

/// A reading on its way out of the store, with its place there.
struct ExportedReading {
    let network: String
    var reading: Reading
    /// How often the value of this moment had been replaced.
    let revision: Int
    let rawMessage: Int64
    /// When the next value came; nil for one that stands.
    let superseded: Instant?

    init(_ stored: StoredReading, superseded: Instant? = nil) {
        network = stored.network
        reading = stored.reading
        revision = stored.revision
        rawMessage = stored.rawMessage
        self.superseded = superseded
    }

    /// - Parameter reading: in the place of the one that is stored.
    init(_ stored: StoredReading, reading: Reading) {
        self.init(stored)
        self.reading = reading
    }

    /// By time, then by the names.
    static func precedes(_ a: Self, _ b: Self) -> Bool {
        guard a.reading.time == b.reading.time else { return a.reading.time < b.reading.time }
        return SeriesName(a) < SeriesName(b)
    }
}

/// Whose readings belong together.
struct SeriesName: Hashable, Comparable {
    let network: String
    let station: String
    let instrument: String
    let gas: Gas

    init(_ exported: ExportedReading) {
        network = exported.network
        station = exported.reading.station
        instrument = exported.reading.instrument
        gas = exported.reading.gas
    }

    init(_ series: Series) {
        network = series.network
        station = series.station
        instrument = series.instrument
        gas = series.gas
    }

    static func < (a: Self, b: Self) -> Bool {
        (a.network, a.station, a.instrument, a.gas.rawValue)
            < (b.network, b.station, b.instrument, b.gas.rawValue)
    }

    /// The columns that name a series.
    static var columns: [ExportColumn<SeriesName>] {
        [
            ExportColumn("network") { .text($0.network) },
            ExportColumn("station") { .text($0.station) },
            ExportColumn("instrument") { .text($0.instrument) },
            ExportColumn("gas") { .text($0.gas.rawValue) },
        ]
    }
}

extension ReadingQuery {
    /// Whether readings of a series can be among those asked for.
    func selects(_ series: Series) -> Bool {
        (network ?? series.network) == series.network && (stations?.contains(series.station) ?? true)
            && (instruments?.contains(series.instrument) ?? true) && (gas ?? series.gas) == series.gas
    }
}
