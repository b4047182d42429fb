import Formats
import Foundation
import Inversion
import Quantities
import Report

/// Writes what a case gave into its folder.
struct CaseOutputs {
    let result: CaseResult
    let folder: OutputFolder
    /// The moment that the netCDF files are stamped with.
    let created: Instant
    /// Whether the pages for people are written too.
    var includesReports = true

    /// Names of the files, reports last.
    private var names: [String] {
        products.enumerated().flatMap { $1.names + ["observations\(suffix($0)).csv"] }
            + ["comparisons.csv", "summary.json"] + (includesReports ? reportFiles.names : [])
    }

    private var products: [ProblemProducts] {
        result.problems.enumerated().map { index, problem in
            ProblemProducts(
                problem.prepared.input,
                [problem.solution] + problem.solvers.map(\.state),
                gas: problem.prepared.input.groups == nil ? nil : result.definition.gas,
                publication: PARISPublication(
                    publisher: result.definition.publication,
                    transportModel: problem.prepared.input.transportModel,
                    experiment: result.definition.name
                ),
                suffix: suffix(index)
            )
        }
    }

    private func suffix(_ index: Int) -> String { index == 0 ? "" : "-\(index + 1)" }
    private var reportFiles: ReportFiles { ReportFiles(report: result.report) }

    /// Paths of the files, reports last. All of them are put in their places, or none.
    func write() async throws -> [String] {
        do {
            try await stage()
            // Before the pages that tell of the cases; a run that is repeated finds them in the history.
            try result.cases?.append()
            return try folder.publish(names)
        } catch {
            folder.discard()
            throw error
        }
    }

    private func stage() async throws {
        for (index, problem) in result.problems.enumerated() {
            try await products[index].write(into: folder) { provenance($0) }
            try folder.write(ObservationTable(result: problem).text(), to: "observations\(suffix(index)).csv")
        }
        try folder.write(ComparisonTable(result.report.groups).csv, to: "comparisons.csv")
        try folder.write(summary(names.map(folder.file)), to: "summary.json")
        if includesReports { try await reportFiles.write(into: folder) }
    }

    private func summary(_ outputs: [String]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        let data = try encoder.encode(CaseSummary(result, outputs: outputs))
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private func provenance(_ solution: SolvedState) -> FileProvenance {
        let provenance = result.report.provenance
        let environment = provenance.environment.map { "// \($0.name.english): \($0.value.english)" }.joined(
            separator: "\n"
        )
        return FileProvenance(
            command: provenance.command,
            configuration: "\(environment)\n\(provenance.configuration)",
            seed: solution.draws == nil ? nil : result.definition.solvers.seed,
            inputs: provenance.inputs.map { FileProvenance.Input(name: $0.name, sha256: $0.sha256) },
            created: created
        )
    }
}
