import Concurrent
import Formats
import Inversion
import LinearAlgebra
import Pipeline
import Quantities

/// Problems whose dense Jacobian stays in its file.
extension InvertVerb {
    /// Solves by blocks of rows, read twice; exactly, with the full covariance.
    ///
    /// - Parameter gibibytes: of the Jacobian.
    func solveStreamed(_ path: String, gibibytes: Double, _ options: Options) async throws -> ExitStatus {
        try refuseWhatNeedsJacobian(options, gibibytes)
        if options.isSet("preview") { return try await previewStreamed(path, options) }
        try refuseCandidates(options)
        let settings = try SolverSettings(options, verb: name)
        let output = try InvertOutput(options, problem: path, verb: name)
        let input = try await LinearProblemFile.stream(path)
        try output?.check(input.labels, asked: settings?.solvers ?? [], verb: name)
        let isDiagnosed = options.isSet("diagnostics")
        if isDiagnosed { try RowDiagnosticsSummary.check(input.labels.problem) }
        let solution = try await onOwnThread(named: "solver") {
            try input.reading { try GaussianSolver.solution(of: $0, withLeverages: isDiagnosed) }
        }
        let file = try await onOwnThread(named: "digest") { try FileProvenance.Input(ofFile: path) }
        var solved = try await solutions(input.labels, solution.posterior, settings)
        solved.exact.remarks.append("jacobian read by rows")
        let diagnostics = try leftOut(solution, input.labels)
        solved.exact.leftOut = diagnostics
        let summary = InversionSummary(
            solution.posterior,
            input: file,
            totals: solved.exact.totals.map(TotalsSummary.init),
            solvers: settings == nil ? nil : solved.comparison,
            diagnostics: try diagnostics.map {
                .byRows(try RowDiagnosticsSummary(input.labels, solution.posterior, $0))
            },
            notAvailable: MissingByRows(isDiagnosed: isDiagnosed),
            posteriorFile: output?.posteriorName(asked: settings?.solvers ?? [])
        )
        return try await finish(
            summary,
            InvertOutput.Results(
                input: input.labels,
                problemFile: file,
                problemPath: path,
                solutions: [solved.exact],
                asked: settings?.solvers ?? [],
                settings: settings,
                remarks: ["jacobian by rows"],
                summary: summary
            ),
            output,
            options
        )
    }

    private func leftOut(
        _ solution: StreamedSolution,
        _ input: LinearProblemInput
    ) throws -> LeftOutObservations? {
        try solution.leverages.map {
            try LeftOutObservations(
                observations: input.problem.observations,
                modelled: solution.posterior.modelledPosterior,
                sigma: input.problem.observationError.sigma,
                leverages: $0
            )
        }
    }

    private func refuseWhatNeedsJacobian(_ options: Options, _ gibibytes: Double) throws {
        let unfit = [
            "sensitivity", "vary", "errors", "adopt", "basis", "non-negative", "draws", "seed", "keep-draws",
        ]
        if let other = unfit.first(where: options.isSet) {
            throw JacobianByRowsRefusal(asked: "--\(other)", gibibytes: gibibytes)
        }
        if let solver = options.text("solver"), solver != Solver.exact.rawValue {
            // A name that is none is told as for any other problem.
            _ = try SolverSettings(options, verb: name)
            throw JacobianByRowsRefusal(asked: "--solver \(solver)", gibibytes: gibibytes)
        }
        if try space(options) == .observation {
            throw JacobianByRowsRefusal(asked: "--space observation", gibibytes: gibibytes)
        }
    }

    /// One pass over the rows.
    private func previewStreamed(_ path: String, _ options: Options) async throws -> ExitStatus {
        try refuseBesidePreview(options)
        let input = try await LinearProblemFile.stream(path, needsObservations: false)
        let candidates = try await candidates(of: input.labels, options)
        let summary = try await onOwnThread(named: "preview") {
            try input.reading { try PreviewSummary(input.labels, $0, candidates: candidates) }
        }
        try print(summary, summary.text, options)
        return .success
    }
}
