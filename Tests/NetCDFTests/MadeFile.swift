import CNetCDF
import NetCDF
import TestSupport

/// Files with storage that our own writer does not use, written by the netCDF library itself.
@NetCDFThread
struct MadeFile: ~Copyable {
    let path: String
    private var id: Int32 = -1

    init(_ path: String, flags: Int32 = NC_NETCDF4) throws {
        self.path = path
        try Self.check(nc_create(path, flags | NC_CLOBBER, &id))
    }

    struct Storage: Sendable {
        var chunks: [Int]?
        var isShuffled = false
        var deflate: Int32 = 0
        var hasChecksum = false
        var isBigEndian = false
        /// `NC_CONTIGUOUS` or `NC_COMPACT` where there are no chunks.
        var layout = NC_CONTIGUOUS
    }

    func dimension(_ name: String, _ length: Int) throws {
        var dimension: Int32 = 0
        try Self.check(nc_def_dim(id, name, length, &dimension))
    }

    func variable(
        _ name: String,
        _ type: nc_type,
        _ dimensions: [String],
        _ storage: Storage? = Storage(),
        attributes: [(String, nc_type, [Double])] = []
    ) throws {
        var ids: [Int32] = []
        for dimension in dimensions {
            var index: Int32 = 0
            try Self.check(nc_inq_dimid(id, dimension, &index))
            ids.append(index)
        }
        var variable: Int32 = 0
        try Self.check(nc_def_var(id, name, type, Int32(ids.count), ids, &variable))
        if let storage { try store(variable, storage) }
        for (attribute, type, values) in attributes {
            try Self.check(nc_put_att_double(id, variable, attribute, type, values.count, values))
        }
    }

    private func store(_ variable: Int32, _ storage: Storage) throws {
        if let chunks = storage.chunks {
            try Self.check(nc_def_var_chunking(id, variable, NC_CHUNKED, chunks))
        } else {
            try Self.check(nc_def_var_chunking(id, variable, storage.layout, nil))
        }
        if storage.isShuffled || storage.deflate > 0 {
            let (shuffle, deflate): (Int32, Int32) = (storage.isShuffled ? 1 : 0, storage.deflate > 0 ? 1 : 0)
            try Self.check(nc_def_var_deflate(id, variable, shuffle, deflate, storage.deflate))
        }
        if storage.hasChecksum { try Self.check(nc_def_var_fletcher32(id, variable, NC_FLETCHER32)) }
        if storage.isBigEndian { try Self.check(nc_def_var_endian(id, variable, NC_ENDIAN_BIG)) }
    }

    /// Before values are written to a netCDF-3 file.
    func endDefinitions() throws { try Self.check(nc_enddef(id)) }

    func text(_ attribute: String, _ value: String, of variable: String) throws {
        try value.withCString { pointer in
            var pointers: [UnsafePointer<CChar>?] = [pointer]
            try Self.check(nc_put_att_string(id, try index(variable), attribute, 1, &pointers))
        }
    }

    func write(_ values: [Double], to name: String, start: [Int], shape: [Int]) throws {
        try Self.check(nc_put_vara_double(id, try index(name), start, shape, values))
    }

    func write(identifiers values: [UInt64], to name: String, start: [Int], shape: [Int]) throws {
        try Self.check(nc_put_vara_ulonglong(id, try index(name), start, shape, values))
    }

    func characters(_ text: String, to name: String) throws {
        try Self.check(nc_put_var_text(id, try index(name), text))
    }

    /// A variable of a compound and one of an opaque type.
    func structured(_ dimension: String) throws {
        var (compound, opaque, variable, index) = (nc_type(0), nc_type(0), Int32(0), Int32(0))
        try Self.check(nc_def_compound(id, 8, "pair", &compound))
        try Self.check(nc_insert_compound(id, compound, "a", 0, NC_INT))
        try Self.check(nc_insert_compound(id, compound, "b", 4, NC_FLOAT))
        try Self.check(nc_def_opaque(id, 3, "bytes", &opaque))
        try Self.check(nc_inq_dimid(id, dimension, &index))
        try Self.check(nc_def_var(id, "compound", compound, 1, [index], &variable))
        try Self.check(nc_def_var(id, "opaque", opaque, 1, [index], &variable))
    }

    private func index(_ name: String) throws -> Int32 {
        var variable: Int32 = 0
        try Self.check(nc_inq_varid(id, name, &variable))
        return variable
    }

    consuming func close() throws { try Self.check(nc_close(id)) }

    static func check(_ code: Int32) throws {
        if code != NC_NOERR { throw MadeFileError(text: String(cString: nc_strerror(code))) }
    }
}

struct MadeFileError: Error {
    let text: String
}
