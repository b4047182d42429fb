public import LinearAlgebra
public import Quantities

/// An inverse problem that cannot be solved as it stands.
public enum InversionError: Fault, Equatable {
    /// A vector or matrix has another length than the rest of the problem.
    case wrongLength(of: String, expected: Int, actual: Int)
    /// An element is NaN or infinite; `index` is its place in storage order.
    case notFinite(String, index: Int)
    /// A standard deviation is zero or negative.
    case notPositive(String, index: Int, value: Double)
    /// A standard deviation or variance so small or large that its square or its inverse is no number.
    case extreme(String, index: Int, value: Double)
    /// A covariance differs from its transpose.
    case notSymmetric(String, row: Int, column: Int)
    /// Two elements have one name; `index` is the place of the second.
    case duplicate(String, index: Int)
    /// An index, label or parameter has a value that means nothing.
    case outOfRange(String, index: Int)
    /// Residuals that leave no variance for an error, so that its scale falls to zero.
    case noVariance(String)
    /// What is asked for needs more of something than there is.
    case tooFew(String, count: Int, least: Int, use: String)
    /// There is nothing to solve.
    case empty(String)
    /// A matrix that should be positive definite is not, or is too large.
    case algebra(String, LinearAlgebraError)
    /// Matrices of this order are beyond the memory of the machine, or beyond a patient wait.
    case tooMany(String, count: Int, most: Int)
    /// The operation is defined for independent observation errors only.
    case correlatedObservations
    /// A lower bound stands above the upper bound, or leaves no room below it.
    case boundsCross(index: Int, lower: Double, upper: Double)
    /// An iteration stopped before its tolerance was met.
    case notConverged(String, iterations: Int, residual: Double)
    /// A value is so large that what is computed from it overflows.
    case tooLarge(String, index: Int, value: Double)
    /// An element of a matrix is NaN or infinite.
    case notFiniteElement(String, row: Int, column: Int)
    /// Rounding would leave too few digits of the solution.
    case inaccurate(Inaccuracy)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .wrongLength(let name, let expected, let actual):
            "\(name) has \(actual) values where \(expected) are needed"
        case .notFinite(let name, _), .notFiniteElement(let name, _, _):
            "\(name) holds a value that is not finite"
        case .tooLarge(let name, _, let value): "\(name) is \(value), which overflows in the solution"
        case .inaccurate(let loss): loss.what
        case .notPositive(let name, _, let value): "\(name) must be positive and is \(value)"
        case .extreme(let name, _, let value):
            "\(name) is \(value), too small or too large to work with"
        case .tooMany(let name, let count, let most):
            "\(name) has \(count) elements, and at most \(most) can be worked with in full"
        case .notSymmetric(let name, _, _): "\(name) is not symmetric"
        case .duplicate(let name, _): "\(name) occurs twice"
        case .outOfRange(let name, _): "\(name) holds a value that means nothing"
        case .noVariance(let name):
            "no value of \(name) is found: the residuals leave no variance for it (their product with those of the "
                + "prior is not above zero, as with few observations)"
        case .tooFew(let name, let count, let least, let use):
            "\(use) need at least \(least) \(name), and there are \(count)"
        case .empty(let name): "the problem has no \(name)"
        case .algebra(let name, let error): "\(name): \(error.what)"
        case .correlatedObservations: "observation errors are correlated"
        case .boundsCross(_, let lower, let upper): "nothing lies between the bounds \(lower) and \(upper)"
        case .notConverged(let name, let iterations, let residual):
            "\(name) did not converge in \(iterations) iterations; \(residual) is left"
        }
    }

    public var place: String {
        switch self {
        case .notFinite(let name, let index), .notPositive(let name, let index, _),
            .extreme(let name, let index, _), .duplicate(let name, let index),
            .outOfRange(let name, let index), .tooLarge(let name, let index, _):
            "\(name)[\(index)]"
        case .notSymmetric(let name, let row, let column), .notFiniteElement(let name, let row, let column):
            "\(name)[\(row), \(column)]"
        case .inaccurate(let loss): loss.place
        case .boundsCross(let index, _, _): "bounds[\(index)]"
        case .algebra(_, let error): error.place
        case .tooMany(let name, _, _): name
        case .wrongLength, .empty, .correlatedObservations, .notConverged, .noVariance, .tooFew: ""
        }
    }

    public var remedy: String {
        switch self {
        case .tooFew: "leave it out, or give more"
        case .noVariance: "gather observations in larger groups, or state their errors"
        case .wrongLength, .empty: "check the dimensions of the problem"
        case .duplicate: "give every element a name of its own"
        case .outOfRange: "see the documentation for what the values mean"
        case .notFinite(let name, _) where name.hasPrefix("observation"):
            "leave out observations without a value"
        case .inaccurate(let loss): loss.remedy
        case .tooLarge: "check the value and its unit"
        case .notFinite, .notFiniteElement: "give finite numbers, and none near the largest that there are"
        case .notPositive: "give every value a standard deviation above zero"
        case .extreme: "give a standard deviation in a unit in which it is not far from one"
        case .tooMany: "gather the elements in fewer, or give a sparse jacobian where there are many states"
        case .notSymmetric: "give the full covariance matrix"
        case .algebra(_, let error): error.remedy
        case .correlatedObservations:
            "take a solver for correlated errors, such as exact or conjugate-gradient"
        case .boundsCross: "give a lower bound that is below the upper one"
        case .notConverged:
            "check for errors far too small or too large, start nearer to the solution, or allow more iterations"
        }
    }
}
