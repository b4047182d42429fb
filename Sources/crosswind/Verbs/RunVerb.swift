import Foundation
import Pipeline
import Quantities

/// `crosswind run`: all stages of one case.
struct RunVerb: Verb {
    let name = "run"
    let summary = "all stages of one case: observations, inversion, comparison, report"
    let operands = "CASE.json5"
    let discussion = """
        Reads a case file, takes its observations from the store or its problem files, solves the inversion,
        compares the totals with the inventory and writes posterior.nc (one for each solver of the case),
        states.csv, totals.csv, covariances.csv, observations.csv, comparisons.csv, summary.json, with footprints
        paris-flux.nc and paris-concentrations.nc, and report-en.html and report-zh.html into the output folder.
        A case without an inversion of ours is read by `crosswind verify CASE.json5 --report DIR`, which also judges
        a table of totals such as comparisons.csv anew.

        example: crosswind run deploy/cases/uk-methane/case.json5 --store crosswind.sqlite --output out/uk
        """
    let options: [OptionSpecification] = [
        .value("store", "FILE", "the store to read observations from, instead of the case's"),
        .value("output", "DIR", "where to write, instead of the case's folder"),
        .json,
    ]

    func run(_ options: Options) async throws -> ExitStatus {
        guard let file = options.operands.first, options.operands.count == 1 else {
            throw UsageError.operands(expected: "one case file", verb: name)
        }
        let definition = try CaseFile.read(file)
        let outcome = try await CaseRun(
            definition: definition,
            store: options.text("store"),
            output: options.text("output"),
            command: commandLine(options)
        ).run()
        if options.isSet("json") {
            try JSONSummary.print(outcome.summary)
        } else {
            try Terminal.write(CaseText.lines(outcome).joined(separator: "\n"), to: .standardOutput)
        }
        return .success
    }

    /// The command as a reader can repeat it.
    private func commandLine(_ options: Options) -> String {
        var words = ["crosswind", name] + options.operands
        for option in ["store", "output"] {
            if let value = options.text(option) { words += ["--\(option)", value] }
        }
        return words.joined(separator: " ")
    }
}
