import Concurrent
import Formats
import Geo
import LinearAlgebra
import NetCDF
import Quantities
import Transport

/// The rows of the observations that are used, kept while they are few and made again where not.
struct FootprintRows: Sendable {
    /// Observation and footprint of each row.
    private(set) var used: [FootprintMatch.Pair] = []
    /// ppm to be subtracted from each observation.
    private(set) var fixed: [Double] = []
    /// Elements of all rows that are not zero.
    private(set) var elementCount = 0
    /// H times the prior mean, ppm.
    private(set) var modelled: [Double] = []
    private var kept: [FootprintJacobian.Row]? = []
    private let jacobian: FootprintJacobian
    private var chosen: [FootprintObservation] = []

    /// Elements that may be kept, at 12 bytes each.
    static let mostKept = 1 << 25

    /// Visits all footprints that were matched.
    ///
    /// - Parameter observations: those that cannot be used get their reason.
    /// - Throws: what the files throw; ``FootprintProblemError/noObservations(reasons:)`` where nothing is left.
    @NetCDFThread
    init(
        _ jacobian: FootprintJacobian,
        _ pairs: [FootprintMatch.Pair],
        _ observations: inout [FootprintObservation],
        mostKept: Int = FootprintRows.mostKept
    ) throws {
        self.jacobian = jacobian
        defer { jacobian.sequence.close() }
        let prior = jacobian.state.priorMean
        for pair in pairs {
            switch try jacobian.row(observations[pair.observation], footprint: pair.footprint) {
            case .excluded(let reason): observations[pair.observation].exclusion = reason
            case .row(let row):
                used.append(pair)
                fixed.append(row.fixed)
                chosen.append(observations[pair.observation])
                elementCount += row.columns.count
                modelled.append(zip(row.columns, row.values).reduce(0) { $0 + prior[Int($1.0)] * $1.1 })
                if elementCount > mostKept { kept = nil }
                kept?.append(row)
            }
        }
        guard !used.isEmpty else {
            throw FootprintProblemError.noObservations(
                reasons: FootprintProblemSummary.exclusions(observations)
                    .map { "\($0.value) \($0.key)" }.sorted()
            )
        }
    }

    var count: Int { used.count }

    /// To be followed by ``close()`` once no more rows are wanted.
    @NetCDFThread
    func row(_ index: Int) throws -> FootprintJacobian.Row {
        if let kept { return kept[index] }
        switch try jacobian.row(chosen[index], footprint: used[index].footprint) {
        case .row(let row): return row
        case .excluded:
            let path = jacobian.sequence.paths.first ?? ""
            throw NetCDFError(.unexpected("a footprint changed while it was read"), path: path)
        }
    }

    @NetCDFThread
    func close() { jacobian.sequence.close() }

    @NetCDFThread
    func matrix(states: Int) throws -> Matrix {
        defer { jacobian.sequence.close() }
        var matrix = Matrix(rows: count, columns: states)
        for index in 0..<count {
            let row = try row(index)
            for (column, value) in zip(row.columns, row.values) { matrix[index, Int(column)] = value }
        }
        return matrix
    }
}

/// How much the observations see of each cell.
enum FootprintInfluence {
    /// Sums of the footprints that were matched, each once; ppm per umol m-2 s-1.
    @NetCDFThread
    static func sums(_ sequence: FootprintSequence, _ indices: [Int]) throws -> [Double] {
        var sums = [Double](repeating: 0, count: sequence.grid.cellCount)
        defer { sequence.close() }
        var last = -1
        for index in indices where index != last {
            last = index
            Heartbeat.inherited.reading(sequence.path(of: index))
            let footprint: ReceptorFootprint
            do { footprint = try sequence.footprint(at: index, resolved: false) } catch {
                guard case .unfit = error.kind else { throw error }
                continue
            }
            for layer in footprint.layers + (footprint.residual.map { [$0] } ?? []) {
                for (cell, value) in zip(layer.cells, layer.values) where value > 0 {
                    sums[Int(cell)] += value
                }
            }
        }
        return sums
    }
}
