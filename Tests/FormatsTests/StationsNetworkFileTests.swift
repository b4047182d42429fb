import Formats
import Foundation
import Geo
import Observations
import Quantities
import TestSupport
import Testing

private func load(_ text: String) throws -> NetworkFile {
    let folder = try TemporaryFolder()
    let file = folder.file("network.json")
    try Data(text.utf8).write(to: file)
    return try NetworkFile(path: file.path)
}

private let instrument = """
    { id: "i", gas: "ch4", unit: "ppb", scale: "unstated", gross_range: { fail: [1000, 9000], \
    suspect: [1700, 5000] }, standard_uncertainty: 2 }
    """

private func network(
    station: String = "id: 'a', names: 'A', kind: 'fixed', position: { longitude: 1, latitude: 52 }",
    instruments: String = instrument,
    more: String = ""
) -> String {
    """
    // JSON5: comments, unquoted keys, single quotes
    { id: 'n', names: { en: 'N', zh: '网' }, credit: 'c', stations: [{ \(station),
      instruments: [\(instruments)] }], \(more) }
    """
}

@Suite struct NetworkFileTests {
    @Test func numbersAreInTheUnitOfTheInstrument() throws {
        let file = try load(network())
        let station = try #require(file.network.stations.first)
        let instrument = try #require(station.instruments.first)
        #expect(instrument.grossRange.failBelow == 1 && instrument.grossRange.failAbove == 9)
        #expect(instrument.standardUncertaintyPartsPerMillion == 0.002)
        #expect(file.network.names[.chinese] == "网")
        #expect(station.position == Position(longitude: 1, latitude: 52))
        #expect(file.record == nil)
    }

    @Test func aMisspeltKeyIsAnErrorThatNamesTheRightOne() {
        let error = #expect(throws: ConfigurationError.self) {
            try load(network(instruments: instrument.replacing("gross_range", with: "gros_range")))
        }
        #expect(error?.exitStatus == .badData)
        #expect(error?.line.contains("unknown key `gros_range`") == true)
        #expect(error?.line.contains("did you mean `gross_range`?") == true)
        #expect(error?.line.contains("stations[0].instruments[0]") == true)
    }

    @Test(arguments: [
        ("names: 'A', kind: 'fixed', position: { longitude: 1, latitude: 52 }", "key `id` is missing"),
        ("id: 'a', names: 'A', kind: 'fixed'", "needs a position"),
        ("id: 'a', names: 'A', kind: 'boat'", "neither `fixed` nor `vehicle`"),
        ("id: 'a/b', names: 'A', kind: 'vehicle'", "cannot be a level of a topic"),
        ("id: 'a', names: 'A', kind: 'fixed', position: { longitude: 1, latitude: 95 }", "not a place"),
    ])
    func stationsThatCannotBeAreRefused(station: String, words: String) {
        let error = #expect(throws: ConfigurationError.self) { try load(network(station: station)) }
        #expect(error?.line.contains(words) == true, "\(error?.line ?? "")")
    }

    @Test(arguments: [
        (instrument + "," + instrument, "appears twice"),
        (instrument.replacing("\"ch4\"", with: "\"xx\""), "not one of co2"),
        (instrument.replacing("ppb", with: "ppq"), "not a unit"),
        (instrument.replacing("[1700, 5000]", with: "[100, 5000]"), "inside the fail range"),
        (instrument.replacing("unstated", with: "WMO-CO2-X2019"), "no WMO scale of ch4"),
        (instrument.replacing("unstated", with: "WMO-CH4-X20O4A"), "known: WMO-CH4-X2004A"),
        (instrument.replacing("standard_uncertainty: 2", with: "standard_uncertainty: 0"), "is positive"),
        (instrument.replacing("id:", with: "inlet_height_m: -1e9, id:"), "not a height"),
        ("", "names no instrument"),
    ])
    func instrumentsThatCannotBeAreRefused(instruments: String, words: String) {
        let error = #expect(throws: ConfigurationError.self) { try load(network(instruments: instruments)) }
        #expect(error?.line.contains(words) == true, "\(error?.line ?? "")")
    }

    @Test func aRecordRefersToAStationThatExists() {
        let record = "record: { format: 'csv', time: 't', station: 'b', values: [] }"
        let error = #expect(throws: ConfigurationError.self) { try load(network(more: record)) }
        #expect(error?.line.contains("no station `b`") == true)
    }

    @Test(arguments: ["hamburg-vehicle", "park-releases", "tacolneston"])
    func theNetworksOfTheRepositoryAreRead(name: String) throws {
        let path = Places.repository.appending(path: "stations/\(name).json").path
        let file = try NetworkFile(path: path)
        #expect(file.network.id == name)
        #expect(file.record != nil)
        #expect(!file.network.credit.isEmpty)
        #expect(file.network.names[.english] != file.network.names[.chinese])
    }

    @Test(.enabled(if: Places.shared("park-releases/sensors.csv") != nil))
    func theParkSensorsStandWhereTheSourceSays() throws {
        let path = Places.repository.appending(path: "stations/park-releases.json").path
        let stations = try NetworkFile(path: path).network.stations
        let table = try #require(Places.shared("park-releases/sensors.csv"))
        let lines = try String(contentsOf: table, encoding: .utf8).split(whereSeparator: \.isNewline)
            .dropFirst()
        #expect(lines.count == stations.count)
        for line in lines {
            let fields = line.split(separator: ",").map(String.init)
            let station = try #require(stations.first { $0.id == fields[0] })
            #expect(station.position?.longitude == Double(fields[1]))
            #expect(station.position?.latitude == Double(fields[2]))
            #expect(station.instruments.first?.inletHeightMetres == Double(fields[3]))
        }
    }
}
