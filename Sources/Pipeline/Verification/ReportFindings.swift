import Quantities
import Report
import Verification

/// T12: what each difference may be due to, and which side is to be reviewed.
struct ReportFindings {
    let groups: [ComparisonGroup]
    /// chi2/n of the fit; nil where unknown.
    var fit: Double?
    /// What people follow up, and the name of the file of its history.
    var cases: [ReviewCase] = []
    var caseInputs: [String] = []
    /// Differences in scope that were left, by quantity.
    var openParts: [String: [ScopePart]] = [:]
    /// What a table says beside its figures, by group and row; empty where nothing does.
    var said: [[ReviewAdvice.Circumstances]] = []
    /// Facilities whose residuals last.
    var facilities: [FacilityFinding] = []
    /// Names that a history or a table of observations may lack.
    var names = RegionNames([])

    /// What asks for a case among the comparisons, group by group.
    ///
    /// - Parameter origin: of a comparison, by group and row.
    func openings(
        gas: Gas,
        period: Period,
        source: String,
        origin: (_ group: Int, _ row: Int) -> EvidenceOrigin?
    ) -> [CaseOpening] {
        let review = ComparisonReview(gas: gas, period: period, source: source)
        let compared = groups.enumerated().flatMap { place, group in
            let openings = review.openings(
                group.comparisons.indices.map { row in
                    ComparisonReview.Item(
                        group.comparisons[row],
                        unit: group.unit.english,
                        circumstances: circumstances(place, row, probability: nil),
                        origin: origin(place, row),
                        subjectKind: group.facilities.contains(row) ? .facility : .region
                    )
                }
            )
            return openings.map { opening in
                var opening = opening
                opening.keepsUnit = isInAnotherUnit(opening.subject, group)
                return opening
            }
        }
        return compared + facilities.map(\.opening)
    }

    private func isInAnotherUnit(_ subject: LocalizedName, _ group: ComparisonGroup) -> Bool {
        groups.contains { other in
            other.unit.english != group.unit.english
                && other.comparisons.contains { $0.region.english == subject.english }
        }
    }

    private func circumstances(
        _ place: Int,
        _ row: Int,
        probability: Double?
    ) -> ReviewAdvice.Circumstances {
        let group = groups[place]
        let said = said.isEmpty ? ReviewAdvice.Circumstances() : said[place][row]
        return ReviewAdvice.Circumstances(
            isMetered: said.isMetered || group.facilities.contains(row),
            fit: said.fit ?? fit,
            hasFailedChecks: said.hasFailedChecks,
            openParts: openParts[group.comparisons[row].region.english] ?? [],
            adjustedProbability: probability
        )
    }

    /// A row for each comparison that constrains something; those in agreement ask for nothing. Then the facilities
    /// whose residuals last and the review cases.
    func rows() -> [FindingRow] { compared + facilities.filter(\.lasts).map(row) + cases.map(row) }

    private var compared: [FindingRow] {
        groups.enumerated().flatMap { place, group in
            zip(group.comparisons, FalseDiscovery.adjusted(group.comparisons)).enumerated().map {
                row,
                judged -> FindingRow in
                let (comparison, probability) = judged
                let advice = ReviewAdvice(
                    comparison,
                    circumstances(
                        place,
                        row,
                        probability: group.comparisons.count > 1 && !probability.isNaN ? probability : nil
                    )
                )
                let kind: SubjectKind = group.facilities.contains(row) ? .facility : .region
                return finding(comparison, advice, kind, inputs: group.inputs)
            }
        }
    }

    private func finding(
        _ comparison: Comparison,
        _ advice: ReviewAdvice,
        _ kind: SubjectKind,
        inputs: [String]
    ) -> FindingRow {
        let isQuiet = advice.direction == .none
        let known = known(comparison.region, kind)
        return FindingRow(
            subject: comparison.region,
            evidence: evidence(comparison),
            reason: advice.explanations.isEmpty
                ? LocalizedName(english: "agreement", chinese: "一致")
                : Self.list(advice.explanations.map(\.name)),
            direction: advice.direction,
            state: known.isEmpty ? Self.state(isQuiet: isQuiet) : Self.reference(known),
            inputs: inputs + (known.isEmpty ? [] : caseInputs)
        )
    }

    private func known(_ subject: LocalizedName, _ kind: SubjectKind) -> [ReviewCase] {
        cases.filter {
            $0.finding.subject.english == subject.english && ($0.finding.subjectKind ?? kind) == kind
        }
    }

    private func row(_ facility: FacilityFinding) -> FindingRow {
        let opening = facility.opening
        let known = known(opening.subject, opening.subjectKind)
        return FindingRow(
            subject: names.named(opening.subject),
            evidence: FindingText.printed(opening.ground),
            reason: Self.list(opening.explanations.map(\.name)),
            direction: opening.direction,
            state: known.isEmpty ? Self.state(isQuiet: false) : Self.reference(known),
            inputs: facility.inputs + (known.isEmpty ? [] : caseInputs)
        )
    }

    private static func state(isQuiet: Bool) -> LocalizedName {
        isQuiet
            ? LocalizedName(english: "no case", chinese: "未立项")
            : LocalizedName(english: "open, to be decided by a person", chinese: "待人工裁定")
    }

    private static func reference(_ cases: [ReviewCase]) -> LocalizedName {
        let ids = cases.map(\.finding.id)
        return LocalizedName(
            english: "see case \(ids.joined(separator: ", "))",
            chinese: "见案例\(ids.joined(separator: "、"))"
        )
    }

    // MARK: - Review cases

    private func row(_ found: ReviewCase) -> FindingRow {
        let finding = found.finding
        let subject = names.named(finding.subject)
        return FindingRow(
            subject: LocalizedName(
                english: "\(subject.english) (case \(finding.id))",
                chinese: "\(subject.chinese)（案例\(finding.id)）"
            ),
            evidence: evidence(found),
            reason: finding.explanations.isEmpty
                ? LocalizedName(english: "not told", chinese: "未说明")
                : Self.list(finding.explanations.map(\.name)),
            direction: found.direction,
            state: state(found),
            inputs: caseInputs
        )
    }

    private func evidence(_ found: ReviewCase) -> LocalizedName {
        let ground = Self.following(found.finding)
        let ends = (found.evidence.map(\.start).min(), found.evidence.map(\.last).max())
        guard let first = ends.0, let last = ends.1 else { return ground }
        let days = [first, last].map { "\($0)".prefix(10) }
        let isOneDay = days[0] == days[1]
        let span = LocalizedName(
            english: isOneDay ? "\(days[0])" : "\(days[0]) to \(days[1])",
            chinese: isOneDay ? "\(days[0])" : "\(days[0])至\(days[1])"
        )
        let correction =
            found.correction.map { LocalizedName(english: "; \($0.english)", chinese: "；\($0.chinese)") }
            ?? ""
        let pieces = found.evidence.count == 1 ? "1 piece" : "\(found.evidence.count) pieces"
        return LocalizedName(
            english: "\(ground.english); \(pieces) of evidence, \(span.english)\(correction.english)",
            chinese: "\(ground.chinese)；证据\(found.evidence.count)条，\(span.chinese)\(correction.chinese)"
        )
    }

    /// The ground, and the closed case that it follows.
    private static func following(_ finding: Finding) -> LocalizedName {
        let grounds = FindingText.printed(finding.grounds)
        guard let earlier = finding.earlier else { return grounds }
        return LocalizedName(
            english: "\(grounds.english); after case \(earlier)",
            chinese: "\(grounds.chinese)；承接案例\(earlier)"
        )
    }

    /// With who decided last, and when; a case that nobody has looked at waits for a person.
    private func state(_ found: ReviewCase) -> LocalizedName {
        let name = found.state.name
        guard let last = found.decisions.last else {
            return LocalizedName(
                english: "\(name.english), to be decided by a person",
                chinese: "\(name.chinese)，待人工裁定"
            )
        }
        let day = "\(last.time)".prefix(10)
        return LocalizedName(
            english: "\(name.english) by \(last.person), \(day): \(last.note)",
            chinese: "\(name.chinese)，\(last.person)，\(day)：\(last.note)"
        )
    }

    private func evidence(_ comparison: Comparison) -> LocalizedName {
        let score = FindingText.score(comparison.zScore)
        let percent = comparison.uncertaintyReduction * 100
        let reduction = percent.isFinite ? "\(Int(exactly: percent.rounded()) ?? 0) %" : "n/a"
        return LocalizedName(
            english: "z \(score), uncertainty reduced \(reduction)",
            chinese: "z \(score)，不确定度降低 \(reduction)"
        )
    }

    private static func list(_ names: [LocalizedName]) -> LocalizedName {
        LocalizedName(
            english: names.map(\.english).joined(separator: ", "),
            chinese: names.map(\.chinese).joined(separator: "、")
        )
    }
}
