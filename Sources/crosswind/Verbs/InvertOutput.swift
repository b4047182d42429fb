import Concurrent
import Formats
import Foundation
import Inversion
import LinearAlgebra
import NetCDF
import Pipeline
import Quantities

/// Where `crosswind invert --problem` writes, and what.
struct InvertOutput {
    enum Place: Equatable {
        /// One netCDF file: the solution of one solver.
        case posterior(String)
        /// The summary as JSON.
        case summary(String)
        /// The states of all solvers as comma-separated values.
        case table(String)
        /// A folder for everything.
        case folder(String)
    }

    let place: Place
    let publisher: Level3Publication
    let includesDraws: Bool
    let requiresExchangeFiles: Bool

    private static let optionsBeside = ["paris", "keep-draws", "publication"]

    /// Nil without `--output`.
    ///
    /// - Throws: ``UsageError``, ``OutputPathError``, ``ConfigurationError``.
    init?(_ options: Options, problem: String, verb: String) throws {
        guard let path = options.text("output") else {
            if let other = Self.optionsBeside.first(where: options.isSet) {
                throw UsageError.operands(expected: "--output beside --\(other)", verb: verb)
            }
            return nil
        }
        place = try Self.place(path, problem: problem, verb: verb)
        requiresExchangeFiles = options.isSet("paris")
        includesDraws = options.isSet("keep-draws")
        if requiresExchangeFiles, case .folder = place {
        } else if requiresExchangeFiles {
            throw UsageError.operands(expected: "a folder as --output beside --paris", verb: verb)
        }
        guard let file = options.text("publication") else {
            publisher = Level3Publication()
            return
        }
        publisher = try Level3Publication(
            ConfigurationObject(json5File: file, known: Level3Publication.keys)
        )
    }

    /// A file by its ending; everything else is a folder, and no file that is there.
    private static func place(_ path: String, problem: String, verb: String) throws -> Place {
        guard path.contains(where: { !$0.isWhitespace }) else {
            throw UsageError.badValue("output", path, expected: "the name of a file or folder", verb: verb)
        }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            return .folder(path)
        }
        func file() throws -> String {
            let target = try OutputPath(path, inputs: [problem]).path
            try Self.requireFolder(of: target)
            return target
        }
        return switch URL(filePath: path).pathExtension.lowercased() {
        case _ where path.hasSuffix("/"): .folder(path)
        case "nc", "nc4": .posterior(try file())
        case "json": .summary(try file())
        case "csv": .table(try file())
        case let ending where !ending.isEmpty:
            throw UsageError.badValue(
                "output",
                path,
                expected: "a name that ends in .nc, .nc4, .csv or .json, or in / for a folder",
                verb: verb
            )
        default:
            .folder(try freeName(of: OutputPath(path, inputs: [problem]).path, given: path, verb: verb))
        }
    }

    /// Whether a file can be put where it is wanted; to be told before anything is computed, which may take long.
    ///
    /// - Throws: ``MissingFolder``, or ``NetCDFError`` of kind `inputOutput`.
    static func requireFolder(of path: String) throws {
        let parent = (path as NSString).deletingLastPathComponent
        let folder = parent.isEmpty ? "." : parent
        guard FileManager.default.fileExists(atPath: folder) else {
            throw MissingFolder(path: path)
        }
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw NetCDFError(.inputOutput("the folder may not be written to"), path: path)
        }
    }

    /// - Throws: ``UsageError`` for a file whose name does not say what it holds.
    private static func freeName(of target: String, given path: String, verb: String) throws -> String {
        guard !FileManager.default.fileExists(atPath: target) else {
            let expected = "a folder, or the name of a file that ends in .nc, .nc4, .csv or .json"
            throw UsageError.badValue("output", path, expected: expected, verb: verb)
        }
        return path
    }

    /// Name of the file that has the exact covariance; nil where none is written.
    ///
    /// - Parameter asked: names of the solvers that were asked for.
    func posteriorName(asked: [Solver]) -> String? {
        switch place {
        case .posterior(let path):
            (asked.first ?? .exact) == .exact ? FileProvenance.Input.name(ofFile: path) : nil
        case .folder: "posterior.nc"
        case .summary, .table: nil
        }
    }

    /// What there is to write.
    struct Results {
        let input: LinearProblemInput
        /// Where `input` is on a basis.
        var basis: ReducedProblem?
        let problemFile: FileProvenance.Input
        let problemPath: String
        /// The exact one first.
        let solutions: [SolvedState]
        /// Names of the solvers that were asked for.
        let asked: [Solver]
        let settings: SolverSettings?
        /// What was done to the problem before.
        let remarks: [String]
        let summary: InversionSummary
    }

    /// - Returns: the paths of the files, for people.
    func write(_ results: Results) async throws -> [String] {
        switch place {
        case .posterior(let path):
            guard let solution = theOne(results) else { return [] }
            try await PosteriorFile.write(
                solution,
                of: results.input,
                to: path,
                provenance: provenance(results, solution),
                includesDraws: includesDraws
            )
            return [path]
        case .summary(let path):
            try writeText(JSONSummary.text(results.summary) + "\n", to: path)
            return [path]
        case .table(let path):
            try writeText(ResultTables.states(results.solutions, of: results.input), to: path)
            return [path]
        case .folder(let path): return try await writeFolder(results, path)
        }
    }

    /// The solution of the solver that was asked for; ``check(_:asked:verb:)`` has refused several.
    private func theOne(_ results: Results) -> SolvedState? {
        let name = (results.asked.first ?? .exact).rawValue
        return results.solutions.first { $0.solver == name }
    }

    /// Refuses before anything is computed what would be refused afterwards.
    ///
    /// - Parameter input: the problem of the file, before it is put on a basis.
    func check(_ input: LinearProblemInput, asked: [Solver], verb: String) throws {
        if requiresExchangeFiles {
            try ProblemProducts(input, [], gas: nil, publication: publication(input)).requireExchangeFiles()
        }
        if case .posterior = place, asked.count > 1 {
            throw UsageError.operands(expected: "a folder as --output for several solvers", verb: verb)
        }
    }

    private func publication(_ input: LinearProblemInput) -> PARISPublication {
        PARISPublication(
            publisher: publisher,
            transportModel: input.transportModel,
            experiment: input.title
        )
    }

    private func writeFolder(_ results: Results, _ path: String) async throws -> [String] {
        var products = ProblemProducts(
            results.input,
            results.solutions,
            gas: nil,
            publication: publication(results.input),
            includesDraws: includesDraws
        )
        if let basis = results.basis, basis.full.fluxMap != nil {
            let solutions = results.solutions
            let refined = try await onOwnThread(named: "basis") { try basis.refined(solutions) }
            products.fine = (basis.full, refined)
        }
        let names = products.names + ["observations.csv", "summary.json"]
        for name in names { _ = try OutputPath("\(path)/\(name)", inputs: [results.problemPath]) }
        let folder = try OutputFolder(creating: path)
        do {
            try await products.write(into: folder) { provenance(results, $0) }
            try folder.write(
                ResultTables.observations(results.solutions, of: results.input),
                to: "observations.csv"
            )
            try folder.write(JSONSummary.text(results.summary) + "\n", to: "summary.json")
            let published = try folder.publish(names)
            for remark in products.remarks { Terminal.note("crosswind invert: \(remark)") }
            return published
        } catch {
            folder.discard()
            throw error
        }
    }

    /// What makes the same bytes: the problem, and the options that bear on the solution.
    private func provenance(_ results: Results, _ solution: SolvedState) -> FileProvenance {
        var configuration = "solver \(solution.solver)"
        if let posterior = solution.posterior { configuration += ", space \(posterior.space.rawValue)" }
        if let settings = results.settings, solution.solver != Solver.exact.rawValue {
            if solution.draws != nil { configuration += ", 4 chains of \(settings.draws) draws" }
            if settings.isNonNegative { configuration += ", no emission below zero" }
        }
        for remark in results.remarks { configuration += ", \(remark)" }
        configuration += ", BLAS \(BLASConfiguration.core)"
        return FileProvenance(
            command: "crosswind invert --problem \(results.problemFile.name) [\(configuration)]",
            configuration: configuration,
            seed: solution.draws == nil ? nil : results.settings?.seed,
            inputs: [results.problemFile],
            created: FileProvenance.created(ProcessInfo.processInfo.environment)
        )
    }
}
