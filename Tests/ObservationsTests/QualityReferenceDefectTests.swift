import Observations
import Quantities
import TestSupport
import Testing

/// Where the reference implementation (ioos_qc 3.0.0) errs and ours must not. The third and fourth defects, on
/// missing values and on repeats, are tested on the drive through Hamburg.
@Suite struct QualityReferenceDefectTests {
    /// (a) It raises when the usual step is shorter than a second.
    @Test func flatLinesAreFoundBelowASecond() {
        var profile = QualityProfile()
        profile.flatLine = FlatLineLimit(tolerancePartsPerMillion: 0.01, suspectSeconds: 10, failSeconds: 30)
        let values: [Double?] = (0..<100).map { $0 < 50 ? 420 + Double($0) : 500 }
        let verdicts = contextVerdicts(QualitySamples.series(values, step: 0.25), profile: profile)
        #expect(verdicts.places(.flatLine) == Array(50..<100))
    }

    /// (b) It cuts the step to whole seconds, so that any change within 0.9 s is infinitely fast.
    @Test func aChangeWithinASecondIsNotInfinitelyFast() {
        var profile = QualityProfile()
        profile.rateOfChange = RateOfChangeLimit(
            partsPerMillionPerSecond: 20,
            shortestStepSeconds: 0,
            longestStepSeconds: 10
        )
        let slow = contextVerdicts(QualitySamples.series([420, 430, 431], step: 0.9), profile: profile)
        #expect(slow.map(\.flag) == [.notEvaluated, .good, .good])
        // 1.9 s is not 1 s either.
        let long = contextVerdicts(QualitySamples.series([420, 455], step: 1.9), profile: profile)
        #expect(long[1].flag == .good)
    }

    /// (c) Of several flags it takes the one of the test that said something, so that a missing value is good where
    /// only the place was judged.
    @Test func aMissingValueStaysMissingWhereThePlaceIsGood() throws {
        let profile = QualityProfile.standard(for: .vehicle, gas: .co2)
        let place = try #require(QualitySamples.place(10))
        let readings = (0..<120).map { index in
            QualitySamples.reading(
                at: Double(index),
                index == 100 ? nil : 420 + Double(index % 3),
                position: place,
                conditions: ["sat": 9, "acc": 3]
            )
        }
        let verdict = contextVerdicts(readings, profile: profile)[100]
        #expect(verdict == QualityVerdict(flag: .missing, tests: .missingValue))
        #expect(verdict.combined(with: QualityVerdict(flag: .good, tests: [])).flag == .missing)
    }

    /// (d) Its differential spike test is blind where a value is repeated.
    @Test func aRepeatedSpikeIsASpike() {
        var profile = QualityProfile()
        profile.spike = NeighbourSpikeLimit(
            method: .differential,
            suspectPartsPerMillion: 10,
            failPartsPerMillion: 100,
            longestStepSeconds: 5
        )
        let values: [Double?] = [420, 420, 421, 421, 450, 450, 450, 422, 422, 421]
        let series = QualitySamples.series(values)
        #expect(contextVerdicts(series, profile: profile).places(.spike).isEmpty)
        profile.holdSeconds = 3
        #expect(contextVerdicts(series, profile: profile).places(.spike) == [4, 5, 6])
    }

    /// (e) It counts samples instead of time and forgets the stretch at a gap.
    @Test func flatLinesAreAboutTimeAndOutliveMissingValues() {
        var profile = QualityProfile()
        profile.flatLine = FlatLineLimit(tolerancePartsPerMillion: 0.01, suspectSeconds: 60, failSeconds: 600)
        // Sixty values within six seconds are no minute.
        let dense = QualitySamples.series(Array(repeating: 420, count: 60), step: 0.1)
        #expect(contextVerdicts(dense, profile: profile).places(.flatLine).isEmpty)
        // Missing values and unequal steps within a stuck minute do not free it.
        let times = [0, 7, 11, 25, 30, 44, 48, 63].map(Double.init)
        let holed = times.map { QualitySamples.reading(at: $0, $0 == 11 || $0 == 44 ? nil : 420) }
        #expect(contextVerdicts(holed, profile: profile).places(.flatLine) == [0, 1, 3, 4, 6, 7])
        // But over a silence nobody knows what the air did.
        let silence = [0, 10, 20, 50, 60, 70].map { QualitySamples.reading(at: $0, 420) }
        #expect(contextVerdicts(silence, profile: profile).places(.flatLine).isEmpty)
    }
}
