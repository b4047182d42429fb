import Formats
import Foundation
import Ingest
import Observations
import Quantities
import TestSupport
import Testing

/// The drive through Hamburg as messages, and its network with edits.
enum HamburgDrive {
    static let networkID = "hamburg-vehicle"

    private static var networkFile: URL {
        Places.repository.appending(path: "stations/hamburg-vehicle.json")
    }

    /// - Parameter edits: lines of the table of edits; nil for no table.
    static func knowledge(edits: [String]? = nil, in folder: TemporaryFolder) throws -> NetworkKnowledge {
        let file = folder.file("network-\(UUID().uuidString).json")
        try FileManager.default.copyItem(at: networkFile, to: file)
        if let edits {
            let table = (["station,start,end,flag,tests,who,when,why"] + edits).joined(separator: "\n")
            let path = OperatorEditsFile.path(besideNetwork: file.path)
            try Data(table.utf8).write(to: URL(filePath: path))
        }
        return try NetworkKnowledge(files: [NetworkFile(path: file.path)])
    }

    /// One a row, in the order of the log.
    static func messages() async throws -> [(time: Instant, message: SentMessage)] {
        let network = try NetworkFile(path: networkFile.path)
        let drive = Places.deploy.appending(path: "records/hamburg-drive.csv").path
        let encoder = PayloadEncoder(boot: "drive")
        let topic = observationTopic(network: networkID, station: "car")
        return try await readRecord(at: drive, for: network).enumerated().map { index, row in
            (row.time, SentMessage(topic: topic, payload: encoder.encode(row, sequence: index)))
        }
    }
}

@Suite struct SettlingTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func settled(_ messages: [SentMessage], _ arrival: Arrival = Arrival()) async throws
        -> SettledContents
    {
        let store = try SettledStore(try HamburgDrive.knowledge(in: folder))
        try await store.store(messages, arrival)
        return try await store.contents()
    }

    /// Valid is a row whose CO2 the analyser measured: neither failed nor missing.
    @Test func theDriveIsSettledTheSameInWhateverOrderItComes() async throws {
        let messages = try await HamburgDrive.messages().map(\.message)
        let inOrder = try await settled(messages)
        let flags = inOrder.readings.map(\.flag)
        #expect(flags.count == 18_620 && flags.count { $0 != .fail && $0 != .missing } == 18_613)
        #expect(flags.prefix(7).allSatisfy { $0 == .fail })
        #expect(inOrder.readings.count { $0.tests.contains(.location) } == 334)
        #expect(inOrder.readings.count { $0.tests.contains(.standstill) } == 4003)
        #expect(flags.count { $0 == .good } == 17_645)
        #expect(inOrder.means[.hour]?.values.map(\.count) == [6])
        #expect(inOrder.means[.day]?.values.map(\.count) == [1])
        let streamed = Arrival(batch: 700, seed: 4, settlingProbability: 0.5)
        #expect(try await settled(messages, streamed) == inOrder)
        #expect(try await settled(messages.reversed(), streamed) == inOrder)
    }

    @Test(arguments: [1, 2] as [UInt64])
    func theShuffledDriveIsSettledAsTheDriveInOrder(seed: UInt64) async throws {
        let messages = try await HamburgDrive.messages().map(\.message)
        var random = SeededGenerator(seed: seed)
        let arrival = Arrival(
            batch: Int.random(in: 200...2000, using: &random),
            seed: seed,
            settlingProbability: 0.15,
            writers: Int(seed)
        )
        let shuffled = try await settled(messages.shuffled(using: &random), arrival)
        #expect(try await settled(messages) == shuffled)
    }

    @Test func lateReadingsChangeTheMeansOfTheirHourAndDayAlone() async throws {
        let all = try await HamburgDrive.messages()
        let gap = Period(
            start: Instant(iso8601: "2018-10-24T09:20:00Z")!,
            end: Instant(iso8601: "2018-10-24T09:25:00Z")!
        )
        let store = try SettledStore(try HamburgDrive.knowledge(in: folder))
        try await store.store(all.filter { !gap.contains($0.time) }.map(\.message))
        let before = try await store.contents()
        let late = all.filter { gap.contains($0.time) }.map(\.message)
        #expect(late.count > 250)
        try await store.store(late)
        let after = try await store.contents()
        #expect(after.changedWindows(.hour, since: before) == [Instant(iso8601: "2018-10-24T09:00:00Z")!])
        #expect(after.changedWindows(.day, since: before) == [Instant(iso8601: "2018-10-24T00:00:00Z")!])
        // The step between readings, found from the hour, counts in each of its minutes.
        let hour = AggregateInterval.hour.window(containing: gap.start)
        let minutes = after.changedWindows(.minute, since: before)
        let near = gap.start.advanced(bySeconds: -600)...gap.end.advanced(bySeconds: 600)
        #expect(minutes.count >= 5 && minutes.allSatisfy { hour.contains($0) })
        #expect(after.changedMoments(since: before).allSatisfy { near.contains($0) })
        #expect(try await settled(all.map(\.message)) == after)
    }

    @Test func changedEditsSettleHistoryAnew() async throws {
        let edit = "car,2018-10-24T10:00:00Z,2018-10-24T10:10:00Z,fail,,ann,2018-10-25T00:00:00Z,hose off"
        let messages = try await HamburgDrive.messages().map(\.message)
        let plain = try SettledStore(try HamburgDrive.knowledge(in: folder))
        #expect(try await plain.reconfigure() == [])
        try await plain.store(messages)
        let before = try await plain.contents()
        #expect(try await plain.reconfigure() == [])
        let edited = try SettledStore(
            try HamburgDrive.knowledge(edits: [edit], in: folder),
            keepingAs: plain
        )
        #expect(try await edited.reconfigure() == [HamburgDrive.networkID])
        let after = try await edited.contents()
        let changed = after.readings.filter { $0.tests.contains(.operatorEdit) }
        #expect(changed.count > 500 && changed.allSatisfy { $0.flag == .fail })
        #expect(after.changedMoments(since: before) == changed.map(\.time))
        #expect(after.changedWindows(.hour, since: before).count == 1)
        let fresh = try SettledStore(try HamburgDrive.knowledge(edits: [edit], in: folder))
        try await fresh.store(messages.reversed())
        #expect(try await fresh.contents() == after)
        #expect(try await plain.reconfigure() == [HamburgDrive.networkID])
        #expect(try await plain.contents() == before)
    }

    @Test func reprocessingChangesNothingWhenNothingHasChanged() async throws {
        let store = try SettledStore(try HamburgDrive.knowledge(in: folder))
        try await store.store(try await HamburgDrive.messages().map(\.message))
        _ = try await store.reconfigure()
        let before = try await store.contents()
        #expect(try await store.reconfigure(reprocessing: true) == [])
        #expect(try await store.contents() == before)
    }
}
