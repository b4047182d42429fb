import Concurrent
import Formats
import Inversion
import Quantities

/// Problems whose Jacobian is sparse and whose matrices are never formed.
extension InvertVerb {
    /// Solves by conjugate gradients; totals with their full covariance, deviations of elements as bounds.
    func solveLarge(_ path: String, _ options: Options) async throws -> ExitStatus {
        try refuseDenseOptions(options)
        let output = try options.text("output").map { text in
            guard text.hasSuffix(".nc") || text.hasSuffix(".nc4") else {
                let expected = "a file with the ending .nc, as the jacobian is sparse"
                throw UsageError.badValue("output", text, expected: expected, verb: name)
            }
            let target = try OutputPath(text, inputs: [path]).path
            try InvertOutput.requireFolder(of: target)
            return target
        }
        let input = try await LargeProblemFile.read(path)
        let file = try await onOwnThread(named: "digest") { try FileProvenance.Input(ofFile: path) }
        // Vectors of the control variable that tell of the covariance, in 256 MiB.
        let kept = max(10, min(100, (1 << 28) / (8 * input.problem.prior.controlCount)))
        let solver = MatrixFreeSolver(gradientReduction: 1e-6, mostIterations: 5000, keptVectors: kept)
        let posterior = try await solver.solve(input.problem)
        var totals: FunctionalTotals?
        if let functionals = input.totals { totals = try await posterior.totals(functionals) }
        let seed = UInt64(try SolverSettings.seed(options, verb: name))
        var information: InformationEstimate?
        if options.isSet("diagnostics") {
            information = try await MatrixFreeSolver(gradientReduction: 1e-3, keptVectors: 0)
                .information(of: input.problem, seed: seed)
        }
        if let output {
            try await LargePosteriorFile.write(
                posterior,
                sigmaBounds: try await posterior.sigmaBounds(),
                totals: totals,
                of: input,
                to: output,
                provenance: provenance([file], "conjugate gradients, gradient reduced to 1e-6")
            )
        }
        let summary = LargeInversionSummary(
            posterior,
            of: input,
            totals: totals,
            information: information,
            input: file
        )
        try print(summary, summary.text, options)
        return .success
    }

    private func refuseDenseOptions(_ options: Options) throws(UsageError) {
        let unfit = [
            "space", "non-negative", "draws", "preview", "candidates", "sensitivity", "vary", "errors",
            "adopt", "basis", "paris", "keep-draws", "publication", "sequential", "memory",
        ]
        if let other = unfit.first(where: options.isSet) {
            throw UsageError.operands(
                expected: "a problem with a dense jacobian beside --\(other); this one is sparse",
                verb: name
            )
        }
        if let solver = options.text("solver"), solver != "conjugate-gradient" {
            throw UsageError.badValue(
                "solver",
                solver,
                expected: "conjugate-gradient, the one for a sparse jacobian",
                verb: name
            )
        }
    }

    private func provenance(_ inputs: [FileProvenance.Input], _ configuration: String) -> FileProvenance {
        FileProvenance(
            command: (["crosswind"] + CommandLine.arguments.dropFirst()).joined(separator: " "),
            configuration: configuration,
            seed: nil,
            inputs: inputs,
            created: .now()
        )
    }
}
