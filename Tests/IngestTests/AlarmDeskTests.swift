import Archive
import Foundation
import Ingest
import Observations
import Quantities
import TestSupport
import Testing

private let start = Instant(CivilTime(year: 2025, month: 3, day: 1))

@Suite struct AlarmDeskTests {
    let folder: TemporaryFolder
    let networks: [Network]
    let rules: [String: [AlarmRule]]

    init() throws {
        folder = try TemporaryFolder()
        let name = LocalizedName(english: "n")
        let station = Station(id: "a", names: name, kind: .vehicle, position: nil, instruments: [])
        networks = [Network(id: "net", names: name, credit: "", stations: [station])]
        rules = [
            "net": [
                .threshold(
                    .init(
                        station: nil,
                        gas: .co2,
                        abovePartsPerMillion: 600,
                        clearBelowPartsPerMillion: 600
                    )
                ), .silence(.init(station: nil, afterSeconds: 60)),
            ]
        ]
    }

    private func desk(started: Instant = start) -> AlarmDesk {
        AlarmDesk(
            networks: networks,
            rules: rules,
            storePath: folder.file("store.sqlite").path,
            started: started
        )
    }

    private func reading(_ seconds: Double, _ value: Double) -> Reading {
        Reading(
            station: "a",
            instrument: "i",
            gas: .co2,
            time: start.advanced(bySeconds: seconds),
            valuePartsPerMillion: value,
            scale: .co2X2019,
            position: nil,
            standardUncertaintyPartsPerMillion: 1,
            flag: .good,
            tests: [],
            conditions: [:],
            bottle: nil
        )
    }

    @Test func aPublicationTellsTheChangeAndWhatStands() throws {
        var desk = desk()
        let publications = desk.observe([reading(0, 700.5)], network: "net", received: start)
        let publication = try #require(publications.first)
        #expect(publication.topic == "co2/v1/net/a/alarm")
        let alarm = """
            {"gas":"co2","kind":"threshold","limit":600,"network":"net","since":"2025-03-01T00:00:00Z",\
            "station":"a"}
            """
        #expect(
            String(decoding: publication.payload, as: UTF8.self) == """
                {"event":{"alarm":\(alarm),"state":"raised","time":"2025-03-01T00:00:00Z","value":700.5},\
                "standing":[\(alarm)]}
                """
        )
        let silent = desk.tick(start.advanced(bySeconds: 100))
        #expect(silent.count == 1 && desk.standingCount == 2)
        #expect(
            String(decoding: silent[0].payload, as: UTF8.self).contains(#""standing":[{"kind":"silence""#)
        )
        #expect(desk.heard(station: "a", network: "net", received: start.advanced(bySeconds: 101)).count == 1)
        #expect(desk.observe([reading(0, 1)], network: "other", received: start).isEmpty)
    }

    @Test func aRestartRaisesNothingAgain() throws {
        var first = desk()
        #expect(first.observe([reading(0, 700)], network: "net", received: start).count == 1)
        try first.save()
        var second = desk(started: start.advanced(bySeconds: 1000))
        #expect(second.standingCount == 1)
        let later = start.advanced(bySeconds: 1010)
        #expect(second.observe([reading(1005, 700)], network: "net", received: later).isEmpty)
        #expect(second.observe([reading(1006, 500)], network: "net", received: later).count == 1)
    }

    @Test func aDamagedMemoryCountsAsNoneAndAnUnwritableOneIsAnError() throws {
        let memory = folder.file("store.sqlite.alarms.json")
        try Data("{".utf8).write(to: memory)
        #expect(desk().standingCount == 0)
        try FileManager.default.removeItem(at: memory)
        try FileManager.default.createDirectory(at: memory, withIntermediateDirectories: true)
        var desk = desk()
        #expect(desk.observe([reading(0, 700)], network: "net", received: start).count == 1)
        #expect(throws: (any Error).self) { try desk.save() }
    }
}
