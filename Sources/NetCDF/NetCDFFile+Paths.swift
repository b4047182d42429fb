import CNetCDF

extension NetCDFFile {
    /// Paths of all variables, group by group in file order: `latitude`, `Retrieval/psurf`. Groups deeper than 16
    /// and variables beyond 4096 are left out, so that a damaged file cannot ask for endless work.
    public func variablePaths() throws(NetCDFError) -> [String] {
        var paths: [String] = []
        try collectPaths(in: id, prefix: "", depth: 0, into: &paths)
        return paths
    }

    private func collectPaths(
        in group: Int32,
        prefix: String,
        depth: Int,
        into paths: inout [String]
    ) throws(NetCDFError) {
        guard depth <= 16 else { return }
        for variable in try identifiers({ count, ids in nc_inq_varids(group, count, ids) }) {
            guard paths.count < 4096 else { return }
            paths.append(prefix + (try text { buffer in nc_inq_varname(group, variable, buffer) }))
        }
        for child in try identifiers({ count, ids in nc_inq_grps(group, count, ids) }) {
            let name = try text { buffer in nc_inq_grpname(child, buffer) }
            try collectPaths(in: child, prefix: "\(prefix)\(name)/", depth: depth + 1, into: &paths)
        }
    }

    private func identifiers(
        _ inquire: (UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<Int32>?) -> Int32
    ) throws(NetCDFError) -> [Int32] {
        var count: Int32 = 0
        try check(inquire(&count, nil))
        guard count > 0 else { return [] }
        var ids = [Int32](repeating: 0, count: Int(count))
        try check(inquire(&count, &ids))
        return ids
    }

    private func text(_ read: (UnsafeMutablePointer<CChar>?) -> Int32) throws(NetCDFError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(NC_MAX_NAME) + 1)
        try check(read(&buffer))
        return string(buffer)
    }
}
