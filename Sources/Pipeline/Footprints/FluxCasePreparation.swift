import Concurrent
import Formats
import Geo
import Inversion
import LinearAlgebra
import Observations
import Quantities
import Report

/// Prepares cases whose Jacobian is footprints times fluxes.
struct FluxCasePreparation {
    let definition: Case
    let plan: FluxCasePlan
    let store: String?

    func prepare() async throws -> Preparation {
        var sources =
            plan.tables.map(ObservationSource.table) + plan.soundings.map(ObservationSource.soundings)
        var networks: [Network] = []
        if let stations = definition.stations {
            guard let path = store ?? stations.store else {
                throw PipelineError.noStore(caseFile: definition.file)
            }
            networks = try stations.networkFiles.map { try NetworkFile(path: $0).network }
            let own = StoreObservations(store: path, networks: networks, flags: stations.flags)
            sources.insert(.store(own), at: 0)
        }
        let made = try await FootprintProblem.prepare(plan.problem, from: sources, during: definition.period)
        guard made.gas == definition.gas else {
            throw FootprintProblemError.gasesDiffer(
                "the flux is of \(made.gas.rawValue), the case about \(definition.gas.rawValue)",
                file: plan.problem.fluxes[0].file
            )
        }
        return Preparation(
            problems: [try await problem(made)],
            map: CaseMap(definition: definition).fluxMap(made, plan.regions, networks.flatMap(\.stations)),
            inputs: inputs(sources, made)
        )
    }

    private func problem(_ made: FootprintProblem) async throws -> PreparedProblem {
        var input = try await made.input()
        let modelError = try await modelError(input.problem)
        input.problem = input.problem.adding(modelError: modelError)
        let gas = definition.gas
        let isTuned = if case .fromInnovations = plan.modelError { modelError > 0 } else { false }
        return PreparedProblem(
            title: LocalizedName(english: "Regions", chinese: "区域"),
            unit: LocalizedName(english: "kt \(gas.formula) yr⁻¹", chinese: "千吨\(gas.formula)/年"),
            input: input,
            observations: made.observations,
            scale: try ScaleMixture.commonScale(
                of: made.scales.map { (name: $0.source.english, scale: $0.scale) },
                gas
            ) ?? .unstated,
            stateLabels: (input.state?.elements ?? []).map { element in
                let unit =
                    element.kind == .flux && plan.problem.unknown == .flux ? "µmol m⁻² s⁻¹" : element.unit
                return StateLabel(name: LocalizedName(english: element.name), unit: unit)
            },
            quantities: try await quantities(made),
            modelErrorPartsPerMillion: modelError,
            isModelErrorTuned: isTuned
        )
    }

    /// ppm.
    private func modelError(_ problem: LinearProblem) async throws -> Double {
        switch plan.modelError {
        case .fixed(let value): value
        case .fromInnovations:
            try await onOwnThread(named: "inversion") { try problem.estimateModelError().sigma }
        }
    }

    /// kt per year, one per region of the case.
    private func quantities(_ made: FootprintProblem) async throws -> [PreparedQuantity] {
        guard let functionals = made.regionWeights, let mask = made.mask else {
            throw FootprintProblemError.noRegions
        }
        var declared: [Double]?
        if let file = plan.inventory.file {
            declared = try await DeclaredTotals(file: file, definition: definition).tonnesPerYear(in: mask)
        }
        let prior = made.labels.problem.priorMean
        return try plan.regions.map { region in
            guard let index = functionals.names.firstIndex(of: region.key) else {
                throw PipelineError.unknownName(
                    kind: "region",
                    name: region.key,
                    file: plan.problem.regions ?? definition.file,
                    nearest: nearest(to: region.key, among: functionals.names)
                )
            }
            let weights = functionals.weights.rows(index..<(index + 1)).storage
            let own = zip(weights, prior).reduce(functionals.offsets[index]) { $0 + $1.0 * $1.1 }
            let mean = declared.map { $0[index] / 1000 } ?? own
            return PreparedQuantity(
                name: region.name,
                weights: weights,
                offset: functionals.offsets[index],
                inventory: Estimate(
                    mean: mean,
                    standardDeviation: abs(mean) * region.inventoryRelativeSigma
                ),
                inventoryIsPrior: plan.inventory.isPrior
            )
        }
    }

    private func inputs(_ sources: [ObservationSource], _ made: FootprintProblem) -> [CaseInput] {
        func input(_ role: CaseInput.Role, _ path: String, digest: String? = nil) -> CaseInput {
            let credit = LocalizedName(english: plan.credits[path] ?? "")
            return CaseInput(role: role, path: path, credit: credit, digest: digest)
        }
        let observed = sources.compactMap { source -> CaseInput? in
            switch source {
            case .table(let path): input(.observations, path)
            case .soundings(let path): input(.soundings, path)
            case .store(let store): self.store(store, made)
            case .given: nil
            }
        }
        return plan.problem.footprints.map { input(.transport, $0) }
            + plan.problem.fluxes.map { input(.flux, $0.file) }
            + [plan.problem.boundary?.file].compactMap(\.self).map { input(.boundary, $0) }
            + [plan.problem.regions].compactMap(\.self).map { input(.regions, $0) }
            + observed
            + (definition.stations?.networkFiles ?? []).map { input(.network, $0) }
            + [plan.inventory.file].compactMap(\.self).map {
                CaseInput(role: .inventory, path: $0, credit: LocalizedName(english: plan.inventory.credit))
            }
    }

    /// A store grows; what counts is what was taken from it.
    private func store(_ store: StoreObservations, _ made: FootprintProblem) -> CaseInput {
        CaseInput(
            role: .readings,
            path: store.store,
            credit: LocalizedName(
                english: "means over the time of each footprint; digest of these, not of the file",
                chinese: "各足迹时段的均值；校验值针对均值而非整个文件"
            ),
            digest: made.observationDigest
        )
    }
}
