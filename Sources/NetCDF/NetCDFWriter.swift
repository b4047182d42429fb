import CHDF5
import CInterop
import CNetCDF
import Foundation
import Quantities

/// The value of a netCDF attribute.
public enum NetCDFAttribute: Sendable, ExpressibleByStringLiteral, ExpressibleByFloatLiteral {
    case text(String)
    case double(Double)
    case doubles([Double])
    case float(Float)
    case integers([Int32])
    case short(Int16)

    public init(stringLiteral value: String) { self = .text(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
}

/// Storage type of a written variable.
public enum NetCDFType: Sendable {
    case double
    case float
    case uint8
    case int16
    case int32
    case int64
    case string

    var code: nc_type {
        switch self {
        case .double: NC_DOUBLE
        case .float: NC_FLOAT
        case .uint8: NC_UBYTE
        case .int16: NC_SHORT
        case .int32: NC_INT
        case .int64: NC_INT64
        case .string: NC_STRING
        }
    }
}

/// A netCDF-4 file being written beside its final place and renamed into it by ``commit()``.
/// Dropping the writer before that leaves nothing behind.
@NetCDFThread
public struct NetCDFWriter: ~Copyable {
    public let path: String
    private let partialPath: String
    private let id: Int32
    private static var created = 0
    private var isOpen = true
    /// The handle of HDF5 once chunks are stored; that of netCDF is closed then.
    private var chunkFile: hid_t?

    /// - Throws: ``NetCDFError`` when the folder cannot be written.
    public init(replacing path: String) throws(NetCDFError) {
        let target = try Self.regularPath(path)
        let created = try Self.create(beside: target)
        self.path = target
        partialPath = created.path
        id = created.id
    }

    deinit {
        guard isOpen else { return }
        _ = closeHandle(chunkFile, id)
        unlink(partialPath)
    }

    /// The file as HDF5 sees it. NetCDF is done with it from now on.
    mutating func openForChunks() throws(NetCDFError) -> hid_t {
        if let chunkFile, chunkFile >= 0 { return chunkFile }
        // What fails from here on leaves no handle open.
        let isClosed = chunkFile != nil || nc_close(id) == NC_NOERR
        // Nobody else knows the name, so that no lock is needed. A program started meanwhile may have inherited the
        // handle that netCDF has just closed, and with it the lock, which would make this fail.
        let file = isClosed ? crosswind_hdf5_open_unlocked(partialPath) : -1
        chunkFile = file
        guard file >= 0 else { throw NetCDFError(.inputOutput("cannot write the file"), path: path) }
        return file
    }

    private static func create(beside target: String) throws(NetCDFError) -> (path: String, id: Int32) {
        _ = NetCDFThread.closesItself
        created += 1
        let partial = target + ".partial-\(getpid())-\(created)"
        var id: Int32 = -1
        guard nc_create(partial, NC_NETCDF4 | NC_CLOBBER, &id) == NC_NOERR else {
            // HDF5 reports every failed creation with one code; the operator needs the reason of the system.
            let folder = URL(filePath: target).deletingLastPathComponent().path
            let reason =
                FileManager.default.fileExists(atPath: folder)
                ? "cannot create the file" : "the folder does not exist"
            throw NetCDFError(.inputOutput(reason), path: target)
        }
        return (partial, id)
    }

    private static func regularPath(_ path: String) throws(NetCDFError) -> String {
        do { return try OutputPath(path).path } catch {
            throw NetCDFError(.inputOutput(error.what), path: path)
        }
    }

    public func defineDimension(_ name: String, length: Int) throws(NetCDFError) {
        var dimension: Int32 = -1
        try check(nc_def_dim(id, name, length, &dimension), name)
    }

    /// Defines a variable; numeric arrays of rank one and more are deflated.
    ///
    /// - Parameter chunks: lengths of a stored chunk along each dimension; the library chooses where nil.
    public func defineVariable(
        _ name: String,
        _ type: NetCDFType,
        dimensions: [String],
        chunks: [Int]? = nil,
        attributes: [(String, NetCDFAttribute)]
    ) throws(NetCDFError) {
        var ids: [Int32] = []
        for dimension in dimensions {
            var index: Int32 = -1
            try check(nc_inq_dimid(id, dimension, &index), dimension)
            ids.append(index)
        }
        var variable: Int32 = -1
        try check(nc_def_var(id, name, type.code, Int32(ids.count), ids, &variable), name)
        if case .string = type {
        } else if !ids.isEmpty {
            try check(nc_def_var_deflate(id, variable, 1, 1, 4), name)
        }
        if let chunks {
            precondition(chunks.count == ids.count, "one chunk length for each dimension")
            try check(nc_def_var_chunking(id, variable, NC_CHUNKED, chunks), name)
        }
        for (attribute, value) in attributes { try put(value, attribute, variable, name) }
    }

    /// Sets a global attribute.
    public func setAttribute(_ name: String, _ value: NetCDFAttribute) throws(NetCDFError) {
        try put(value, name, NC_GLOBAL, name)
    }

    public func write(_ values: [Double], to name: String) throws(NetCDFError) {
        let variable = try variable(name, elements: values.count)
        try check(nc_put_var_double(id, variable, values), name)
    }

    /// Writes a block of a variable; the rest keeps its fill value.
    ///
    /// - Parameters:
    ///   - start: index of the first element along each dimension.
    ///   - shape: length along each dimension; the product is the number of values.
    public func write(
        _ values: [Double],
        to name: String,
        start: [Int],
        shape: [Int]
    ) throws(NetCDFError) {
        precondition(shape.reduce(1, *) == values.count, "array does not fit the block")
        var variable: Int32 = -1
        try check(nc_inq_varid(id, name, &variable), name)
        try check(nc_put_vara_double(id, variable, start, shape, values), name)
    }

    public func write(_ values: [Int64], to name: String) throws(NetCDFError) {
        let variable = try variable(name, elements: values.count)
        try check(nc_put_var_longlong(id, variable, values), name)
    }

    public func write(_ values: [String], to name: String) throws(NetCDFError) {
        let variable = try variable(name, elements: values.count)
        let copies = values.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        var pointers = copies.map { UnsafePointer($0) }
        try check(nc_put_var_string(id, variable, &pointers), name)
    }

    /// Closes the file, makes it durable and puts it in its place.
    public mutating func commit() throws(NetCDFError) {
        isOpen = false
        guard closeHandle(chunkFile, id) else {
            unlink(partialPath)
            throw NetCDFError(.inputOutput("cannot finish the file"), path: path)
        }
        let descriptor = open(partialPath, O_RDONLY)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
        guard rename(partialPath, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(partialPath)
            throw NetCDFError(.inputOutput(reason), path: path)
        }
    }

    private func variable(_ name: String, elements: Int) throws(NetCDFError) -> Int32 {
        var variable: Int32 = -1
        try check(nc_inq_varid(id, name, &variable), name)
        var rank: Int32 = 0
        var dimensions = [Int32](repeating: 0, count: Int(NC_MAX_VAR_DIMS))
        try check(nc_inq_var(id, variable, nil, nil, &rank, &dimensions, nil), name)
        var expected = 1
        for dimension in dimensions.prefix(Int(rank)) {
            var length = 0
            try check(nc_inq_dimlen(id, dimension, &length), name)
            expected *= length
        }
        precondition(expected == elements, "array does not fit the variable")
        return variable
    }

    private func put(
        _ value: NetCDFAttribute,
        _ attribute: String,
        _ variable: Int32,
        _ place: String
    ) throws(NetCDFError) {
        switch value {
        case .text(let text):
            try check(nc_put_att_text(id, variable, attribute, text.utf8.count, text), place)
        case .double(let number):
            try check(nc_put_att_double(id, variable, attribute, NC_DOUBLE, 1, [number]), place)
        case .doubles(let numbers):
            try check(nc_put_att_double(id, variable, attribute, NC_DOUBLE, numbers.count, numbers), place)
        case .float(let number):
            try check(nc_put_att_float(id, variable, attribute, NC_FLOAT, 1, [number]), place)
        case .integers(let numbers):
            try check(nc_put_att_int(id, variable, attribute, NC_INT, numbers.count, numbers), place)
        case .short(let number):
            try check(nc_put_att_short(id, variable, attribute, NC_SHORT, 1, [number]), place)
        }
    }

    private func check(_ code: Int32, _ variable: String) throws(NetCDFError) {
        guard code == NC_NOERR else { throw NetCDFError(code: code, path: path, variable: variable) }
    }
}

/// Closes the file through the library that has it open.
private func closeHandle(_ chunkFile: hid_t?, _ id: Int32) -> Bool {
    guard let chunkFile else { return nc_close(id) == NC_NOERR }
    return chunkFile < 0 || H5Fclose(chunkFile) >= 0
}
