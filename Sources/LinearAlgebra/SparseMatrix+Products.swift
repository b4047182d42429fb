import Concurrent

extension SparseMatrix: LinearMap {
    public func apply(_ vector: [Double]) async -> [Double] {
        precondition(vector.count == columns, "vector does not fit the matrix")
        let parts = await parallelParts(chunks: bands.blockCount) { product(block: $0, vector) }
        return Self.joined(parts, count: rows)
    }

    public func applyTransposed(_ vector: [Double]) async -> [Double] {
        precondition(vector.count == rows, "vector does not fit the matrix")
        let parts = await parallelParts(chunks: bands.count) { transposedProduct(band: $0, vector) }
        return Self.joined(parts, count: columns)
    }

    private static func joined(_ parts: [[Double]], count: Int) -> [Double] {
        guard parts.count != 1 else { return parts[0] }
        var result: [Double] = []
        result.reserveCapacity(count)
        for part in parts { result.append(contentsOf: part) }
        return result
    }

    private func product(block: Int, _ vector: [Double]) -> [Double] {
        let first = bands.rowEdges[block]
        var result = [Double](repeating: 0, count: bands.rowEdges[block + 1] - first)
        result.withUnsafeMutableBufferPointer { result in
            bands.withPointers { rows, starts, indices, values in
                vector.withUnsafeBufferPointer { vector in
                    for band in 0..<bands.count {
                        for run in bands.runs(band: band, block: block) {
                            let places = starts[run]..<starts[run + 1]
                            result[Int(rows[run]) - first] += Self.sum(places, values, indices, vector)
                        }
                    }
                }
            }
        }
        return result
    }

    /// Four running sums, because an addition must not wait for the one before: 16 ms instead of 19 for 23 million
    /// elements. Elements of 4 bytes would make 12.5 of it and cost half of the digits.
    @inline(__always)
    private static func sum(
        _ places: Range<Int>,
        _ values: UnsafeBufferPointer<Double>,
        _ indices: UnsafeBufferPointer<Int32>,
        _ vector: UnsafeBufferPointer<Double>
    ) -> Double {
        var sums = (0.0, 0.0, 0.0, 0.0)
        var place = places.lowerBound
        while place + 4 <= places.upperBound {
            sums.0 += values[place] * vector[Int(indices[place])]
            sums.1 += values[place + 1] * vector[Int(indices[place + 1])]
            sums.2 += values[place + 2] * vector[Int(indices[place + 2])]
            sums.3 += values[place + 3] * vector[Int(indices[place + 3])]
            place += 4
        }
        while place < places.upperBound {
            sums.0 += values[place] * vector[Int(indices[place])]
            place += 1
        }
        return (sums.0 + sums.1) + (sums.2 + sums.3)
    }

    private func transposedProduct(band: Int, _ vector: [Double]) -> [Double] {
        let first = bands.edges[band]
        var result = [Double](repeating: 0, count: bands.edges[band + 1] - first)
        result.withUnsafeMutableBufferPointer { result in
            bands.withPointers { rows, starts, indices, values in
                for run in bands.runs(band: band) {
                    let factor = vector[Int(rows[run])]
                    for place in starts[run]..<starts[run + 1] {
                        result[Int(indices[place]) - first] += factor * values[place]
                    }
                }
            }
        }
        return result
    }
}
