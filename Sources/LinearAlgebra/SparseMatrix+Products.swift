import Concurrent

extension SparseMatrix: LinearMap {
    /// Elements in one block of rows: enough that a task is worth its start.
    private static let blockElements = 1 << 18
    /// Beyond this, partial sums of Aᵀ·u would take more memory than they save time.
    private static let mostBlocks = 16

    /// Blocks of rows with about equal numbers of elements, from the data alone.
    var blocks: [Range<Int>] {
        let count = max(1, min(Self.mostBlocks, elementCount / Self.blockElements))
        var starts = [0]
        for block in 1..<max(count, 1) {
            starts.append(firstRow(startingAt: block * elementCount / count))
        }
        starts.append(rows)
        return zip(starts, starts.dropFirst()).map { $0..<max($0, $1) }
    }

    /// The first row whose elements start at or after this place.
    private func firstRow(startingAt place: Int) -> Int {
        var (low, high) = (0, rows)
        while low < high {
            let middle = (low + high) / 2
            if rowStarts[middle] < place { low = middle + 1 } else { high = middle }
        }
        return low
    }

    public func apply(_ vector: [Double]) async -> [Double] {
        precondition(vector.count == columns, "vector does not fit the matrix")
        let blocks = blocks
        let parts = await parallelParts(chunks: blocks.count) { product(rows: blocks[$0], vector) }
        return parts.count == 1 ? parts[0] : Array(parts.joined())
    }

    public func applyTransposed(_ vector: [Double]) async -> [Double] {
        precondition(vector.count == rows, "vector does not fit the matrix")
        let blocks = blocks
        var parts = await parallelParts(chunks: blocks.count) { transposedProduct(rows: blocks[$0], vector) }
        var sum = parts[0]
        parts[0] = []
        for part in parts.dropFirst() {
            for column in sum.indices { sum[column] += part[column] }
        }
        return sum
    }

    // Pointers, because a bounds check for each of three arrays takes longer than the multiplication.

    private func product(rows range: Range<Int>, _ vector: [Double]) -> [Double] {
        [Double](unsafeUninitializedCapacity: range.count) { result, count in
            columnIndices.withUnsafeBufferPointer { indices in
                values.withUnsafeBufferPointer { values in
                    vector.withUnsafeBufferPointer { vector in
                        for row in range {
                            var sum = 0.0
                            for place in rowStarts[row]..<rowStarts[row + 1] {
                                sum += values[place] * vector[Int(indices[place])]
                            }
                            result[row - range.lowerBound] = sum
                        }
                    }
                }
            }
            count = range.count
        }
    }

    private func transposedProduct(rows range: Range<Int>, _ vector: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: columns)
        result.withUnsafeMutableBufferPointer { result in
            columnIndices.withUnsafeBufferPointer { indices in
                values.withUnsafeBufferPointer { values in
                    for row in range {
                        let factor = vector[row]
                        for place in rowStarts[row]..<rowStarts[row + 1] {
                            result[Int(indices[place])] += factor * values[place]
                        }
                    }
                }
            }
        }
        return result
    }
}
