import Archive
import Foundation
import Quantities
import TestSupport
import Testing

@testable import crosswind

private let now = Instant(CivilTime(year: 2025, month: 6, day: 1))

private func health(
    spans: Int = 0,
    letters: [String: Int] = [:],
    heardSecondsAgo: [Double] = [],
    bytes: Int64 = 0,
    lastReceivedSecondsAgo: Double = 0
) -> StoreHealth {
    StoreHealth(
        schemaVersion: 2,
        dirtySpans: spans,
        deadLetters: letters,
        stations: heardSecondsAgo.enumerated().map { index, seconds in
            let time = now.advanced(bySeconds: -seconds)
            return .init(network: "n", station: "s\(index)", lastObservation: time, received: time)
        },
        bytes: bytes,
        firstReceived: now.advanced(bySeconds: -10 * 86_400),
        lastReceived: now.advanced(bySeconds: -lastReceivedSecondsAgo)
    )
}

private func warnings(_ health: StoreHealth, free: Int64 = 1 << 40) -> [String: String] {
    let findings = StoreHealthCheck.findings(health, now: now, freeBytes: free)
    #expect(findings.allSatisfy { ($0.state == .ok) == $0.remedy.isEmpty })
    return Dictionary(
        uniqueKeysWithValues: findings.filter { $0.state == .warn }.map { ($0.name, $0.detail) }
    )
}

@Suite struct StoreHealthTests {
    @Test func aHealthyStoreGivesNoWarning() {
        #expect(warnings(health(spans: 5, heardSecondsAgo: [10, 3600], bytes: 1_000_000)).isEmpty)
    }

    @Test func whatNeedsSomebodyIsNamed() {
        #expect(warnings(health(spans: 5000))["settling"]?.contains("5000") == true)
        let letters = warnings(health(letters: ["not_json": 3, "missing_time": 7]))["dead letters"]
        #expect(letters == "10 wait: 7 missing_time, 3 not_json")
        let silent = warnings(health(heardSecondsAgo: [10, 90_000, 200_000]))["stations"]
        #expect(silent?.hasPrefix("2 of 3 not heard of for a day; n/s2 not since 2025-05-29") == true)
        #expect(
            warnings(health(lastReceivedSecondsAgo: -3600))["store clock"]?.contains("3600 s ahead") == true
        )
        let growth = warnings(health(bytes: 10_000_000_000), free: 5_000_000_000)["store growth"]
        #expect(growth == "1000 MB a day, room for 5 days")
    }

    @Test func aRealStoreIsLookedOver() async throws {
        let store = try await ReadingStore([ReadingStore.reading(0, 410), ReadingStore.reading(60, 411)])
        let health = try await readArchive(at: store.path) { try $0.health() }
        #expect(
            health.stations == [
                .init(
                    network: "net",
                    station: "roof",
                    lastObservation: ReadingStore.start.advanced(bySeconds: 60),
                    received: Instant(microseconds: 0)
                )
            ]
        )
        #expect(health.bytes > 0 && health.schemaVersion >= 2)
        #expect(health.bytesPerDay == nil && health.deadLetters.isEmpty)
    }

    @Test func networkFilesAreReadOrTheMistakeIsNamed() throws {
        let good = NetworkCheck.finding(
            Places.repository.appending(path: "stations/hamburg-vehicle.json").path
        )
        #expect(good.state == .ok && good.detail.contains("1 stations, 1 instruments"))
        let folder = try TemporaryFolder()
        let file = folder.file("n.json")
        try Data(#"{"id":"x","nmes":"y"}"#.utf8).write(to: file)
        let bad = NetworkCheck.finding(file.path)
        #expect(bad.state == .fail && bad.exitStatus == .badData && bad.detail.contains("nmes"))
        #expect(NetworkCheck.finding(folder.file("absent.json").path).exitStatus == .missingInput)
    }

    @Test func aClockThatWasNeverSetOrIsNotKeptIsAWarning() throws {
        let folder = try TemporaryFolder()
        let old = Instant(CivilTime(year: 1980, month: 1, day: 6))
        #expect(ClockCheck.finding(now: old).state == .warn)
        #expect(ClockCheck.finding(now: now, service: folder.file("absent").path).state == .ok)
        #expect(ClockCheck.finding(now: now, service: folder.url.path).state == .warn)
        try Data().write(to: folder.file("synchronized"))
        #expect(ClockCheck.finding(now: now, service: folder.url.path).state == .ok)
    }
}
