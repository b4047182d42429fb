import Foundation
import Pipeline
import Report
import TestSupport

/// A case without an inversion, with its tables in a folder.
struct CaseScene {
    let folder: TemporaryFolder

    /// - Parameters:
    ///   - report: the members of `report`.
    ///   - head: further members of the case.
    init(_ report: String, head: String = "", tables: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        for (name, text) in tables { try write(text, as: name) }
        try write(
            """
            { title: "X", summary: "x", gas: "co2", \(head)
              period: { start: "2020-01-01T00:00:00Z", end: "2021-01-01T00:00:00Z" }, report: { \(report) } }
            """,
            as: "case.json5"
        )
    }

    /// Files as they stand.
    init(files: [String: String]) throws {
        folder = try TemporaryFolder()
        for (name, text) in files { try write(text, as: name) }
    }

    func path(_ name: String) -> String { folder.file(name).path }

    func report() throws -> VerificationReport {
        try VerificationRun(definition: try VerificationCase(json5File: path("case.json5")), command: "test")
            .report()
    }

    private func write(_ text: String, as name: String) throws {
        try Data(text.utf8).write(to: folder.file(name))
    }
}
