public import LinearAlgebra

/// The checks that go with every result, in one call.
public struct DiagnosticReport: Sendable {
    /// Of state elements and of their groups.
    public let signal: SignalDegrees
    /// Bits that all observations together give.
    public let information: Double
    /// J / n.
    public let costPerObservation: Double
    public let innovation: ChiSquareCheck
    /// What each group of observations adds, and how well the others predict it.
    public let groups: [WithheldGroup]
    /// Implied over stated observation error variance of each group (Desroziers et al. 2005).
    public let desroziersRatios: [Double?]
    /// Of the withheld groups; nil where no observation is in a group.
    public let coverage: Coverage?
    public let varianceShares: VarianceShares
    /// Posterior correlations between the totals.
    public let correlations: Matrix
    /// Averaging kernel of the totals; nil where one of them depends on the others.
    public let kernel: ReducedKernel?
}

extension Diagnostics {
    /// - Parameters:
    ///   - observationGroups: stations, vehicles or products.
    ///   - stateGroups: regions or sectors.
    ///   - totals: what correlations, variance shares and the reduced kernel are told of.
    ///   - budget: of which the observation error is the sum.
    /// - Throws: ``InversionError`` as the solver does.
    public static func report(
        of problem: LinearProblem,
        _ posterior: Posterior,
        observationGroups: LabelGroups,
        stateGroups: LabelGroups,
        totals: LinearFunctionals,
        budget: ErrorBudget? = nil
    ) throws(InversionError) -> DiagnosticReport {
        let withheld = try withheldGroups(of: problem, posterior, groups: observationGroups)
        let sums = try totals.totals(of: posterior, priorError: problem.priorError)
        return DiagnosticReport(
            signal: try signalDegrees(of: posterior, groups: stateGroups),
            information: try information(of: problem, posterior),
            costPerObservation: posterior.costPerObservation,
            innovation: chiSquareCheck(of: posterior),
            groups: withheld,
            desroziersRatios: try desroziersRatios(of: problem, posterior, observationGroups),
            coverage: withheld.isEmpty ? nil : try Coverage(of: withheld),
            varianceShares: try varianceShares(of: problem, posterior, totals: totals, budget: budget),
            correlations: sums.correlations,
            kernel: try? sums.reducedKernel()
        )
    }

    /// Desroziers ratios of named groups; observations in none are not counted.
    public static func desroziersRatios(
        of problem: LinearProblem,
        _ posterior: Posterior,
        _ groups: LabelGroups
    ) throws(InversionError) -> [Double?] {
        let rest = groups.names.count
        let ratios = try desroziersRatios(
            of: problem,
            posterior,
            groups: groups.groupOfElement.map { $0 ?? rest },
            groupCount: rest + 1
        )
        return Array(ratios.dropLast())
    }
}
