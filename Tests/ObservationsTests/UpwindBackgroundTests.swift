import Geo
import Quantities
import TestSupport
import Testing

@testable import Observations

private let start = CalibrationReadings.start
private let centre = Position(longitude: 10, latitude: 50)

private func station(
    _ name: String,
    _ longitude: Double,
    _ latitude: Double,
    scale: CalibrationScale = .co2X2019,
    _ value: (Int) -> Double
) -> [Reading] {
    (0..<60).map { minute in
        Reading(
            station: name,
            instrument: "i",
            gas: .co2,
            time: start.advanced(bySeconds: 60 * Double(minute)),
            valuePartsPerMillion: value(minute),
            scale: scale,
            position: Position(longitude: longitude, latitude: latitude),
            standardUncertaintyPartsPerMillion: 0.1,
            flag: .good
        )
    }
}

private func wind(from direction: Double, speed: Double = 5) -> [WindMean] {
    let observations = (0..<6).compactMap {
        WindObservation(time: start.advanced(bySeconds: 600 * Double($0)), speed: speed, direction: direction)
    }
    return WindMean.means(of: observations, .hour, nominalStepSeconds: 600)
}

private let ring =
    station("north", 10, 50.5) { _ in 415 } + station("east", 10.7, 50) { _ in 425 }
    + station("south", 10, 49.5) { _ in 435 } + station("here", 10, 50) { _ in 500 }

@Test func theBackgroundIsThatFromWhichTheWindBlows() throws {
    let place = try #require(centre)
    for (direction, value, name) in [(350.0, 415.0, "north"), (100, 425, "east"), (170, 435, "south")] {
        let background = try UpwindBackground(at: place, of: ring, wind: wind(from: direction))
        let estimate = try #require(background.estimate(at: start.advanced(bySeconds: 1800)))
        #expect(estimate.mean == value)
        // Constant readings: what remains is what they state of themselves.
        #expect(abs(estimate.standardDeviation - 0.1) < 1e-12)
        #expect(background.stations(at: start) == [name])
        #expect(background.estimate(at: start.advanced(bySeconds: 3600)) == nil)
    }
}

@Test func noStationUpwindIsNoBackground() throws {
    let place = try #require(centre)
    let west = try UpwindBackground(at: place, of: ring, wind: wind(from: 270))
    #expect(west.estimate(at: start) == nil)
    let calm = try UpwindBackground(at: place, of: ring, wind: wind(from: 0, speed: 0.6))
    #expect(calm.estimate(at: start) == nil)
}

@Test func stationsThatDisagreeWidenTheBackground() throws {
    let place = try #require(centre)
    var settings = UpwindBackground.Settings()
    settings.statistic = .mean
    let background = try UpwindBackground(at: place, of: ring, wind: wind(from: 45), settings)
    let estimate = try #require(background.estimate(at: start))

    #expect(background.stations(at: start) == ["east", "north"])
    #expect(estimate.mean == 420)
    // Half the square of 10 / 2^(1/2), and 0.1 in common.
    #expect(abs(estimate.standardDeviation - (25 + 0.01).squareRoot()) < 1e-9)
}

@Test func upwindStationsOnTwoScalesAreRefused() throws {
    let place = try #require(centre)
    let mixed = ring + station("north-2", 10, 50.6, scale: .co2X2007) { _ in 415 }
    #expect(throws: BackgroundError.self) {
        try UpwindBackground(at: place, of: mixed, wind: wind(from: 0))
    }
}

@Test func aMixtureOfScalesNamesWhoIsOnWhat() throws {
    let readings = station("a", 10, 50) { _ in 420 } + station("b", 10, 50, scale: .co2X2007) { _ in 420 }
    do {
        _ = try ScaleMixture.commonScale(of: readings)
        Issue.record("two scales are no common one")
    } catch {
        #expect(error.groups.map(\.scale) == [.co2X2007, .co2X2019])
        #expect(error.groups.map(\.members) == [["b/i"], ["a/i"]])
        #expect(error.line.contains("WMO-CO2-X2007: b/i") && error.line.contains("--scale"))
    }
    #expect(try ScaleMixture.commonScale(of: station("a", 10, 50) { _ in 420 }) == .co2X2019)
    #expect(try ScaleMixture.commonScale(of: [Reading]()) == nil)
}

@Test func instrumentsWithoutAScaleHaveNoneInCommon() throws {
    let loose = [(name: "a", scale: CalibrationScale.uncalibrated), (name: "b", scale: .uncalibrated)]
    #expect(try ScaleMixture.commonScale(of: loose, .co2) == .uncalibrated)
    #expect(throws: ScaleMixture.self) {
        try ScaleMixture.commonScale(of: loose, .co2, requiresTie: true)
    }
}
