public import Formats
public import Inversion
public import Report
public import Verification

/// What came out of one inverse problem.
public struct ProblemResult: Sendable {
    public var prepared: PreparedProblem
    public var posterior: Posterior
    public var comparisons: [Comparison]
    /// The quantities before and after, with their full covariances.
    public var totals: FunctionalTotals
    /// Largest difference between the solutions in state and in observation space, relative to the posterior
    /// standard deviation; nil when the problem is too large to be solved twice.
    public var spaceDisagreement: Double?
    /// The exact solution with its totals, and those of the further solvers that the case asks for.
    public var solution: SolvedState
    public var solvers: [SolverResult] = []
}

/// Everything one run of a case gives.
public struct CaseResult: Sendable {
    public var definition: Case
    public var problems: [ProblemResult]
    public var report: VerificationReport
    /// Cases that the report opens; nil where the case asks for none.
    public var cases: PendingCases?
}
