public import Formats
public import Quantities

/// The files of one solved problem: a posterior for each solver, tables of all of them, and the exchange files where
/// the problem tells what they need.
public struct ProblemProducts: Sendable {
    public let input: LinearProblemInput
    /// One for each solver, the exact one first.
    public let solutions: [SolvedState]
    /// Of the mole fractions; nil where nobody says, which leaves out the exchange files.
    public var gas: Gas?
    public var publication: PARISPublication
    /// Before the ending of each name, such as `-2` for the second problem of a case.
    public var suffix: String
    /// Every draw too in the posterior of a sampler.
    public var includesDraws: Bool
    /// The problem and its solutions as the exchange files tell them, where the problem was solved on a basis: on the
    /// elements that have a place on the grid.
    public var fine: (input: LinearProblemInput, solutions: [SolvedState])?

    public init(
        _ input: LinearProblemInput,
        _ solutions: [SolvedState],
        gas: Gas?,
        publication: PARISPublication,
        suffix: String = "",
        includesDraws: Bool = false
    ) {
        self.input = input
        self.solutions = solutions
        self.gas = gas
        self.publication = publication
        self.suffix = suffix
        self.includesDraws = includesDraws
    }

    /// Names of the files in the order in which they are told.
    public var names: [String] { files.map(\.name) }

    /// Why an exchange file is left out of a problem that has fluxes on a grid; nil where both are written.
    public static func refusal(_ input: LinearProblemInput) -> PARISRefusal? {
        input.fluxMap.flatMap { PARISFluxFile.refusal($0) ?? PARISConcentrationFile.refusal(input) }
    }

    /// - Throws: the reason for which an exchange file cannot be written, or would name a country that is none.
    public func requireExchangeFiles() throws(PARISRefusal) {
        guard let map = exchanged.fluxMap else { throw .noGrid }
        if let refusal = Self.refusal(exchanged) { throw refusal }
        if let name = PARISFluxFile.namesOfNoCountry(map).first { throw .noCountry(name) }
    }

    /// What a reader of the exchange files must know: which is left out and why, and names of no country.
    public var remarks: [String] {
        let input = exchanged
        guard let map = input.fluxMap else { return [] }
        var remarks: [String] = []
        if let refusal = PARISFluxFile.refusal(map) {
            remarks.append("paris-flux is left out: \(refusal.line)")
        } else {
            remarks += PARISFluxFile.namesOfNoCountry(map).map {
                "paris-flux: \(PARISRefusal.noCountry($0).what)"
            }
        }
        if let refusal = PARISConcentrationFile.refusal(input) {
            remarks.append("paris-concentrations is left out: \(refusal.line)")
        }
        return remarks
    }

    private enum Content {
        case posterior(SolvedState)
        case flux(FluxMap, SolvedState)
        case concentrations(Gas, SolvedState)
        /// Made when it is written.
        case table(() -> String)
    }

    private var files: [(name: String, content: Content)] {
        var files = solutions.map { (name: name("posterior", $0, "nc"), content: Content.posterior($0)) }
        files.append((name("states", nil, "csv"), .table { ResultTables.states(solutions, of: input) }))
        if solutions.contains(where: { $0.totals != nil }) {
            files.append((name("totals", nil, "csv"), .table { ResultTables.totals(solutions) }))
            files.append((name("covariances", nil, "csv"), .table { ResultTables.covariances(solutions) }))
        }
        return files + exchangeFiles
    }

    private var exchanged: LinearProblemInput { fine?.input ?? input }

    private var exchangeFiles: [(name: String, content: Content)] {
        let input = exchanged
        var files: [(name: String, content: Content)] = []
        for solution in fine?.solutions ?? solutions where solution.covariance != nil {
            if let map = input.fluxMap, PARISFluxFile.refusal(map) == nil {
                files.append((name("paris-flux", solution, "nc"), .flux(map, solution)))
            }
            if let gas = gas ?? input.fluxMap?.gas, PARISConcentrationFile.refusal(input) == nil {
                files.append((name("paris-concentrations", solution, "nc"), .concentrations(gas, solution)))
            }
        }
        return files
    }

    private func name(_ stem: String, _ solution: SolvedState?, _ ending: String) -> String {
        let solver = solution.map { $0.solver == Solver.exact.rawValue ? "" : "-\($0.solver)" } ?? ""
        return "\(stem)\(suffix)\(solver).\(ending)"
    }

    /// - Parameter provenance: of the files of one solver.
    /// - Throws: ``NetCDFError``, ``PARISRefusal``, ``PipelineError``.
    public func write(
        into folder: OutputFolder,
        provenance: (SolvedState) -> FileProvenance
    ) async throws {
        for (name, content) in files {
            let path = folder.stagedFile(name)
            switch content {
            case .table(let text): try folder.write(text(), to: name)
            case .posterior(let solution):
                try await PosteriorFile.write(
                    solution,
                    of: input,
                    to: path,
                    provenance: provenance(solution),
                    includesDraws: includesDraws
                )
            case .flux(let map, let solution):
                try await PARISFluxFile.write(
                    map,
                    solution,
                    of: exchanged.problem,
                    to: path,
                    publication: publication,
                    provenance: provenance(solution)
                )
            case .concentrations(let gas, let solution):
                try await PARISConcentrationFile.write(
                    exchanged,
                    solution,
                    gas: gas,
                    to: path,
                    publication: publication,
                    provenance: provenance(solution)
                )
            }
        }
    }

    /// Whether a file is one of these of a further problem, of a further solver or for exchange: those that a run of
    /// less leaves behind.
    static func isFurther(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return false }
        let stems = [
            "posterior", "states", "totals", "covariances", "observations", "paris-flux",
            "paris-concentrations",
        ]
        guard let stem = stems.first(where: { parts[0] == $0 || parts[0].hasPrefix($0 + "-") }) else {
            return false
        }
        let isTable = ["states", "totals", "covariances", "observations"].contains(stem)
        guard parts[1] == (isTable ? "csv" : "nc") else { return false }
        var rest = parts[0].dropFirst(stem.count)
        let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty { rest = rest.dropFirst(1 + digits.count) }
        if !isTable, let solver = Solver(rawValue: String(rest.dropFirst())), solver != .exact { return true }
        return rest.isEmpty && (!digits.isEmpty || stem.hasPrefix("paris-"))
    }
}
