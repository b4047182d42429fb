import Archive
import Observations
import Quantities

/// What readings are settled by: the network files and the edits of their operators.
struct SettlingRules: Sendable {
    private var instruments: [String: Instrument] = [:]

    init(networks: [Network]) {
        for network in networks {
            for station in network.stations {
                for instrument in station.instruments {
                    instruments["\(network.id)/\(station.id)/\(instrument.id)"] = instrument
                }
            }
        }
    }

    /// Nil for an instrument that no network file describes any more; its readings stay as they are.
    func instrument(of series: Series) -> Instrument? {
        let instrument = instruments["\(series.network)/\(series.station)/\(series.instrument)"]
        return instrument?.gas == series.gas ? instrument : nil
    }
}
