import CNetCDF
import Quantities

/// A netCDF file open for reading. Variables in groups are named by path: `Retrieval/psurf`.
@NetCDFThread
public struct NetCDFFile: ~Copyable {
    public let path: String
    let id: Int32

    /// - Throws: ``NetCDFError`` of kind `noSuchFile`, `notNetCDF` or `damaged` for unreadable files.
    public init(reading path: String) throws(NetCDFError) {
        var id: Int32 = -1
        let code = nc_open(path, NC_NOWRITE, &id)
        guard code == NC_NOERR else { throw NetCDFError(code: code, path: path) }
        self.path = path
        self.id = id
    }

    deinit { nc_close(id) }

    /// A variable found by its path.
    struct Handle {
        let group: Int32
        let variable: Int32
        let type: nc_type
        let dimensions: [Int32]
    }

    func handle(_ name: String) throws(NetCDFError) -> Handle {
        var group = id
        let parts = name.split(separator: "/").map(String.init)
        for part in parts.dropLast() {
            var child: Int32 = -1
            guard nc_inq_grp_ncid(group, part, &child) == NC_NOERR else { throw absent(name) }
            group = child
        }
        var variable: Int32 = -1
        guard let last = parts.last, nc_inq_varid(group, last, &variable) == NC_NOERR else {
            throw absent(name)
        }
        var type: nc_type = 0
        var rank: Int32 = 0
        var dimensions = [Int32](repeating: 0, count: Int(NC_MAX_VAR_DIMS))
        try check(nc_inq_var(group, variable, nil, &type, &rank, &dimensions, nil), name)
        return Handle(
            group: group,
            variable: variable,
            type: type,
            dimensions: Array(dimensions.prefix(Int(rank)))
        )
    }

    func check(_ code: Int32, _ variable: String = "") throws(NetCDFError) {
        guard code == NC_NOERR else { throw NetCDFError(code: code, path: path, variable: variable) }
    }

    private func absent(_ name: String) -> NetCDFError {
        NetCDFError(.absent("no such variable"), path: path, variable: name)
    }

    public func hasVariable(_ name: String) -> Bool { (try? handle(name)) != nil }

    /// Names of the variables of the root group, in file order.
    public func variableNames() throws(NetCDFError) -> [String] {
        var count: Int32 = 0
        try check(nc_inq_varids(id, &count, nil))
        var ids = [Int32](repeating: 0, count: Int(count))
        try check(nc_inq_varids(id, &count, &ids))
        var names: [String] = []
        for variable in ids {
            names.append(try name { buffer in nc_inq_varname(id, variable, buffer) })
        }
        return names
    }

    /// Length of each dimension of a variable, in storage order.
    public func shape(of variable: String) throws(NetCDFError) -> [Int] {
        let handle = try handle(variable)
        var lengths: [Int] = []
        for dimension in handle.dimensions {
            var length = 0
            try check(nc_inq_dimlen(handle.group, dimension, &length), variable)
            lengths.append(length)
        }
        return lengths
    }

    /// Name of each dimension of a variable, in storage order.
    public func dimensionNames(of variable: String) throws(NetCDFError) -> [String] {
        let handle = try handle(variable)
        var names: [String] = []
        for dimension in handle.dimensions {
            names.append(try name { buffer in nc_inq_dimname(handle.group, dimension, buffer) })
        }
        return names
    }

    /// Number of elements of a variable; refuses products that overflow.
    func elementCount(of variable: String) throws(NetCDFError) -> Int {
        var count = 1
        for length in try shape(of: variable) {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard !overflow, product <= 1 << 40 else {
                throw NetCDFError(.unexpected("variable is too large"), path: path, variable: variable)
            }
            count = product
        }
        return count
    }

    private func name(_ read: (UnsafeMutablePointer<CChar>?) -> Int32) throws(NetCDFError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(NC_MAX_NAME) + 1)
        try check(read(&buffer))
        return string(buffer)
    }
}

/// The characters before the first NUL.
func string(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
