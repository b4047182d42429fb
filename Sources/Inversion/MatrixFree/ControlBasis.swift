import Concurrent
import LinearAlgebra

/// Orthonormal vectors of the control space, kept in blocks of rows so that adding one copies nothing.
///
/// The vectors are cut into as many parts as tasks share them, by their length alone: sums over their elements are
/// those of the parts in their order.
struct ControlBasis: Sendable {
    let length: Int
    private(set) var count = 0
    /// For each part of the vectors blocks of `blockRows` rows; those not yet filled are zero.
    private var parts: [[Matrix]]
    private static let blockRows = 16

    init(length: Int) {
        self.length = length
        parts = VectorParts(length: length).ranges.map { _ in [] }
    }

    private var ranges: [Range<Int>] { VectorParts(length: length).ranges }

    mutating func append(_ vector: [Double]) {
        precondition(vector.count == length, "vector does not fit the basis")
        let row = count % Self.blockRows
        for (part, range) in ranges.enumerated() {
            if row == 0 { parts[part].append(Matrix(rows: Self.blockRows, columns: range.count)) }
            let (start, block) = (row * range.count, parts[part].count - 1)
            for (offset, index) in range.enumerated() {
                parts[part][block].storage[start + offset] = vector[index]
            }
        }
        count += 1
    }

    func vector(_ index: Int) -> [Double] {
        let (block, row) = (index / Self.blockRows, index % Self.blockRows)
        return parts.flatMap { $0[block].rows(row..<(row + 1)).storage }
    }

    /// The part of a vector along each member.
    func coordinates(of vector: [Double]) async -> [Double] {
        precondition(vector.count == length, "vector does not fit the basis")
        guard count > 0 else { return [] }
        let ranges = self.ranges
        let products = await parallelParts(chunks: ranges.count) { part in
            let own = Array(vector[ranges[part]])
            return parts[part].flatMap { $0.times(own) }
        }
        var sums = products[0]
        for product in products.dropFirst() { addScaled(product, 1, to: &sums) }
        return Array(sums.prefix(count))
    }

    /// Σ coordinates[i] · member i, summed in the order of the blocks.
    func combination(_ coordinates: [Double]) async -> [Double] {
        precondition(coordinates.count == count, "coordinates do not fit the basis")
        let (rows, ranges) = (Self.blockRows, self.ranges)
        let padding = [Double](repeating: 0, count: (parts.first?.count ?? 0) * rows - count)
        let padded = coordinates + padding
        let sums = await parallelParts(chunks: ranges.count) { part in
            var sum = [Double](repeating: 0, count: ranges[part].count)
            for (number, block) in parts[part].enumerated() {
                let weights = Array(padded[(number * rows)..<((number + 1) * rows)])
                addScaled(block.transposedTimes(weights), 1, to: &sum)
            }
            return sum
        }
        return joined(sums)
    }

    /// Takes out of a vector what lies along the members. A second pass takes out what rounding left of the first
    /// (Giraud et al. 2005, Numer. Math. 101, 87: twice is enough).
    func orthogonalise(_ vector: inout [Double], passes: Int = 2) async {
        guard count > 0 else { return }
        for _ in 0..<passes {
            addScaled(await combination(coordinates(of: vector)), -1, to: &vector)
        }
    }

    /// New members that are the rows of `weights` in terms of the old ones.
    func rotated(by weights: Matrix) async -> ControlBasis {
        precondition(weights.columns == count, "weights do not fit the basis")
        var result = ControlBasis(length: length)
        result.count = weights.rows
        let count = (weights.rows + Self.blockRows - 1) / Self.blockRows
        result.parts = await parallelParts(chunks: parts.count) { part in
            (0..<count).map { Self.rotated(parts[part], weights, block: $0) }
        }
        return result
    }

    private static func rotated(_ blocks: [Matrix], _ weights: Matrix, block target: Int) -> Matrix {
        let rows = blockRows
        var sum = Matrix(rows: rows, columns: blocks.first?.columns ?? 0)
        for (number, block) in blocks.enumerated() {
            var part = Matrix(rows: rows, columns: rows)
            for row in 0..<min(rows, weights.rows - target * rows) {
                for column in 0..<min(rows, weights.columns - number * rows) {
                    part[row, column] = weights[target * rows + row, number * rows + column]
                }
            }
            addScaled(part.times(block).storage, 1, to: &sum.storage)
        }
        return sum
    }
}
