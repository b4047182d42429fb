import Concurrent
import LinearAlgebra

/// Orthonormal vectors of the control space, kept in blocks of rows so that adding one copies nothing.
struct ControlBasis: Sendable {
    let length: Int
    private(set) var count = 0
    /// Each with `blockRows` rows; those not yet filled are zero.
    private var blocks: [Matrix] = []
    private static let blockRows = 16

    init(length: Int) { self.length = length }

    mutating func append(_ vector: [Double]) {
        precondition(vector.count == length, "vector does not fit the basis")
        let row = count % Self.blockRows
        if row == 0 { blocks.append(Matrix(rows: Self.blockRows, columns: length)) }
        let start = row * length
        for index in 0..<length { blocks[blocks.count - 1].storage[start + index] = vector[index] }
        count += 1
    }

    func vector(_ index: Int) -> [Double] {
        let start = index % Self.blockRows * length
        return Array(blocks[index / Self.blockRows].storage[start..<(start + length)])
    }

    /// The part of a vector along each member.
    func coordinates(of vector: [Double]) async -> [Double] {
        let parts = await parallelParts(chunks: blocks.count) { blocks[$0].times(vector) }
        return Array(parts.joined().prefix(count))
    }

    /// Σ coordinates[i] · member i, summed in the order of the blocks.
    func combination(_ coordinates: [Double]) async -> [Double] {
        precondition(coordinates.count == count, "coordinates do not fit the basis")
        let rows = Self.blockRows
        let padded = coordinates + [Double](repeating: 0, count: blocks.count * rows - count)
        let parts = await parallelParts(chunks: blocks.count) { block in
            blocks[block].transposedTimes(Array(padded[(block * rows)..<((block + 1) * rows)]))
        }
        var sum = [Double](repeating: 0, count: length)
        for part in parts { addScaled(part, 1, to: &sum) }
        return sum
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
        let rows = Self.blockRows
        var result = ControlBasis(length: length)
        result.count = weights.rows
        result.blocks = await parallelParts(chunks: (weights.rows + rows - 1) / rows) { target in
            var sum = Matrix(rows: rows, columns: length)
            for (number, block) in blocks.enumerated() {
                var part = Matrix(rows: rows, columns: rows)
                for row in 0..<min(rows, weights.rows - target * rows) {
                    for column in 0..<min(rows, count - number * rows) {
                        part[row, column] = weights[target * rows + row, number * rows + column]
                    }
                }
                addScaled(part.times(block).storage, 1, to: &sum.storage)
            }
            return sum
        }
        return result
    }
}

/// target += scale · vector.
func addScaled(_ vector: [Double], _ scale: Double, to target: inout [Double]) {
    precondition(vector.count == target.count, "vectors differ in length")
    for index in target.indices { target[index] += scale * vector[index] }
}
