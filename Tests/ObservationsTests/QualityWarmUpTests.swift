import Observations
import Quantities
import TestSupport
import Testing

private typealias Samples = QualitySamples

private func profile(gap: Double, settle: Double) -> QualityProfile {
    var profile = QualityProfile()
    profile.warmUp = WarmUpLimit(gapSeconds: gap, settleSeconds: settle)
    return profile
}

@Suite struct QualityWarmUpTests {
    /// Of a reading by itself nothing is said, wherever in the record it stands; another one after a silence makes
    /// no difference. A low-cost instrument on a vehicle settles for longer than the silence that it settles after.
    @Test(arguments: [[0], [0, 1000], [0, 1000, 2500], [0, 301, 602]] as [[Double]])
    func aReadingByItselfIsTreatedAlikeEverywhere(times: [Double]) {
        for profile in [
            profile(gap: 300, settle: 1800), .standard(for: .vehicle, grade: .lowCost, gas: .ch4),
        ] {
            let verdicts = contextVerdicts(times.map { Samples.reading(at: $0, 2) }, profile: profile)
            #expect(verdicts.allSatisfy { $0.flag == .notEvaluated && $0.tests.isEmpty })
        }
    }

    @Test func whatFollowsSoonSettlesForAsLongAsTheInstrumentNeeds() {
        let times = [0, 100, 1000, 1100, 3000, 3200, 6000].map(Double.init)
        let readings = times.map { Samples.reading(at: $0, 420) }
        let verdicts = contextVerdicts(readings, profile: profile(gap: 300, settle: 1800))
        #expect(verdicts.places(.warmUp) == [0, 1, 2, 3, 4, 5])
    }

    /// What settling rests on: the verdict on a reading is that of the readings within the margin, in whatever order
    /// they come.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func theVerdictIsThatOfTheReadingsWithinTheMargin(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (gap, settle) = (10 + 90 * random.uniform(), 10 + 90 * random.uniform())
        let profile = profile(gap: gap.rounded(), settle: settle.rounded())
        var seconds = 0.0
        let readings = (0..<300).map { _ in
            seconds += (random.uniform() < 0.5 ? 5 : 120) * random.uniform()
            return Samples.reading(at: seconds.rounded(), 420)
        }
        .reduce(into: [Reading]()) { if $0.last?.time != $1.time { $0.append($1) } }
        let whole = contextVerdicts(readings, profile: profile)
        for (index, reading) in readings.enumerated() {
            let near = readings.filter { abs($0.time.seconds(since: reading.time)) <= profile.margin }
                .shuffled(using: &random)
            let place = near.firstIndex { $0.time == reading.time }
            let verdicts = contextVerdicts(near, profile: profile)
            #expect(place.map { verdicts[$0] } == whole[index], "\(index)")
        }
    }
}
