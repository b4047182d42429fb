import Archive
import Concurrent
import Formats
import Foundation
import Geo
import Inventory
import Inversion
import Observations
import Quantities
import Report
import Transport

/// Prepares cases whose observations are readings of the store and whose Jacobian is footprints x prior flux.
struct FootprintPreparation {
    let definition: Case
    let plan: FootprintPlan
    let store: String?

    func prepare() async throws -> Preparation {
        guard let stations = definition.stations, let path = store ?? stations.store else {
            throw PipelineError.noStore(caseFile: definition.file)
        }
        let networks = try stations.networkFiles.map { try NetworkFile(path: $0).network }
        let model = try await RHIMEOutputFile.read(plan.file, gas: definition.gas)
        let readings = try await StationReadings(
            definition: definition,
            store: path,
            networks: networks.map(\.id)
        ).all()
        let matching = ReadingMatch(
            table: model.sensitivities,
            closure: BoundaryClosure(
                boundary: model.sensitivities.boundary,
                threshold: plan.minimumBoundaryClosure
            ),
            flags: stations.flags,
            stations: networks.flatMap(\.stations)
        )
        let rows = matching.rows(readings)
        let problem = try await problem(model, rows)
        return Preparation(
            problems: [problem],
            map: CaseMap(definition: definition).stationMap(model, plan, matching.stations),
            inputs: inputs(stations, store: path, readings: readings),
            priorFlux: ScaledFlux(prior: model.priorFlux, elements: model.basisFunctions.index)
        )
    }

    private func problem(_ model: RHIMEOutput, _ matched: [MatchedRow]) async throws -> PreparedProblem {
        let used = matched.filter(\.observation.isUsed)
        guard !used.isEmpty else {
            let reasons = matched.map(\.observation).exclusionCounts.joined(separator: ", ")
            throw PipelineError.noObservations(caseFile: definition.file, reasons: reasons)
        }
        let table = model.sensitivities
        let sigmas = [
            [Double](repeating: plan.priorSigmaFlux, count: table.fluxNames.count),
            [Double](repeating: plan.priorSigmaBoundary, count: table.boundaryNames.count),
        ]
        let measured = LinearProblem(
            jacobian: table.jacobian(rows: used.map(\.footprintRow)),
            observations: used.compactMap(\.observation.value),
            observationError: .independent(used.compactMap(\.observation.sigma)),
            priorMean: [Double](repeating: 1, count: sigmas[0].count + sigmas[1].count),
            priorError: .independent(sigmas.flatMap(\.self)),
            stateNames: table.fluxNames + table.boundaryNames
        )
        let modelError = try await modelError(measured)
        return PreparedProblem(
            title: LocalizedName(english: "Regions", chinese: "区域"),
            unit: LocalizedName(
                english: "kt \(definition.gas.formula) yr⁻¹",
                chinese: "千吨\(definition.gas.formula)/年"
            ),
            input: try input(measured.adding(modelError: modelError), used, model),
            observations: matched.map(\.observation),
            scale: try MatchedRow.commonScale(of: matched, definition.gas) ?? .unstated,
            stateLabels: labels(table),
            quantities: try RegionQuantities(
                plan: plan,
                model: model,
                declaredTonnes: try await declaredTonnes(model)
            ).quantities(),
            modelErrorPartsPerMillion: modelError,
            isModelErrorTuned: isTuned && modelError > 0
        )
    }

    private var isTuned: Bool {
        if case .fromInnovations = plan.modelError { true } else { false }
    }

    private func declaredTonnes(_ model: RHIMEOutput) async throws -> [Double]? {
        guard let file = plan.inventory.file else { return nil }
        return try await DeclaredTotals(file: file, definition: definition).tonnesPerYear(in: model.countries)
    }

    /// ppm.
    private func modelError(_ problem: LinearProblem) async throws -> Double {
        switch plan.modelError {
        case .fixed(let value): value
        case .fromInnovations:
            try await onOwnThread(named: "inversion") { try problem.estimateModelError().sigma }
        }
    }

    private func labels(_ table: SensitivityTable) -> [StateLabel] {
        table.fluxNames.indices.map { index in
            StateLabel(
                name: LocalizedName(
                    english: "Flux, basis region \(index + 1)",
                    chinese: "通量，基函数区域\(index + 1)"
                ),
                unit: "1"
            )
        }
            + table.boundaryNames.map { StateLabel(name: Self.boundaryLabel($0), unit: "1") }
    }

    /// The curtains of a domain are known by their side.
    private static func boundaryLabel(_ name: String) -> LocalizedName {
        let sides = ["north": "北", "east": "东", "south": "南", "west": "西"]
        let side = name.split(separator: " ").last.flatMap { sides[String($0)] }
        return LocalizedName(
            english: name.prefix(1).uppercased() + name.dropFirst(),
            chinese: side.map { "\($0)边界" } ?? name
        )
    }

    private func inputs(_ stations: StationPlan, store: String, readings: [StoredReading]) -> [CaseInput] {
        [
            CaseInput(role: .footprints, path: plan.file, credit: LocalizedName(english: plan.credit)),
            CaseInput(
                role: .readings,
                path: store,
                credit: LocalizedName(
                    english: "\(readings.count) readings; digest of the readings, not of the file",
                    chinese: "\(readings.count)个读数；校验值针对读数而非整个文件"
                ),
                digest: StationReadings.digest(readings)
            ),
        ] + stations.networkFiles.map { CaseInput(role: .network, path: $0, credit: "") }
            + [plan.inventory.file].compactMap(\.self).map {
                CaseInput(role: .inventory, path: $0, credit: LocalizedName(english: plan.inventory.credit))
            }
    }
}
