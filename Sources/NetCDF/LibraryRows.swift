import CNetCDF
import Foundation
import Synchronization

/// The library behind ``ChunkedFile``, for the variables that only the library can read.
@NetCDFThread
final class LibraryRows {
    private let file: NetCDFFile

    init(_ path: String) throws(NetCDFError) { file = try NetCDFFile(reading: path) }

    isolated deinit {}

    /// - Parameter inner: whether rows are those of dimension 1, where dimension 0 has one alone.
    private func block(_ name: String, _ rows: Range<Int>, _ inner: Bool) throws(NetCDFError) -> Block {
        file.raiseGuard()
        let handle = try file.handle(name)
        var starts = [Int](repeating: 0, count: max(handle.dimensions.count, 1))
        var lengths = try file.shape(of: name)
        if lengths.isEmpty { lengths = [1] }
        let whole = try file.elementCount(of: name)
        let dimension = inner ? 1 : 0
        starts[dimension] = rows.lowerBound
        let count = lengths[dimension] == 0 ? 0 : whole / lengths[dimension] * rows.count
        lengths[dimension] = rows.count
        return Block(handle: handle, starts: starts, lengths: lengths, count: count)
    }

    private struct Block {
        let handle: NetCDFFile.Handle
        let starts: [Int]
        let lengths: [Int]
        let count: Int
    }

    func doubles(_ name: String, _ rows: Range<Int>, inner: Bool) throws(NetCDFError) -> [Double] {
        let block = try block(name, rows, inner)
        try file.requireNumeric(block.handle, name)
        var values = [Double](repeating: 0, count: block.count)
        let (group, variable) = (block.handle.group, block.handle.variable)
        try file.check(nc_get_vara_double(group, variable, block.starts, block.lengths, &values), name)
        file.decode(&values, file.decoding(of: block.handle))
        return values
    }

    func integers(_ name: String, _ rows: Range<Int>, inner: Bool) throws(NetCDFError) -> [Int64] {
        let block = try block(name, rows, inner)
        try file.requireWhole(block.handle, name)
        var values = [Int64](repeating: 0, count: block.count)
        let (group, variable) = (block.handle.group, block.handle.variable)
        try file.check(nc_get_vara_longlong(group, variable, block.starts, block.lengths, &values), name)
        return values
    }

    func unsignedIntegers(_ name: String, _ rows: Range<Int>, inner: Bool) throws(NetCDFError) -> [UInt64] {
        let block = try block(name, rows, inner)
        try file.requireWhole(block.handle, name)
        var values = [UInt64](repeating: 0, count: block.count)
        let (group, variable) = (block.handle.group, block.handle.variable)
        try file.check(nc_get_vara_ulonglong(group, variable, block.starts, block.lengths, &values), name)
        return values
    }
}

/// What a task leaves for the thread that waits for it.
private final class Outcome<Value: Sendable>: Sendable {
    let value = Mutex<Result<Value, NetCDFError>?>(nil)
}

extension NetCDFThread {
    /// Runs a body on the library's thread and waits for it. That thread is none of the cooperative pool, so that
    /// it gets on even when every thread of the pool waits here.
    ///
    /// - Precondition: not on the library's thread, which would wait for itself.
    static func wait<Value: Sendable>(
        for body: @escaping @NetCDFThread @Sendable () throws(NetCDFError) -> Value
    ) throws(NetCDFError) -> Value {
        precondition(!shared.isCurrent, "the library's thread cannot wait for itself")
        let outcome = Outcome<Value>()
        let isDone = DispatchSemaphore(value: 0)
        Task { @NetCDFThread in
            let result = Result { () throws(NetCDFError) -> Value in try body() }
            outcome.value.withLock { $0 = result }
            isDone.signal()
        }
        isDone.wait()
        guard let result = outcome.value.withLock({ $0 }) else { preconditionFailure("the task has run") }
        return try result.get()
    }
}
