import Concurrent
import Formats
import Foundation
import Ingest
import MQTT
import Observations
import Quantities
import TestSupport

/// A store that holds the Tacolneston record, filled by the path that messages take, without a broker.
enum FilledStore {
    static func make(in folder: TemporaryFolder, hours: Int = 24) async throws -> String {
        let network = try NetworkFile(
            path: Places.repository.appending(path: "stations/tacolneston.json").path
        )
        let record = Places.deploy.appending(path: "cases/uk-methane/standard_rhime_outs.nc").path
        let rows = try await readRecord(at: record, for: network).prefix(hours)
        let store = folder.file("store.sqlite").path
        try await onOwnThread(named: "store") {
            var messages = try MessageStore(path: store, networks: [network.network])
            var batch = MessageBatch()
            let encoder = PayloadEncoder(boot: "test")
            for (sequence, row) in rows.enumerated() {
                let topic = observationTopic(network: network.network.id, station: row.station)
                batch.append(topic: topic.utf8, payload: encoder.encode(row, sequence: sequence))
            }
            _ = try messages.store(batch, received: .now())
        }
        return store
    }
}
