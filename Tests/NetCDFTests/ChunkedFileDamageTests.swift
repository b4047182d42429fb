import CNetCDF
import Concurrent
import Foundation
import NetCDF
import Quantities
import TestSupport
import Testing

/// Damage behind the metadata, which is read before: what HDF5 itself makes of damaged metadata is no matter of
/// these tests.
@Suite struct ChunkedFileDamageTests {
    private static let names = ["deflated", "checked", "plain"]

    @NetCDFThread
    private func make(_ path: String) throws {
        let file = try MadeFile(path)
        try file.dimension("n", 600)
        let storages: [MadeFile.Storage] = [
            .init(chunks: [100], isShuffled: true, deflate: 4), .init(chunks: [100], hasChecksum: true),
            .init(chunks: [100]),
        ]
        var random = SeededGenerator(seed: 7)
        for (name, storage) in zip(Self.names, storages) {
            try file.variable(name, NC_FLOAT, ["n"], storage)
            let values = (0..<600).map { _ in Double(Float(random.normal())) }
            try file.write(values, to: name, start: [0], shape: [600])
        }
        try file.close()
    }

    private func read(_ file: ChunkedFile, _ name: String) -> Result<[Double], NetCDFError> {
        Result { () throws(NetCDFError) in try file.doubles(name, rows: 0..<600) }
    }

    /// Every variable with a check sum gives its numbers or says that it is damaged, and the others stay as many.
    private func expectHonest(_ file: ChunkedFile, _ intact: [String: [Double]], _ what: String) -> Int {
        var damaged = 0
        for name in Self.names {
            switch read(file, name) {
            case .success(let values):
                #expect(values.count == 600)
                if name != "plain" { #expect(values == intact[name], "\(what), \(name)") }
            case .failure(let error):
                #expect(error.kind == .damaged && error.variable == name && error.exitStatus == .badData)
                damaged += 1
            }
        }
        return damaged
    }

    @Test func flippedBitsGiveTheNumbersOrAnError() async throws {
        let folder = try TemporaryFolder()
        let url = folder.file("made.nc")
        try await make(url.path)
        let bytes = [UInt8](try Data(contentsOf: url))
        let file = try await ChunkedFile(url.path, variables: Self.names)
        let damaged = try await onOwnThread(named: "read") {
            var intact: [String: [Double]] = [:]
            for name in Self.names { intact[name] = try read(file, name).get() }
            let handle = try FileHandle(forUpdating: url)
            var random = SeededGenerator(seed: 1)
            var damaged = 0
            for round in 0..<300 {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                let flipped = bytes[place] ^ 1 << UInt8.random(in: 0..<8, using: &random)
                try write([flipped], handle, at: place)
                damaged += expectHonest(file, intact, "round \(round)")
                try write([bytes[place]], handle, at: place)
            }
            return damaged
        }
        // A good part of the file is the numbers of the two.
        #expect(damaged > 60)
    }

    private func write(_ bytes: [UInt8], _ handle: FileHandle, at place: Int) throws {
        try handle.seek(toOffset: UInt64(place))
        try handle.write(contentsOf: bytes)
    }

    @Test func aFileThatBecomesShorterIsDamaged() async throws {
        let folder = try TemporaryFolder()
        let url = folder.file("made.nc")
        try await make(url.path)
        let file = try await ChunkedFile(url.path, variables: Self.names)
        let size = try Data(contentsOf: url).count
        try await onOwnThread(named: "read") {
            var intact: [String: [Double]] = [:]
            for name in Self.names { intact[name] = try read(file, name).get() }
            let handle = try FileHandle(forUpdating: url)
            var damaged = [0]
            for length in stride(from: size - 1, to: 0, by: -size / 40) {
                try handle.truncate(atOffset: UInt64(length))
                damaged.append(expectHonest(file, intact, "length \(length)"))
            }
            #expect(damaged == damaged.sorted() && damaged.last == 3)
        }
    }

    @Test func aDamagedChunkLeavesTheOthersReadable() async throws {
        let folder = try TemporaryFolder()
        let url = folder.file("made.nc")
        try await make(url.path)
        let file = try await ChunkedFile(url.path, variables: ["deflated"])
        let first = try await onOwnThread(named: "read") { try file.doubles("deflated", rows: 0..<100) }
        // The chunks of one variable follow each other; the last byte of the first is in its check sum.
        let size = try Data(contentsOf: url).count
        try await onOwnThread(named: "read") {
            let handle = try FileHandle(forUpdating: url)
            let whole = [UInt8](try Data(contentsOf: url))
            var readable = Set<Int>()
            for place in stride(from: size / 4, to: size, by: 97) {
                try write([whole[place] ^ 255], handle, at: place)
                let parts = (0..<6).map { part in
                    (try? file.doubles("deflated", rows: part * 100..<part * 100 + 100)) != nil
                }
                readable.insert(parts.count { $0 })
                try write([whole[place]], handle, at: place)
            }
            #expect(readable == [5, 6])
            #expect(try file.doubles("deflated", rows: 0..<100) == first)
        }
    }
}
