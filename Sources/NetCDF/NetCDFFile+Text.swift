import CNetCDF
import Quantities

extension NetCDFFile {
    /// Texts of a variable: of type string, or characters, whose last dimension is the length of each text. Those
    /// end at the first NUL; blanks that pad them stay.
    ///
    /// - Throws: ``NetCDFError`` for a variable of another kind.
    public func strings(_ variable: String) throws(NetCDFError) -> [String] {
        let handle = try handle(variable)
        let count = try elementCount(of: variable)
        switch handle.type {
        case NC_STRING: return try variableStrings(handle, count, variable)
        case NC_CHAR: return try characterRows(handle, count, variable)
        default: throw NetCDFError(.unexpected("not a text variable"), path: path, variable: variable)
        }
    }

    private func variableStrings(
        _ handle: Handle,
        _ count: Int,
        _ variable: String
    ) throws(NetCDFError) -> [String] {
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        guard count > 0 else { return [] }
        try check(nc_get_var_string(handle.group, handle.variable, &pointers), variable)
        defer { nc_free_string(count, &pointers) }
        return pointers.map { $0.map { String(cString: $0) } ?? "" }
    }

    private func characterRows(
        _ handle: Handle,
        _ count: Int,
        _ variable: String
    ) throws(NetCDFError) -> [String] {
        let length = try shape(of: variable).last ?? 1
        guard count > 0 else { return [] }
        var characters = [CChar](repeating: 0, count: count)
        try check(nc_get_var_text(handle.group, handle.variable, &characters), variable)
        return stride(from: 0, to: count, by: length).map { start in
            string(Array(characters[start..<(start + length)]))
        }
    }

    /// A text attribute (character array or first string); of the file when `variable` is nil.
    public func text(_ attribute: String, of variable: String? = nil) -> String? {
        guard let variable else { return text(attribute, id, NC_GLOBAL) }
        return (try? handle(variable)).flatMap { text(attribute, $0.group, $0.variable) }
    }

    func text(_ attribute: String, _ group: Int32, _ index: Int32) -> String? {
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
