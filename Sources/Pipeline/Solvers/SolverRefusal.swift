public import Inversion
public import Quantities

/// A problem that a solver would solve wrongly by rounding, and that ``Solver/exact`` solves well.
public struct SolverRefusal: Fault, Equatable {
    public let solver: Solver
    public let loss: Inaccuracy

    public var exitStatus: ExitStatus { .badData }
    public var what: String {
        "\(solver.rawValue) \(reason)"
    }
    /// Without the name of the solver.
    public var reason: String { "works with the normal equations, which rounding spoils: \(loss.reason)" }
    public var place: String { InversionError.inaccurate(loss).place }
    public var remedy: String {
        "take --solver exact; or " + InversionError.inaccurate(loss).remedy
    }
}
