import Archive
import Formats
import Foundation
import Geo
import Observations
import Quantities
import TestSupport
import Testing

@testable import Ingest

/// Decodes messages of stations that a network file describes.
struct DescribedNetwork {
    let decoder: PayloadDecoder

    /// - Parameter stations: identifier, payload and further members of each, in JSON5.
    init(_ stations: [(id: String, payload: String, more: String)]) throws {
        let instruments = """
            [{ id: 'co2', gas: 'co2', unit: 'ppm', scale: 'unstated', standard_uncertainty: 1,
               gross_range: { fail: [350, 3000], suspect: [380, 1500] } },
             { id: 'ch4', gas: 'ch4', unit: 'ppb', scale: 'unstated', standard_uncertainty: 1,
               gross_range: { fail: [1000, 90000], suspect: [1700, 9000] } }]
            """
        let described = stations.map { station in
            """
            { id: '\(station.id)', names: 'A', kind: 'vehicle', instruments: \(instruments),
              payload: \(station.payload), \(station.more) }
            """
        }
        let folder = try TemporaryFolder()
        let file = folder.file("network.json")
        let text = "{ id: 'net', names: 'N', credit: 'c', stations: [\(described.joined(separator: ","))] }"
        try Data(text.utf8).write(to: file)
        let network = try NetworkFile(path: file.path)
        decoder = try PayloadDecoder(networks: [network.network], payloads: ["net": network.payloads])
    }

    /// One station `a` that has the topic to itself.
    init(payload: String, more: String = "") throws { try self.init([("a", payload, more)]) }

    func messages(_ payload: String, topic: String = "co2/v1/net/a/obs") -> [PayloadDecoder.Message] {
        let bytes = Array(topic.utf8) + Array(payload.utf8)
        let cut = topic.utf8.count
        return decoder.decode(bytes, topic: 0..<cut, payload: cut..<bytes.count, received: noon)
    }

    func items(_ payload: String, topic: String = "co2/v1/net/a/obs") -> [DecodedItem] {
        messages(payload, topic: topic).flatMap(\.items)
    }

    func readings(_ payload: String, topic: String = "co2/v1/net/a/obs") -> [Reading] {
        items(payload, topic: topic).flatMap { item -> [Reading] in
            if case .readings(let readings) = item { return readings }
            return []
        }
    }

    func reasons(_ payload: String, topic: String = "co2/v1/net/a/obs") -> [String] {
        rejections(of: items(payload, topic: topic)).map(\.reason)
    }
}

@Suite struct PayloadRoutingTests {
    @Test(arguments: [
        ("a/b", "a/b", true), ("a/b", "a/bc", false), ("a/+", "a/b", true), ("a/+", "a/b/c", false),
        ("a/+", "a/", true), ("a/+", "a", false), ("a/#", "a", true), ("a/#", "a/b/c", true),
        ("a/#", "ab", false),
        ("+/+/c", "a/b/c", true), ("+/+/c", "a/b/d", false), ("#", "a/b", true), ("#", "$SYS/x", false),
        ("+/x", "$SYS/x", false), ("$SYS/#", "$SYS/x", true), ("+", "", true), ("a/+/c/#", "a/b/c", true),
        ("a/b", "a", false), ("a", "a/b", false), ("+/#", "a", true),
    ])
    func topicsFallUnderFilters(filter: String, topic: String, expected: Bool) {
        #expect(matches(Array(filter.utf8), Array(topic.utf8).span.bytes) == expected)
    }

    @Test func everyTopicOfATableIsFound() {
        let topics = (0..<5000).map { "co2/v1/net/\($0)/obs" }
        let table = TopicTable(topics.enumerated().map { ($0.element, $0.offset) } + [("co2/v1/+/9999/#", 7)])
        for (index, topic) in topics.enumerated() {
            #expect(table.value(of: Array(topic.utf8).span.bytes) == index)
        }
        #expect(table.value(of: Array("co2/v1/net/5000/obs".utf8).span.bytes) == nil)
        #expect(table.value(of: Array("co2/v1/x/9999/obs".utf8).span.bytes) == 7)
        #expect(TopicTable([]).value(of: [UInt8]().span.bytes) == nil)
    }

    @Test func devicesOfOneTopicAreToldApartByThePayload() throws {
        let payload = "{ format: 'thingsboard', topic: 'v1/gateway/telemetry', channels: { CO2: 'co2' } }"
        let named = payload.replacing("channels", with: "device_id: 'Device B', channels")
        let network = try DescribedNetwork([("a", payload, ""), ("b", named, "")])
        let telemetry = """
            {"Device B":[{"ts":1740823200000,"values":{"CO2":430}}],"a":[{"ts":1740823200000,"values":{"CO2":"420.5"}},
             {"ts":1740823201000,"values":{"CO2":421}}],"c":[{"ts":1740823200000,"values":{"CO2":1}}]}
            """
        let messages = network.messages(telemetry, topic: "v1/gateway/telemetry")
        #expect(messages.map(\.station) == ["b", "a", ""])
        #expect(messages.map(\.items.count) == [1, 2, 1])
        #expect(messages.map(\.decoder) == ["thingsboard-1", "thingsboard-1", "thingsboard-1"])
        #expect(network.reasons(telemetry, topic: "v1/gateway/telemetry") == ["unknown_device"])
        #expect(
            network.readings(telemetry, topic: "v1/gateway/telemetry").map(\.valuePartsPerMillion) == [
                430, 420.5, 421,
            ]
        )
        let unnamed = #"{"ts":1740823200000,"values":{"CO2":430}}"#
        #expect(network.reasons(unnamed, topic: "v1/gateway/telemetry") == ["unknown_device"])
    }

    @Test func theSubscriptionCoversEveryTopicOnce() throws {
        let network = try DescribedNetwork([
            ("a", "{}", ""), ("b", "{ format: 'hj212', channels: { a05001: 'co2' }, device_id: 'M1' }", ""),
            ("c", "{ format: 'sensorthings', channels: { '12': 'co2', '13': 't' } }", ""),
            ("d", "{ topics: ['x/+/y', 'z'] }", ""),
        ])
        let expected = [
            "co2/v1/net/+/obs", "hj212/M1", "v1.1/Datastreams(12)/Observations",
            "v1.1/Datastreams(13)/Observations", "x/+/y", "z",
        ]
        #expect(network.decoder.topicFilters == expected)
        let observation = #"{"ts":"2025-03-01T11:00:00Z","co2":420}"#
        #expect(network.messages(observation, topic: "x/1/y").map(\.station) == ["d"])
        #expect(network.messages(observation, topic: "z").map(\.station) == ["d"])
        #expect(network.reasons(observation, topic: "x/1/z") == ["unknown_topic"])
    }

    @Test func devicesThatCannotBeToldApartAreRefused() {
        let json = "{ format: 'thingsboard', topic: 't', channels: { x: 'co2' } }"
        let other = "{ format: 'thingsboard', topic: 't', channels: { y: 'co2' } }"
        #expect(throws: PayloadRoutingError.self) {
            try DescribedNetwork([("a", json, ""), ("b", other, "")])
        }
        let named = json.replacing("channels", with: "device_id: 'a', channels")
        let error = #expect(throws: PayloadRoutingError.self) {
            try DescribedNetwork([("a", json, ""), ("b", named, "")])
        }
        #expect(error?.kind == .sameDevice("a") && error?.station == "b")
    }

    @Test(arguments: [
        (#"{"ts":"2025-03-01T11:00:00Z","ws":3.5,"wd":270}"#, "", true),
        (#"{"ts":"2025-03-01T11:00:00Z","t":3.5}"#, "", false),
        (#"{"ts":"2025-03-01T11:00:00Z","t":3.5}"#, "weather: true", true),
        (#"{"ts":"2025-03-01T11:00:00Z","bat":3.5}"#, "weather: true", false),
        (#"{"ts":"2025-03-01T11:00:00Z","n2o":330,"ws":3}"#, "", false),
    ])
    func anObservationWithoutGasMayBeWeather(payload: String, more: String, isWeather: Bool) throws {
        let items = try DescribedNetwork(payload: "{}", more: more).items(payload)
        guard case .weather(let time, let conditions)? = items.first else {
            #expect(!isWeather && rejections(of: items).map(\.reason) == ["no_known_gas"])
            return
        }
        #expect(isWeather && time.description == "2025-03-01T11:00:00Z" && !conditions.isEmpty)
    }

    @Test func sequencesAndBottlesAreHandedOn() throws {
        let network = try DescribedNetwork(payload: "{}")
        let batch = """
            [{"boot":"7f","seq":1,"ts":"2025-03-01T11:00:00Z","co2":420,"bottle":"95"},
             {"boot":"7f","seq":2,"ts":"never","co2":420},
             {"boot":"7f","seq":3,"ts":"2025-03-01T11:00:00Z","co2":420,"cal":{"bottle":96}},
             {"seq":9007199254740993,"ts":"2025-03-01T11:00:00Z","co2":420,"cal":null,"bottle":null},
             {"boot":"7f","seq":1.5,"ts":"2025-03-01T11:00:00Z","co2":420,"bottle":true},
             {"ts":"2025-03-01T11:00:00Z","co2":420,"cal":"95"}]
            """
        let message = try #require(network.messages(batch).first)
        #expect(
            message.sequences == [
                SequenceNumber(boot: "7f", number: 1), SequenceNumber(boot: "7f", number: 2),
                SequenceNumber(boot: "7f", number: 3),
                SequenceNumber(boot: "", number: 9_007_199_254_740_993),
            ]
        )
        #expect(network.readings(batch).map(\.bottle) == ["95", "96", nil])
        #expect(network.reasons(batch) == ["unreadable_time", "malformed", "not_an_object"])
    }
}
