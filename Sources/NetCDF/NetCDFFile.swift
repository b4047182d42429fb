import CInterop
import CNetCDF
import Foundation
import Quantities

/// A netCDF file open for reading. Variables in groups are named by path: `Retrieval/psurf`.
@NetCDFThread
public struct NetCDFFile: ~Copyable {
    public let path: String
    let id: Int32
    private let byteCount: Int

    /// - Throws: ``NetCDFError`` of kind `noSuchFile`, `notNetCDF` or `damaged` for unreadable files.
    public init(reading path: String) throws(NetCDFError) {
        let size = try regularFileSize(path)
        _ = NetCDFThread.closesItself
        NetCDFThread.shared.remember()
        Self.raiseGuard(path)
        do throws(NetCDFError) {
            id = try NetCDFThread.open(path)
        } catch {
            crosswind_guard_lower()
            throw error
        }
        byteCount = size
        self.path = path
    }

    private static func raiseGuard(_ path: String) {
        let crash = NetCDFError(.damaged, path: path)
        crosswind_guard_raise("crosswind: \(crash.line)", crash.exitStatus.rawValue)
    }

    /// For a file that stays open while others come and go, which lower the guard.
    func raiseGuard() { Self.raiseGuard(path) }

    deinit {
        NetCDFThread.close(id)
        crosswind_guard_lower()
    }

    /// A variable found by its path.
    struct Handle {
        let group: Int32
        let variable: Int32
        let type: nc_type
        let dimensions: [Int32]
    }

    func handle(_ name: String) throws(NetCDFError) -> Handle {
        let parts = name.split(separator: "/").map(String.init)
        guard let group = try? group(parts.dropLast().joined(separator: "/")) else { throw absent(name) }
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

    /// Whether HDF5 is below; else the classic format of netCDF-3.
    var isHDF5: Bool {
        var format: Int32 = 0
        return nc_inq_format(id, &format) == NC_NOERR
            && [NC_FORMAT_NETCDF4, NC_FORMAT_NETCDF4_CLASSIC].contains(format)
    }

    public func hasVariable(_ name: String) -> Bool { (try? handle(name)) != nil }

    /// Names of the variables of the root group, in file order.
    public func variableNames() throws(NetCDFError) -> [String] { try variableNames(in: id) }

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

    /// Number of elements of a variable. Refuses what the file cannot hold, so that a damaged dimension
    /// ends as an error and not as an exhausted memory: deflate shrinks at most 1032 times, and only small
    /// variables may be left unwritten.
    func elementCount(of variable: String) throws(NetCDFError) -> Int {
        let limit = max(1 << 27, byteCount.multipliedReportingOverflow(by: 1032).partialValue)
        var count = 1
        for length in try shape(of: variable) {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard !overflow, product <= limit else {
                throw NetCDFError(
                    .unexpected("the variable is larger than the file can hold"),
                    path: path,
                    variable: variable
                )
            }
            count = product
        }
        return count
    }

    func name(_ read: (UnsafeMutablePointer<CChar>?) -> Int32) throws(NetCDFError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(NC_MAX_NAME) + 1)
        try check(read(&buffer))
        return string(buffer)
    }
}

/// Size of a regular file in bytes. Asked before the library is: that one takes names with `://` for
/// addresses to fetch from, and folders for stores of another format.
func regularFileSize(_ path: String) throws(NetCDFError) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
        throw NetCDFError(code: errno, path: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw NetCDFError(.notNetCDF, path: path) }
    return Int(status.st_size)
}

/// The characters before the first NUL.
func string(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
