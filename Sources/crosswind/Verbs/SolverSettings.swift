import Formats
import Inversion
import Pipeline

/// The options of `crosswind invert` that choose solvers.
struct SolverSettings {
    let solvers: [Solver]
    /// Whether all were asked for, so that one which does not fit the problem is left out and not an error.
    let areAll: Bool
    let draws: Int
    let seed: UInt64
    let isNonNegative: Bool

    /// Nil without `--solver`.
    init?(_ options: Options, verb: String) throws {
        guard let text = options.text("solver") else {
            for name in ["non-negative", "draws", "seed"] where options.isSet(name) {
                throw UsageError.operands(expected: "--solver beside --\(name)", verb: verb)
            }
            return nil
        }
        areAll = text == "all"
        solvers = try text == "all" ? Solver.allCases : Self.solvers(text, verb)
        draws = try Self.whole(options, "draws", 1000, least: 4, most: 1_000_000, verb)
        seed = UInt64(try Self.seed(options, verb: verb))
        isNonNegative = options.isSet("non-negative")
        try refuseUseless(options, verb)
    }

    /// Refuses what none of the solvers asked for would heed.
    private func refuseUseless(_ options: Options, _ verb: String) throws(UsageError) {
        let uses: [(option: String, isUsed: (Solver) -> Bool)] = [
            ("draws", \.isSampler), ("seed", { $0.isSampler || $0 == .ensemble }),
            ("non-negative", \.keepsBounds),
        ]
        for (option, isUsed) in uses where options.isSet(option) && !solvers.contains(where: isUsed) {
            let names = Solver.allCases.filter(isUsed).map(\.rawValue).joined(separator: " or ")
            throw .operands(expected: "\(names) in --solver beside --\(option)", verb: verb)
        }
    }

    private static func solvers(_ text: String, _ verb: String) throws -> [Solver] {
        var solvers: [Solver] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let solver = Solver(rawValue: String(part)) else {
                let names = Solver.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError.badValue(
                    "solver",
                    String(part),
                    expected: "all, or some of \(names)",
                    verb: verb
                )
            }
            guard !solvers.contains(solver) else {
                let expected = "a list without repeats: `\(solver.rawValue)` is given twice"
                throw UsageError.badValue("solver", text, expected: expected, verb: verb)
            }
            solvers.append(solver)
        }
        return solvers
    }

    static func seed(_ options: Options, verb: String) throws -> Int {
        try whole(options, "seed", 1, least: 0, most: Int(Int32.max), verb)
    }

    private static func whole(
        _ options: Options,
        _ name: String,
        _ standard: Int,
        least: Int,
        most: Int,
        _ verb: String
    ) throws -> Int {
        guard let text = options.text(name) else { return standard }
        guard let value = Int(text), (least...most).contains(value) else {
            throw UsageError.badValue(name, text, expected: "a whole number, \(least) to \(most)", verb: verb)
        }
        return value
    }

    /// Runs the solvers beside the exact one, whose solution is at hand. Of all solvers, those that do not fit the
    /// problem are left out with the reason.
    func results(
        _ input: LinearProblemInput,
        _ exact: Posterior,
        totals: TotalsPlan?
    ) async throws -> (results: [SolverResult], leftOut: [(solver: String, reason: String)]) {
        var run = SolverRun(input, seed: seed, draws: draws, isNonNegative: isNonNegative)
        run.totals = totals
        run.exactSolution = exact
        var results: [SolverResult] = []
        var leftOut: [(solver: String, reason: String)] = []
        if areAll { run.isChecked = try await run.normalEquationsLoss() == nil }
        for solver in solvers {
            if areAll, let reason = solver.reasonAgainst(input.problem) {
                leftOut.append((solver.rawValue, reason))
                continue
            }
            do { results.append(try await run.solve(solver)) } catch let error as SolverRefusal where areAll {
                leftOut.append((solver.rawValue, "it \(error.reason)"))
            }
        }
        return (results, leftOut)
    }

    /// For a case, whose other settings stand in its file.
    func plan(_ options: Options, over own: SolverPlan) -> SolverPlan {
        var plan = own
        plan.solvers = solvers
        if options.isSet("draws") { plan.draws = draws }
        if options.isSet("seed") { plan.seed = seed }
        return plan
    }
}
