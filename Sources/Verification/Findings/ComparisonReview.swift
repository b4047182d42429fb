public import Quantities

/// The comparisons of one table or run, and which of them ask for a case: those that are inconsistent, |z| > 2, and
/// stay below the rate of false discoveries among all that were compared (Benjamini and Hochberg 1995).
public struct ComparisonReview: Sendable {
    public struct Item: Sendable {
        public var comparison: Comparison
        public var unit: String
        public var circumstances: ReviewAdvice.Circumstances
        /// The row it was read from; nil where it was computed and not written.
        public var origin: EvidenceOrigin?
        public var subjectKind: SubjectKind

        public init(
            _ comparison: Comparison,
            unit: String,
            circumstances: ReviewAdvice.Circumstances = .init(),
            origin: EvidenceOrigin?,
            subjectKind: SubjectKind = .region
        ) {
            self.comparison = comparison
            self.unit = unit
            self.circumstances = circumstances
            self.origin = origin
            self.subjectKind = subjectKind
        }
    }

    public var gas: Gas
    public var period: Period
    /// Table or run that the figures come from.
    public var source: String

    public init(gas: Gas, period: Period, source: String) {
        self.gas = gas
        self.period = period
        self.source = source
    }

    /// - Parameter items: compared together; their adjusted p-values are computed here.
    public func openings(_ items: [Item]) -> [CaseOpening] {
        let adjusted = FalseDiscovery.adjusted(items.map(\.comparison))
        return zip(items, adjusted).filter { item, probability in
            item.comparison.verdict == .inconsistent
                && probability <= item.circumstances.falseDiscoveryRate
        }
        .map { item, probability in
            var opening = opening(item, probability: probability, among: adjusted.count { !$0.isNaN })
            opening.keepsUnit = items.contains {
                $0.unit != item.unit && $0.comparison.region.english == item.comparison.region.english
            }
            return opening
        }
    }

    private func opening(_ item: Item, probability: Double, among count: Int) -> CaseOpening {
        var circumstances = item.circumstances
        circumstances.adjustedProbability = count > 1 ? probability : nil
        let advice = ReviewAdvice(item.comparison, circumstances)
        let z = "z \(significantText(item.comparison.zScore, digits: 3))"
        let p = "p \(significantText(probability, digits: 2))"
        let rate = item.circumstances.falseDiscoveryRate
        var opening = CaseOpening(
            subject: item.comparison.region,
            gas: gas,
            direction: advice.direction,
            explanations: advice.explanations,
            ground: LocalizedName(
                english: "inconsistent, \(z), \(p) adjusted among \(count), at most \(rate); "
                    + advice.rule.english,
                chinese: "不一致，\(z)，\(p)（\(count) 项比较校正后，阈值 \(rate)）；\(advice.rule.chinese)"
            ),
            evidence: [evidence(item, probability)]
        )
        opening.subjectKind = item.subjectKind
        return opening
    }

    private func evidence(_ item: Item, _ probability: Double) -> Evidence {
        let comparison = item.comparison
        var evidence = Evidence(
            kind: .comparison,
            time: period.start,
            source: source,
            residual: Estimate(
                mean: comparison.difference,
                standardDeviation: comparison.differenceSigma
            ),
            unit: item.unit,
            lineage: item.origin?.text ?? source
        )
        evidence.period = EvidencePeriod(period)
        evidence.origin = item.origin
        var figures = EvidenceFigures(
            declared: comparison.inventory,
            found: comparison.posterior,
            zScore: comparison.zScore
        )
        figures.adjustedProbability = probability
        figures.isMetered = item.circumstances.isMetered ? true : nil
        figures.uncertaintyReduction = comparison.uncertaintyReduction
        evidence.figures = figures
        return evidence
    }
}
