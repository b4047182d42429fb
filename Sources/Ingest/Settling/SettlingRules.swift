import Archive
import Observations
import Quantities

/// What readings are settled by: the network files and the edits of their operators.
struct SettlingRules: Sendable {
    private let series: [String: SeriesRules]

    /// - Parameter edits: by network; none where absent.
    init(networks: [Network], edits: [String: OperatorEdits] = [:]) {
        var series: [String: SeriesRules] = [:]
        for network in networks {
            let edits = edits[network.id] ?? OperatorEdits(network: network.id, edits: [])
            for station in network.stations {
                for instrument in station.instruments {
                    series[key(network.id, station.id, instrument.id, instrument.gas)] =
                        SeriesRules(network: network.id, instrument: instrument, edits: edits)
                }
            }
        }
        self.series = series
    }

    /// Nil for an instrument that no network file describes any more; its readings stay as they are.
    func rules(of series: Series) -> SeriesRules? {
        self.series[key(series.network, series.station, series.instrument, series.gas)]
    }
}

private func key(_ network: String, _ station: String, _ instrument: String, _ gas: Gas) -> String {
    "\(network)/\(station)/\(instrument)/\(gas.rawValue)"
}
