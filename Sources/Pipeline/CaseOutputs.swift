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

    /// Names of the files, reports last.
    private var names: [String] {
        result.problems.indices.flatMap { ["posterior\(suffix($0)).nc", "observations\(suffix($0)).csv"] }
            + ["comparisons.csv", "summary.json"] + Language.allCases.map(report)
    }

    private func suffix(_ index: Int) -> String { index == 0 ? "" : "-\(index + 1)" }
    private func report(_ language: Language) -> String { "report-\(language.rawValue).html" }

    /// Paths of the files, reports last. All of them are put in their places, or none.
    func write() async throws -> [String] {
        do {
            try await stage()
            return try folder.publish(names)
        } catch {
            folder.discard()
            throw error
        }
    }

    private func stage() async throws {
        for (index, problem) in result.problems.enumerated() {
            try await PosteriorFile.write(
                problem.posterior,
                of: problem.prepared.input,
                totals: (problem.totals, unit: problem.prepared.unit.english),
                to: folder.stagedFile("posterior\(suffix(index)).nc"),
                provenance: provenance(problem)
            )
            try folder.write(ObservationTable(result: problem).text(), to: "observations\(suffix(index)).csv")
        }
        try folder.write(comparisons().csv, to: "comparisons.csv")
        try folder.write(summary(names.map(folder.file)), to: "summary.json")
        for language in Language.allCases { try writeReport(language) }
    }

    private func comparisons() -> ComparisonTable {
        var table = ComparisonTable(language: .english)
        for group in result.report.groups { table.append(group.comparisons, unit: group.unit) }
        return table
    }

    private func writeReport(_ language: Language) throws {
        let other: Language = language == .english ? .chinese : .english
        let page = HTMLReport.render(
            result.report,
            language: language,
            otherLanguage: report(other)
        )
        try folder.write(page, to: report(language))
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

    private func provenance(_ problem: ProblemResult) -> FileProvenance {
        let provenance = result.report.provenance
        let environment = provenance.environment.map { "// \($0.name.english): \($0.value.english)" }.joined(
            separator: "\n"
        )
        return FileProvenance(
            command: provenance.command,
            configuration: "\(environment)\n\(provenance.configuration)",
            seed: nil,
            inputs: provenance.inputs.map { FileProvenance.Input(name: $0.name, sha256: $0.sha256) },
            created: created
        )
    }
}
