import CNetCDF
import Concurrent
import Foundation

/// Variables of a netCDF file, read by rows from any number of threads at once.
///
/// The netCDF library and HDF5 may be called from one thread only, and inflate with zlib there. So opening asks
/// them where the chunks of each variable lie and how they were filtered; reading then takes the bytes from the
/// file and decodes them on the caller's thread. Variables that this cannot serve (netCDF-3, other filters,
/// big-endian numbers) are read by the library behind the same functions.
///
/// Numbers are those of ``NetCDFFile``, bit for bit. A file that changes while it is open gives an error or a
/// mixture of both contents.
public final class ChunkedFile: Sendable {
    public let path: String
    private let variables: [String: StoredVariable]
    private let file: OpenedFile
    private let library: LibraryRows?
    private let workspaces = ChunkWorkspacePool()
    /// Whether a first dimension of length one does not count, so that rows are those of the second.
    public let dropsLeadingOne: Bool

    /// - Parameters:
    ///   - variables: by path: `Retrieval/psurf`.
    ///   - dropsLeadingOne: whether variables `1 x lines x ...` are read by lines.
    /// - Throws: ``NetCDFError`` for unreadable files and for variables that are absent, hold no numbers or
    ///   claim more elements than the file can hold.
    @NetCDFThread
    public convenience init(
        _ path: String,
        variables: [String],
        dropsLeadingOne: Bool = false
    ) throws(NetCDFError) {
        try self.init(try NetCDFFile(reading: path), variables: variables, dropsLeadingOne: dropsLeadingOne)
    }

    /// The same of a file that is open already, which may be closed afterwards.
    @NetCDFThread
    public init(
        _ described: borrowing NetCDFFile,
        variables: [String],
        dropsLeadingOne: Bool = false
    ) throws(NetCDFError) {
        let path = described.path
        let file = try OpenedFile(path)
        let layout = described.isHDF5 ? HDF5Layout(file) : nil
        var known: [String: StoredVariable] = [:]
        for name in variables where known[name] == nil {
            let stored = try Self.describe(name, described, layout)
            known[name] = dropsLeadingOne ? stored.withoutLeadingOne : stored
        }
        let needsLibrary = known.values.contains { $0.storage == nil }
        library = needsLibrary ? try LibraryRows(path) : nil
        self.path = path
        self.file = file
        self.variables = known
        self.dropsLeadingOne = dropsLeadingOne
    }

    @NetCDFThread
    private static func describe(
        _ name: String,
        _ file: borrowing NetCDFFile,
        _ layout: borrowing HDF5Layout?
    ) throws(NetCDFError) -> StoredVariable {
        let handle = try file.handle(name)
        try file.requireNumeric(handle, name)
        _ = try file.elementCount(of: name)
        let shape = try file.shape(of: name)
        return StoredVariable(
            name: name,
            shape: shape,
            isWhole: handle.type != NC_FLOAT && handle.type != NC_DOUBLE,
            storage: layout?.storage(of: name, shape: shape),
            decoding: file.decoding(of: handle)
        )
    }

    /// Length of each dimension, in storage order.
    ///
    /// - Throws: ``NetCDFError`` of kind `absent` for a variable that was not named at opening.
    public func shape(of variable: String) throws(NetCDFError) -> [Int] { try stored(variable).shape }

    /// Whether the variable is read without the library, and so in parallel.
    public func isDirect(_ variable: String) -> Bool { variables[variable]?.storage != nil }

    /// Rows of dimension 0 with all of the other dimensions, in storage order; a scalar is one row. Missing values
    /// and scaling as in ``NetCDFFile/doubles(_:)``. Blocks; not to be called on the ``NetCDFThread``.
    ///
    /// - Throws: ``NetCDFError``, of kind `damaged` for a chunk that cannot be decoded.
    /// - Complexity: decodes every chunk that the rows touch, so ask for multiples of ``preferredRows``.
    public func doubles(_ variable: String, rows: Range<Int>) throws(NetCDFError) -> [Double] {
        let stored = try stored(variable, rows)
        guard let storage = stored.storage else {
            return try fromLibrary(rows) { library throws(NetCDFError) in
                try library.doubles(variable, rows, inner: stored.lacksLeadingOne)
            }
        }
        return try read(stored, storage, rows, count: rows.count * stored.elementsPerRow) {
            convert($0, $1, storage.element, stored.decoding, into: $3 + $2)
            return true
        }
    }

    /// Whole numbers as stored, missing values included. Blocks; not to be called on the ``NetCDFThread``.
    ///
    /// - Throws: ``NetCDFError``, also for a number above 2^63 - 1.
    public func integers(_ variable: String, rows: Range<Int>) throws(NetCDFError) -> [Int64] {
        let stored = try whole(variable, rows)
        guard let storage = stored.storage else {
            return try fromLibrary(rows) { library throws(NetCDFError) in
                try library.integers(variable, rows, inner: stored.lacksLeadingOne)
            }
        }
        return try read(stored, storage, rows, count: rows.count * stored.elementsPerRow) {
            convert($0, $1, storage.element, into: $3 + $2)
        }
    }

    /// Unsigned whole numbers as stored, missing values included. Blocks; not to be called on the
    /// ``NetCDFThread``.
    ///
    /// - Throws: ``NetCDFError``, also for a number below 0.
    public func unsignedIntegers(_ variable: String, rows: Range<Int>) throws(NetCDFError) -> [UInt64] {
        let stored = try whole(variable, rows)
        guard let storage = stored.storage else {
            return try fromLibrary(rows) { library throws(NetCDFError) in
                try library.unsignedIntegers(variable, rows, inner: stored.lacksLeadingOne)
            }
        }
        return try read(stored, storage, rows, count: rows.count * stored.elementsPerRow) {
            convert($0, $1, storage.element, into: $3 + $2)
        }
    }

    /// A number of rows to read at once, so that chunks are decoded once and blocks stay small.
    public var preferredRows: Int { preferredRows(width: 1) }

    /// The same where each row holds so many soundings. Chunks of what a swath has once a line may be cut, as they are
    /// small and often as long as the file.
    public func preferredRows(width: Int) -> Int {
        var rows = 1
        for case .chunked(let grid)? in variables.values.map({ $0.storage?.layout }) {
            if width == 1 || grid.chunkByteCount > 1 << 16 { rows = max(rows, grid.chunkShape[0]) }
        }
        let comfortable = max(1, (1 << 14) / max(1, width))
        return rows >= comfortable ? rows : comfortable / rows * rows
    }

    private func stored(_ variable: String) throws(NetCDFError) -> StoredVariable {
        guard let stored = variables[variable] else {
            throw NetCDFError(.absent("not opened"), path: path, variable: variable)
        }
        return stored
    }

    func stored(_ variable: String, _ rows: Range<Int>) throws(NetCDFError) -> StoredVariable {
        let stored = try stored(variable)
        precondition(rows.lowerBound >= 0 && rows.upperBound <= stored.rowCount, "rows that are not there")
        return stored
    }

    func whole(_ variable: String, _ rows: Range<Int>) throws(NetCDFError) -> StoredVariable {
        let stored = try stored(variable, rows)
        guard stored.isWhole else {
            throw NetCDFError(.unexpected("not whole numbers"), path: path, variable: variable)
        }
        return stored
    }

    private func fromLibrary<Number: Sendable>(
        _ rows: Range<Int>,
        _ body: @escaping @NetCDFThread @Sendable (LibraryRows) throws(NetCDFError) -> [Number]
    ) throws(NetCDFError) -> [Number] {
        if rows.isEmpty { return [] }
        guard let library else { preconditionFailure("opened with the library") }
        return try NetCDFThread.wait { () throws(NetCDFError) -> [Number] in try body(library) }
    }

    /// - Parameters:
    ///   - count: elements of the result.
    ///   - convert: gets a run of elements, their number, the index of the first among those of all rows, and the
    ///     result; false when a number does not fit.
    func read<Number>(
        _ stored: StoredVariable,
        _ storage: StoredVariable.Storage,
        _ rows: Range<Int>,
        count: Int,
        _ convert: (UnsafeRawPointer, Int, Int, UnsafeMutablePointer<Number>) -> Bool
    ) throws(NetCDFError) -> [Number] {
        guard count > 0 else { return [] }
        var failure: NetCDFError?
        let values = [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
            guard let result = buffer.baseAddress else { return }
            var allFit = true
            do throws(NetCDFError) {
                try workspaces.withWorkspace { workspace throws(NetCDFError) in
                    let reader = ChunkReader(file: file, variable: stored, workspace: workspace, rows: rows)
                    try reader.read(storage) { elements, count, start in
                        if !convert(elements, count, start, result) { allFit = false }
                    }
                }
                initialized = count
            } catch {
                failure = error
            }
            if !allFit { failure = notFitting(stored.name) }
        }
        if let failure { throw failure }
        return values
    }

    private func notFitting(_ variable: String) -> NetCDFError {
        NetCDFError(.unexpected("a number does not fit the needed kind"), path: path, variable: variable)
    }
}
