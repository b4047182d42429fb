import CNetCDF
import Concurrent
import Foundation
import NetCDF
import Quantities

/// The seven variables that gridding needs of a Lite file of soundings: ours on two threads against the netCDF C
/// library, which gives whole variables in their stored types.
///
/// `Benchmarks read-soundings FILE`.
struct ReadSoundings: Race {
    let name = "read-soundings"
    let file: String
    private let threads = 2

    func run() async throws {
        for _ in 0..<3 {
            try await report("crosswind, \(threads) threads") { try await readOurs(file) }
            try await report("netCDF C library    ") { try await readPlain(file) }
        }
    }

    private func report(_ label: String, _ body: () async throws -> Int) async throws {
        let start = ContinuousClock.now
        let processor = processorSeconds()
        let bytes = try await body()
        let wall = (ContinuousClock.now - start) / .seconds(1)
        let used = processorSeconds() - processor
        print(label, seconds(wall), "wall,", seconds(used), "processor,", bytes >> 20, "MiB of numbers")
    }

    private func seconds(_ value: Double) -> String { "\(Int((value * 1000).rounded())) ms" }

    /// In blocks of rows, as the gridding reads; each thread takes the next block.
    private func readOurs(_ path: String) async throws -> Int {
        let file = try await ChunkedFile(path, variables: SoundingVariable.all.map(\.name))
        let rows = try file.shape(of: "xco2")[0]
        let block = file.preferredRows
        let blocks = (rows + block - 1) / block
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for thread in 0..<threads {
                group.addTask {
                    try await onOwnThread(named: "read-\(thread)") {
                        var bytes = 0
                        for index in stride(from: thread, to: blocks, by: threads) {
                            let range = index * block..<min(rows, (index + 1) * block)
                            for variable in SoundingVariable.all {
                                bytes += try variable.read(file, range)
                            }
                        }
                        return bytes
                    }
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// On the thread that owns the library.
    @NetCDFThread
    private func readPlain(_ path: String) throws -> Int {
        var file: Int32 = 0
        guard nc_open(path, NC_NOWRITE, &file) == NC_NOERR else { throw CocoaError(.fileReadUnknown) }
        defer { nc_close(file) }
        var bytes = 0
        for variable in SoundingVariable.all { bytes += try variable.readPlain(file) }
        return bytes
    }
}

private struct SoundingVariable: Sendable {
    let name: String
    var isIdentifier: Bool { name == "sounding_id" }

    static let all = [
        "sounding_id", "time", "xco2", "xco2_uncertainty", "xco2_quality_flag", "vertex_latitude",
        "vertex_longitude",
    ].map { SoundingVariable(name: $0) }

    func read(_ file: ChunkedFile, _ rows: Range<Int>) throws -> Int {
        isIdentifier
            ? try file.unsignedIntegers(name, rows: rows).count * 8
            : try file.doubles(name, rows: rows).count * 8
    }

    func readPlain(_ file: Int32) throws -> Int {
        var variable: Int32 = 0
        var type: nc_type = 0
        var rank: Int32 = 0
        var dimensions = [Int32](repeating: 0, count: Int(NC_MAX_VAR_DIMS))
        guard nc_inq_varid(file, name, &variable) == NC_NOERR,
            nc_inq_var(file, variable, nil, &type, &rank, &dimensions, nil) == NC_NOERR
        else { throw CocoaError(.fileReadCorruptFile) }
        var count = 1
        for dimension in dimensions.prefix(Int(rank)) {
            var length = 0
            nc_inq_dimlen(file, dimension, &length)
            count *= length
        }
        var size = 0
        nc_inq_type(file, type, nil, &size)
        // In the stored type, which is what costs the library least; uninitialised, as nothing of it is read before.
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: count * size, alignment: 64)
        defer { buffer.deallocate() }
        guard nc_get_var(file, variable, buffer) == NC_NOERR else { throw CocoaError(.fileReadCorruptFile) }
        return count * size
    }
}

/// Of the whole process.
private func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
