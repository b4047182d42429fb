import Observations
import Quantities
import TestSupport
import Testing

@Suite struct QualityCompanionTests {
    private func noise(_ count: Int, seed: UInt64) -> [Double] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in random.normal() }
    }

    @Test(arguments: 0..<5 as Range<UInt64>)
    func aBuddyContradictsWhatOnlyOneStationSees(seed: UInt64) {
        let scatter = noise(200, seed: seed).map { min(max($0, -2.5), 2.5) }
        // Both see the night's rise and an own constant difference; only one sees hour 150.
        let own = scatter.enumerated().map {
            420 + Double($0.offset) * 0.1 + $0.element + ($0.offset == 150 ? 30 : 0)
        }
        let other = scatter.indices.map { 410 + Double($0) * 0.1 }
        let readings = QualitySamples.series(own, step: 3600)
        let neighbour = other.enumerated().map {
            QualitySamples.reading(at: Double($0.offset) * 3600 + 600, $0.element)
        }
        let verdicts = CompanionTests.buddy(readings, neighbour: neighbour)
        #expect(verdicts.places(.buddy) == [150])
        #expect(verdicts[150].flag == .suspect && verdicts[0].flag == .good)
        // Nobody near in time, or too few to know how the differences vary: nothing is said.
        let late = neighbour.map {
            QualitySamples.reading(at: $0.time.seconds(since: QualitySamples.start) + 1e8, 1)
        }
        #expect(CompanionTests.buddy(readings, neighbour: late).allSatisfy { $0.flag == .notEvaluated })
        #expect(CompanionTests.buddy(readings, neighbour: []).allSatisfy { $0.flag == .notEvaluated })
        #expect(
            CompanionTests.buddy(readings, neighbour: Array(neighbour.prefix(19))).allSatisfy {
                $0.flag == .notEvaluated
            }
        )
    }

    @Test func driftFromTheReferenceShowsInTheMedian() {
        let count = 10 * 1440
        let reference = (0..<count).map { 420 + 20 * Double($0 % 97) / 97 }
        // 2 ppm of drift a day, and a single wild value that is no drift.
        let own = reference.enumerated().map {
            $0.element + Double($0.offset) / 720 + ($0.offset == 100 ? 500 : 0)
        }
        let verdicts = CompanionTests.colocation(
            QualitySamples.series(own, step: 60),
            reference: QualitySamples.series(reference, step: 60)
        )
        let drifted = verdicts.places(.colocation)
        // The centred median passes 10 ppm in the middle of its window: after five days, and the last half day,
        // whose window is cut, keeps the drift.
        #expect(abs((drifted.first ?? 0) - 5 * 1440) <= 1)
        #expect(drifted.count == count - (drifted.first ?? 0))
        #expect(verdicts[100].flag == .good)
    }

    @Test func aPlumeOfOneGasAloneHasTheWrongRatio() {
        let gas = (0..<600).map { 420 + ((100..<110).contains($0) || (400..<410).contains($0) ? 80.0 : 0) }
        let companion = (0..<600).map { 0.1 + ((100..<110).contains($0) ? 0.8 : 0) }
        let limit = RatioLimit(smallest: 0.005, largest: 0.05, smallestExcessPartsPerMillion: 20)
        let verdicts = CompanionTests.ratio(
            QualitySamples.series(gas),
            companion: QualitySamples.series(companion),
            limit
        )
        #expect(verdicts.places(.ratio) == Array(400..<410))
        #expect(verdicts[105].flag == .good && verdicts[0].flag == .notEvaluated)
    }
}
