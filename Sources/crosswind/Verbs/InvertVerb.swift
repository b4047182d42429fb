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

        A file with a sparse Jacobian is solved by conjugate gradients, without forming a matrix. A dense one
        above --memory GiB stays in its file and is read twice, by rows: the exact solution with its covariance,
        --diagnostics with observations left out one by one, --preview and --output, in the memory of three to
        four matrices of the size of the state. All else needs the Jacobian in memory and says so.

        --solver takes other ways to the same answer, and other models beside it: `all` runs them and prints how
        far they differ from the exact solution. exact, conjugate-gradient, ensemble, gibbs and hamiltonian
        solve the same Gaussian problem; bounded keeps the state within state_lower and state_upper of the file
        or, with --non-negative, emissions above zero; lognormal gives emissions a lognormal prior of the same
        mean and deviation, and tells of the mode and the curvature there in the logarithm; robust lets outliers
        count less (Huber); hierarchical lets errors grow with the modelled enhancement, by a factor for each
        group that the chains tell too.

        --diagnostics leaves out each station, vehicle or product (`observation_group` of the file; ten random
        parts where it has none) and tells how well the others predict it and how much it adds. --preview needs
        no observed values: it tells from Jacobian and errors alone what will be known and what each solver
        costs; with --candidates it ranks the groups of another problem file of the same state by what they
        would add to the network of the first.

        --basis gathers the emissions of a fine state in fewer unknowns of about equal importance, with the exact
        error of the aggregation in the observation errors.

        --sensitivity solves the problem under every combination of choices: factors on the prior's and the
        observations' deviations, correlation lengths, a wider background, each group of observations left out;
        --vary AXIS=VALUE,... names others (prior, background, correlation, observations, model-error, groups).
        --errors estimates parts of the error model from the data (prior, background, correlation, observations,
        model-error) with intervals; --adopt solves with them.

        --sequential keeps an inversion in a file and goes on from it: each run takes the observations that are
        new, period by period, and the oldest periods become final. --period-days, --window and
        --persistence-days are given when it begins.

        --output FILE.nc (or .nc4) takes the solution of one solver, .csv the states of all, .json the summary.
        A name without an ending is a folder and takes a posterior for each solver, tables of states, totals,
        covariances and observations, the summary, and where the file says where on a grid its elements emit,
        fluxes and mole fractions in the PARIS layout; --paris refuses a problem that does not. Emissions keep
        their sign: uptakes are negative, and totals are told net, as sources and as sinks.

          crosswind invert --problem deploy/cases/berlin/osse_sources.nc --output posterior.nc
          crosswind invert --problem network.nc --solver exact,gibbs --output out/network
          crosswind invert --problem network.nc --sensitivity --vary prior=0.5,1,2 --vary groups
          crosswind invert --problem network.nc --errors prior,observations --adopt
          crosswind invert --problem days.nc --sequential state.json --window 10 --output days.csv
          crosswind invert --problem network.nc --preview --candidates sites.nc
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
        .value(
            "memory",
            "GIB",
            "with --problem: a dense jacobian above this size stays in its file and is read by rows (1)"
        ),
        .value("solver", "NAME,...", "which solvers, or all (exact, or those of the case)"),
        .flag(
            "non-negative",
            "with --problem and --solver: no emission below zero in bounded and hamiltonian; sinks stay"
        ),
        .value("draws", "N", "with --solver: draws of each of four chains, after as many to warm up (1000)"),
        .value("seed", "N", "with --solver: of the random numbers (1)"),
        .flag("diagnostics", "with --problem: what each group of observations adds, and coverage"),
        .flag("preview", "with --problem: what will be known, before there are observations"),
        .value("candidates", "FILE", "with --preview: groups of observations to rank"),
        .value("basis", "NAME", "with --problem: gather emissions; regions, clusters=N or quadtree=N"),
        .flag("sensitivity", "with --problem: totals under every combination of choices"),
        .value("vary", "AXIS=V,...", "with --sensitivity: what to vary instead; repeatable"),
        .value("errors", "NAME,...", "with --problem: estimate parts of the error model from the data"),
        .flag("adopt", "with --errors: solve with what was estimated"),
        .value("sequential", "FILE", "go on from the state in this file; begun where it is absent"),
        .value("period-days", "DAYS", "with --sequential: length of a period (1)"),
        .value("window", "N", "with --sequential: periods that learn from new observations (10)"),
        .value("persistence-days", "DAYS", "with --sequential: memory of departures from the prior (0)"),
        .value(
            "output",
            "PATH",
            "a file (.nc, .csv, .json) or a folder for the results; .csv with --sequential"
        ),
        .flag("paris", "with --problem and a folder: fail where the PARIS files cannot be written"),
        .flag("keep-draws", "with --problem: every draw of a sampler in its posterior"),
        .value(
            "publication",
            "FILE.json",
            "with --problem: who publishes: institution, creator_name, license, ..."
        ),
        .json,
    ]

    func run(_ options: Options) async throws -> ExitStatus {
        FreedMemory.keepForIterations()
        do { return try await perform(options) } catch {
            let files = ["problem", "candidates"].compactMap(options.text)
            throw ProblemFileFault.named(error, files: files)
        }
    }

    private func perform(_ options: Options) async throws -> ExitStatus {
        try options.refuseRepeats(except: ["vary"])
        if options.isSet("sequential") { return try await sequential(options) }
        if let name = SequentialChoice.names.first(where: options.isSet) {
            throw UsageError.operands(expected: "--sequential beside --\(name)", verb: self.name)
        }
        if options.isSet("problem") {
            guard options.operands.isEmpty, !options.isSet("store") else {
                throw UsageError.operands(expected: "either --problem or a case, not both", verb: name)
            }
            let path = try options.required("problem")
            if try await LargeProblemFile.isLarge(path) { return try await solveLarge(path, options) }
            if let gibibytes = try await MemoryBound(options).sizeBeyond(path) {
                return try await solveStreamed(path, gibibytes: gibibytes, options)
            }
            if options.isSet("preview") { return try await preview(options) }
            try refuseCandidates(options)
            if options.isSet("sensitivity") { return try await sensitivity(options) }
            guard !options.isSet("vary") else {
                throw UsageError.operands(expected: "--sensitivity beside --vary", verb: name)
            }
            return try await solveProblem(options)
        }
        let ofProblems = [
            "space", "non-negative", "diagnostics", "preview", "candidates", "sensitivity", "vary", "errors",
            "adopt", "basis", "paris", "keep-draws", "publication", "memory",
        ]
        guard let file = options.operands.first, options.operands.count == 1,
            !ofProblems.contains(where: options.isSet)
        else { throw UsageError.operands(expected: "--problem FILE, or one case file", verb: name) }
        return try await solveCase(file, options)
    }

    private func solveCase(_ file: String, _ options: Options) async throws -> ExitStatus {
        var definition = try CaseFile.read(file)
        if let settings = try SolverSettings(options, verb: name) {
            definition.solvers = settings.plan(options, over: definition.solvers)
        }
        var run = CaseRun(
            definition: definition,
            store: options.text("store"),
            output: options.text("output"),
            command: commandLine(file, options)
        )
        run.includesReports = false
        guard options.isSet("output") else {
            let result = try await run.solve()
            return try tell(options, CaseSummary(result), CaseText.lines(result))
        }
        let outcome = try await run.run()
        return try tell(options, outcome.summary, CaseText.lines(outcome))
    }

    /// The command as a reader can repeat it.
    private func commandLine(_ file: String, _ options: Options) -> String {
        let given = ["store", "solver", "draws", "seed", "output"].flatMap { option in
            options.text(option).map { ["--\(option)", $0] } ?? []
        }
        return (["crosswind", name, file] + given).joined(separator: " ")
    }

    private func tell(
        _ options: Options,
        _ summary: some Encodable,
        _ lines: @autoclosure () -> [String]
    ) throws -> ExitStatus {
        if options.isSet("json") {
            try JSONSummary.print(summary)
        } else {
            try Terminal.write(lines().joined(separator: "\n"), to: .standardOutput)
        }
        return .success
    }

    private func solveProblem(_ options: Options) async throws -> ExitStatus {
        let path = try options.required("problem")
        let settings = try SolverSettings(options, verb: name)
        let output = try InvertOutput(options, problem: path, verb: name)
        let space = try space(options)
        var input = try await LinearProblemFile.read(path)
        try output?.check(input, asked: settings?.solvers ?? [], verb: name)
        try checkBasis(input, options)
        let basis = try await reduce(&input, options)
        let errors = try await errorModel(&input, options)
        let problem = input.problem
        let posterior = try await onOwnThread(named: "solver") {
            try GaussianSolver.solve(problem, space: space)
        }
        let file = try await onOwnThread(named: "digest") { try FileProvenance.Input(ofFile: path) }
        let solved = try await solutions(input, posterior, settings)
        let diagnosis = options.isSet("diagnostics") ? try await diagnostics(input, posterior) : nil
        let summary = InversionSummary(
            posterior,
            input: file,
            totals: solved.exact.totals.map(TotalsSummary.init),
            solvers: settings == nil ? nil : solved.comparison,
            diagnostics: diagnosis.map(InversionSummary.Diagnosis.byGroups),
            errors: errors,
            basis: basis.map(BasisSummary.init),
            posteriorFile: output?.posteriorName(asked: settings?.solvers ?? [])
        )
        let results = InvertOutput.Results(
            input: input,
            basis: options.isSet("adopt") ? nil : basis,
            problemFile: file,
            problemPath: path,
            solutions: [solved.exact] + solved.others.filter { $0.solver != .exact }.map(\.state),
            asked: settings?.solvers ?? [],
            settings: settings,
            remarks: remarks(options),
            summary: summary
        )
        return try await finish(summary, results, output, options)
    }

    /// Errors that are estimated on a basis say nothing of what lies within its parts, which exchange files tell.
    private func checkBasis(_ input: LinearProblemInput, _ options: Options) throws {
        guard options.isSet("basis"), options.isSet("adopt"), input.fluxMap != nil else { return }
        guard !options.isSet("paris") else {
            throw UsageError.operands(expected: "--paris without --adopt beside --basis", verb: name)
        }
        if options.isSet("output") {
            Terminal.note("crosswind invert: no PARIS files of a basis whose errors are estimated (--adopt)")
        }
    }

    /// Writes what is asked for, and tells it.
    func finish(
        _ summary: InversionSummary,
        _ results: InvertOutput.Results,
        _ output: InvertOutput?,
        _ options: Options
    ) async throws -> ExitStatus {
        let written = try await output?.write(results) ?? []
        let names = written.map { FileProvenance.Input.name(ofFile: $0) }.joined(separator: ", ")
        return try tell(options, summary, [summary.text] + (names.isEmpty ? [] : ["written: \(names)"]))
    }

    /// What was done to the problem of the file before it was solved.
    private func remarks(_ options: Options) -> [String] {
        var remarks = options.text("basis").map { ["basis \($0)"] } ?? []
        if options.isSet("adopt") { remarks.append("errors estimated: \(options.text("errors") ?? "")") }
        return remarks
    }

    /// The exact solution with its totals, those asked for, and how far they differ.
    func solutions(
        _ input: LinearProblemInput,
        _ posterior: Posterior,
        _ settings: SolverSettings?
    ) async throws -> (exact: SolvedState, others: [SolverResult], comparison: SolverComparison) {
        let plan = try input.totalsPlan()
        var run = SolverRun(input)
        (run.totals, run.exactSolution) = (plan, posterior)
        let exact = try await run.solve(.exact)
        let (others, leftOut) = try await settings?.results(input, posterior, totals: plan) ?? ([], [])
        var comparison = SolverComparison(stateNames: posterior.stateNames, reference: exact, results: others)
        comparison.leftOut = leftOut
        return (exact.state, others, comparison)
    }

    private func diagnostics(_ input: LinearProblemInput, _ posterior: Posterior) async throws
        -> DiagnosticsSummary
    {
        try await onOwnThread(named: "diagnostics") { try DiagnosticsSummary(input, posterior) }
    }

    func refuseCandidates(_ options: Options) throws(UsageError) {
        guard !options.isSet("candidates") else {
            throw .operands(expected: "--preview beside --candidates", verb: name)
        }
    }

    /// Nothing is solved for, so that options of solutions have no meaning.
    func refuseBesidePreview(_ options: Options) throws(UsageError) {
        for other in ["output", "solver", "diagnostics", "space", "paris", "keep-draws", "publication"]
        where options.isSet(other) {
            throw .operands(expected: "--preview without --\(other)", verb: name)
        }
    }

    private func preview(_ options: Options) async throws -> ExitStatus {
        try refuseBesidePreview(options)
        let input = try await LinearProblemFile.read(
            try options.required("problem"),
            needsObservations: false
        )
        let others = try await candidates(of: input, options)
        let summary = try await onOwnThread(named: "preview") {
            try PreviewSummary(input, candidates: others)
        }
        try print(summary, summary.text, options)
        return .success
    }

    /// Groups of observations to be ranked, of the same state; nil where none are given.
    func candidates(
        of input: LinearProblemInput,
        _ options: Options
    ) async throws -> LinearProblemInput? {
        guard let path = options.text("candidates") else { return nil }
        let candidates = try await LinearProblemFile.read(path, needsObservations: false)
        guard candidates.problem.stateNames == input.problem.stateNames else {
            let reason = "the states are not those of the problem in the same order"
            throw NetCDFError(.unexpected(reason), path: path, variable: "state_name")
        }
        guard candidates.groups != nil else {
            let reason = "names of the stations, routes or overpasses that each observation is of"
            throw NetCDFError(.absent(reason), path: path, variable: "observation_group")
        }
        return candidates
    }

    func space(_ options: Options) throws(UsageError) -> SolutionSpace? {
        guard let text = options.text("space") else { return nil }
        guard let space = SolutionSpace(rawValue: text) else {
            throw .badValue("space", text, expected: "`state` or `observation`", verb: name)
        }
        return space
    }
}
