@preconcurrency import CHDF5
import CNetCDF
import Foundation
import TestSupport
import Testing

@testable import NetCDF

/// The index of chunks as the file has it, beside what the library says chunk by chunk.
@Suite struct ChunkIndexTests {
    private struct Made: Sendable {
        let shape: [Int]
        let chunks: [Int]
        /// Where values are written, and how many along each dimension; the rest has no chunk.
        var start: [Int]
        var extent: [Int]
    }

    /// From one chunk to a tree of three levels: a node of HDF5 holds 64.
    private static let made: [Made] = [
        Made(shape: [7], chunks: [7], start: [0], extent: [7]),
        Made(shape: [1000], chunks: [10], start: [0], extent: [1000]),
        Made(shape: [23, 7], chunks: [5, 3], start: [0, 0], extent: [23, 7]),
        Made(shape: [23, 7], chunks: [5, 3], start: [6, 4], extent: [9, 3]),
        Made(shape: [23, 7], chunks: [5, 3], start: [0, 0], extent: [0, 0]),
        Made(shape: [5000, 2], chunks: [1, 1], start: [0, 0], extent: [5000, 2]),
    ]

    @NetCDFThread
    private func make(_ path: String, _ made: Made) throws {
        let file = try MadeFile(path)
        let names = made.shape.indices.map { "d\($0)" }
        for (name, length) in zip(names, made.shape) { try file.dimension(name, length) }
        try file.variable("v", NC_INT, names, .init(chunks: made.chunks, isShuffled: true, deflate: 1))
        let count = made.extent.reduce(1, *)
        if count > 0 {
            try file.write((0..<count).map(Double.init), to: "v", start: made.start, shape: made.extent)
        }
        try file.close()
    }

    /// With object headers of version 1, as HDF5 writes them by itself; many attributes need continuations.
    @NetCDFThread
    private func makePlain(_ path: String, _ made: Made) throws {
        #expect(H5open() >= 0)
        let replacing: UInt32 = 2
        let file = H5Fcreate(path, replacing, 0, 0)
        let lengths = made.shape.map { hsize_t($0) }
        let space = H5Screate_simple(Int32(lengths.count), lengths, nil)
        let creation = H5Pcreate(H5P_CLS_DATASET_CREATE_ID_g)
        H5Pset_chunk(creation, Int32(lengths.count), made.chunks.map { hsize_t($0) })
        let set = H5Dcreate2(file, "v", H5T_NATIVE_INT32_g, space, 0, creation, 0)
        let scalar = H5Screate(H5S_SCALAR)
        for index in 0..<20 {
            H5Aclose(H5Acreate2(set, "attribute of a long name \(index)", H5T_NATIVE_INT32_g, scalar, 0, 0))
        }
        let values = (0..<Int32(made.shape.reduce(1, *))).map { $0 }
        #expect(H5Dwrite(set, H5T_NATIVE_INT32_g, 0, 0, 0, values) >= 0)
        for close in [H5Sclose(scalar), H5Dclose(set), H5Pclose(creation), H5Sclose(space), H5Fclose(file)] {
            #expect(close >= 0)
        }
    }

    private struct Places: Equatable {
        let indexed: [ChunkPlace]?
        let asked: [ChunkPlace]
    }

    @NetCDFThread
    private func places(_ path: String, _ made: Made) throws -> Places {
        guard let file = HDF5Identifier(H5Fopen(path, 0, 0)),
            let set = HDF5Identifier(H5Dopen2(file.number, "v", 0))
        else { throw MadeFileError(text: "cannot open the file again") }
        var info = H5G_stat_t()
        #expect(H5Gget_objinfo(set.number, ".", false, &info) >= 0)
        let counts = zip(made.shape, made.chunks).map { ($0 + $1 - 1) / $1 }
        var asked: [ChunkPlace] = []
        for index in 0..<counts.reduce(1, *) {
            let origin =
                counts.count == 1
                ? [index * made.chunks[0]]
                : [index / counts[1] * made.chunks[0], index % counts[1] * made.chunks[1]]
            var (mask, address, size) = (UInt32(0), haddr_t(0), hsize_t(0))
            #expect(
                H5Dget_chunk_info_by_coord(set.number, origin.map { hsize_t($0) }, &mask, &address, &size)
                    >= 0
            )
            asked.append(
                address == UInt64.max
                    ? .unwritten
                    : ChunkPlace(offset: Int(address), byteCount: UInt32(size), skippedFilters: mask)
            )
        }
        let indexed = ChunkIndex.places(
            try OpenedFile(path),
            header: UInt64(info.objno.0),
            chunkShape: made.chunks,
            counts: counts,
            elementByteCount: 4
        )
        return Places(indexed: indexed, asked: asked)
    }

    @Test(arguments: made.indices) func theIndexSaysWhatTheLibrarySays(index: Int) async throws {
        let made = Self.made[index]
        let folder = try TemporaryFolder()
        let path = folder.file("made.nc").path
        try await make(path, made)
        let places = try await places(path, made)
        #expect(places.indexed == places.asked)
        let written = made.extent.reduce(1, *) > 0
        #expect(places.asked.contains { $0 != .unwritten } == written)
    }

    @Test func headersOfTheFirstVersionAreReadToo() async throws {
        for made in Self.made.prefix(3) {
            let folder = try TemporaryFolder()
            let path = folder.file("made.h5").path
            try await makePlain(path, made)
            let places = try await places(path, made)
            #expect(places.indexed == places.asked)
        }
    }

    /// Nothing, or the places as they were but for the bytes that the damage hit: never a trap or an endless walk.
    @Test func aDamagedIndexGivesNothingOrAllPlaces() async throws {
        let made = Self.made[1]
        let folder = try TemporaryFolder()
        let url = folder.file("made.nc")
        try await make(url.path, made)
        let intact = try await places(url.path, made)
        let bytes = [UInt8](try Data(contentsOf: url))
        let header = try #require(bytes.firstIndex(of: "TREE"))
        var random = SeededGenerator(seed: 3)
        var refused = 0
        for _ in 0..<2000 {
            var damaged = bytes
            let place = header + Int.random(in: 0..<300, using: &random)
            damaged[place] = UInt8.random(in: 0...255, using: &random)
            try Data(damaged).write(to: url)
            let found = try indexed(url.path, made, header: UInt64(headerAddress(bytes)))
            if let found { #expect(found.count == intact.asked.count) } else { refused += 1 }
        }
        #expect(refused > 100)
    }

    private func headerAddress(_ bytes: [UInt8]) -> Int {
        // Of the variable: the last header in the file, as it was made last.
        bytes.lastIndex(of: "OHDR") ?? 0
    }

    private func indexed(_ path: String, _ made: Made, header: UInt64) throws -> [ChunkPlace]? {
        ChunkIndex.places(
            try OpenedFile(path),
            header: header,
            chunkShape: made.chunks,
            counts: zip(made.shape, made.chunks).map { ($0 + $1 - 1) / $1 },
            elementByteCount: 4
        )
    }
}

extension [UInt8] {
    fileprivate func firstIndex(of word: String) -> Int? { places(of: word).first }
    fileprivate func lastIndex(of word: String) -> Int? { places(of: word).last }

    private func places(of word: String) -> [Int] {
        let word = Array(word.utf8)
        return indices.filter { self[$0] == word[0] && self[$0...].starts(with: word) }
    }
}
