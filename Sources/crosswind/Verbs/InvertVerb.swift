import Concurrent
import Formats
import Foundation
import Inversion
import LinearAlgebra
import NetCDF
import Pipeline
import Quantities

/// Solves one linear problem file or the inversions of a case.
struct InvertVerb: Verb {
    let name = "invert"
    let summary = "solve one inversion: a linear problem file, or a case"
    let operands = "[CASE.json5]"
    let discussion = """
        With --problem, reads the Jacobian, observations, prior and their errors from a netCDF file and computes
        the exact posterior with its covariance, averaging kernel and diagnostics. With a case file, takes the
        observations from the store or the case's files and prints what `crosswind run` would report, without
        writing a report.

        --solver takes other ways to the same answer, and other models beside it: `all` runs them and prints how
        far they differ from the exact solution. exact, ensemble, gibbs and hamiltonian solve the same Gaussian
        problem; bounded keeps the state within state_lower and state_upper of the file or, with --non-negative,
        emissions above zero; lognormal gives emissions a lognormal prior of the same mean and deviation; robust
        lets outliers count less (Huber).

          crosswind invert --problem deploy/cases/berlin/osse_sources.nc --output posterior.nc
          crosswind invert --problem deploy/cases/berlin/osse_berlin_sectors.nc --solver all
          crosswind invert deploy/cases/uk-methane/case.json5 --store readings.sqlite
        """
    let options: [OptionSpecification] = [
        .value("problem", "FILE", "the linear problem (netCDF)"),
        .value("store", "FILE", "with a case: the store to read observations from"),
        .value(
            "space",
            "state|observation",
            "with --problem: where to solve; by default the cheaper of the two"
        ),
        .value("solver", "NAME,...", "with --problem: which solvers, or all (exact)"),
        .flag("non-negative", "with --solver: no emission below zero in bounded and hamiltonian"),
        .value("draws", "N", "with --solver: draws of each of four chains, after as many to warm up (1000)"),
        .value("seed", "N", "with --solver: of the random numbers (1)"),
        .value("output", "FILE", "with --problem: write the exact posterior to a netCDF file"),
        .json,
    ]

    func run(_ options: Options) async throws -> ExitStatus {
        if options.isSet("problem") {
            guard options.operands.isEmpty, !options.isSet("store") else {
                throw UsageError.operands(expected: "either --problem or a case, not both", verb: name)
            }
            return try await solveProblem(options)
        }
        let ofProblems = ["space", "output", "solver", "non-negative", "draws", "seed"]
        guard let file = options.operands.first, options.operands.count == 1,
            !ofProblems.contains(where: options.isSet)
        else { throw UsageError.operands(expected: "--problem FILE, or one case file", verb: name) }
        return try await solveCase(file, options)
    }

    private func solveCase(_ file: String, _ options: Options) async throws -> ExitStatus {
        let result = try await CaseRun(
            definition: try CaseFile.read(file),
            store: options.text("store"),
            output: nil,
            command: "crosswind invert \(file)"
        ).solve()
        if options.isSet("json") {
            try JSONSummary.print(CaseSummary(result))
        } else {
            try Terminal.write(CaseText.lines(result).joined(separator: "\n"), to: .standardOutput)
        }
        return .success
    }

    private func solveProblem(_ options: Options) async throws -> ExitStatus {
        let path = try options.required("problem")
        let output = try options.text("output").map { try OutputPath($0, inputs: [path]).path }
        let space = try space(options)
        let input = try await LinearProblemFile.read(path)
        let problem = input.problem
        let posterior = try await onOwnThread(named: "solver") {
            try GaussianSolver.solve(problem, space: space)
        }
        let file = try await onOwnThread(named: "digest") { try FileProvenance.Input(ofFile: path) }
        let comparison = try await SolverSettings(options, verb: name)?.comparison(input, posterior)
        let summary = InversionSummary(posterior, input: file, solvers: comparison)
        if let output {
            let provenance = FileProvenance(
                command: (["crosswind"] + CommandLine.arguments.dropFirst()).joined(separator: " "),
                configuration: "space \(posterior.space.rawValue), BLAS \(BLASConfiguration.core)",
                seed: nil,
                inputs: [file],
                created: .now()
            )
            try await PosteriorFile.write(posterior, of: input, to: output, provenance: provenance)
        }
        if options.isSet("json") {
            try JSONSummary.print(summary)
        } else {
            try Terminal.write(summary.text, to: .standardOutput)
        }
        return .success
    }

    private func space(_ options: Options) throws(UsageError) -> SolutionSpace? {
        guard let text = options.text("space") else { return nil }
        guard let space = SolutionSpace(rawValue: text) else {
            throw .badValue("space", text, expected: "`state` or `observation`", verb: name)
        }
        return space
    }
}
