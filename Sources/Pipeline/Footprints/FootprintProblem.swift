public import Formats
import Foundation
public import Geo
import Inventory
public import Inversion
import LinearAlgebra
import NetCDF
public import Quantities
import Transport

/// A linear problem made of footprints, fluxes and observations.
public struct FootprintProblem: Sendable {
    /// All but the Jacobian.
    public let labels: LinearProblemInput
    /// Every observation that was at hand and what became of it; those that are used in the order of the rows.
    public let observations: [ObservationRow]
    public let summary: FootprintProblemSummary
    /// kt per year of each region of the mask from one unit of each element, regions x elements; nil without a mask.
    public let regionWeights: LinearFunctionals?
    public let grid: CellGrid
    public let gas: Gas
    /// Prior flux of all sectors, umol m-2 s-1; NaN where unknown.
    public let priorFlux: [Double]
    public let mask: RegionMask?
    let scales: [(source: LocalizedName, scale: CalibrationScale)]
    let observationDigest: String
    private let rows: FootprintRows

    /// Reads what the problem is made of.
    ///
    /// - Parameter period: observations outside of it are not used; nil for no bound.
    /// - Throws: what the readers throw, ``FootprintProblemError`` and `FootprintFault`.
    public static func prepare(
        _ plan: FootprintProblemPlan,
        from sources: [ObservationSource],
        during period: Period? = nil
    ) async throws -> FootprintProblem {
        let sequence = try await FootprintSequence(plan.footprints)
        let (grid, receptors) = (await sequence.grid, await sequence.receptors)
        let sectors = try await SectorFlux.read(plan, on: grid)
        let read = try await Self.observations(of: sources, sectors[0].gas, receptors, period)
        var observations = read.observations
        let match = FootprintMatch(observations, receptors)
        for index in match.unmatched { observations[index].exclusion = .noFootprint }
        for index in match.ambiguous { observations[index].exclusion = .ambiguousFootprint }
        let pairs = try RepeatedObservations.leaveOut(of: match.pairs, &observations)
        let mask = try await plan.regions.asyncMap { try await CellRegions.read($0, on: grid) }
        if plan.boundary == nil {
            try requireBackgrounds(
                of: pairs.map { observations[$0.observation].measured },
                sectors[0].gas
            )
        }
        if plan.basis == .regions, mask == nil { throw FootprintProblemError.noRegions }
        let influence =
            plan.basis.needsInfluence
            ? try await FootprintInfluence.sums(sequence, pairs.map(\.footprint)) : []
        let state = try FootprintState(
            sectors.map { try Self.elements($0, plan, mask, influence) },
            plan,
            biases: Self.biasNames(observations)
        )
        let jacobian = try await FootprintJacobian(sequence, state, plan)
        let rows = try await FootprintRows(jacobian, pairs, &observations)
        return try await FootprintProblem(
            plan: plan,
            state: state,
            rows: rows,
            observations: observations,
            match: match,
            withoutValue: read.withoutValue,
            mask: mask,
            sequence: sequence
        )
    }

    private static func observations(
        of sources: [ObservationSource],
        _ gas: Gas,
        _ receptors: [FootprintReceptor],
        _ period: Period?
    ) async throws -> (observations: [FootprintObservation], withoutValue: Int) {
        var observations: [FootprintObservation] = []
        var withoutValue = 0
        for source in sources {
            let read = try await source.read(gas, for: receptors)
            observations += read.observations
            withoutValue += read.withoutValue
        }
        if let period {
            for index in observations.indices where !period.contains(observations[index].measured.time) {
                observations[index].exclusion = observations[index].exclusion ?? .outsidePeriod
            }
        }
        return (observations, withoutValue)
    }

    private static func requireBackgrounds(of observations: [ReceptorObservation], _ gas: Gas)
        throws(FootprintProblemError)
    {
        guard let whole = gas.leastWholePartsPerMillion,
            let bare = observations.first(where: { $0.value > whole && $0.background == nil })
        else { return }
        throw .noBackground(observation: "\(bare.name), \(bare.time)")
    }

    private static func elements(
        _ flux: SectorFlux,
        _ plan: FootprintProblemPlan,
        _ mask: RegionMask?,
        _ influence: [Double]
    ) throws -> SectorElements {
        let grid = flux.history.grid
        let mean = flux.history.mean
        // A factor of no flux is no unknown; a flux may be looked for wherever the prior says something.
        let isKnown = plan.unknown == .flux ? mean.map(\.isFinite) : flux.hasFlux
        let labels = mask.map { mask in
            mask.index.map { $0 >= 0 ? $0 : Int32(truncatingIfNeeded: mask.names.count) }
        }
        let least = plan.unknown == .flux ? plan.leastFluxSigma ?? 0 : 0
        let weights =
            influence.isEmpty
            ? [] : zip(influence, mean).map { $1.isFinite ? $0 * max(abs($1), least) : 0 }
        let parts = try plan.basis.parts(
            grid,
            isKnown: isKnown,
            weights: weights,
            labels: labels ?? [Int32](repeating: 0, count: grid.cellCount),
            sector: flux.sector
        )
        return try SectorElements(flux, parts, mask: mask, plan: plan)
    }

    /// In the order of their first appearance.
    private static func biasNames(_ observations: [FootprintObservation]) -> [String] {
        let used = observations.filter { $0.exclusion == nil && !$0.measured.bias.isEmpty }
        return LabelGroups(labels: used.map(\.measured.bias)).names
    }

    private init(
        plan: FootprintProblemPlan,
        state: FootprintState,
        rows: FootprintRows,
        observations: [FootprintObservation],
        match: FootprintMatch,
        withoutValue: Int,
        mask: RegionMask?,
        sequence: FootprintSequence
    ) async throws {
        let used = rows.used.map { observations[$0.observation] }
        let receptors = await sequence.receptors
        let labels = ProblemLabels(plan: plan, state: state, mask: mask)
        let input = try labels.input(used, rows, receptors)
        let all = used + observations.filter { $0.exclusion != nil }
        self.rows = rows
        self.mask = mask
        self.labels = input
        grid = state.sectors[0].flux.history.grid
        gas = state.sectors[0].flux.gas
        priorFlux = labels.priorFlux
        regionWeights = try labels.regionWeights()
        self.observations = zip(all, all.indices).map { observation, index in
            let place = index < rows.used.count ? receptors[rows.used[index].footprint].place : nil
            return ObservationRow(
                observation,
                place,
                background: index < used.count ? rows.fixed[index] : nil
            )
        }
        scales = used.compactMap { own in own.scale.map { (own.source, $0) } }
        observationDigest = StoreObservations.digest(observations)
        summary = FootprintProblemSummary(
            plan: plan,
            state: state,
            rows: rows,
            observations: observations,
            match: match,
            withoutValue: withoutValue,
            sequence: (receptors.count, await sequence.warnings)
        )
    }

    /// Elements that respond to no observation are kept. Rows are those of ``labels``.
    ///
    /// - Throws: ``FootprintProblemError/tooLarge(rows:states:)`` beyond 2 GiB.
    public func input() async throws -> LinearProblemInput {
        let (count, states) = (labels.problem.observationCount, labels.problem.stateCount)
        guard count <= (1 << 28) / max(1, states) else {
            throw FootprintProblemError.tooLarge(rows: count, states: states)
        }
        var input = labels
        input.problem.jacobian = try await rows.matrix(states: states)
        return input
    }

    /// Writes the file whole or not at all; footprints are read again where their rows were too many to keep.
    @NetCDFThread
    public func write(to path: String, provenance: [(String, String)]) throws {
        let rows = rows
        defer { rows.close() }
        let source = JacobianRowSource(storage: summary.storage) { index in
            let row = try rows.row(index)
            return (row.columns, row.values)
        }
        try LinearProblemFile.write(labels, rows: source, to: path, provenance: provenance)
    }
}

extension ObservationRow {
    init(_ observation: FootprintObservation, _ place: ReceptorPoint?, background: Double?) {
        let own = observation.measured
        self.init(
            source: observation.source,
            time: own.time,
            position: own.position
                ?? place.flatMap { Position(longitude: $0.longitude, latitude: $0.latitude) },
            value: own.value.isFinite ? own.value - (background ?? 0) : nil,
            sigma: own.sigma.isFinite ? own.sigma : nil,
            rawMessage: observation.rawMessage,
            exclusion: observation.exclusion
        )
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func asyncMap<Value: Sendable>(_ body: (Wrapped) async throws -> Value) async throws -> Value?
    {
        guard let self else { return nil }
        return try await body(self)
    }
}

extension Gas {
    /// From here on a mole fraction is that of the air and no enhancement, about half of what clean air has, ppm; nil
    /// for a gas of which a plume may have as much.
    fileprivate var leastWholePartsPerMillion: Double? {
        switch self {
        case .co2: 200
        case .ch4: 0.9
        case .n2o: 0.15
        case .co: nil
        }
    }
}
