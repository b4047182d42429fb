extension QualityTests {
    /// The tests against other series.
    static let comparisons: QualityTests = [.buddy, .colocation, .ratio, .stationPass]
}

extension QualityVerdict {
    /// The verdict before a series was compared with others, of one that ``SeriesRules/compared(_:_:)`` or
    /// ``keepingComparison(of:)`` gave.
    /// - Parameter reported: the tests that the message told; they may name such a test of a device.
    public func withoutComparison(reported: QualityTests) -> QualityVerdict {
        let found = tests.intersection([.comparisons, .comparisonAlone])
        guard !found.isEmpty else { return self }
        let isDoubtedByItself = flag != .suspect || !tests.contains(.comparisonAlone)
        return QualityVerdict(
            flag: isDoubtedByItself ? flag : .good,
            tests: tests.subtracting(found).union(reported.intersection(.comparisons))
        )
    }

    /// A new verdict of the tests of the series itself, with what comparing found before; it stands until it is
    /// compared again.
    public func keepingComparison(of old: QualityVerdict) -> QualityVerdict {
        let found = old.tests.intersection(.comparisons)
        guard !found.isEmpty else { return self }
        let isAlone =
            old.flag == .suspect && old.tests.contains(.comparisonAlone)
            && (flag == .good || flag == .notEvaluated)
        return QualityVerdict(
            flag: isAlone ? .suspect : flag,
            tests: tests.union(isAlone ? found.union(.comparisonAlone) : found)
        )
    }
}

extension SeriesRules {
    /// The verdicts of the own tests together with those of comparisons, which can only raise doubt, and of people, who
    /// have the last word.
    /// - Parameters:
    ///   - readings: after ``settle(_:_:)``, in the order of time.
    ///   - comparison: one a reading.
    public func compared(_ readings: [Reading], _ comparison: [QualityVerdict]) -> [QualityVerdict] {
        let own = readings.map { QualityVerdict(flag: $0.flag, tests: $0.tests) }
        let both = zip(own, comparison).map { $1.flag == .suspect ? $0.combined(with: $1) : $0 }
        guard both != own || !edits.edits.isEmpty else { return own }
        var verdicts = edits.apply(to: both, of: edits.correctingBottles(readings))
        for index in verdicts.indices where verdicts[index].flag != own[index].flag {
            verdicts[index].tests.formUnion(.comparisonAlone)
        }
        return verdicts
    }
}
