import Geo
import Observations
import Quantities
import TestSupport
import Testing

private typealias Samples = QualitySamples

private func profile(_ set: (inout QualityProfile) -> Void) -> QualityProfile {
    var profile = QualityProfile()
    set(&profile)
    return profile
}

@Suite struct QualityContextTests {
    @Test func nothingIsSaidWithoutTests() {
        let verdicts = contextVerdicts(Samples.series([420, nil, 421]), profile: QualityProfile())
        #expect(verdicts.map(\.flag) == [.notEvaluated, .missing, .notEvaluated])
        #expect(contextVerdicts([], profile: .standard(for: .vehicle, gas: .co2)).isEmpty)
    }

    @Test func changeIsMeasuredAgainstTrueTime() {
        let profile = profile {
            $0.rateOfChange = RateOfChangeLimit(
                partsPerMillionPerSecond: 20,
                shortestStepSeconds: 0.5,
                longestStepSeconds: 10
            )
        }
        // 19 ppm in a second is slow; in 0.9 s it is 21 ppm/s.
        let values: [Double?] = [420, 439, 439]
        #expect(contextVerdicts(Samples.series(values), profile: profile).places(.rateOfChange).isEmpty)
        let fast = contextVerdicts(Samples.series(values, step: 0.9), profile: profile)
        #expect(fast.places(.rateOfChange) == [1])
        #expect(fast.map(\.flag) == [.notEvaluated, .suspect, .good])
        // After a long hole nothing is compared.
        #expect(contextVerdicts(Samples.series(values, step: 11), profile: profile)[1].flag == .notEvaluated)
    }

    @Test func hampelFindsASpikeAndKeepsAPlume() {
        var values: [Double?] = (0..<61).map { 420 + Double($0 % 5) * 0.2 }
        values[30] = 480
        values[45] = 380
        let limit = HampelLimit(
            windowSeconds: 31,
            deviations: 8,
            smallestDistancePartsPerMillion: 1,
            keepsPlumes: false
        )
        let doubted = contextVerdicts(Samples.series(values), profile: profile { $0.hampel = limit })
        #expect(doubted.places(.spike) == [30, 45])
        #expect(doubted[30].flag == .suspect)
        var keeping = limit
        keeping.keepsPlumes = true
        let kept = contextVerdicts(Samples.series(values), profile: profile { $0.hampel = keeping })
        #expect(kept.places(.plumeCandidate) == [30])
        #expect(kept[30].flag == .good)
        #expect(kept.places(.spike) == [45])
    }

    /// Against the definition: median of the window, then median of the distances from it.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func hampelAgreesWithItsDefinition(seed: UInt64) {
        let readings = Samples.drive(300, seed: seed)
        let limit = HampelLimit(
            windowSeconds: 41,
            deviations: 3,
            smallestDistancePartsPerMillion: 0.5,
            keepsPlumes: false
        )
        let verdicts = contextVerdicts(readings, profile: profile { $0.hampel = limit })
        let air = readings.indices.filter {
            readings[$0].valuePartsPerMillion != nil && readings[$0].bottle == nil
        }
        let expected = air.filter { index in
            let near = air.filter { abs(readings[$0].time.seconds(since: readings[index].time)) <= 20.5 }
                .compactMap { readings[$0].valuePartsPerMillion }
            guard near.count >= 5, let value = readings[index].valuePartsPerMillion else { return false }
            let centre = median(near)
            let distance = abs(value - centre)
            return distance > 0.5 && distance > 3 * (1.4826 * median(near.map { abs($0 - centre) }))
        }
        #expect(verdicts.places(.spike) == expected)
        #expect(!expected.isEmpty)
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    @Test func flatLineMarksTheWholeStretch() {
        let limit = FlatLineLimit(tolerancePartsPerMillion: 0.01, suspectSeconds: 10, failSeconds: 30)
        let profile = profile { $0.flatLine = limit }
        let moving: [Double?] = (0..<5).map { 420 + Double($0) }
        let short = moving + Array(repeating: 430, count: 10) + moving
        #expect(contextVerdicts(Samples.series(short), profile: profile).places(.flatLine).isEmpty)
        let long = moving + Array(repeating: 430, count: 11) + moving
        let verdicts = contextVerdicts(Samples.series(long), profile: profile)
        #expect(verdicts.places(.flatLine) == Array(5..<16))
        #expect(verdicts[5].flag == .suspect)
        let stuck = moving + Array(repeating: 430, count: 31) + moving
        let failed = contextVerdicts(Samples.series(stuck), profile: profile)
        #expect(failed.places(.flatLine) == Array(5..<36))
        #expect(failed[5...35].allSatisfy { $0.flag == .fail })
    }

    @Test func warmUpFollowsASilence() {
        let profile = profile { $0.warmUp = WarmUpLimit(gapSeconds: 3600, settleSeconds: 300) }
        let times = [0, 60, 240, 300, 360, 4000, 4060, 8000].map(Double.init)
        let verdicts = contextVerdicts(times.map { Samples.reading(at: $0, 420) }, profile: profile)
        // The start of a record is the end of a silence; 3640 s is one; the last reading stands alone.
        #expect(verdicts.places(.warmUp) == [0, 1, 2, 5, 6])
        #expect(
            verdicts.map(\.flag) == [
                .suspect, .suspect, .suspect, .good, .good, .suspect, .suspect, .notEvaluated,
            ]
        )
    }

    @Test func warmUpSaysNothingOfHourlyMeans() {
        let profile = QualityProfile.standard(for: .fixed, gas: .co2)
        let hourly = Samples.series((0..<48).map { 420 + Double($0 % 7) }, step: 3600.001)
        #expect(contextVerdicts(hourly, profile: profile).allSatisfy { $0.flag == .notEvaluated })
    }

    @Test func poorFixesAndJumpsAreSuspect() {
        let profile = QualityProfile.standard(for: .vehicle, gas: .ch4)
        let start = (0..<100).map { Double($0) }
        var readings = start.map {
            Samples.reading(
                at: $0,
                420,
                position: Samples.place(10 + 0.0001 * $0),
                conditions: ["sat": $0 == 80 ? 3 : 4, "acc": $0 == 81 ? 15.1 : 15, "spd": $0 < 90 ? 6.6 : 0]
            )
        }
        readings[85] = Samples.reading(at: 85, 420, position: Samples.place(10.2))
        let verdicts = contextVerdicts(readings, profile: profile)
        #expect(verdicts.places(.warmUp) == Array(0..<60))
        #expect(verdicts.places(.fix) == [80, 81])
        // Only the place that stands aside, not the return from it.
        #expect(verdicts.places(.positionJump) == [85])
        #expect(verdicts.places(.standstill) == Array(90..<100))
        #expect(verdicts[95].flag == .good)
    }

    @Test func ownExhaustNeedsASlowVehicleAndAnExcess() {
        let profile = profile {
            $0.ownExhaust = OwnExhaustLimit(
                metresPerSecond: 2,
                excessPartsPerMillion: 100,
                windowSeconds: 600
            )
        }
        let readings = (0..<200).map { index in
            let isHigh = (50..<60).contains(index) || (150..<160).contains(index)
            let speed: Conditions = index == 155 ? [:] : ["spd": index < 100 ? 1 : 8]
            return Samples.reading(at: Double(index), isHigh ? 600 : 420, conditions: speed)
        }
        let verdicts = contextVerdicts(readings, profile: profile)
        #expect(verdicts.places(.ownExhaust) == Array(50..<60))
        #expect(verdicts[155].flag == .notEvaluated)
        #expect(verdicts[150].flag == .good)
    }

    @Test func thresholdsOfSingleReadingsHaveClosedBounds() {
        let profile = profile {
            $0.largestWaterVapourPercent = 3
            $0.smallestBatteryVolts = 3.3
            $0.climatology = [
                ClimatologyBand(
                    months: [3],
                    hours: [0],
                    lowestPartsPerMillion: 400,
                    highestPartsPerMillion: 450
                )
            ]
            $0.background = BackgroundFloor(
                partsPerMillion: 420,
                at: Samples.start,
                growthPartsPerMillionPerYear: 2.5,
                tolerancePartsPerMillion: 15
            )
        }
        let readings = [
            Samples.reading(at: 0, 405, conditions: ["h2o": 3, "bat": 3.3]),
            Samples.reading(at: 1, 404.9, conditions: ["h2o": 3.01]),
            Samples.reading(at: 2, 450.1, conditions: ["bat": 3.2]),
            Samples.reading(at: 3600, 460),
            // In eleven years the floor has risen by 27.5 ppm.
            Samples.reading(at: 11 * 365.25 * 86_400 + 3600, 425),
        ]
        let verdicts = contextVerdicts(readings, profile: profile)
        #expect(verdicts.map(\.flag) == [.good, .suspect, .suspect, .good, .suspect])
        #expect(
            verdicts.map(\.tests) == [
                [], [.waterVapour, .climatology], [.battery, .climatology], [], .climatology,
            ]
        )
    }

    @Test func attenuatedSignalVariesTooLittle() {
        let profile = profile { $0.attenuation = AttenuationLimit(rangePartsPerMillion: 1, seconds: 3600) }
        let values: [Double?] = (0..<200).map { 420 + ($0 < 100 ? 0.9 : 3) * Double($0 % 2) }
        let verdicts = contextVerdicts(Samples.series(values, step: 60), profile: profile)
        #expect(verdicts.places(.attenuatedSignal) == Array(0..<101))
    }

    @Test func gasFromABottleIsNoAirAndNoNeighbour() {
        var readings = Samples.series([420, 420.5, 420.2, 420.1, 420.4, 420.3])
        readings.insert(Samples.reading(at: 2.5, 700, bottle: "CB10"), at: 3)
        let verdicts = contextVerdicts(readings, profile: .standard(for: .vehicle, gas: .co2))
        #expect(verdicts[3] == QualityVerdict(flag: .fail, tests: .calibrationGas))
        #expect(verdicts.places(.rateOfChange).isEmpty)
        #expect(readings[3].flag.worse(verdicts[3].flag) == .fail)
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func theVerdictDependsOnTheMarginOnly(seed: UInt64) throws {
        let readings = Samples.drive(3000, seed: seed)
        for profile in [QualityContextTests.everything(hold: 0), QualityContextTests.everything(hold: 3)] {
            let whole = contextVerdicts(readings, profile: profile)
            var random = SeededGenerator(seed: seed)
            for _ in 0..<20 {
                let index = try #require(readings.indices.randomElement(using: &random))
                let near = readings.indices.filter {
                    abs(readings[$0].time.seconds(since: readings[index].time)) <= profile.margin
                }
                let cut = contextVerdicts(near.map { readings[$0] }, profile: profile)
                let place = try #require(near.firstIndex(of: index))
                #expect(cut[place] == whole[index], "reading \(index)")
            }
        }
    }

    @Test(arguments: 0..<5 as Range<UInt64>)
    func theOrderOfArrivalDoesNotMatter(seed: UInt64) {
        let readings = Samples.drive(1000, seed: seed)
        let profile = QualityContextTests.everything(hold: 3)
        let whole = contextVerdicts(readings, profile: profile)
        var random = SeededGenerator(seed: seed)
        let order = readings.indices.shuffled(using: &random)
        let shuffled = contextVerdicts(order.map { readings[$0] }, profile: profile)
        #expect(order.map { whole[$0] } == shuffled)
        let tests = whole.reduce(into: QualityTests()) { $0.formUnion($1.tests) }
        #expect(
            tests.isSuperset(of: [
                .spike, .rateOfChange, .warmUp, .positionJump, .fix, .waterVapour, .battery, .plumeCandidate,
                .standstill, .ownExhaust, .flatLine, .attenuatedSignal, .missingValue, .calibrationGas,
            ]),
            "\(tests.keys)"
        )
    }

    /// Every test, with times short enough for a drive of an hour.
    static func everything(hold: Double) -> QualityProfile {
        var profile = QualityProfile.standard(for: .vehicle, gas: .co2)
        profile.holdSeconds = hold
        profile.flatLine = FlatLineLimit(tolerancePartsPerMillion: 0.5, suspectSeconds: 3, failSeconds: 6)
        profile.attenuation = AttenuationLimit(rangePartsPerMillion: 3, seconds: 6)
        profile.spike = NeighbourSpikeLimit(
            method: .differential,
            suspectPartsPerMillion: 2,
            failPartsPerMillion: 4,
            longestStepSeconds: 5
        )
        profile.warmUp = WarmUpLimit(gapSeconds: 30, settleSeconds: 10)
        profile.fixWarmUp = WarmUpLimit(gapSeconds: 20, settleSeconds: 10)
        profile.smallestBatteryVolts = 3.1
        profile.ownExhaust?.windowSeconds = 100
        return profile
    }
}
