import Archive
import Concurrent
import Formats
import Foundation
import FuzzTargets
import Geo
import MQTT
import Observations
import Quantities
import TestSupport
import Testing

@testable import Ingest

private let received = Instant(CivilTime(year: 2025, month: 6, day: 1))

/// One network whose stations send a format each: the one that the fuzzer aims at, with the inputs that it starts from.
private func sentMessages() throws -> (knowledge: NetworkKnowledge, batch: MessageBatch) {
    let file = try NetworkFile(path: FuzzTarget.folder.appending(path: "stations.json").path)
    var batch = MessageBatch()
    for station in file.network.stations {
        let folder = FuzzTarget.folder.appending(path: "Corpus/\(station.id)")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            var payload = Array(try Data(contentsOf: folder.appending(path: name)))
            if station.id == "hj212" {
                payload = HJ212Reply.encoded(String(decoding: payload, as: UTF8.self)) ?? []
            }
            if station.id == "hj212-stream" { payload.removeFirst() }
            let topic = observationTopic(network: file.network.id, station: station.id)
            batch.append(topic: topic.utf8, payload: payload)
        }
    }
    return (try NetworkKnowledge(files: [file]), batch)
}

/// What the store holds after the messages have come so many times.
private func stored(times: Int) async throws -> (
    messages: Int, sent: Int, readings: [Reading], stations: [String]
) {
    let folder = try TemporaryFolder()
    let path = folder.file("store.sqlite").path
    let (knowledge, batch) = try sentMessages()
    let messages = try await onOwnThread(named: "store") {
        var store = try MessageStore(path: path, knowledge: knowledge)
        for _ in 0..<times {
            guard case .durable = try store.store(batch, received: received) else { return -1 }
        }
        return store.summary.messages
    }
    let readings = try await readArchive(at: path) { try $0.readings(ReadingQuery()) }
    return (messages, batch.count, readings, knowledge.networks[0].stations.map(\.id))
}

@Suite struct PayloadStoreTests {
    /// Messages of every format, through the store that ingest writes. Again they are the same readings.
    @Test func readingsOfEveryFormatAreStoredOnce() async throws {
        let (messages, sent, readings, stations) = try await stored(times: 2)
        #expect(messages == 2 * sent)
        // A device without a clock has the moment of receipt, which is the same here.
        #expect(try await stored(times: 1).readings == readings)
        let values = Dictionary(grouping: readings.filter { $0.flag != .missing }, by: \.station)
        func value(_ station: String, _ gas: Gas, _ index: Int = 0) -> Double? {
            values[station]?.filter { $0.gas == gas }.dropFirst(index).first?.valuePartsPerMillion
        }
        #expect(Set(values.keys) == Set(stations))
        #expect(value("json", .co2) == 428.37)
        // 1.4 mg/m3 at 285.15 K and 1013.22 hPa.
        #expect(abs((value("json", .ch4) ?? 0) - 2.04202) < 1e-4)
        #expect(value("sensorthings", .co2) == 428.37 && value("sensor-community", .co2) == 579)
        #expect(value("thingsboard", .co2) == 428.4 && value("thingsboard", .ch4) == 1.98)
        #expect(value("senml-json", .co2) == 428.5 && value("senml-cbor", .co2, 1) == 429.5)
        #expect(value("senml-cbor", .ch4) == 1.9875)
        #expect(value("hj212", .co2) == 421.37 && value("hj212-stream", .co2) == 421.37)
    }

    @Test func positionsOfChineseDatumsAreOfTheWorldInTheStore() async throws {
        let readings = try await stored(times: 1).readings
        for (station, datum) in [("json", PositionDatum.gcj02), ("thingsboard", .bd09), ("hj212", .gcj02)] {
            let place = try #require(readings.first { $0.station == station && $0.position != nil }?.position)
            let expected = try #require(
                datum.worldPosition(longitude: 116.4, latitude: 39.9, altitudeMetres: nil)
            )
            #expect(place.distanceMetres(to: expected) < 0.01, "\(station)")
        }
    }
}

@Suite struct ChannelTests {
    @Test func massInAVolumeIsAMoleFractionAtItsState() throws {
        // Molar volumes of the ideal gas: 22.414 l at 273.15 K, 24.465 l at 298.15 K.
        for (temperature, volume) in [(273.15, 22.41397), (298.15, 24.46540)] {
            let state = "{ temperature_k: \(temperature), pressure_hpa: 1013.25 }"
            let network = try DescribedNetwork(
                payload: """
                    { format: 'thingsboard',
                      channels: { x: { gas: 'ch4', unit: 'ug/m3', scale: 10, state: \(state) } } }
                    """
            )
            let reading = try #require(network.readings(#"{"x":131}"#).first)
            let expected = 1.31 * volume / 16.0425
            #expect(abs((reading.valuePartsPerMillion ?? 0) - expected) < 1e-5 * expected)
        }
    }

    @Test func massAtTheMeasuredStateNeedsTheState() throws {
        let network = try DescribedNetwork(
            payload: """
                { format: 'thingsboard',
                  channels: { x: { gas: 'ch4', unit: 'mg/m3', state: 'measured' }, t: 't', p: 'p' } }
                """
        )
        let value = network.readings(#"{"t":25,"x":1.31,"p":1013.25}"#).first?.valuePartsPerMillion
        #expect(abs((value ?? 0) - 1.31 * 24.46540 / 16.0425) < 1e-5)
        for payload in [#"{"x":1.31,"t":25}"#, #"{"x":1.31,"p":1013.25}"#, #"{"x":1.31,"t":25,"p":101325}"#] {
            #expect(network.reasons(payload) == ["missing_state"])
        }
        #expect(network.readings(#"{"x":null}"#).first?.flag == .missing)
    }

    @Test(arguments: [
        ("{ gas: 'co', unit: 'mg/m3' }", "needs the air's `state`"),
        ("{ gas: 'co', unit: 'mg/m3', state: 'standard' }", "neither `measured`"),
        ("{ gas: 'co', unit: 'mg/m3', state: { temperature_k: 25, pressure_hpa: 1013 } }", "no state of air"),
        ("{ gas: 'co', unit: 'ppm', state: 'measured' }", "only mass in a volume"),
        ("{ position: 'lon', crs: 'GCJ02' }, y: 'lat'", "different `crs`"),
    ])
    func doubtfulChannelsAreErrorsOfTheFile(channel: String, words: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try DescribedNetwork(payload: "{ format: 'thingsboard', channels: { x: \(channel) } }")
        }
        #expect(error?.line.contains(words) == true, "\(error?.line ?? "")")
    }

    /// A message may repeat itself, and must not grow in the store by it.
    @Test func ofWhatIsSaidTwiceTheFirstCounts() throws {
        let network = try DescribedNetwork(
            payload: """
                { format: 'thingsboard', channels: { co2: 'co2', t: 't',
                  x: { gas: 'ch4', unit: 'mg/m3', state: { temperature_k: 273.15, pressure_hpa: 1013.25 } } } }
                """
        )
        let reading = try #require(network.readings(#"{"co2":420,"co2":430,"t":1,"t":2,"x":1,"x":2}"#).first)
        #expect(reading.valuePartsPerMillion == 420 && reading.conditions == ["t": 1])
    }

    @Test func devicesOfOneTopicSendSenML() throws {
        let payload = "{ format: 'senml-json', topic: 'packs', channels: { co2: 'co2' } }"
        let named = payload.replacing("channels", with: "device_id: 'urn:dev:b', channels")
        let network = try DescribedNetwork([("a", payload, ""), ("b", named, "")])
        let pack = #"""
            [{"bn":"urn:dev:b:","bt":1740826807,"bu":"ppm","n":"co2","v":430},{"bn":"a/","n":"co2","v":420},
             {"bn":"","n":"co2","v":1}]
            """#
        #expect(network.messages(pack, topic: "packs").map(\.station) == ["b", "a", ""])
        #expect(network.readings(pack, topic: "packs").map(\.valuePartsPerMillion) == [430, 420])
        #expect(network.reasons(pack, topic: "packs") == ["unknown_device"])
    }
}

@Suite struct HJ212RoutingTests {
    private typealias Samples = HJ212Samples

    private func network(_ more: String = "") throws -> DescribedNetwork {
        try DescribedNetwork(payload: "{ format: 'hj212', device_id: '\(HJ212Samples.device)' \(more) }")
    }

    private func text(_ content: String, device: String = HJ212Samples.device) -> String {
        String(decoding: HJ212Samples.frame(content, device: device), as: UTF8.self)
    }

    @Test func framesFromAnyWayFindTheirStation() throws {
        let network = try network(", topic: 'site/up'")
        #expect(network.decoder.topicFilters.suffix(2) == ["site/up", "hj212/\(HJ212Samples.device)"])
        let frame = text(HJ212Samples.carbonDioxide("420"))
        for topic in ["site/up", hj212Topic(device: HJ212Samples.device)] {
            #expect(network.readings(frame, topic: topic).map(\.valuePartsPerMillion) == [420])
        }
    }

    @Test func framesOfNobodySayWhatIsWrongWithThem() throws {
        let network = try network()
        let stranger = text(HJ212Samples.carbonDioxide("420"), device: "M9")
        #expect(network.reasons(stranger, topic: "hj212/M9") == ["unknown_device"])
        let broken = stranger.replacing("Rtd=420", with: "Rtd=421")
        #expect(network.reasons(broken, topic: "hj212/unreadable") == ["checksum"])
        #expect(network.reasons("##12", topic: "hj212/unreadable") == ["malformed"])
        #expect(network.messages("##12", topic: "hj212/unreadable").map(\.decoder) == ["hj212-2"])
    }

    @Test func markersStandForNothing() throws {
        let topic = hj212Topic(device: HJ212Samples.device)
        for text in ["-00999.000", "-9999", "-9999.0", ""] {
            let frame = self.text(HJ212Samples.carbonDioxide(text) + ";a01001-Rtd=-9999,a01001-Flag=N")
            let reading = try #require(try network().readings(frame, topic: topic).first)
            #expect(reading.flag == .missing && reading.conditions.isEmpty, "\(text)")
        }
        let frame = text(HJ212Samples.carbonDioxide("-99"))
        #expect(try network(", missing: [-99]").readings(frame, topic: topic).first?.flag == .missing)
        #expect(try network().readings(frame, topic: topic).first?.flag == .fail)
    }

    @Test func aNamedCodeReplacesTheStandardOneOfItsMeaning() {
        let named = HJ212Description(channels: [
            "w1": PayloadChannel(.gas(.co2, unit: .partsPerBillion)), "temp": PayloadChannel(.condition("t")),
        ])
        #expect(named.channels["a05001"] == nil && named.channels["a01001"] == nil)
        #expect(named.channels["a05002"]?.meaning == .gas(.ch4, unit: nil))
        #expect(named.channels["a01006"]?.value(of: 101.3) == 1013)
        #expect(HJ212Description().channels == HJ212Description.standardChannels)
    }
}

/// Each letter holds the whole message, so that thousands of bad items must not become thousands of letters.
@Test func aBatchOfBadItemsIsKeptOnce() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("store.sqlite").path
    let station = Station(id: "a", names: "a", kind: .vehicle, position: nil, instruments: [])
    let network = Network(id: "n", names: "n", credit: "", stations: [station])
    let summary = try await onOwnThread(named: "store") {
        var store = try MessageStore(path: path, networks: [network])
        var batch = MessageBatch()
        let payload = "[" + Array(repeating: "7", count: 5000).joined(separator: ",") + "]"
        batch.append(topic: "co2/v1/n/a/obs".utf8, payload: payload.utf8)
        _ = try store.store(batch, received: .now())
        return store.summary
    }
    #expect(summary.rejected == 5000 && summary.isClosed)
    let letters = try await readArchive(at: path) { try $0.deadLetters() }
    #expect(letters.map(\.rejection.reason) == ["not_an_object"])
    #expect(letters[0].rejection.detail.hasPrefix("5000 items, the first is item 0"))
}
