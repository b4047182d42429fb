public import Formats
import Foundation
import Geo
import Inversion
import LinearAlgebra
import Quantities
import Report
import Verification

/// What a finished run hands to the command line.
public struct CaseOutcome: Sendable {
    public let result: CaseResult
    public let summary: CaseSummary
    /// Paths of the files written, reports last.
    public let outputs: [String]
}

/// All stages of one case, from observations to the report.
public struct CaseRun: Sendable {
    public let definition: Case
    /// Overrides the case's store.
    public let store: String?
    /// Overrides the case's output folder.
    public let output: String?
    /// The command as it was given, for the provenance.
    public let command: String
    /// Whether the pages for people are written too.
    public var includesReports = true

    public init(definition: Case, store: String?, output: String?, command: String) {
        self.definition = definition
        self.store = store
        self.output = output
        self.command = command
    }

    /// - Throws: a `Fault` that names the file, key, variable or station at fault. Nothing is written unless
    ///   every stage before the output has succeeded.
    public func run() async throws -> CaseOutcome {
        guard let directory = output ?? definition.outputDirectory else {
            throw PipelineError.noOutput(caseFile: definition.file)
        }
        let result = try await solve()
        let folder = try OutputFolder(creating: directory)
        let outputs = try await CaseOutputs(
            result: result,
            folder: folder,
            created: FileProvenance.created(ProcessInfo.processInfo.environment),
            includesReports: includesReports
        ).write()
        return CaseOutcome(
            result: result,
            summary: CaseSummary(result, outputs: outputs),
            outputs: outputs
        )
    }

    /// The stages that compute, without writing anything.
    public func solve() async throws -> CaseResult {
        let preparation = try await prepare()
        var results: [ProblemResult] = []
        for problem in preparation.problems {
            results.append(try await ProblemSolution.solve(problem, plan: definition.solvers))
        }
        let names = results.flatMap { $0.comparisons.map(\.region.english) }
        try definition.report.requireFacilities(among: names, file: definition.file)
        try alignment.requireQuantities(among: names)
        let facts = try results.indices.flatMap { try align(&results[$0]) }
        var builder = ReportContentBuilder(
            definition.report,
            gas: definition.gas,
            period: definition.period
        )
        try builder.build()
        var map = preparation.map
        try ReportMapPlan(plan: definition.report, box: map.box, credit: map.boundaryCredit)
            .addBoundaries(to: &map, &builder)
        var assembly = ReportAssembly(
            definition: definition,
            results: results,
            map: map,
            provenance: try CaseProvenance(run: self, inputs: preparation.inputs + builder.inputs)
                .provenance()
        )
        assembly.content = builder.content
        assembly.content.scope += facts
        assembly.openParts = alignment.openParts
        assembly.facilities = builder.facilities
        let pending = try builder.pendingCases(assembly.openings())
        if let history = try builder.reviewInput(pending)?.provenance() {
            assembly.provenance.inputs.append(history)
        }
        assembly.reviewCases = (pending?.cases ?? builder.reviewCases, builder.reviewInputs)
        assembly.content.residuals = builder.residuals(assembly.reviewCases.cases)
        let sensitivity = ReportSensitivity(axes: definition.report.vary)
        for result in results {
            assembly.content.sensitivity += try await sensitivity.rows(result, inputs: assembly.inputNames)
        }
        assembly.caveats = builder.caveats
        assembly.priorFlux = preparation.priorFlux
        return CaseResult(
            definition: definition,
            problems: results,
            report: assembly.report(),
            cases: pending
        )
    }

    private var alignment: ScopeAlignment {
        ScopeAlignment(
            plans: definition.report.alignments,
            gas: definition.gas,
            period: definition.period,
            file: definition.file
        )
    }

    /// Brings the comparisons of a problem to the scope that the case asks for, and tells the steps.
    private func align(_ result: inout ProblemResult) throws(PipelineError) -> [ScopeFact] {
        var facts: [ScopeFact] = []
        for (place, quantity) in zip(result.comparisons.indices, result.prepared.quantities) {
            let aligned = try alignment.aligned(
                result.comparisons[place],
                unit: result.prepared.unit,
                inventoryIsPrior: quantity.inventoryIsPrior
            )
            result.comparisons[place] = aligned.comparison
            facts += aligned.facts
        }
        return facts
    }

    /// The one problem of a case whose observations come period by period.
    ///
    /// - Throws: ``ProblemChoiceError/unfitCase(_:file:)`` for several problems, and for a model error that is tuned
    ///   to all observations: it would change with each new one.
    public func sequentialProblem() async throws -> LinearProblemInput {
        if case .fromInnovations? = definition.inversion.modelError {
            let reason =
                "a model error from the innovations changes with each new observation; state it in ppm"
            throw ProblemChoiceError.unfitCase(reason, file: definition.file)
        }
        let preparation = try await prepare()
        guard let problem = preparation.problems.first, preparation.problems.count == 1 else {
            let reason = "the case has \(preparation.problems.count) problems; a sequence is of one"
            throw ProblemChoiceError.unfitCase(reason, file: definition.file)
        }
        var input = problem.input
        if input.groups == nil {
            let used = problem.observations.filter(\.isUsed)
            input.groups = LabelGroups(labels: used.map(\.source.english))
        }
        if input.totals == nil {
            let states = input.problem.stateCount
            input.totals = try LinearFunctionals(
                names: problem.quantities.map(\.name.english),
                weights: Matrix(
                    rows: problem.quantities.count,
                    columns: states,
                    storage: problem.quantities.flatMap(\.weights)
                ),
                offsets: problem.quantities.map(\.offset)
            )
        }
        return input
    }

    private func prepare() async throws -> Preparation {
        switch definition.inversion {
        case .problems(let plans): try await prepare(plans)
        case .footprints(let plan):
            try await FootprintPreparation(definition: definition, plan: plan, store: store).prepare()
        case .fluxes(let plan):
            try await FluxCasePreparation(definition: definition, plan: plan, store: store).prepare()
        }
    }

    private func prepare(_ plans: [ProblemPlan]) async throws -> Preparation {
        var problems: [PreparedProblem] = []
        var inputs: [CaseInput] = []
        for plan in plans {
            problems.append(try await ProblemPreparation.prepare(plan, of: definition))
            inputs.append(
                CaseInput(role: .problem, path: plan.file, credit: LocalizedName(english: plan.credit))
            )
        }
        return Preparation(
            problems: problems,
            map: CaseMap(definition: definition).soundingMap(problems),
            inputs: inputs
        )
    }
}

/// What the first stage gives.
struct Preparation: Sendable {
    var problems: [PreparedProblem]
    var map: ReportMap
    var inputs: [CaseInput]
    /// The prior flux with the state element that scales each cell; nil where the problem is of totals.
    var priorFlux: ScaledFlux?
}

/// A file that a case was computed from.
struct CaseInput: Sendable {
    /// What it was read for.
    enum Role {
        case definition
        case problem
        case footprints
        case readings
        case network
        case inventory
        case activity
        case factors
        case boundaries
        case table
        case reviewCases
        case transport
        case flux
        case boundary
        case regions
        case observations
        case soundings

        var name: LocalizedName {
            switch self {
            case .definition: LocalizedName(english: "case", chinese: "算例")
            case .problem: LocalizedName(english: "linear problem", chinese: "线性问题")
            case .footprints:
                LocalizedName(english: "footprints, prior flux, regions", chinese: "足迹、先验通量、区域")
            case .readings: LocalizedName(english: "readings of the store", chinese: "数据库读数")
            case .network: LocalizedName(english: "network", chinese: "站网")
            case .inventory: LocalizedName(english: "inventory", chinese: "清单")
            case .activity: LocalizedName(english: "activity data", chinese: "活动数据")
            case .factors: LocalizedName(english: "factors", chinese: "排放因子")
            case .boundaries: LocalizedName(english: "boundary set", chinese: "边界数据")
            case .table: LocalizedName(english: "table", chinese: "数据表")
            case .reviewCases: LocalizedName(english: "review cases", chinese: "核查案例")
            case .transport: LocalizedName(english: "footprints", chinese: "足迹")
            case .flux: LocalizedName(english: "prior flux", chinese: "先验通量")
            case .boundary: LocalizedName(english: "boundary mole fractions", chinese: "边界浓度")
            case .regions: LocalizedName(english: "regions", chinese: "区域")
            case .observations: LocalizedName(english: "observations", chinese: "观测")
            case .soundings: LocalizedName(english: "soundings", chinese: "卫星探测")
            }
        }
    }

    var role: Role
    var path: String
    var credit: LocalizedName
    /// Digest of what was used of it, where that is not the whole file.
    var digest: String?
}
