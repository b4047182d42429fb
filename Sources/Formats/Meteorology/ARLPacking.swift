/// The packing of ARL files: one byte for the difference of a value from its neighbour.
enum ARLPacking {
    /// Sum of all bytes with the carry added at the low end.
    static func checksum(_ bytes: ArraySlice<UInt8>) -> Int {
        var sum = 0
        for byte in bytes { sum &+= Int(byte) }
        return sum == 0 ? 0 : (sum - 1) % 255 + 1
    }

    /// Values of some rows and columns, row by row from the south.
    ///
    /// Each byte is 127 more than the difference in units of 2^(exponent - 7): from the value to the left, and in the
    /// first column from that of the row below. In single precision, as the writers of such files compute it; values
    /// nearer to zero than the precision are zero, but in the first column.
    /// - Returns: nil where there are not as many bytes as cells, or values that are no numbers.
    static func values(
        _ bytes: ArraySlice<UInt8>,
        columns: Int,
        rows: Int,
        label: ARLLabel,
        subset: GridSubset
    ) -> [Float]? {
        guard bytes.count == columns * rows, (-140...120).contains(label.exponent),
            let end = subset.columns.map(\.upperBound).max(), end <= columns, subset.rows.upperBound <= rows
        else { return nil }
        let unit = Float(sign: .plus, exponent: max(label.exponent - 7, -126), significand: 1)
        let precision = Float(label.precision)
        var left = Float(label.firstValue)
        guard left.isFinite else { return nil }
        var row = [Float](repeating: 0, count: end)
        var values: [Float] = []
        values.reserveCapacity(subset.rows.count * subset.columnCount)
        for number in 0..<subset.rows.upperBound {
            let start = bytes.startIndex + number * columns
            left += Float(Int(bytes[start]) - 127) * unit
            guard number >= subset.rows.lowerBound else { continue }
            var value = left
            row[0] = value
            for column in 1..<max(end, 1) {
                value += Float(Int(bytes[start + column]) - 127) * unit
                row[column] = abs(value) < precision ? 0 : value
            }
            for range in subset.columns { values.append(contentsOf: row[range]) }
        }
        return values.allSatisfy(\.isFinite) ? values : nil
    }
}
