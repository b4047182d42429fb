import CNetCDF

extension NetCDFFile {
    /// Whether a variable holds strings or characters; false when it is absent.
    public func isText(_ variable: String) -> Bool {
        guard let handle = try? handle(variable) else { return false }
        return handle.type == NC_STRING || handle.type == NC_CHAR
    }

    /// A variable of type string, or of characters whose last dimension is the length of a text.
    ///
    /// - Throws: ``NetCDFError`` for numeric variables.
    public func texts(_ variable: String) throws(NetCDFError) -> [String] {
        let handle = try handle(variable)
        guard handle.type == NC_CHAR else {
            guard handle.type == NC_STRING else { return try strings(variable) }
            let count = try elementCount(of: variable)
            if let texts = try fixedTexts(variable, count: count) { return texts }
            return try strings(variable)
        }
        let length = max(1, try shape(of: variable).last ?? 1)
        var characters = [CChar](repeating: 0, count: try elementCount(of: variable))
        try check(nc_get_var_text(handle.group, handle.variable, &characters), variable)
        return stride(from: 0, to: characters.count, by: length).map { start in
            string(Array(characters[start..<min(start + length, characters.count)]))
        }
    }
}
