import Archive
import Geo
import Observations
import Quantities
import Testing

@testable import Ingest

private let mapping = """
    { format: 'json', time: { path: '/ts', format: 'unix-ms' }, records: '/readings', sequence: '/n', boot: '/boot',
      values: [{ gas: 'co2', path: '/data/co2', uncertainty: '/data/u' },
               { gas: 'ch4', path: '/data/ch4', unit: 'ppm', scale: 2 }],
      conditions: [{ condition: 't', path: '/temp', unit: 'K' }, { condition: 'cp', constant: 140 }],
      position: { longitude: '/gps/0', latitude: '/gps/1' }, missing: [-999.99], bottle: '/tank' }
    """

@Suite struct PayloadFormatTests {
    @Test func aMappedDocumentBecomesReadings() throws {
        let network = try DescribedNetwork(payload: mapping)
        let document = """
            {"n":7,"boot":"b","gps":[9.9,53.5],"readings":[
             {"ts":1740823200000,"data":{"co2":420.5,"u":0.5,"ch4":1},"temp":283.15},
             {"ts":1740823201500,"data":{"co2":-999.99},"tank":"95"}]}
            """
        let readings = network.readings(document)
        #expect(readings.map(\.valuePartsPerMillion) == [420.5, 2, nil])
        #expect(readings.map(\.standardUncertaintyPartsPerMillion) == [0.5, 0.001, 1])
        #expect(readings.map(\.bottle) == [nil, nil, "95"])
        #expect(readings.last?.time.description == "2025-03-01T10:00:01.500Z")
        #expect(readings.last?.flag == .missing)
        for reading in readings { #expect(reading.position == Position(longitude: 9.9, latitude: 53.5)) }
        #expect(abs((readings.first?.conditions["t"] ?? 0) - 10) < 1e-9)
        #expect(readings.first?.conditions["cp"] == 140)
        #expect(
            network.messages(document).first?.sequences == [
                SequenceNumber(boot: "b", number: 7), SequenceNumber(boot: "b", number: 7),
            ]
        )
    }

    @Test(arguments: [
        (#"{"readings":7}"#, "malformed"), ("{}", "malformed"), (#"{"readings":[]}"#, "empty_batch"),
        (#"{"readings":[7]}"#, "not_an_object"), (#"{"readings":[{"data":{"co2":1}}]}"#, "missing_time"),
        (#"{"readings":[{"ts":"1740823200000x","data":{"co2":1}}]}"#, "not_a_number"),
        (#"{"readings":[{"ts":9223372036854775807,"data":{"co2":1}}]}"#, "unreadable_time"),
        (#"{"readings":[{"ts":1e18,"data":{"co2":1}}]}"#, "unreadable_time"),
        (#"{"readings":[{"ts":1740823200000,"data":{"co2":"420"}}]}"#, "not_a_number"),
        (#"{"readings":[{"ts":1740823200000,"data":{"co2":1e999}}]}"#, "not_finite"),
        (#"{"readings":[{"ts":1740823200000,"data":{}}]}"#, "no_known_gas"),
        (#"{"readings":[{"ts":1740823200000,"data":{"co2":1},"gps":[9.9]}]}"#, "half_position"),
        (#"{"readings":[{"ts":1740823200000,"data":{"co2":1},"tank":[]}]}"#, "malformed"),
    ])
    func whatAMappingDoesNotFindIsRefused(document: String, reason: String) throws {
        #expect(try DescribedNetwork(payload: mapping).reasons(document) == [reason])
    }

    @Test func textsMayStandForNumbersAndTimes() throws {
        let payload = """
            { format: 'json', topic: 'p', device: '/id', device_id: '17', numbers_as_text: true,
              time: { path: '/t', format: '%Y-%m-%d %H:%M:%S', offset_hours: 8 },
              values: [{ gas: 'co2', path: '/co2' }],
              position: { longitude: '/x', latitude: '/y', crs: 'GCJ02' } }
            """
        let network = try DescribedNetwork(payload: payload)
        let good = #"{"id":17,"t":"2025-03-01 19:00:00","co2":"420.5","x":"116.4","y":"39.9"}"#
        let reading = try #require(network.readings(good, topic: "p").first)
        #expect(reading.valuePartsPerMillion == 420.5 && reading.time.description == "2025-03-01T11:00:00Z")
        let place = try #require(reading.position)
        let stated = try #require(Position(longitude: 116.4, latitude: 39.9))
        // The shift of GCJ-02 in Beijing.
        #expect((400.0...700).contains(place.distanceMetres(to: stated)))
        for text in ["nan", "0x10", "inf", "", "1e999", "4 20"] {
            #expect(network.readings(good.replacing("420.5", with: text), topic: "p").isEmpty)
        }
        #expect(network.reasons(good.replacing("17", with: "18"), topic: "p") == ["unknown_device"])
    }

    @Test func anObservationOfSensorThingsIsRead() throws {
        let network = try DescribedNetwork(
            payload:
                "{ format: 'sensorthings', channels: { '12': 'co2', '13': { condition: 't', unit: 'K' } } }"
        )
        let observation = """
            {"phenomenonTime":"2025-03-01T11:00:00Z/2025-03-01T11:01:00Z","resultTime":"2025-03-01T11:02:00Z",
             "result":420.5,"parameters":{"rh":40,"mood":1},"FeatureOfInterest":{"name":"x","encodingType":
             "application/geo+json","feature":{"type":"Point","coordinates":[9.9,53.5,12]}}}
            """
        let topic = "v1.1/Datastreams(12)/Observations"
        let reading = try #require(network.readings(observation, topic: topic).first)
        #expect(reading.valuePartsPerMillion == 420.5 && reading.conditions == ["rh": 40])
        #expect(reading.time.description == "2025-03-01T11:00:00Z")
        #expect(reading.position == Position(longitude: 9.9, latitude: 53.5, altitudeMetres: 12))
        let warm = #"{"resultTime":"2025-03-01T11:00:00Z","result":283.15}"#
        guard
            case .weather(_, let conditions)? =
                network.items(warm, topic: "v1.1/Datastreams(13)/Observations").first
        else {
            Issue.record("no weather")
            return
        }
        #expect(abs((conditions["t"] ?? 0) - 10) < 1e-9)
        for (body, reason) in [
            (#"{"result":1}"#, "missing_time"), (#"{"resultTime":"2025-03-01T11:00:00Z"}"#, "malformed"),
            (#"{"phenomenonTime":"2025-03-01T11:00:00Z/x","result":1}"#, "unreadable_time"),
            (#"{"resultTime":"2025-03-01T11:00:00Z","result":"1"}"#, "not_a_number"), ("7", "not_an_object"),
            (
                #"{"resultTime":"2025-03-01T11:00:00Z","result":1,"Datastream":{"@iot.id":9}}"#,
                "unknown_device"
            ),
        ] {
            #expect(network.reasons(body, topic: topic) == [reason], "\(body)")
        }
    }

    @Test func aDataArrayIsReadRowByRow() throws {
        let shared = "{ format: 'sensorthings', topic: 'v1.1/CreateObservations', channels: { '1': 'co2' } }"
        let network = try DescribedNetwork([
            ("a", shared, ""), ("b", shared.replacing("'1'", with: "'2'"), ""),
        ])
        let body = """
            [{"Datastream":{"@iot.id":1},"components":["phenomenonTime","result"],"dataArray@iot.count":3,
              "dataArray":[["2025-03-01T11:00:00Z",420],["2025-03-01T11:01:00Z"],["2025-03-01T11:02:00Z",421]]},
             {"Datastream":{"@iot.id":2},"components":["result","phenomenonTime"],
              "dataArray":[[430,"2025-03-01T11:00:00Z"]]},
             {"Datastream":{"@iot.id":2},"dataArray":[[1]]}]
            """
        let topic = "v1.1/CreateObservations"
        #expect(network.readings(body, topic: topic).map(\.valuePartsPerMillion) == [420, 421, 430])
        #expect(network.readings(body, topic: topic).map(\.station) == ["a", "a", "b"])
        #expect(rejections(of: network.items(body, topic: topic)).map(\.item) == [1, 4])
        #expect(network.reasons(body, topic: topic) == ["malformed", "malformed"])
    }

    @Test func sensorCommunityCountsFromReceipt() throws {
        let network = try DescribedNetwork(
            payload: "{ format: 'sensor-community', topic: 'sc', device_id: '568371' }"
        )
        let body = """
            {"esp8266id":"568371","software_version":"NRZ-2024","sensordatavalues":[
             {"value_type":"SCD30_co2_ppm","value":"579.00"},{"value_type":"BME280_pressure","value":"101325.00"},
             {"value_type":"signal","value":"-61"},{"value_type":"SCD30_temperature","value":"nan"}]}
            """
        let reading = try #require(network.readings(body, topic: "sc").first)
        #expect(reading.valuePartsPerMillion == 579 && reading.time == noon)
        #expect(reading.conditions == ["p": 1013.25])
        #expect(network.reasons(body.replacing("568371", with: "1"), topic: "sc") == ["unknown_device"])
        #expect(network.reasons(body.replacing("579.00", with: "high"), topic: "sc") == ["not_a_number"])
        #expect(network.reasons(#"{"sensordatavalues":[{"value":"1"}]}"#, topic: "sc") == ["malformed"])
        #expect(network.reasons("{}", topic: "sc") == ["malformed"])
    }

    @Test(arguments: [
        (#"{"ts":1740823200000,"values":{"co2":420.5}}"#, ["2025-03-01T10:00:00Z"]),
        (#"{"co2":420.5}"#, ["2025-03-01T12:00:00Z"]),
        (
            #"[{"co2":420.5},{"ts":1740823200001,"values":{"co2":"420.5","x":[]}}]"#,
            [
                "2025-03-01T12:00:00Z", "2025-03-01T10:00:00.001Z",
            ]
        ),
        (#"{"a":[{"ts":1740823200000,"values":{"co2":420.5}}]}"#, ["2025-03-01T10:00:00Z"]),
    ])
    func telemetryOfThingsBoardIsRead(body: String, times: [String]) throws {
        let network = try DescribedNetwork(payload: "{ format: 'thingsboard', channels: { co2: 'co2' } }")
        let readings = network.readings(body)
        #expect(readings.map(\.time.description) == times)
        for reading in readings { #expect(reading.valuePartsPerMillion == 420.5) }
    }
}
