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

    /// Paths of the files, reports last.
    func write() async throws -> [String] {
        var paths: [String] = []
        for (index, problem) in result.problems.enumerated() {
            let suffix = index == 0 ? "" : "-\(index + 1)"
            let path = folder.file("posterior\(suffix).nc")
            try await PosteriorFile.write(
                problem.posterior,
                of: problem.prepared.input,
                totals: (problem.totals, unit: problem.prepared.unit.english),
                to: path,
                provenance: provenance(problem)
            )
            paths.append(path)
            let table = ObservationTable(result: problem).text()
            paths.append(try folder.write(table, to: "observations\(suffix).csv"))
        }
        paths.append(try folder.write(comparisons().csv, to: "comparisons.csv"))
        let summaryPath = folder.file("summary.json")
        let reports = Language.allCases.map { folder.file("report-\($0.rawValue).html") }
        paths.append(try folder.write(summary(paths + [summaryPath] + reports), to: "summary.json"))
        for language in Language.allCases { paths.append(try writeReport(language)) }
        return paths
    }

    private func comparisons() -> ComparisonTable {
        var table = ComparisonTable(language: .english)
        for group in result.report.groups { table.append(group.comparisons, unit: group.unit) }
        return table
    }

    private func writeReport(_ language: Language) throws -> String {
        let other: Language = language == .english ? .chinese : .english
        let page = HTMLReport.render(
            result.report,
            language: language,
            otherLanguage: "report-\(other.rawValue).html"
        )
        return try folder.write(page, to: "report-\(language.rawValue).html")
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
