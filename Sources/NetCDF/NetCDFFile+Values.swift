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
        guard isNumeric(handle.type) else { throw notNumeric(variable) }
        var values = [Double](repeating: 0, count: try elementCount(of: variable))
        try check(nc_get_var_double(handle.group, handle.variable, &values), variable)
        let missing = missingValues(of: handle)
        let scale = number("scale_factor", of: handle) ?? 1
        let offset = number("add_offset", of: handle) ?? 0
        if missing.isEmpty, scale == 1, offset == 0 { return values }
        for index in values.indices {
            if missing.contains(values[index]) {
                values[index] = .nan
            } else if scale != 1 || offset != 0 {
                values[index] = values[index] * scale + offset
            }
        }
        return values
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
        guard isNumeric(handle.type), handle.type != NC_FLOAT, handle.type != NC_DOUBLE else {
            throw notNumeric(variable)
        }
        var values = [Int64](repeating: 0, count: try elementCount(of: variable))
        try check(nc_get_var_longlong(handle.group, handle.variable, &values), variable)
        return values
    }

    /// Unsigned whole numbers as stored, up to 2^64 - 1; sounding identifiers need them.
    public func unsignedIntegers(_ variable: String) throws(NetCDFError) -> [UInt64] {
        let handle = try handle(variable)
        guard isNumeric(handle.type), handle.type != NC_FLOAT, handle.type != NC_DOUBLE else {
            throw notNumeric(variable)
        }
        var values = [UInt64](repeating: 0, count: try elementCount(of: variable))
        try check(nc_get_var_ulonglong(handle.group, handle.variable, &values), variable)
        return values
    }

    /// A variable of type string.
    public func strings(_ variable: String) throws(NetCDFError) -> [String] {
        let handle = try handle(variable)
        guard handle.type == NC_STRING else {
            throw NetCDFError(.unexpected("not a string variable"), path: path, variable: variable)
        }
        let count = try elementCount(of: variable)
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        try check(nc_get_var_string(handle.group, handle.variable, &pointers), variable)
        defer { nc_free_string(count, &pointers) }
        return pointers.map { $0.map { String(cString: $0) } ?? "" }
    }

    private func isNumeric(_ type: nc_type) -> Bool {
        (NC_BYTE...NC_UINT64).contains(type) && type != NC_CHAR
    }

    private func notNumeric(_ variable: String) -> NetCDFError {
        NetCDFError(.unexpected("not a numeric variable of the needed kind"), path: path, variable: variable)
    }

    func number(_ attribute: String, of handle: Handle) -> Double? {
        var length = 0
        var type: nc_type = 0
        guard nc_inq_att(handle.group, handle.variable, attribute, &type, &length) == NC_NOERR,
            length == 1, isNumeric(type)
        else { return nil }
        var value = 0.0
        guard nc_get_att_double(handle.group, handle.variable, attribute, &value) == NC_NOERR else {
            return nil
        }
        return value
    }

    /// A numeric attribute of length one; nil when absent or of another kind.
    public func number(_ attribute: String, of variable: String) -> Double? {
        (try? handle(variable)).flatMap { number(attribute, of: $0) }
    }

    /// A text attribute (character array or first string); of the file when `variable` is nil.
    public func text(_ attribute: String, of variable: String? = nil) -> String? {
        var group = id
        var index = NC_GLOBAL
        if let variable {
            guard let handle = try? handle(variable) else { return nil }
            group = handle.group
            index = handle.variable
        }
        var length = 0
        var type: nc_type = 0
        guard nc_inq_att(group, index, attribute, &type, &length) == NC_NOERR, length > 0 else { return nil }
        if type == NC_STRING {
            var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: length)
            guard nc_get_att_string(group, index, attribute, &pointers) == NC_NOERR else { return nil }
            defer { nc_free_string(length, &pointers) }
            return pointers.first.flatMap { $0.map { String(cString: $0) } }
        }
        guard type == NC_CHAR else { return nil }
        var buffer = [CChar](repeating: 0, count: length + 1)
        guard nc_get_att_text(group, index, attribute, &buffer) == NC_NOERR else { return nil }
        return string(buffer)
    }
}
