import Concurrent
import Formats
import Foundation
import Inversion
import LinearAlgebra
import NetCDF
import Quantities

/// Solves one linear problem file exactly.
struct InvertVerb: Verb {
    let name = "invert"
    let summary = "solve one inversion from a linear problem file"
    let operands = ""
    let discussion = """
        Reads the Jacobian, observations, prior and their errors from a netCDF file and computes the exact
        posterior with its covariance, averaging kernel and diagnostics.

          crosswind invert --problem deploy/cases/berlin/osse_sources.nc --output posterior.nc
        """
    let options: [OptionSpecification] = [
        .value("problem", "FILE", "the linear problem (netCDF)"),
        .value("space", "state|observation", "where to solve; by default the cheaper of the two"),
        .value("output", "FILE", "write the posterior to a netCDF file"),
        .json,
    ]

    func run(_ options: Options) async throws -> ExitStatus {
        guard options.operands.isEmpty else {
            throw UsageError.operands(expected: "no operands", verb: name)
        }
        let path = try options.required("problem")
        let space = try space(options)
        let input = try await LinearProblemFile.read(path)
        let problem = input.problem
        let posterior = try await onOwnThread(named: "solver") {
            try GaussianSolver.solve(problem, space: space)
        }
        let summary = InversionSummary(posterior, input: path)
        if let output = options.text("output") {
            try await PosteriorFile.write(posterior, of: input, to: output, provenance: summary.provenance)
        }
        if options.isSet("json") {
            try JSONSummary.print(summary)
        } else {
            Terminal.write(summary.text, to: .standardOutput)
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
