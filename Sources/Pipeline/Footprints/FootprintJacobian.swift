import Concurrent
import Formats
import Inversion
import NetCDF
import Quantities
import Transport

/// Makes rows of the Jacobian, one footprint at a time.
@NetCDFThread
final class FootprintJacobian {
    /// What a footprint and its observation give.
    struct Row: Sendable {
        /// Ascending.
        let columns: [Int32]
        let values: [Double]
        /// ppm to be subtracted from the observation: what no element scales.
        let fixed: Double
    }

    enum Outcome {
        case row(Row)
        case excluded(Exclusion)
    }

    let sequence: FootprintSequence
    let state: FootprintState
    private let plan: FootprintProblemPlan
    private let curtain: BoundaryCurtain?
    /// The footprint that was read last; several observations may follow of one.
    private var kept: (index: Int, row: Result<Shared, Excluded>)?

    /// What all observations of a footprint have in common.
    private struct Shared {
        var columns: [Int32]
        var values: [Double]
        /// From cells of no element, ppm.
        let outside: Double
        /// Of the particles that were released.
        let weight: Double
    }

    private struct Excluded: Error { let reason: Exclusion }

    init(_ sequence: FootprintSequence, _ state: FootprintState, _ plan: FootprintProblemPlan) throws {
        self.sequence = sequence
        self.state = state
        self.plan = plan
        curtain = try plan.boundary.map { try BoundaryCurtainFile.read($0.file) }
        if let boundary = plan.boundary, !sequence.hasBoundary {
            throw FootprintProblemError.noBoundary(file: boundary.file)
        }
    }

    isolated deinit {}

    /// - Throws: what the reader throws for a file that is damaged.
    func row(_ observation: FootprintObservation, footprint index: Int) throws -> Outcome {
        let shared: Shared
        switch try self.shared(index) {
        case .failure(let excluded): return .excluded(excluded.reason)
        case .success(let value): shared = value
        }
        var fixed = shared.outside + observation.measured.offset
        if curtain == nil {
            fixed += observation.measured.background ?? 0
        } else if let column = observation.column {
            fixed += column.above(releasedWeight: shared.weight)
        }
        var (columns, values) = (shared.columns, shared.values)
        if let place = state.biasPlaces[observation.measured.bias] {
            columns.append(Int32(truncatingIfNeeded: place))
            values.append(1)
        }
        return .row(Row(columns: columns, values: values, fixed: fixed))
    }

    private func shared(_ index: Int) throws -> Result<Shared, Excluded> {
        if let kept, kept.index == index { return kept.row }
        let row = try make(index)
        kept = (index, row)
        return row
    }

    private func make(_ index: Int) throws -> Result<Shared, Excluded> {
        let footprint: ReceptorFootprint
        Heartbeat.inherited.reading(sequence.path(of: index))
        do {
            footprint = try sequence.footprint(
                at: index,
                resolved: state.sectors.contains { $0.flux.isResolved }
            )
        } catch {
            guard case .unfit = error.kind else { throw error }
            return .failure(Excluded(reason: .emptyFootprint))
        }
        var rows: [SensitivityRow] = []
        for sector in state.sectors {
            rows.append(try sector.rowOperator.row(footprint, basis: sector.basis))
        }
        let joined = SensitivityRow.joined(rows)
        guard joined.missingShare <= FootprintProblemPlan.mostMissing else {
            return .failure(Excluded(reason: .missingFlux))
        }
        var shared = Shared(
            columns: joined.elements,
            values: joined.values,
            outside: joined.outside,
            weight: footprint.place?.weight ?? 1
        )
        if let reason = try addBoundary(index, to: &shared) { return .failure(Excluded(reason: reason)) }
        return .success(shared)
    }

    /// - Returns: why the footprint cannot be used; nil where it can.
    private func addBoundary(_ index: Int, to shared: inout Shared) throws -> Exclusion? {
        guard let curtain, let settings = plan.boundary else { return nil }
        guard let boundary = try sequence.boundary(at: index) else { return .incompleteFootprint }
        let background = try curtain.background(
            boundary,
            bandTops: settings.bandTops,
            missing: .counted
        )
        guard background.closure >= settings.minimumClosure else { return .incompleteFootprint }
        guard background.missingShare <= FootprintProblemPlan.mostMissing else { return .missingBoundary }
        let known = background.parts.reduce(0) { $0 + $1.share }
        let factor = shared.weight / (settings.isNormalised ? known : 1)
        for (number, part) in background.parts.enumerated() where part.partsPerMillion != 0 {
            shared.columns.append(Int32(truncatingIfNeeded: state.fluxCount + number))
            shared.values.append(part.partsPerMillion * factor)
        }
        return nil
    }
}
