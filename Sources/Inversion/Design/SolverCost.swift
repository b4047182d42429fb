import Foundation
import LinearAlgebra

/// How fast this computer works on matrices.
public struct ArithmeticRate: Sendable {
    /// Floating-point operations a second in products of matrices, on one thread.
    public let products: Double
    /// Floating-point operations a second in products of a matrix that does not fit in cache with a vector.
    public let vectors: Double

    public init(products: Double, vectors: Double) {
        self.products = products
        self.vectors = vectors
    }

    /// Measures both in about 50 ms; the fastest of three runs counts, because others disturb but never help.
    public static func measured() -> ArithmeticRate {
        let order = 320
        let square = Matrix(
            rows: order,
            columns: order,
            storage: (0..<order * order).map { Double($0 % 7) - 3 }
        )
        let tall = Matrix(rows: 4096, columns: 512, storage: [Double](repeating: 0.5, count: 4096 * 512))
        let vector = [Double](repeating: 1, count: tall.columns)
        let clock = ContinuousClock()
        func fastest(_ body: () -> Double) -> Double {
            (0..<3).map { _ in
                var result = 0.0
                let time = clock.measure { result = body() }
                // The result is used, so that the work is done.
                return result.isNaN ? .infinity : max(time / .seconds(1), 1e-9)
            }.min() ?? 1
        }
        let cube = Double(order) * Double(order) * Double(order)
        return ArithmeticRate(
            products: 2 * cube / fastest { square.times(square).storage[0] },
            vectors: 2 * Double(tall.storage.count) / fastest { tall.times(vector)[0] }
        )
    }
}

/// What the cost of a solver depends on.
struct ProblemShape {
    let observations: Double
    let states: Double
    let hasFullPrior: Bool
    let hasFullError: Bool
    /// Eigenvalues of L⁻¹ Hᵀ R⁻¹ H L⁻ᵀ are between 0 and condition - 1.
    let condition: Double

    init(_ problem: LinearProblem, resolution: Double) {
        observations = Double(problem.observationCount)
        states = Double(problem.stateCount)
        if case .covariance = problem.priorError { hasFullPrior = true } else { hasFullPrior = false }
        if case .covariance = problem.observationError { hasFullError = true } else { hasFullError = false }
        condition = 1 / max(1 - resolution, 1e-12)
    }

    init<Rows: JacobianRows>(_ problem: StreamedProblem<Rows>, resolution: Double) {
        observations = Double(problem.jacobian.rows)
        states = Double(problem.jacobian.columns)
        if case .covariance = problem.priorError { hasFullPrior = true } else { hasFullPrior = false }
        hasFullError = false
        condition = 1 / max(1 - resolution, 1e-12)
    }

    var problemBytes: Double {
        let prior = hasFullPrior ? states * states : states
        let error = hasFullError ? observations * observations : observations
        return 8 * (observations * states + prior + error)
    }
}

/// What a solver will take on a problem, from counts of its leading operations.
public struct SolverCost: Sendable {
    public enum Solver: String, Codable, CaseIterable, Sendable {
        case state
        /// In state space with the Jacobian read by rows, twice; not where observation errors correlate.
        case streamed
        case observation
        case conjugateGradient = "conjugate_gradient"
        case ensemble
        case sampling
    }

    /// How much the approximate solvers are asked for.
    public struct Settings: Sendable {
        /// Relative residual at which conjugate gradients end.
        public var tolerance = 1e-6
        public var members = 100.0
        /// Gradients of all chains together.
        public var gradients = 50_000.0

        public init() {}
    }

    public let solver: Solver
    /// Floating-point operations.
    public let operations: Double
    /// On one thread.
    public let seconds: Double
    /// Peak, with the problem itself.
    public let bytes: Double

    static func all(of shape: ProblemShape, rate: ArithmeticRate, settings: Settings) -> [SolverCost] {
        Solver.allCases.filter { $0 != .streamed || !shape.hasFullError }.map {
            of($0, shape, rate, settings)
        }.sorted { $0.seconds < $1.seconds }
    }

    private static func of(
        _ solver: Solver,
        _ shape: ProblemShape,
        _ rate: ArithmeticRate,
        _ settings: Settings
    ) -> SolverCost {
        let (n, m) = (shape.observations, shape.states)
        // Times the Jacobian and its transpose, and the errors where they are full.
        let application =
            4 * n * m + (shape.hasFullPrior ? 2 * m * m : 0) + (shape.hasFullError ? 2 * n * n : 0)
        let operations: Double
        var words: Double
        var speed = rate.products
        switch solver {
        case .state, .streamed:
            let error = shape.hasFullError ? n * n * n / 3 + n * n * m : 0
            operations = n * m * m + (shape.hasFullPrior ? 7.0 / 3 : 1) * m * m * m + error
            words = 2 * m * m + (shape.hasFullError ? n * m + n * n : Double(NormalEquations.blockRows) * m)
            if solver == .streamed { words -= n * m }
        case .observation:
            operations =
                n * n * n / 3 + 4 * n * n * m + n * m * m + (shape.hasFullPrior ? 2 * n * m * m : 0)
            words = 3 * n * m + n * n + 2 * m * m
        case .conjugateGradient:
            operations = iterations(shape, settings) * application
            words = 6 * m + 2 * n
            speed = rate.vectors
        case .ensemble:
            let members = settings.members
            operations =
                2 * n * m * members + 4 * members * members * (n + m) + 10 * members * members * members
            words = members * (n + m)
        case .sampling:
            operations = settings.gradients * application
            words = 10 * (n + m)
            speed = rate.vectors
        }
        return SolverCost(
            solver: solver,
            operations: operations,
            seconds: operations / max(speed, 1),
            bytes: shape.problemBytes + 8 * words
        )
    }

    /// The bound by the condition number, and at most as many as there are unknowns or observations.
    private static func iterations(_ shape: ProblemShape, _ settings: Settings) -> Double {
        let bound = shape.condition.squareRoot() * log(2 / settings.tolerance) / 2
        return max(1, min(bound.rounded(.up), min(shape.observations, shape.states) + 1))
    }
}
