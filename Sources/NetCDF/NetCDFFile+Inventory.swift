import CNetCDF
import Quantities

/// What a file holds, for telling products apart and for saying what was there instead.
extension NetCDFFile {
    /// Paths of all groups below the root, parents before children, in file order.
    public func groupPaths() throws(NetCDFError) -> [String] { try groups().map(\.path) }

    /// Paths of all variables: those of the root first, then group by group.
    public func variablePaths() throws(NetCDFError) -> [String] {
        var paths = try variableNames(in: id)
        for group in try groups() {
            for name in try variableNames(in: group.id) { paths.append(group.path + "/" + name) }
        }
        return paths
    }

    /// Names of the attributes of a variable, or of the file when `variable` is nil.
    public func attributeNames(of variable: String? = nil) throws(NetCDFError) -> [String] {
        guard let variable else { return try attributeNames(id, NC_GLOBAL) }
        let handle = try handle(variable)
        return try attributeNames(handle.group, handle.variable)
    }

    /// Names of the attributes of a group.
    public func attributeNames(ofGroup path: String) throws(NetCDFError) -> [String] {
        try attributeNames(try group(path), NC_GLOBAL)
    }

    /// A text attribute of a group; nil when absent or of another kind.
    public func text(_ attribute: String, ofGroup path: String) -> String? {
        (try? group(path)).flatMap { text(attribute, $0, NC_GLOBAL) }
    }

    /// A numeric attribute of a group of length one; nil when absent or of another kind.
    public func number(_ attribute: String, ofGroup path: String) -> Double? {
        (try? group(path)).flatMap { number(attribute, $0, NC_GLOBAL) }
    }

    /// The group of a path without a variable.
    func group(_ path: String) throws(NetCDFError) -> Int32 {
        var group = id
        for part in path.split(separator: "/").map(String.init) {
            var child: Int32 = -1
            guard nc_inq_grp_ncid(group, part, &child) == NC_NOERR else {
                throw NetCDFError(.absent("no such group"), path: self.path, variable: path)
            }
            group = child
        }
        return group
    }

    private func groups() throws(NetCDFError) -> [(path: String, id: Int32)] {
        var found: [(path: String, id: Int32)] = []
        try collectGroups(below: id, prefix: "", depth: 0, &found)
        return found
    }

    private func collectGroups(
        below parent: Int32,
        prefix: String,
        depth: Int,
        _ found: inout [(path: String, id: Int32)]
    ) throws(NetCDFError) {
        // Groups of HDF5 may hold each other.
        guard depth < 32, found.count < 10_000 else { throw NetCDFError(.damaged, path: path) }
        var count: Int32 = 0
        try check(nc_inq_grps(parent, &count, nil))
        var children = [Int32](repeating: 0, count: Int(count))
        try check(nc_inq_grps(parent, &count, &children))
        for child in children {
            let name = try name { buffer in nc_inq_grpname(child, buffer) }
            let place = prefix.isEmpty ? name : prefix + "/" + name
            found.append((path: place, id: child))
            try collectGroups(below: child, prefix: place, depth: depth + 1, &found)
        }
    }

    func variableNames(in group: Int32) throws(NetCDFError) -> [String] {
        var count: Int32 = 0
        try check(nc_inq_varids(group, &count, nil))
        var ids = [Int32](repeating: 0, count: Int(count))
        try check(nc_inq_varids(group, &count, &ids))
        var names: [String] = []
        for variable in ids {
            names.append(try name { buffer in nc_inq_varname(group, variable, buffer) })
        }
        return names
    }

    private func attributeNames(_ group: Int32, _ variable: Int32) throws(NetCDFError) -> [String] {
        var count: Int32 = 0
        let code =
            variable == NC_GLOBAL ? nc_inq_natts(group, &count) : nc_inq_varnatts(group, variable, &count)
        try check(code)
        var names: [String] = []
        for index in 0..<count {
            names.append(try name { buffer in nc_inq_attname(group, variable, index, buffer) })
        }
        return names
    }
}
