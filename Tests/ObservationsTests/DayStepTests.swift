import Observations
import Quantities
import Testing

private func times(_ seconds: [Double]) -> [Instant] {
    seconds.map { Instant(microseconds: Int64($0 * 1e6)) }
}

private func step(_ hours: [[Double]], before: [Double] = [], after: [Double] = []) -> Double {
    DayStep.seconds(ofHours: hours.map(times)) { () throws(Never) in
        (before: times(before), after: times(after))
    }
}

@Test func theStepOfADayIsTheUsualOne() {
    let minutes = (0..<60).map { Double($0) * 60 }
    #expect(step([minutes, [3661.5], minutes.map { $0 + 7200 }]) == 60)
    // Half of an hour has been lost.
    #expect(step([minutes, minutes.map { $0 + 3600 }.filter { Int($0 / 60) % 7 > 2 }]) == 60)
}

@Test func aReadingByItselfTakesTheStepOfItsNeighbours() {
    let before = (1...10).map { -Double(11 - $0) * 10 - 5000 }
    #expect(step([[40_000]], before: before) == 10)
    #expect(step([[40_000]], after: [90_000, 90_010, 90_020]) == 10)
    #expect(step([[0], [3600], [7200]]) == 3600)
    // A day that has enough of its own is not what its neighbours are.
    #expect(step([(0..<11).map { Double($0) * 60 }], before: before, after: [90_000, 90_010]) == 60)
    #expect(step([[40_000]]) == DayStep.assumedSeconds)
    #expect(step([]) == DayStep.assumedSeconds)
}

/// Of a fast instrument the hour is not read to its end: what follows is no successor.
@Test func theFirstReadingsOfAnHourCount() {
    let burst = (0..<DayStep.readingsAnHour).map { Double($0) }
    #expect(step([burst, [3600, 3601, 3602]]) == 1)
    // Read to its end, it has a gap of nearly an hour, which alone stands beside a step of 5000 s.
    #expect(step([[0], [3600]], after: [8600]) == 4300)
    #expect(step([burst.map { $0 * 36 }, [3600], [7200]], after: [90_000]) == 36)
}

@Test(arguments: [(1.0004, 1.0), (0.1, 0.1), (2.5, 2.5), (30.04, 30.0), (30.06, 30.1), (3600.2, 3600)])
func threeDigitsAreEnough(exact: Double, rounded: Double) {
    #expect(step([(0..<50).map { Double($0) * exact }]) == rounded)
}
