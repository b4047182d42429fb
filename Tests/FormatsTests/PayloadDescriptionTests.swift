import Formats
import Foundation
import Geo
import JSON
import Observations
import Quantities
import TestSupport
import Testing

private func describe(_ payload: String) throws -> PayloadDescription {
    let folder = try TemporaryFolder()
    let file = folder.file("network.json")
    let text = """
        { id: 'n', names: 'N', credit: 'c', stations: [{ id: 'a', names: 'A', kind: 'vehicle', weather: true,
          instruments: [], payload: \(payload) }] }
        """
    try Data(text.utf8).write(to: file)
    let network = try NetworkFile(path: file.path)
    #expect(network.network.stations.first?.reportsWeather == true)
    return try #require(network.payloads["a"])
}

private let json = """
    { format: 'json', topic: 'site/+/data', device: '/id', device_id: 'A17', records: '/readings',
      time: { path: '/ts', format: 'unix-ms' }, values: [{ gas: 'co2', path: '/data/co2', unit: 'ppb' }],
      conditions: [{ condition: 't', path: '/env/temp', unit: 'K' }, { condition: 'cp', constant: 140 }],
      position: { longitude: '/x', latitude: '/y', crs: 'GCJ02' }, numbers_as_text: true, missing: [-999] }
    """

@Suite struct PayloadDescriptionTests {
    @Test func aMappingIsRead() throws {
        let description = try describe(json)
        #expect(description.topics == ["site/+/data"] && description.deviceID == "A17")
        guard case .json(let mapping) = description.format else {
            Issue.record("not a mapping")
            return
        }
        #expect(mapping.records == JSONPointer("/readings") && mapping.device == JSONPointer("/id"))
        #expect(mapping.time == .unix(unitMicroseconds: 1000) && mapping.timePath == JSONPointer("/ts"))
        #expect(
            mapping.values.map(\.channel.meaning) == [
                .gas(.co2, unit: .partsPerBillion), .condition("t"), .condition("cp"),
            ]
        )
        #expect(mapping.values[1].channel.value(of: 273.15) == 0)
        #expect(mapping.values[2].source == .constant(140))
        #expect(mapping.position?.datum == .gcj02 && mapping.hasNumbersAsText && mapping.missing == [-999])
    }

    @Test func absentIsOurOwn() throws {
        #expect(try describe("{}") == PayloadDescription(format: .native))
    }

    @Test func channelsAreNamedOrDescribed() throws {
        let description = try describe(
            """
            { format: 'thingsboard', channels: { CO2: 'co2', temp: { condition: 't', unit: 'degF' }, x: 'lon',
              p: { condition: 'p', unit: 'kPa', offset: -1 } } }
            """
        )
        guard case .thingsBoard(let channels) = description.format else {
            Issue.record("not ThingsBoard")
            return
        }
        #expect(channels["CO2"] == PayloadChannel(.gas(.co2, unit: nil)))
        #expect(channels["x"]?.meaning == .longitude)
        #expect(abs((channels["temp"]?.value(of: 212) ?? 0) - 100) < 1e-12)
        #expect(channels["p"]?.value(of: 101) == 1000)
    }

    @Test func theStandardIsRead() throws {
        let description = try describe(
            "{ format: 'hj212', device_id: 'M1', version: '2017', channels: { a05001: 'co2' }, command: 2051 }"
        )
        guard case .hj212(let standard) = description.format else {
            Issue.record("not HJ 212")
            return
        }
        #expect(
            standard.offsetSeconds == 28_800 && standard.command == .minute && standard.version == .hj2017
        )
    }

    @Test(arguments: [
        ("{ format: 'jsno' }", "did you mean `json`?"),
        ("{ formt: 'json' }", "did you mean `format`?"),
        ("{ format: 'native', channels: {} }", "`channels` is no key of the format `native`"),
        ("{ topic: 'a/#/b' }", "no MQTT topic filter"), ("{ topic: 'a+' }", "no MQTT topic filter"),
        ("{ topic: 'a', topics: ['b'] }", "either `topic` or `topics`"),
        ("{ format: 'json' }", "key `time` is missing"),
        (json.replacing("'/ts'", with: "'ts'"), "payload.time.path: "),
        (json.replacing("'/ts'", with: "'ts'"), "no JSON Pointer"),
        (json.replacing("unix-ms", with: "unix"), "neither one of"),
        (json.replacing("unix-ms", with: "%Y-%m-%d %H:%M:%S"), "needs the offset of its clock"),
        (json.replacing("'co2'", with: "'co3'"), "`co3` is not one of co2"),
        (json.replacing("'K'", with: "'Kelvin'"), "`Kelvin` is not a unit of `t`"),
        (json.replacing("'ppb'", with: "'mg'"), "not a unit of mole fractions"),
        (json.replacing("GCJ02", with: "CGCS"), "not one of WGS84, GCJ02, BD09"),
        (json.replacing("constant: 140", with: "unit: 'K'"), "either `path` or `constant`"),
        ("{ format: 'thingsboard', channels: { a: 'co3' } }", "did you mean `co`?"),
        ("{ format: 'thingsboard', channels: {} }", "names nothing"),
        ("{ format: 'hj212', channels: { a: 'co2' }, version: '2018' }", "not one of 2005"),
        ("{ format: 'hj212', channels: { a: 'co2' }, command: 2012 }", "not one of the commands"),
    ])
    func mistakesAreNamedWithTheirPlace(payload: String, words: String) {
        let error = #expect(throws: ConfigurationError.self) { try describe(payload) }
        #expect(error?.line.contains("stations[0].payload") == true)
        let wanted = words.replacing("payload.time.path: ", with: "payload.time.path")
        #expect(error?.line.contains(wanted) == true, "\(error?.line ?? "")")
    }
}

@Suite struct TimePatternTests {
    @Test(arguments: [
        ("%Y-%m-%d %H:%M:%S", "2025-03-01 08:00:07", "2025-03-01T00:00:07Z"),
        ("%Y%m%d%H%M%S", "20250301080007", "2025-03-01T00:00:07Z"),
        ("%d/%m/%y %H:%M", "01/03/25 08:30", "2025-03-01T00:30:00Z"),
        ("%Y-%j", "2024-366", "2024-12-30T16:00:00Z"),
        ("%Y-%m-%dT%H:%M:%S.%f%z", "2025-03-01T08:00:07.25+0100", "2025-03-01T07:00:07.250Z"),
        ("%Y-%m-%dT%H:%M:%S%z", "2025-03-01T08:00:07Z", "2025-03-01T08:00:07Z"),
    ])
    func localTimesBecomeMoments(pattern: String, text: String, expected: String) throws {
        let read = try #require(TimePattern(pattern)).read(text, offsetSeconds: 8 * 3600)
        #expect(read?.description == expected)
    }

    @Test(arguments: [
        "2025-02-29 08:00:07", "2025-03-01 24:00:07", "2025-03-01 08:00:7", "2025-03-01 08:00:07 ", "",
        "2025-03-01T08:00:07", "２025-03-01 08:00:07", "0000-03-01 08:00:07",
    ])
    func whatHasNotTheFormIsNoTime(text: String) throws {
        #expect(try #require(TimePattern("%Y-%m-%d %H:%M:%S")).read(text, offsetSeconds: 0) == nil)
    }

    @Test(arguments: [
        "%Y", "%H:%M", "%Y-%m", "%Y-%m-%d %M", "%Y-%m-%d %q", "%Y%m%d%", "%Y%Y%m%d", "%Y-%m-%d-%j", "",
    ])
    func patternsThatNameNoMomentAreRefused(pattern: String) {
        #expect(TimePattern(pattern) == nil)
    }

    @Test func aTimeWithoutZoneNeedsAnOffset() throws {
        #expect(try #require(TimePattern("%Y-%m-%d")).read("2025-03-01", offsetSeconds: nil) == nil)
    }
}
