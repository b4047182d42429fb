import CNetCDF
import Quantities

/// Parts of a variable, so that a long file need not lie in memory.
extension NetCDFFile {
    /// A block of a variable in storage order, decoded as by ``doubles(_:)``; only the chunks that it touches are read.
    ///
    /// - Parameters:
    ///   - start: index of the first element along each dimension.
    ///   - shape: length along each dimension.
    /// - Throws: ``NetCDFError``, also for a block that the variable does not hold.
    public func doubles(_ variable: String, start: [Int], shape: [Int]) throws(NetCDFError) -> [Double] {
        let handle = try handle(variable)
        try requireNumeric(handle, variable)
        // Bounds the block too: no dimension of it is longer than the variable's.
        _ = try elementCount(of: variable)
        let lengths = try self.shape(of: variable)
        let isWithin =
            start.count == lengths.count && shape.count == lengths.count
            && lengths.indices.allSatisfy {
                start[$0] >= 0 && shape[$0] >= 0 && start[$0] <= lengths[$0]
                    && shape[$0] <= lengths[$0] - start[$0]
            }
        guard isWithin else {
            throw NetCDFError(
                .unexpected("no block of \(shape) from \(start) in \(lengths)"),
                path: path,
                variable: variable
            )
        }
        let count = shape.reduce(1, *)
        var values = [Double](repeating: 0, count: count)
        guard count > 0 else { return values }
        // A scalar has no index, and the library reads none then.
        try check(
            nc_get_vara_double(handle.group, handle.variable, start + [0], shape + [0], &values),
            variable
        )
        decode(&values, decoding(of: handle))
        return values
    }

    /// The numbers of an attribute of any length; nil when it is absent or a text.
    public func numbers(_ attribute: String, of variable: String) -> [Double]? {
        guard let handle = try? handle(variable) else { return nil }
        return numbers(attribute, handle.group, handle.variable)
    }

    /// A numeric attribute of the file itself, of length one; nil when absent or of another kind.
    public func number(_ attribute: String) -> Double? { number(attribute, id, NC_GLOBAL) }

    private func numbers(_ attribute: String, _ group: Int32, _ variable: Int32) -> [Double]? {
        var length = 0
        var type: nc_type = 0
        guard nc_inq_att(group, variable, attribute, &type, &length) == NC_NOERR, length <= 1 << 20,
            (NC_BYTE...NC_UINT64).contains(type), type != NC_CHAR
        else { return nil }
        var values = [Double](repeating: 0, count: length)
        guard nc_get_att_double(group, variable, attribute, &values) == NC_NOERR else { return nil }
        return values
    }
}
