public import LinearAlgebra

/// The parts that the cells of a domain are gathered in, so that each part has one element of the state.
///
/// Within a part the cells keep the proportions of the prior; see ``Aggregation`` for what that costs.
public struct Basis: Hashable, Sendable {
    /// The part of each cell, 0 ..< `count`; -1 for a cell outside all of them.
    public let parts: [Int32]
    public let count: Int

    /// - Throws: ``InversionError/empty(_:)`` without parts; ``InversionError/outOfRange(_:index:)`` for a number
    ///   below -1; ``InversionError/empty(_:)`` naming a part without cells.
    public init(parts: [Int32]) throws(InversionError) {
        if let index = parts.firstIndex(where: { $0 < -1 }) { throw .outOfRange("basis", index: index) }
        let count = Int(parts.max() ?? -1) + 1
        guard count > 0, count <= parts.count else { throw .empty("basis functions") }
        var sizes = [Int](repeating: 0, count: count)
        for part in parts where part >= 0 { sizes[Int(part)] += 1 }
        if let empty = sizes.firstIndex(of: 0) { throw .empty("cells in basis function \(empty)") }
        self.parts = parts
        self.count = count
    }

    /// One part a cell.
    public static func native(cells: Int) throws(InversionError) -> Basis {
        try Basis(parts: (0..<cells).map { Int32(truncatingIfNeeded: $0) })
    }

    /// One part for each label that occurs; -1 stays outside. Numbers are closed up in ascending order of label.
    public static func regions(labels: [Int32]) throws(InversionError) -> Basis {
        let used = Set(labels).filter { $0 >= 0 }.sorted()
        var numbers: [Int32: Int32] = [:]
        for (number, label) in used.enumerated() { numbers[label] = Int32(truncatingIfNeeded: number) }
        return try Basis(parts: labels.map { numbers[$0] ?? -1 })
    }

    /// Cells of each part, ascending.
    public var members: [[Int]] {
        var members = [[Int]](repeating: [], count: count)
        for (cell, part) in parts.enumerated() where part >= 0 { members[Int(part)].append(cell) }
        return members
    }

    /// Sums of the columns of a native Jacobian over the parts: observations x parts.
    ///
    /// - Parameters:
    ///   - jacobian: response to each cell per unit of its state, observations x cells.
    ///   - pattern: what each cell contributes per unit of the state of its part: ones for scaling factors of cells
    ///     that the Jacobian was multiplied with, the prior flux for a Jacobian per flux.
    /// - Throws: ``InversionError/wrongLength(of:expected:actual:)``.
    public func aggregate(_ jacobian: Matrix, pattern: [Double]? = nil) throws(InversionError) -> Matrix {
        try checkLength("columns of the native jacobian", jacobian.columns, parts.count)
        if let pattern { try checkLength("pattern", pattern.count, parts.count) }
        var result = Matrix(rows: jacobian.rows, columns: count)
        for row in 0..<jacobian.rows {
            let (from, to) = (row * jacobian.columns, row * count)
            for (cell, part) in parts.enumerated() where part >= 0 {
                result.storage[to + Int(part)] += jacobian.storage[from + cell] * (pattern?[cell] ?? 1)
            }
        }
        return result
    }
}
