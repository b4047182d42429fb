import Foundation
import NetCDF
import TestSupport
import Testing

/// Problems that cannot be solved as they stand: one line that names the element, never a number.
@Suite struct BadProblemTests {
    /// A small problem, of which a test makes one part bad.
    struct Problem: Sendable {
        var observations = [1.0, 2, 3, 4]
        var jacobian = [1.0, 0, 0, 1, 1, 1, 1, -1]
        var states = ["a", "b"]
        var sigma: [Double] = [1, 1, 1, 1]
        var priorSigma: [Double] = [1, 1]
        var covariance: [Double] = []
        var priorCovariance: [Double] = []
        var columns = 2
        var kinds: [String] = []
        var groups: [String] = []
        var lower: [Double] = []

        @NetCDFThread
        func write(to path: String) throws {
            var writer = try NetCDFWriter(replacing: path)
            let (n, m) = (observations.count, states.count)
            for (name, length) in [
                ("observation", n), ("state", m), ("observation_2", n), ("state_2", m), ("column", columns),
            ] { try writer.defineDimension(name, length: length) }
            let numbers: [(String, [String], [Double])] = [
                ("jacobian", ["observation", columns == m ? "state" : "column"], jacobian),
                ("observation_value", ["observation"], observations),
                ("observation_sigma", ["observation"], sigma),
                ("observation_covariance", ["observation", "observation_2"], covariance),
                ("prior_mean", ["state"], states.map { _ in 1 }),
                ("prior_sigma", ["state"], priorSigma),
                ("prior_covariance", ["state", "state_2"], priorCovariance),
                ("state_lower", ["state"], lower), ("state_upper", ["state"], lower.map { _ in 5 }),
            ].filter {
                $0.0 != "observation_sigma" || covariance.isEmpty
            }.filter {
                $0.0 != "prior_sigma" || priorCovariance.isEmpty
            }.filter {
                !$0.2.isEmpty
                    || !["covariance", "lower", "upper"].contains { [name = $0.0] in name.hasSuffix($0) }
            }
            let texts = [
                ("state_name", "state", states), ("state_kind", "state", kinds),
                ("observation_group", "observation", groups),
            ].filter { !$0.2.isEmpty || $0.0 == "state_name" }
            for (name, dimensions, _) in numbers {
                try writer.defineVariable(name, .double, dimensions: dimensions, attributes: [])
            }
            for (name, dimension, _) in texts {
                try writer.defineVariable(name, .string, dimensions: [dimension], attributes: [])
            }
            for (name, _, values) in numbers { try writer.write(values, to: name) }
            for (name, _, values) in texts { try writer.write(values, to: name) }
            try writer.commit()
        }
    }

    private static let notPositiveDefinite = [1, 0.9, 0, 0, 0.9, 1, -0.9, 0, 0, -0.9, 1, 0, 0, 0, 0, 1]

    static let bad: [(words: String, change: @Sendable (inout Problem) -> Void)] = [
        ("state_name[1]", { $0.states = ["a", "a"] }),
        ("the problem has no observations", { ($0.observations, $0.jacobian, $0.sigma) = ([], [], []) }),
        ("observation_value[2]", { $0.observations[2] = .nan }),
        ("observation_value[0]", { $0.observations = [.nan, .nan, .nan, .nan] }),
        ("jacobian[1, 0]", { $0.jacobian[2] = .infinity }),
        ("observation_sigma must be positive and is -1.0", { $0.sigma[1] = -1 }),
        ("observation_sigma[3]", { $0.sigma[3] = .nan }),
        ("prior_sigma must be positive and is 0.0", { $0.priorSigma[0] = 0 }),
        (
            "dimensions are (observation, column), expected (observation, state)",
            { ($0.columns, $0.jacobian) = (3, [Double](repeating: 1, count: 12)) }
        ),
        (
            "observation_covariance is not symmetric",
            {
                $0.covariance = [1, 0, 0, 0, 0.5, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
            }
        ),
        (
            "observation_covariance: the matrix is not positive definite",
            { $0.covariance = notPositiveDefinite }
        ),
        ("diagonal of prior_covariance must be positive", { $0.priorCovariance = [1, 0, 0, -1] }),
        ("prior_covariance: the matrix is not positive definite", { $0.priorCovariance = [1, 1, 1, 1] }),
        ("`flx` is none of flux, point_source", { $0.kinds = ["flux", "flx"] }),
        ("7.0 is not below the upper bound 5.0", { $0.lower = [0, 7] }),
        ("nothing is above it", { $0.lower = [0, .infinity] }),
        ("state_name[1]; give every element a name of one line", { $0.states = ["a", " "] }),
        ("state_name[0]; give every element a name of one line", { $0.states = ["a\nb", "b"] }),
        ("prior_sigma is 1e-200, too small or too large", { $0.priorSigma[1] = 1e-200 }),
        ("observation_sigma is 1e+200, too small or too large", { $0.sigma[2] = 1e200 }),
        ("jacobian / observation_sigma by state[0]", { $0.jacobian[2] = 1e300 }),
        // Twice the same column, and a prior that tells nothing beside the observations.
        (
            "rounding would change the solution in state space",
            {
                $0.jacobian = [Double](repeating: 1, count: 8)
                ($0.sigma, $0.priorSigma) = ([1e-9, 1e-9, 1e-9, 1e-9], [1e9, 1e9])
            }
        ),
    ]

    /// In memory, and with the Jacobian read by rows.
    @Test(arguments: bad.indices, [[], ["--memory", "0"]])
    func oneLineNamesTheElement(index: Int, how: [String]) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("problem.nc").path
        var problem = Problem()
        Self.bad[index].change(&problem)
        try await problem.write(to: path)
        let arguments = ["invert", "--problem", path, "--json"] + how
        let run = try await ProgramRun.run(Places.crosswind, arguments)
        #expect(run.status == 65 && run.standardOutput.isEmpty)
        #expect(run.standardError.split(separator: "\n").count == 1)
        let isRefused = !how.isEmpty && !problem.covariance.isEmpty
        let words = isRefused ? "correlated observation errors cannot be taken" : Self.bad[index].words
        #expect(run.standardError.contains(words), "\(run.standardError)")
        #expect(
            !run.standardError.contains("ncdump -h") || Self.bad[index].words.contains("shape")
                || Self.bad[index].words.contains("none of") || Self.bad[index].words.contains("bound")
        )
    }

    @Test func contradictionsAreSolvedWithAWarning() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("problem.nc").path
        var problem = Problem()
        problem.observations = [1, 2, 300, 4]
        try await problem.write(to: path)
        let run = try await ProgramRun.crosswind("invert", "--problem", path)
        #expect(run.status == 0 && run.standardOutput.contains("warning: the observations contradict"))
        problem.observations = [1, 1, 2, 0]
        try await problem.write(to: path)
        let fine = try await ProgramRun.crosswind("invert", "--problem", path)
        #expect(fine.status == 0 && !fine.standardOutput.contains("warning"))
    }

    @Test func withholdingNeedsSomethingLeft() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("problem.nc").path
        var problem = Problem()
        problem.groups = ["x", "x", "x", "x"]
        try await problem.write(to: path)
        // What is left is the prior, which predicts too.
        let all = try await ProgramRun.crosswind("invert", "--problem", path, "--diagnostics")
        #expect(all.status == 0 && all.standardOutput.contains("left out"))
        var single = Problem()
        (single.observations, single.jacobian, single.sigma) = ([1], [1, 0], [1])
        try await single.write(to: path)
        let one = try await ProgramRun.crosswind("invert", "--problem", path, "--diagnostics")
        #expect(
            one.status == 65 && one.standardError.contains("need at least 2 observations, and there are 1")
        )
    }

    @Test func previewsNeedNoObservedValues() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("problem.nc").path
        var problem = Problem()
        problem.observations = [.nan, .nan, .nan, .nan]
        try await problem.write(to: path)
        let run = try await ProgramRun.crosswind("invert", "--problem", path, "--preview")
        #expect(run.status == 0 && run.standardOutput.contains("will give DOFS"), "\(run.standardError)")
    }
}
