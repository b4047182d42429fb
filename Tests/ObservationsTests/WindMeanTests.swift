import Foundation
import Quantities
import TestSupport
import Testing

@testable import Observations

private let start = CalibrationReadings.start

private func wind(_ seconds: Double, _ speed: Double, _ direction: Double?) throws -> WindObservation {
    try #require(
        WindObservation(time: start.advanced(bySeconds: seconds), speed: speed, direction: direction)
    )
}

private func hour(_ observations: [WindObservation]) throws -> WindMean {
    try #require(WindMean.means(of: observations, .hour, nominalStepSeconds: 600).first)
}

@Test func northIsBetweenTenDegreesOnEitherSide() throws {
    let mean = try hour([wind(0, 4, 350), wind(600, 4, 10)])
    let direction = try #require(mean.vectorDirection)

    #expect(min(direction, 360 - direction) < 1e-9)
    #expect(mean.scalarSpeed == 4)
    #expect(abs(mean.vectorSpeed - 4 * cos(10 * Double.pi / 180)) < 1e-12)
    #expect(abs((mean.steadiness ?? 0) - cos(10 * Double.pi / 180)) < 1e-12)
    #expect(abs(mean.completeness - 2 / 6.0) < 1e-12 && !mean.isComplete)
}

@Test func aStrongWindTurnsTheVectorButNotTheUnitVector() throws {
    let mean = try hour([wind(0, 9, 0), wind(600, 3, 90)])
    #expect(abs((mean.vectorDirection ?? 0) - atan2(3, 9) * 180 / .pi) < 1e-9)
    #expect(abs((mean.unitDirection ?? 0) - 45) < 1e-9)
}

@Test func oppositeWindsHaveSpeedAndNoDirection() throws {
    let mean = try hour([wind(0, 5, 90), wind(600, 5, 270)])
    #expect(mean.scalarSpeed == 5)
    #expect(mean.vectorSpeed < 1e-9)
    #expect(mean.vectorDirection == nil)
    // All directions there are: Yamartino's form ends at 103.9 degrees.
    #expect(abs((mean.directionDeviation ?? 0) - 180 / 3.0.squareRoot()) < 1e-6)
}

@Test func aCalmCountsWithItsSpeedAndNotItsVane() throws {
    let mean = try hour([wind(0, 4, 180), wind(600, 0.2, 17), wind(1200, 0, nil)])
    #expect(mean.calms == 2 && mean.directions == 1 && mean.count == 3)
    #expect(abs(mean.scalarSpeed - 4.2 / 3) < 1e-12)
    #expect(abs((mean.vectorDirection ?? 0) - 180) < 1e-9)
    let calm = try hour([wind(0, 0, nil)])
    #expect(calm.vectorDirection == nil && calm.steadiness == nil && calm.directionDeviation == nil)
}

/// Of Gaussian directions about any mean, the single-pass deviation is within 2 % up to 60 degrees (Yamartino
/// 1984).
@Test(arguments: [5.0, 20, 40, 60])
func yamartinoFindsTheDeviation(sigma: Double) throws {
    var random = SeededGenerator(seed: UInt64(sigma))
    let centre = 360 * random.uniform()
    let observations = try (0..<3600).map { second in
        try wind(Double(second), 3, (centre + sigma * random.normal()).truncatingRemainder(dividingBy: 360))
    }
    let mean = try hour(observations)
    #expect(abs((mean.directionDeviation ?? 0) / sigma - 1) < 0.04)
    let shuffled = try hour(observations.shuffled(using: &random))
    #expect(mean == shuffled)
}

@Test func windOfImpossibleNumbersIsNoWind() {
    #expect(WindObservation(time: start, speed: -1, direction: 0) == nil)
    #expect(WindObservation(time: start, speed: .nan, direction: 0) == nil)
    #expect(WindObservation(time: start, speed: 1, direction: 1e9) == nil)
    #expect(WindObservation(time: start, speed: 1, direction: 360)?.direction == 0)
    #expect(WindObservation(CalibrationReadings.reading(0, 420)) == nil)
}

@Test func theSameWindFromTwoInstrumentsCountsOnce() throws {
    let mean = try hour([wind(0, 4, 90), wind(0, 4, 90), wind(600, 2, 90)])
    #expect(mean.count == 2 && mean.scalarSpeed == 3)
}
