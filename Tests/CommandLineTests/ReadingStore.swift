import Archive
import Concurrent
import Foundation
import Observations
import Quantities
import TestSupport

/// A store of made-up readings.
struct ReadingStore {
    private let folder: TemporaryFolder
    let path: String

    init(_ readings: [Reading]) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("readings.sqlite").path
        try await onOwnThread(named: "store") {
            var writer = try ArchiveWriter(path: path)
            try writer.begin(received: Instant(microseconds: 0))
            _ = try writer.store(
                readings,
                network: "net",
                topic: [UInt8]("co2/v1/net/roof/obs".utf8).span.bytes,
                payload: [UInt8]("{}".utf8).span.bytes
            )
            try writer.commit()
        }
        (self.folder, self.path) = (folder, path)
    }

    static let start = Instant(CivilTime(year: 2024, month: 5, day: 1))

    static func reading(
        _ seconds: Double,
        _ value: Double?,
        station: String = "roof",
        instrument: String = "i",
        gas: Gas = .co2,
        scale: CalibrationScale = .co2X2007,
        flag: QualityFlag = .good
    ) -> Reading {
        Reading(
            station: station,
            instrument: instrument,
            gas: gas,
            time: start.advanced(bySeconds: seconds),
            valuePartsPerMillion: value,
            scale: scale,
            position: nil,
            standardUncertaintyPartsPerMillion: 0.1,
            flag: flag
        )
    }

    /// Runs `crosswind export` on the store.
    func export(_ arguments: String...) async throws -> ProgramRun {
        try await ProgramRun.run(Places.crosswind, ["export"] + arguments + ["--store", path])
    }
}

/// The rows of a table without quotes, by column.
func rows(_ csv: String) -> [[String: String]] {
    let lines = csv.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    guard let header = lines.first else { return [] }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
}
