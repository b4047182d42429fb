import Archive
import Formats
import Geo
import Observations
import Quantities
import TestSupport
import Testing

@testable import Ingest

@Suite struct PayloadDecoderTests {
    @Test func aFullMessageBecomesReadingsInPartsPerMillion() throws {
        let payload = #"""
            {"v":1,"boot":"7f3a","seq":12,"ts":"2025-03-01T12:00:07.500+01:00","co2":428.37,"ch4":1949.5,
             "u":{"co2":0.1,"ch4":2},"t":12.4}
            """#
        let both = readings(payload)
        try #require(both.count == 2)
        #expect(both[0].gas == .co2 && both[0].valuePartsPerMillion == 428.37)
        #expect(both[0].standardUncertaintyPartsPerMillion == 0.1)
        #expect(both[1].gas == .ch4 && both[1].valuePartsPerMillion == 1.9495)
        #expect(both[1].standardUncertaintyPartsPerMillion == 0.002)
        #expect(both[1].scale == .ch4X2004A)
        for reading in both {
            #expect(reading.time.description == "2025-03-01T11:00:07.500Z")
            #expect(reading.flag == .good && reading.tests == [])
            #expect(reading.position?.altitudeMetres == 56)
        }
    }

    @Test func theVehicleIsWhereItSays() throws {
        let payload = #"""
            {"ts":"2025-03-01T11:00:00Z","co2":428.37,"gps":{"lat":53.5,"lon":9.9,"alt":12,"acc":5,"sat":14},
             "inst":{"cp":140.0,"alarm":0}}
            """#
        let reading = try #require(readings(payload, topic: "co2/v1/net/car/obs").first)
        #expect(reading.position == Position(longitude: 9.9, latitude: 53.5, altitudeMetres: 12))
        #expect(reading.flag == .good)
        #expect(reading.standardUncertaintyPartsPerMillion == 0.2)
    }

    @Test(arguments: [
        (#"{"ts":"2025-03-01T11:00:00Z","co2":null}"#, QualityFlag.missing),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":0}"#, .fail),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":-1e300}"#, .fail),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":1600}"#, .suspect),
        (#"{"ts":"2025-03-01T11:00:00Z","ch4":1950}"#, .suspect),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":420,"u":{"co2":-1}}"#, .suspect),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":420,"u":{"co2":0}}"#, .suspect),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":420,"u":{"co2":1e300}}"#, .suspect),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":420,"u":{"co2":null}}"#, .good),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":420,"u":null,"gps":null}"#, .good),
        (#"{"ts":"1970-01-02T00:00:00Z","co2":420}"#, .good),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":420,"gps":{"lat":91,"lon":0}}"#, .fail),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":0,"co2":420}"#, .fail),
    ])
    func strangeNumbersAreFlagsAndNotErrors(payload: String, flag: QualityFlag) {
        #expect(readings(payload).map(\.flag) == [flag])
    }

    @Test(arguments: [
        ("{}", "missing_time"),
        (#"{"ts":"1970-01-01T00:00:07Z","co2":420}"#, "clock_not_set"),
        (#"{"ts":"1980-01-06T12:00:00Z","co2":420}"#, "clock_not_set"),
        (#"{"ts":"0001-01-01T00:00:00Z","co2":420}"#, "time_too_early"),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":420,"u":0.1}"#, "not_an_object"),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":420,"gps":"here"}"#, "not_an_object"),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":420,"inst":[1]}"#, "not_an_object"),
        ("", "not_json"),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":42"#, "not_json"),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":420} x"#, "not_json"),
        ("[]", "empty_batch"),
        ("5", "not_an_object"),
        (#"{"ts":"2025-03-01T11:00:00","co2":420}"#, "time_without_zone"),
        (#"{"ts":"yesterday","co2":420}"#, "unreadable_time"),
        (#"{"ts":"2025-02-30T11:00:00Z","co2":420}"#, "unreadable_time"),
        (#"{"ts":1740787200,"co2":420}"#, "unreadable_time"),
        (#"{"ts":"2025-03-01T12:05:01Z","co2":420}"#, "time_in_future"),
        (#"{"ts":"2025-03-01T11:00:00Z","t":3}"#, "no_known_gas"),
        (#"{"ts":"2025-03-01T11:00:00Z","n2o":330}"#, "no_known_gas"),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":"420"}"#, "not_a_number"),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":true}"#, "not_a_number"),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":NaN}"#, "not_finite"),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":1e999}"#, "not_finite"),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":420,"gps":{"lat":53.5}}"#, "half_position"),
        (#"{"ts":"2025-03-01T11:00:00Z","co2":420,"gps":{"lat":"53","lon":"9"}}"#, "not_a_number"),
        (#"{"v":2,"ts":"2025-03-01T11:00:00Z","co2":420}"#, "unsupported_version"),
    ])
    func unusableMessagesAreRejectedWithTheirReason(payload: String, reason: String) {
        #expect(reasons(payload) == [reason])
        #expect(readings(payload).isEmpty)
    }

    @Test func fiveMinutesAheadIsTolerated() {
        #expect(readings(#"{"ts":"2025-03-01T12:05:00Z","co2":420}"#).count == 1)
    }

    @Test(arguments: [
        ("co2/v1/net/bus/obs", "unknown_station"), ("co2/v1/other/car/obs", "unknown_network"),
        ("co2/v1/net/car/status", "unknown_topic"), ("a", "unknown_topic"),
    ])
    func unknownTopicsAreRejected(topic: String, reason: String) {
        #expect(reasons(#"{"ts":"2025-03-01T11:00:00Z","co2":420}"#, topic: topic) == [reason])
    }

    @Test func batchesAreJudgedItemByItem() {
        let good = #"{"ts":"2025-03-01T11:00:00Z","co2":420}"#
        let items = decode("[\(good),{\"co2\":1},7,\(good)]")
        #expect(items.count == 4)
        let rejected = items.compactMap { item -> Rejection? in
            if case .rejection(let rejection) = item { return rejection }
            return nil
        }
        #expect(rejected.map(\.reason) == ["missing_time", "not_an_object"])
        #expect(rejected.map(\.item) == [1, 2])
    }

    /// What the encoder writes, the decoder reads.
    @Test func replayedRowsComeBack() throws {
        let bytes = PayloadEncoder(boot: "ab").encode(
            RecordedRow(
                station: "car",
                time: noon,
                values: [.init(gas: .co2, value: 420.125, standardUncertainty: 0.25)],
                fix: .init(
                    longitude: 9.977365,
                    latitude: 53.567079,
                    altitudeMetres: 68.4,
                    accuracyMetres: 5,
                    satellites: 15,
                    speedMetresPerSecond: nil
                ),
                state: [.init(name: "cp", value: 140.5), .init(name: "ct", value: nil)]
            ),
            sequence: 3
        )
        let text = String(decoding: bytes, as: UTF8.self)
        let reading = try #require(readings(text, topic: "co2/v1/net/car/obs").first)
        #expect(reading.valuePartsPerMillion == 420.125)
        #expect(reading.standardUncertaintyPartsPerMillion == 0.25)
        #expect(reading.position?.latitude == 53.567079)
        #expect(reading.time == noon && reading.flag == .good)
    }
}
