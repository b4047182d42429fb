import Foundation
import Geo
import Inversion
import Transport

extension CellBasis {
    /// The parts that the cells of a sector are gathered in.
    ///
    /// - Parameters:
    ///   - isKnown: whether a cell can have an element at all.
    ///   - weights: how much the observations see of the flux of each cell; for those that need it.
    ///   - labels: cells of different labels never share a part; -1 does not occur.
    func parts(
        _ grid: CellGrid,
        isKnown: [Bool],
        weights: [Double],
        labels: [Int32],
        sector: String
    ) throws -> Basis {
        let raw: [Int32]
        switch self {
        case .native: raw = isKnown.indices.map { Int32(truncatingIfNeeded: $0) }
        case .regions: raw = labels
        case .quadtree(let count):
            let own = zip(labels, isKnown).map { $1 ? $0 : -1 }
            guard own.contains(where: { $0 >= 0 }) else { throw nothing(sector) }
            let basis = try Basis.quadtree(
                weights: weights,
                rows: grid.rows,
                columns: grid.columns,
                labels: own,
                count: max(count, Set(own).subtracting([-1]).count)
            )
            raw = basis.parts
        case .clusters(let count):
            let cells = isKnown.indices.filter { isKnown[$0] }
            guard !cells.isEmpty else { throw nothing(sector) }
            let places = grid.centres(of: cells)
            let basis = try Basis.clusters(
                longitudes: places.longitudes,
                latitudes: places.latitudes,
                weights: cells.map { weights[$0] },
                count: min(count, cells.count)
            )
            raw = Self.spread(basis.parts, over: cells, labels)
        }
        let used = zip(raw, isKnown).map { $1 ? $0 : -1 }
        guard used.contains(where: { $0 >= 0 }) else { throw nothing(sector) }
        return try Basis.regions(labels: used)
    }

    private func nothing(_ sector: String) -> FootprintProblemError { .noCells(basis: text, sector: sector) }

    /// A cluster over several labels is cut between them.
    private static func spread(_ parts: [Int32], over cells: [Int], _ labels: [Int32]) -> [Int32] {
        let width = (labels.max() ?? 0) + 1
        var all = [Int32](repeating: -1, count: labels.count)
        for (cell, part) in zip(cells, parts) { all[cell] = part * width + labels[cell] }
        return all
    }
}
