import CNetCDF

extension NetCDFFile {
    /// A block of a variable as doubles, decoded as in ``doubles(_:)``; only the chunks that it touches are read.
    ///
    /// - Parameters:
    ///   - start: index of the first element along each dimension.
    ///   - shape: length along each dimension; the product is the number of values.
    /// - Throws: ``NetCDFError``, of kind `unexpected` for a block that leaves the variable.
    public func block(of variable: String, start: [Int], shape: [Int]) throws(NetCDFError) -> [Double] {
        let handle = try handle(variable)
        try requireNumeric(handle, variable)
        // Bounds the block too: no dimension of it is longer than the variable's.
        _ = try elementCount(of: variable)
        let whole = try self.shape(of: variable)
        let isWithin =
            start.count == whole.count && shape.count == whole.count
            && whole.indices.allSatisfy { index in
                start[index] >= 0 && shape[index] >= 0 && shape[index] <= whole[index]
                    && start[index] <= whole[index] - shape[index]
            }
        guard isWithin else {
            throw NetCDFError(
                .unexpected("the block \(start) of \(shape) leaves its shape \(whole)"),
                path: path,
                variable: variable
            )
        }
        var values = [Double](repeating: 0, count: shape.reduce(1, *))
        guard !values.isEmpty else { return [] }
        // A scalar has no index, and the library reads none then.
        try check(
            nc_get_vara_double(handle.group, handle.variable, start + [0], shape + [0], &values),
            variable
        )
        decode(&values, decoding(of: handle))
        return values
    }
}
