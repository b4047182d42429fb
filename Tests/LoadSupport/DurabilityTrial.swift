import Archive
import Concurrent
public import Foundation
public import MQTT
import Observations
public import TestSupport

/// An ingester under load and faults, and what is in its store afterwards.
public final class DurabilityTrial: Sendable {
    public let plan: LoadPlan
    public let store: String
    public let broker: BrokerAddress
    private let folder: TemporaryFolder
    private let networkPath: String
    private let sharedGroup: String?

    /// - Parameters:
    ///   - storeFolder: nil for a temporary one.
    ///   - sharedGroup: lets several ingesters share one subscription, where the program knows `--shared-group`.
    public init(
        _ settings: LoadPlan.Settings,
        broker: BrokerAddress,
        storeFolder: URL? = nil,
        sharedGroup: String? = nil
    ) throws {
        folder = try TemporaryFolder()
        plan = LoadPlan(settings)
        networkPath = folder.file("load.json").path
        store = (storeFolder ?? folder.url).appending(path: "store.sqlite").path
        self.broker = broker
        self.sharedGroup = sharedGroup
        try Data(plan.networkFile(stations: settings.stations).utf8).write(to: URL(filePath: networkPath))
    }

    /// Starts an ingester that ends when nothing has come for `idle` seconds.
    public func startIngest(
        idle: Double = 120,
        client: String = "trial",
        more: [String] = []
    ) async throws -> RunningProgram {
        var arguments = [
            "ingest", "--broker", broker.description, "--network", networkPath, "--store", store,
            "--client-id",
            client, "--until-idle", "\(idle)", "--json",
        ]
        if let sharedGroup { arguments += ["--shared-group", sharedGroup] }
        return try await RunningProgram.crosswind(arguments + more)
    }

    /// Publishes everything while ingesters are killed and started again at random moments.
    /// - Returns: the last one, still running.
    public func killRepeatedly(
        _ kills: Int,
        perSecond: Double?,
        milliseconds: ClosedRange<Int>,
        seed: UInt64
    ) async throws -> RunningProgram {
        var random = SeededGenerator(seed: seed)
        var current = try await startIngest()
        guard await current.waitForError("subscribed") else { throw TrialFailure(current.standardError) }
        let publisher = LoadPublisher(broker: broker)
        async let sending: Void = publisher.publish(plan.order, of: plan, perSecond: perSecond)
        for _ in 0..<kills {
            try await Task.sleep(for: .milliseconds(Int.random(in: milliseconds, using: &random)))
            current.signal(SIGKILL)
            _ = try await current.finish()
            current = try await startIngest()
        }
        try await sending
        return current
    }

    /// Lets an ingester take what is left, after all others have been ended.
    public func drain(
        _ running: RunningProgram? = nil,
        idle: Double = 1,
        client: String = "trial"
    ) async throws -> ProgramRun {
        if let running {
            running.signal(SIGTERM)
            _ = try await running.finish()
        }
        return try await startIngest(idle: idle, client: client).finish()
    }

    /// What neither a receipt nor the store itself knows; for a logger to send again.
    public func missing() async throws -> [Int] {
        let receipts = try await contents().receipts
        guard receipts.isEmpty else {
            let missing = Set(plan.missing(from: receipts))
            // To its logger a message that was cut off on the way is a gap like any other.
            return plan.messages.indices.filter { missing.contains($0) || !plan.messages[$0].hasNumber }
        }
        // A program without receipts: the readings tell as much.
        let stored = try await readArchive(at: store) { reader in
            Set(try reader.readings(ReadingQuery()).map { "\($0.station) \($0.time)" })
        }
        return plan.messages.indices.filter { index in
            let message = plan.messages[index]
            let time = LoadPlan.time(of: message)
            return message.isMalformed || !stored.contains("\(message.station) \(time)")
        }
    }

    /// What the store holds.
    public func contents() async throws -> StoreContents {
        try await readArchive(at: store) { reader in
            let readings = try reader.storedReadings(ReadingQuery())
            let letters = try reader.deadLetters()
            return StoreContents(
                readings: readings.count,
                moments: Set(readings.map { "\($0.reading.station) \($0.reading.time)" }),
                revisions: try reader.revisionCount(),
                deadLetters: letters.count,
                letterPayloads: Set(letters.map(\.payload)),
                receipts: Dictionary(
                    grouping: try reader.receipts().filter { $0.boot == LoadPlan.boot },
                    by: \.station
                ).mapValues { $0.flatMap(\.ranges) }
            )
        }
    }
}

/// Figures of a store to be compared with a plan.
public struct StoreContents: Equatable, Sendable {
    public let readings: Int
    /// Stations and times.
    public let moments: Set<String>
    public let revisions: Int
    public let deadLetters: Int
    public let letterPayloads: Set<[UInt8]>
    /// Sequence numbers by station.
    public let receipts: [String: [ClosedRange<Int64>]]

    public var distinctReadings: Int { moments.count }
    public var distinctDeadLetters: Int { letterPayloads.count }

    /// Everything the plan holds is there once, and the receipts say so.
    public func isWhole(_ plan: LoadPlan) -> Bool {
        readings == plan.validCount && distinctReadings == plan.validCount && revisions == 0
            && deadLetters == plan.malformedCount && distinctDeadLetters == plan.malformedCount
            && receipts == plan.numbers
    }
}

/// A trial that could not be carried out.
public struct TrialFailure: Error {
    public let reason: String
    init(_ reason: String) { self.reason = reason }
}
