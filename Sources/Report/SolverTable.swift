public import Quantities

/// What several solvers say of the compared quantities of one inversion.
public struct SolverTable: Sendable {
    /// One quantity by one solver.
    public struct Row: Sendable {
        public var quantity: LocalizedName
        public var solver: LocalizedName
        public var estimate: Estimate
        /// From the exact solution, in standard deviations of the exact solution; nil for the exact solution itself.
        public var difference: Double?
        /// Monte Carlo standard error of the mean, in standard deviations of the exact solution; nil without chance.
        public var monteCarloError: Double?
        /// False where another model was solved, so that a difference is no error.
        public var isSameModel: Bool

        public init(
            quantity: LocalizedName,
            solver: LocalizedName,
            estimate: Estimate,
            difference: Double?,
            monteCarloError: Double?,
            isSameModel: Bool
        ) {
            self.quantity = quantity
            self.solver = solver
            self.estimate = estimate
            self.difference = difference
            self.monteCarloError = monteCarloError
            self.isSameModel = isSameModel
        }
    }

    public var title: LocalizedName
    public var unit: LocalizedName
    /// By quantity, the exact solution first.
    public var rows: [Row]

    public init(title: LocalizedName, unit: LocalizedName, rows: [Row]) {
        self.title = title
        self.unit = unit
        self.rows = rows
    }
}
