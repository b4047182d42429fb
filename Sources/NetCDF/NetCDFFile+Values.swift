import CNetCDF
import Quantities

extension NetCDFFile {
    /// The whole variable as doubles, in storage order. Elements equal to `_FillValue` or `missing_value`
    /// become NaN, as do elements never written where there is no `_FillValue` (they hold the library's fill
    /// of floating types); `scale_factor` and `add_offset` are applied.
    ///
    /// - Throws: ``NetCDFError`` for text variables and damaged chunks.
    public func doubles(_ variable: String) throws(NetCDFError) -> [Double] {
        let handle = try handle(variable)
        try requireNumeric(handle, variable)
        var values = [Double](repeating: 0, count: try elementCount(of: variable))
        try check(nc_get_var_double(handle.group, handle.variable, &values), variable)
        decode(&values, decoding(of: handle))
        return values
    }

    func decode(_ values: inout [Double], _ decoding: StoredVariable.Decoding) {
        let (missing, scale, offset) = (decoding.missing, decoding.scale, decoding.offset)
        if missing.isEmpty, scale == 1, offset == 0 { return }
        for index in values.indices {
            if missing.contains(values[index]) {
                values[index] = .nan
            } else if scale != 1 || offset != 0 {
                values[index] = values[index] * scale + offset
            }
        }
    }

    func decoding(of handle: Handle) -> StoredVariable.Decoding {
        StoredVariable.Decoding(
            missing: missingValues(of: handle),
            scale: number("scale_factor", of: handle) ?? 1,
            offset: number("add_offset", of: handle) ?? 0
        )
    }

    private func missingValues(of handle: Handle) -> [Double] {
        let fill = number("_FillValue", of: handle) ?? defaultFill(handle.type)
        return [fill, number("missing_value", of: handle)].compactMap(\.self)
            .map { asStored($0, handle.type) }
    }

    private func defaultFill(_ type: nc_type) -> Double? {
        switch type {
        case NC_FLOAT: Double(NC_FILL_FLOAT)
        case NC_DOUBLE: NC_FILL_DOUBLE
        default: nil
        }
    }

    /// The missing value a producer meant: an attribute may be signed where its variable is not (-1 for 255).
    private func asStored(_ missing: Double, _ type: nc_type) -> Double {
        guard missing < 0 else { return missing }
        return switch type {
        case NC_UBYTE: missing + 0x1p8
        case NC_USHORT: missing + 0x1p16
        case NC_UINT: missing + 0x1p32
        default: missing
        }
    }

    /// The whole variable as doubles after checking its shape.
    public func doubles(_ variable: String, shape expected: [Int]) throws(NetCDFError) -> [Double] {
        let actual = try shape(of: variable)
        guard actual == expected else {
            throw NetCDFError(
                .unexpected("shape is \(actual), expected \(expected)"),
                path: path,
                variable: variable
            )
        }
        return try doubles(variable)
    }

    /// Whole numbers as stored, missing values included; for flags, indices and identifiers.
    public func integers(_ variable: String) throws(NetCDFError) -> [Int64] {
        let handle = try handle(variable)
        try requireWhole(handle, variable)
        var values = [Int64](repeating: 0, count: try elementCount(of: variable))
        try check(nc_get_var_longlong(handle.group, handle.variable, &values), variable)
        return values
    }

    /// Unsigned whole numbers as stored, up to 2^64 - 1; sounding identifiers need them.
    public func unsignedIntegers(_ variable: String) throws(NetCDFError) -> [UInt64] {
        let handle = try handle(variable)
        try requireWhole(handle, variable)
        var values = [UInt64](repeating: 0, count: try elementCount(of: variable))
        try check(nc_get_var_ulonglong(handle.group, handle.variable, &values), variable)
        return values
    }

    func requireNumeric(_ handle: Handle, _ variable: String) throws(NetCDFError) {
        guard isNumeric(handle.type) else { throw notNumeric(variable) }
    }

    func requireWhole(_ handle: Handle, _ variable: String) throws(NetCDFError) {
        guard isNumeric(handle.type), handle.type != NC_FLOAT, handle.type != NC_DOUBLE else {
            throw notNumeric(variable)
        }
    }

    private func isNumeric(_ type: nc_type) -> Bool {
        (NC_BYTE...NC_UINT64).contains(type) && type != NC_CHAR
    }

    private func notNumeric(_ variable: String) -> NetCDFError {
        NetCDFError(.unexpected("not a numeric variable of the needed kind"), path: path, variable: variable)
    }

    func number(_ attribute: String, of handle: Handle) -> Double? {
        number(attribute, handle.group, handle.variable)
    }

    func number(_ attribute: String, _ group: Int32, _ variable: Int32) -> Double? {
        var length = 0
        var type: nc_type = 0
        guard nc_inq_att(group, variable, attribute, &type, &length) == NC_NOERR, length == 1, isNumeric(type)
        else { return nil }
        var value = 0.0
        guard nc_get_att_double(group, variable, attribute, &value) == NC_NOERR else { return nil }
        return value
    }

    /// A numeric attribute of length one; nil when absent or of another kind.
    public func number(_ attribute: String, of variable: String) -> Double? {
        (try? handle(variable)).flatMap { number(attribute, of: $0) }
    }
}
