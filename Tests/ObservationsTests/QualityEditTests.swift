import Observations
import Quantities
import TestSupport
import Testing

@Suite struct QualityEditTests {
    private func edit(
        _ change: OperatorEdit.Change,
        from start: Double = 0,
        to end: Double? = 10,
        station: String = "s"
    ) -> OperatorEdit {
        OperatorEdit(
            station: station,
            gas: .co2,
            start: QualitySamples.start.advanced(bySeconds: start),
            end: end.map { QualitySamples.start.advanced(bySeconds: $0) },
            change: change,
            who: "w",
            decided: QualitySamples.start,
            why: "y"
        )
    }

    private func flags(_ edits: [OperatorEdit], _ readings: [Reading]) -> [QualityVerdict] {
        let verdicts = readings.map { QualityVerdict(flag: $0.flag, tests: $0.tests) }
        return OperatorEdits(network: "n", edits: edits).apply(to: verdicts, of: readings)
    }

    @Test func theLastOfOverlappingEditsHolds() {
        let readings = QualitySamples.series([420, 420, 420, 420])
        let fail = edit(.flag(.fail, .flatLine), from: 1, to: 3)
        let good = edit(.flag(.good, []), from: 2, to: nil)
        #expect(flags([fail, good], readings).map(\.flag) == [.good, .fail, .good, .good])
        #expect(flags([good, fail], readings).map(\.flag) == [.good, .fail, .fail, .good])
        let edited = flags([fail, good], readings)
        #expect(
            edited.map(\.tests) == [
                [], [.operatorEdit, .flatLine], [.operatorEdit, .flatLine], .operatorEdit,
            ]
        )
    }

    @Test func nobodyMakesAMissingValueOrABottleGood() {
        var readings = QualitySamples.series([nil, 420, 420])
        readings[1].bottle = "b"
        readings[1].flag = .fail
        readings[2].flag = .fail
        let edited = flags([edit(.flag(.good, []))], readings)
        #expect(edited.map(\.flag) == [.missing, .fail, .good])
        #expect(edited.allSatisfy { $0.tests.contains(.operatorEdit) })
    }

    @Test func editsConcernTheirSeriesOnly() {
        let readings = QualitySamples.series([420])
        #expect(flags([edit(.flag(.fail, []), station: "other")], readings)[0].flag == .good)
        let elsewhere = OperatorEdit(
            network: "m",
            station: "s",
            start: QualitySamples.start,
            end: nil,
            change: .flag(.fail, []),
            who: "w",
            decided: QualitySamples.start,
            why: "y"
        )
        #expect(flags([elsewhere], readings)[0].flag == .good)
    }

    @Test func bottlesCanBeExchanged() {
        let readings = ["a", "b", nil, "c"].enumerated().map {
            QualitySamples.reading(at: Double($0.offset), 420, bottle: $0.element)
        }
        let edits = [
            edit(.bottle(old: "a", new: "b")), edit(.bottle(old: "b", new: "a")),
            edit(.bottle(old: nil, new: "d")),
            edit(.bottle(old: "c", new: nil)),
        ]
        let corrected = OperatorEdits(network: "n", edits: edits).correctingBottles(readings)
        #expect(corrected.map(\.bottle) == ["b", "a", "d", nil])
    }

    @Test func aChangedTableNamesWhatToSettleAgain() {
        let (first, second, third) = (
            edit(.flag(.fail, [])), edit(.flag(.good, [])), edit(.flag(.suspect, []))
        )
        let old = OperatorEdits(network: "n", edits: [first, second])
        #expect(OperatorEdits(network: "n", edits: [first, second]).changes(since: old).isEmpty)
        #expect(OperatorEdits(network: "n", edits: [first, third]).changes(since: old) == [third, second])
        #expect(OperatorEdits(network: "n", edits: []).changes(since: old) == [first, second])
    }
}
