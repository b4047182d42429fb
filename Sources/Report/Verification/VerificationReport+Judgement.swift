import Quantities
import Verification

// T8, T9 and T11 to T14.
extension VerificationReport {
    var trendTable: ReportTable? {
        let rows = content.trends.map { trend in
            ReportTable.Row(
                [
                    .text(trend.subject), .text(trend.unit), .text(LocalizedName(english: trend.years)),
                    .count(trend.count), .interval(trend.slope, lower: trend.lower, upper: trend.upper),
                    .count(trend.score),
                    .signed(trend.zScore, decimals: 2), .number(trend.probability), .text(trend.method),
                    .text(trend.statement),
                ],
                inputs: trend.inputs
            )
        }
        return table(.trend, Columns.trend, rows, [TemplateText.trendNote])
    }

    var sensitivityTable: ReportTable? {
        let rows = content.sensitivity.map { row in
            ReportTable.Row(
                [
                    .text(row.choice), .text(row.quantity), .text(row.unit), .estimate(row.posterior),
                    row.shift.isFinite ? .signed(row.shift, decimals: 2) : .empty,
                ],
                group: row.quantity,
                inputs: row.inputs
            )
        }
        return table(.sensitivity, Columns.sensitivity, rows)
    }

    var budgetTable: ReportTable? {
        let rows = content.budget.map { row in
            ReportTable.Row(
                [
                    .text(row.component), .text(row.quantity), .text(row.unit),
                    Self.sigma(row.standardDeviation),
                    row.share.isFinite ? .share(row.share) : .empty, .text(row.basis),
                ],
                group: row.quantity,
                inputs: row.inputs
            )
        }
        return table(.budget, Columns.budget, rows)
    }

    /// To the digits that it has behind ± in the other tables.
    private static func sigma(_ value: Double) -> ReportTable.Cell {
        value > 0 ? .rounded(value, decimals: NumberText.decimals(uncertainty: value)) : .number(value)
    }

    var reasonTable: ReportTable? {
        let rows = content.findings.map { finding in
            ReportTable.Row(
                [
                    .text(finding.subject), .text(finding.evidence), .text(finding.reason),
                    .text(finding.direction.name), .text(finding.state),
                ],
                inputs: finding.inputs
            )
        }
        return table(.reasons, Columns.reasons, rows, [TemplateText.findingNote])
    }

    var targetTable: ReportTable? {
        let rows = content.targets.map { target in
            ReportTable.Row(
                [
                    .text(target.indicator), .text(target.region), .text(target.kind), .text(target.unit),
                    target.baseYear.map { .text(Self.year($0)) } ?? .empty,
                    target.base.isFinite ? .number(target.base) : .empty,
                    .text(Self.year(target.targetYear)),
                    .number(target.target),
                    target.actualYear.map { .text(Self.year($0)) } ?? .empty,
                    target.actual.isFinite ? .number(target.actual) : .empty,
                    target.progress.isFinite ? .share(target.progress) : .empty, .text(target.source),
                ],
                inputs: target.inputs
            )
        }
        return table(.targets, Columns.targets, rows, [TemplateText.targetNote])
    }

    private static func year(_ year: Int) -> LocalizedName { LocalizedName(english: String(year)) }

    var lineageTable: ReportTable? {
        let inputs = provenance.inputs.map { input in
            ReportTable.Row(
                [
                    .text(input.role), .text(LocalizedName(english: input.name)), .text(input.credit),
                    .text(LocalizedName(english: input.sha256)),
                ],
                group: TemplateText.inputs,
                inputs: [input.name]
            )
        }
        let versions = content.versions.map { fact in
            ReportTable.Row(
                [.text(fact.name), .text(fact.value), .empty, .empty],
                group: TemplateText.versions,
                inputs: fact.inputs
            )
        }
        let software = [
            (Message.software.text, provenance.software), (Message.command.text, provenance.command),
        ]
        .map { ScopeFact(name: $0.0, value: LocalizedName(english: $0.1)) }
        let run =
            (software + provenance.environment.map { ScopeFact(name: $0.name, value: $0.value) })
            .map { fact in
                ReportTable.Row(
                    [.text(fact.name), .text(fact.value), .empty, .empty],
                    group: TemplateText.run
                )
            }
        return table(.lineage, Columns.lineage, inputs + versions + run)
    }
}
