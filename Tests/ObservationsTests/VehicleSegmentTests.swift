import Foundation
import Geo
import Quantities
import TestSupport
import Testing

@testable import Observations

private let start = CalibrationReadings.start
private let box = BoundingBox(west: 9.6, south: 53.3, east: 10.4, north: 53.8)

private func settings() throws -> VehicleSegmentSettings {
    let grid = try #require(box.flatMap { LatitudeLongitudeGrid(box: $0, stepDegrees: 0.01) })
    return VehicleSegmentSettings(grid: grid)
}

private func reading(
    _ seconds: Double,
    _ value: Double,
    _ longitude: Double?,
    speed: Double? = nil,
    scale: CalibrationScale = .co2X2019
) -> Reading {
    Reading(
        station: "car",
        instrument: "g2301",
        gas: .co2,
        time: start.advanced(bySeconds: seconds),
        valuePartsPerMillion: value,
        scale: scale,
        position: longitude.flatMap { Position(longitude: $0, latitude: 53.555) },
        standardUncertaintyPartsPerMillion: 0.2,
        flag: .good,
        conditions: speed.map { ["spd": $0] } ?? [:]
    )
}

@Test func aDriveThroughTwoCellsIsTwoSegments() throws {
    let drive = (0..<10).map {
        reading(Double($0), 420 + Double($0), 10.0051 + 0.001 * Double($0), speed: 60)
    }
    let segments = try VehicleSegment.segments(of: drive.shuffled(), settings())

    #expect(segments.map(\.used) == [5, 5])
    #expect(segments.map(\.meanPartsPerMillion) == [422, 427])
    #expect(segments.map(\.medianPartsPerMillion) == [422, 427])
    #expect(segments[0].minimumPartsPerMillion == 420 && segments[0].maximumPartsPerMillion == 424)
    #expect(abs((segments[0].standardDeviationPartsPerMillion ?? 0) - 2.5.squareRoot()) < 1e-12)
    #expect(segments[1].cell == segments[0].cell + 1)
    // Every second belongs to one of them, the last reading lasts for nobody knows how long.
    #expect(segments.map(\.seconds) == [5, 4])
    let step = cos(53.555 * Double.pi / 180) * 0.001 * Double.pi / 180 * Earth.meanRadiusMetres
    #expect(abs(segments[0].distanceMetres - 4 * step) < 1e-3)
    #expect(abs((segments[0].meanSpeed ?? 0) - step) < 1e-3)
    #expect(segments.map(\.standstillShare) == [0, 0])
}

@Test func anHourAtTheKerbWeighsNoMoreThanADrivePast() throws {
    let parked = (0..<3600).map { reading(Double($0), 500, 10.005, speed: 0) }
    let away = (0..<10).map { reading(3600 + Double($0), 430, 10.105, speed: 20) }
    let back = (0..<10).map { reading(3610 + Double($0), 420, 10.005, speed: 20) }
    let segments = try VehicleSegment.segments(of: parked + away + back, settings())
    let means = VehiclePassMean.means(of: segments)

    #expect(segments.map(\.standstillShare) == [1, 0, 0])
    #expect(means.map(\.passes) == [2, 1])
    #expect(means[0].meanPartsPerMillion == 460)
    #expect(means[0].readings == 3610)
    // 80 / 2^(1/2) over two passes, and 0.2 of the readings.
    #expect(abs((means[0].standardUncertaintyPartsPerMillion ?? 0) - (1600 + 0.04).squareRoot()) < 1e-9)
    #expect(means[1].standardUncertaintyPartsPerMillion == nil)
}

@Test func silenceAndLostFixesEndASegment() throws {
    let track = [
        reading(0, 420, 10.005), reading(1, 420, 10.005), reading(100, 420, 10.005),
        reading(101, 420, nil), reading(102, 420, 10.005), reading(103, 420, 50),
    ]
    let segments = try VehicleSegment.segments(of: track, settings())
    #expect(segments.map(\.used) == [2, 1, 1])
    #expect(segments.map(\.seconds) == [1, 1, 1])
}

@Test func aDriveOnTwoScalesIsNotCut() throws {
    let track = [reading(0, 420, 10.005), reading(1, 420, 10.005, scale: .co2X2007)]
    let settings = try settings()
    #expect(throws: ScaleMixture.self) { try VehicleSegment.segments(of: track, settings) }
}

/// The recorded drive: 18,620 rows, of which 4003 (21 %) have the speed 0, and 334 no fix.
@Test func theHamburgDriveIsCutWithoutLosingAReading() throws {
    let file = Places.deploy.appending(path: "records/hamburg-drive.csv")
    let rows = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
        .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let track = rows.map { row in
        let position = Double(row[1]).flatMap { latitude in
            Double(row[2]).flatMap { Position(longitude: $0, latitude: latitude) }
        }
        let value = Double(row[9])
        return Reading(
            station: "car",
            instrument: "g2301",
            gas: .co2,
            time: Instant(iso8601: row[0]) ?? start,
            valuePartsPerMillion: value,
            scale: .unstated,
            position: position,
            standardUncertaintyPartsPerMillion: 0.2,
            flag: (value ?? 0) > 380 ? .good : .fail,
            conditions: Double(row[4]).map { ["spd": $0] } ?? [:]
        )
    }
    var settings = try settings()
    settings.standstillSpeed = 0.05
    let segments = try VehicleSegment.segments(of: track, settings)

    #expect(segments.reduce(0) { $0 + $1.used + $1.excluded } == track.count - 334)
    let seconds = segments.reduce(0) { $0 + $1.seconds }
    let standing = segments.reduce(0) { $0 + $1.standstillShare * $1.seconds }
    #expect(abs(standing / seconds - 0.21) < 0.02)
    let means = VehiclePassMean.means(of: segments)
    #expect(means.reduce(0) { $0 + $1.readings } == segments.reduce(0) { $0 + $1.used })
    #expect(means.contains { $0.passes > 1 })
}
