import Archive
import Concurrent
import Foundation
import Observations
import Quantities
import TestSupport

/// A store that is filled step by step, as messages and files would.
struct StoreScript {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("readings.sqlite").path
    }

    /// Runs a transaction.
    /// - Parameter hour: when it comes, hours after the start of the readings.
    func transact(
        atHour hour: Double,
        _ body: @escaping @Sendable (inout ArchiveWriter) throws -> Void
    ) async throws {
        let path = path
        try await onOwnThread(named: "store") {
            var writer = try ArchiveWriter(path: path)
            try writer.begin(received: ReadingStore.start.advanced(bySeconds: hour * 3600))
            try body(&writer)
            try writer.commit()
        }
    }

    func store(atHour hour: Double, _ readings: [Reading]) async throws {
        try await transact(atHour: hour) { writer in
            _ = try writer.store(
                readings,
                network: "net",
                topic: [UInt8]("co2/v1/net/roof/obs".utf8).span.bytes,
                payload: [UInt8]("{}".utf8).span.bytes
            )
        }
    }

    func record(atHour hour: Double, _ kind: String, _ text: String) async throws {
        try await transact(atHour: hour) { writer in
            _ = try writer.recordConfiguration(kind: kind, network: "net", text: text)
        }
    }

    /// Settles everything by rules, calibrations by bottles included.
    func settle(atHour hour: Double, _ network: Network, _ edits: [OperatorEdit]) async throws {
        try await transact(atHour: hour) { writer in
            for series in try writer.allSeries() {
                let instrument = network.stations.first { $0.id == series.station }?.instruments.first
                guard let instrument, let extent = try writer.extent(series) else { continue }
                let rules = SeriesRules(
                    network: series.network,
                    instrument: instrument,
                    edits: OperatorEdits(network: series.network, edits: edits)
                )
                let window = try writer.window(series, from: extent.start, through: extent.end)
                let calibrator = rules.calibrator(readings: try writer.bottleReadings(series))
                let rows = rules.settle(window.readings, calibrator).map {
                    SettledRow(
                        time: $0.time,
                        flag: $0.flag,
                        tests: $0.tests,
                        value: .init(
                            partsPerMillion: $0.valuePartsPerMillion,
                            standardUncertaintyPartsPerMillion: $0.standardUncertaintyPartsPerMillion,
                            scale: $0.scale
                        )
                    )
                }
                try writer.write(rows, of: series)
            }
        }
    }

    /// Runs `crosswind export` on the store.
    func export(_ arguments: String...) async throws -> ProgramRun {
        try await ProgramRun.run(Places.crosswind, ["export"] + arguments + ["--store", path])
    }

    /// The moment of an hour as text.
    static func hour(_ hour: Double) -> String { "\(ReadingStore.start.advanced(bySeconds: hour * 3600))" }
}
