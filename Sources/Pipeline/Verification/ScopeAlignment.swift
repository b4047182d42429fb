import Quantities
import Report
import Verification

/// Takes the steps of a case with the figures that it compares, and tells each of them.
struct ScopeAlignment {
    let plans: [AlignmentPlan]
    let gas: Gas
    let period: Period
    /// File of the case, for messages.
    let file: String

    /// - Throws: ``PipelineError`` for a quantity that nothing is compared of.
    func requireQuantities(among names: [String]) throws(PipelineError) {
        for plan in plans where !names.contains(plan.quantity) {
            throw .unknownName(
                kind: "compared quantity to align",
                name: plan.quantity,
                file: file,
                nearest: nearest(to: plan.quantity, among: names)
            )
        }
    }

    /// The comparison with its sides brought to one scope; as it is where the case has no steps for it.
    ///
    /// - Throws: ``PipelineError/unaligned(quantity:file:_:)`` where steps are missing or cannot be taken.
    func aligned(
        _ comparison: Comparison,
        unit: LocalizedName,
        inventoryIsPrior: Bool
    ) throws(PipelineError) -> (comparison: Comparison, facts: [ScopeFact]) {
        guard let plan = plans.first(where: { $0.quantity == comparison.region.english }) else {
            return (comparison, [])
        }
        do throws(ScopeError) {
            let inventory = try figure(comparison.inventory, plan.inventory, unit)
            let prior = try figure(comparison.prior, plan.air, unit)
            let posterior = try figure(comparison.posterior, plan.air, unit)
            let aligned = try AlignedComparison(
                region: comparison.region,
                inventory: inventory,
                prior: prior,
                posterior: posterior,
                inventoryIsPrior: inventoryIsPrior,
                // The truth is that of the figure before any step.
                truth: plan.air.steps.isEmpty ? comparison.truth : nil
            )
            let facts =
                facts(comparison.region, Self.declared, aligned.inventoryLog, unit)
                + facts(comparison.region, Self.found, aligned.topDownLog, unit)
            return (aligned.comparison, facts)
        } catch {
            throw .unaligned(quantity: plan.quantity, file: file, error)
        }
    }

    /// Differences in scope that were left, by quantity: they may explain what the figures differ by.
    var openParts: [String: [ScopePart]] {
        Dictionary(
            plans.map { plan in
                let parts = (plan.inventory.steps + plan.air.steps).compactMap { step -> ScopePart? in
                    if case .accept(let part, _, _, _) = step { part } else { nil }
                }
                return (plan.quantity, parts)
            }
        ) { first, _ in first }
    }

    private func figure(
        _ figure: Estimate,
        _ side: AlignmentPlan.Side,
        _ unit: LocalizedName
    ) throws(ScopeError) -> ScopedFigure {
        let scope = Scope(
            gas: gas,
            territory: side.territory,
            period: side.period ?? period,
            parts: side.parts
        )
        return try ScopedFigure(figure: figure, unit: unit, scope: scope, source: "")
            .aligned(by: side.steps)
    }

    private func facts(
        _ region: LocalizedName,
        _ side: LocalizedName,
        _ log: [AlignmentEntry],
        _ unit: LocalizedName
    ) -> [ScopeFact] {
        log.map { entry in
            ScopeFact(
                name: LocalizedName(
                    english: "\(region.english), \(side.english)",
                    chinese: "\(region.chinese)，\(side.chinese)"
                ),
                value: LocalizedName(
                    english: entry.line(.english, unit: unit),
                    chinese: entry.line(.chinese, unit: unit)
                )
            )
        }
    }

    private static let declared = LocalizedName(
        english: "declared figure, alignment of scope",
        chinese: "申报值口径对齐"
    )
    private static let found = LocalizedName(
        english: "figure from the air, alignment of scope",
        chinese: "自上而下估算口径对齐"
    )
}
