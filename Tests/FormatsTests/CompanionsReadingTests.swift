import Observations
import Quantities
import Testing

@testable import Formats

private let range = "gross_range: {fail: [0, 3000], suspect: [0, 1500]}"

private func station(_ id: String, _ kind: String, _ instruments: String..., latitude: Double = 51) -> String
{
    let place = kind == "fixed" ? "position: {longitude: 7, latitude: \(latitude)}," : ""
    return
        "{id: '\(id)', names: '\(id)', kind: '\(kind)', \(place) instruments: [\(instruments.joined(separator: ","))]}"
}

private func instrument(
    _ id: String,
    _ gas: String = "co2",
    scale: String = "WMO-CO2-X2019",
    _ more: String = ""
) -> String {
    "{id: '\(id)', gas: '\(gas)', unit: 'ppm', scale: '\(scale)', \(range), \(more)}"
}

/// A roof, a harbour that measures CO too, a hut of another scale, a sensor without one, a car, and the one under test.
private func network(
    _ more: String,
    kind: String = "fixed",
    scale: String = "WMO-CO2-X2019",
    gas: String = "co2"
)
    throws -> NetworkFile
{
    let stations = [
        station("roof", "fixed", instrument("g2401")),
        station("harbour", "fixed", instrument("licor"), instrument("horiba", "co", scale: "unstated")),
        station("hut", "fixed", instrument("old", scale: "WMO-CO2-X2007")),
        station("box", "fixed", instrument("ndir", scale: "uncalibrated")),
        station("mast", "fixed", instrument("ch4", "ch4", scale: "unstated")),
        station("near", "fixed", instrument("g2401"), latitude: 51.0089),
        station("far", "fixed", instrument("g2401"), latitude: 51.01),
        station("car", "vehicle", instrument("lgr", scale: "WMO-CO2-X2019")),
        station("own", kind, instrument("i", gas, scale: scale, more)),
    ]
    return try NetworkFile(
        text: "{id: 'n', names: 'n', credit: 'c', stations: [\(stations.joined(separator: ","))]}",
        path: "n.json"
    )
}

@Suite struct CompanionsReadingTests {
    private func companions(_ more: String, kind: String = "fixed") throws -> Companions? {
        try network(more, kind: kind).network.stations.last?.instruments.last?.companions
    }

    @Test func companionsAreFoundByTheirNames() throws {
        let found = try #require(
            try companions("companions: {buddies: ['roof', 'harbour/licor', 'hut'], reference: 'roof/g2401'}")
        )
        #expect(
            found.longitude == 7 && found.own == CompanionSeries(station: "own", instrument: "i", gas: .co2)
        )
        #expect(found.buddies.map(\.instrument) == ["g2401", "licor", "old"])
        #expect(found.reference == CompanionSeries(station: "roof", instrument: "g2401", gas: .co2))
        let ratio = "quality: {gas_ratio: {smallest: 0, largest: 1, smallest_excess: 5}}"
        let gas = try companions("companions: {gas: 'harbour/horiba'}, \(ratio)")
        #expect(gas?.gas == CompanionSeries(station: "harbour", instrument: "horiba", gas: .co))
        #expect(try companions("") == nil)
    }

    @Test func aVehiclePassesEveryFixedStationOfItsGasAndScale() throws {
        let found = try companions("", kind: "vehicle")
        #expect(found?.passed.map(\.series.station) == ["roof", "harbour", "hut", "near", "far"])
        let named = try companions("companions: {stations: ['harbour']}", kind: "vehicle")
        #expect(named?.passed.map(\.series.station) == ["harbour"])
        let unstated = try network("", kind: "vehicle", scale: "unstated")
        #expect(unstated.network.stations.last?.instruments[0].companions == nil)
        let off = try network("quality: {station_pass: false}", kind: "vehicle")
        #expect(SeriesComparison(try #require(off.network.stations.last?.instruments[0])) == nil)
    }

    @Test(arguments: [
        ("companions: {buddies: ['habrour']}", "did you mean `harbour`"),
        ("companions: {buddies: ['roof/g2402']}", "did you mean `g2401`"),
        ("companions: {budies: ['roof']}", "budies"),
        ("companions: {buddies: ['own']}", "its own companion"),
        ("companions: {reference: 'own'}", "its own companion"),
        ("companions: {buddies: ['roof', 'roof']}", "twice"),
        ("companions: {buddies: []}", "names no station"),
        ("companions: {buddies: ['car']}", "no fixed station"),
        ("companions: {buddies: ['mast']}", "measures no co2"),
        ("companions: {buddies: ['box']}", "uncalibrated"),
        ("companions: {gas: 'co'}", "measures no co"),
        ("companions: {gas: 'co2'}", "no other gas"),
        ("companions: {gas: 'harbour'}", "gas_ratio"),
        ("companions: {stations: ['roof']}", "a fixed station passes none"),
        ("quality: {buddy: {deviations: 4}}", "names no `buddies`"),
        ("quality: {station_pass: {offset: 4}}", "passes none"),
        ("companions: {buddies: ['roof']}, quality: {buddy: {night_from: 8}}", "solar time"),
        ("companions: {buddies: ['roof']}, quality: {buddy: {nights: 2.5}}", "whole number"),
        ("companions: {buddies: ['roof']}, quality: {buddy: {nights: 1e6}}", "366"),
        ("companions: {}", "names nothing to compare with"),
        ("companions: {buddies: null}", "names nothing to compare with"),
        ("companions: {gas: 'co3'}", "did you mean `co`?"),
        ("companions: {gas: 'habour'}", "did you mean `harbour`?"),
        (
            "companions: {buddies: ['city/roof']}",
            "`city` is no station of this file (companions are of the same"
        ),
        ("companions: {reference: 'far'}", "stands 1.12 km away"),
        ("companions: {reference: 'car'}", "`car` is a vehicle"),
    ])
    func whatCannotBeComparedIsRefused(_ members: String, _ problem: String) {
        let error = #expect(throws: ConfigurationError.self) { try network(members) }
        #expect(error.map { "\($0)".contains(problem) } == true, "\(error.map { "\($0)" } ?? "")")
    }

    /// Limits under which a test could never say anything, or only one thing.
    @Test(arguments: [
        (
            "reference: 'roof'", "colocation: {window_s: 3600}",
            "at most 12 pairs in 3600 s; fewest_pairs is 20"
        ),
        (
            "reference: 'roof'", "colocation: {fewest_pairs: 289}",
            "at most 288 pairs in 86400 s; fewest_pairs is 289"
        ),
        ("reference: 'roof'", "colocation: {window_s: 5400}", "5400 s are no whole number of hours"),
        ("reference: 'roof'", "colocation: {window_s: 0}", "no whole number of hours"),
        ("reference: 'roof'", "colocation: {offset: 0}", "must be above 0"),
        (
            "buddies: ['roof']", "buddy: {nights: 2}",
            "at most 14 pairs in 2 nights from 22 to 5 h; fewest_pairs is 20"
        ),
        (
            "buddies: ['roof']", "buddy: {nights: 5, night_from: 23, night_to: 2.5}",
            "at most 20 pairs in 5 nights from 23 to 2.5 h; fewest_pairs is 21"
        ),
        ("buddies: ['roof']", "buddy: {deviations: 0}", "must be above 0"),
        (
            "gas: 'harbour/horiba'", "gas_ratio: {near_s: 601}",
            "values 601 s apart are not in a window of 600 s"
        ),
        ("gas: 'harbour/horiba'", "gas_ratio: {near_s: 0, window_s: 0}", "must be above 0"),
        ("stations: ['roof']", "station_pass: {reach_m: 0}", "must be above 0"),
        ("stations: ['roof']", "station_pass: {offset: 0}", "must be above 0"),
        ("stations: ['roof']", "station_pass: {gap_s: 0}", "must be above 0"),
    ])
    func limitsThatCanNeverTellAreRefused(_ companions: String, _ limits: String, _ problem: String) {
        let limits =
            limits.replacing(
                "gas_ratio: {",
                with: "gas_ratio: {smallest: 0, largest: 1, smallest_excess: 5, "
            )
            .replacing("night_to: 2.5", with: "night_to: 2.5, fewest_pairs: 21")
        let kind = companions.hasPrefix("stations") ? "vehicle" : "fixed"
        let error = #expect(throws: ConfigurationError.self) {
            try network("companions: {\(companions)}, quality: {\(limits)}", kind: kind)
        }
        #expect(error.map { "\($0)".contains(problem) } == true, "\(error.map { "\($0)" } ?? "")")
        #expect(error?.exitStatus == .badData)
    }

    @Test(arguments: [
        ("reference: 'roof'", "colocation: {window_s: 3600, fewest_pairs: 12}"),
        ("buddies: ['roof']", "buddy: {nights: 5, night_from: 23, night_to: 2.5}"),
        ("buddies: ['roof']", "buddy: {smallest_deviation: 0, near_s: 0}"),
        ("gas: 'harbour/horiba'", "gas_ratio: {smallest: 0, largest: 1, smallest_excess: 5, near_s: 600}"),
        ("reference: 'near'", "colocation: {offset: 5}"),
    ])
    func limitsThatCanTellAreAccepted(_ companions: String, _ limits: String) {
        #expect(throws: Never.self) { try network("companions: {\(companions)}, quality: {\(limits)}") }
    }

    /// Companions may stay named while a test is off.
    @Test(arguments: [
        ("buddies: ['roof']", "buddy"), ("reference: 'roof'", "colocation"),
        ("gas: 'harbour/horiba'", "gas_ratio"),
    ])
    func falseTurnsATestOff(_ companions: String, _ test: String) throws {
        let ratio = "gas_ratio: {smallest: 0, largest: 1, smallest_excess: 5}"
        let on = test == "gas_ratio" ? "quality: {\(ratio)}" : ""
        for (quality, isCompared) in [(on, true), ("quality: {\(test): false}", false)] {
            let file = try network("companions: {\(companions)}, \(quality)")
            let instrument = try #require(file.network.stations.last?.instruments[0])
            #expect((SeriesComparison(instrument) != nil) == isCompared)
            #expect(instrument.companions != nil)
        }
        #expect(throws: Never.self) { try network("quality: {\(test): false, station_pass: false}") }
    }

    @Test func anUnknownGasNamesTheNearest() {
        let error = #expect(throws: ConfigurationError.self) { try network("", gas: "CH4") }
        #expect(error.map { "\($0)".contains("did you mean `ch4`?") } == true)
    }

    @Test func otherGasesNeedTheirOwnLimits() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try network("companions: {buddies: ['mast']}", scale: "unstated", gas: "ch4")
        }
        #expect(error.map { "\($0)".contains("needs the limits `buddy`") } == true)
        let quality = "quality: {buddy: {smallest_deviation: 0.01}}"
        let file = try network("companions: {buddies: ['mast']}, \(quality)", scale: "unstated", gas: "ch4")
        let buddy = file.network.stations.last?.instruments[0].quality.buddy
        #expect(
            buddy?.smallestDeviationPartsPerMillion == 0.01 && buddy?.deviations == 3 && buddy?.nights == 30
        )
    }

    @Test func uncalibratedValuesAreNoReference() {
        let error = #expect(throws: ConfigurationError.self) {
            try network("companions: {reference: 'box'}", scale: "uncalibrated")
        }
        #expect(error.map { "\($0)".contains("it needs a `calibration`") } == true)
        #expect(throws: Never.self) { try network("companions: {buddies: ['box']}", scale: "uncalibrated") }
    }
}
