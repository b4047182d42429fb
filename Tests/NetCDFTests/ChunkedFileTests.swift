import CNetCDF
import Concurrent
import Foundation
import NetCDF
import Quantities
import TestSupport
import Testing

/// All numeric types of netCDF-4.
private let types: [nc_type] = [
    NC_BYTE, NC_UBYTE, NC_SHORT, NC_USHORT, NC_INT, NC_UINT, NC_INT64, NC_UINT64, NC_FLOAT, NC_DOUBLE,
]

/// Shapes and chunks with edges in every dimension.
private let storages: [(shape: [Int], storage: MadeFile.Storage)] = [
    ([37], .init()),
    ([5], .init(layout: NC_COMPACT)),
    ([37], .init(chunks: [10])),
    ([37], .init(chunks: [37], isShuffled: true, deflate: 4)),
    ([1000], .init(chunks: [256], isShuffled: true, deflate: 1, hasChecksum: true)),
    ([23, 7], .init(chunks: [5, 7], isShuffled: true, deflate: 4)),
    ([23, 7], .init(chunks: [5, 3], isShuffled: true)),
    ([23, 7], .init(chunks: [5, 3], hasChecksum: true)),
    ([3, 11, 5], .init(chunks: [1, 11, 5], deflate: 9)),
    ([9, 4, 6], .init(chunks: [2, 3, 4], isShuffled: true, deflate: 2, hasChecksum: true)),
    ([23, 7], .init(chunks: [5, 3], isShuffled: true, deflate: 4, isBigEndian: true)),
]

/// Numbers that all types can hold, with the missing value 99 among them.
private func numbers(_ count: Int, seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Double(Int.random(in: 0...100, using: &random)) }
}

@Suite struct ChunkedFileTests {
    @NetCDFThread
    private func makeEveryType(_ path: String, shape: [Int], _ storage: MadeFile.Storage) throws {
        let file = try MadeFile(path)
        var names: [String] = []
        for (index, length) in shape.enumerated() {
            names.append("d\(index)")
            // The first dimension can grow where storage allows it.
            try file.dimension(names[index], index == 0 && storage.chunks != nil ? 0 : length)
        }
        for type in types {
            let name = "v\(type)"
            try file.variable(
                name,
                type,
                names,
                storage,
                attributes: [("_FillValue", type, [99]), ("scale_factor", NC_DOUBLE, [0.5])]
            )
            let values = numbers(shape.reduce(1, *), seed: UInt64(type))
            try file.write(values, to: name, start: shape.map { _ in 0 }, shape: shape)
        }
        try file.close()
    }

    @Test(arguments: storages.indices) func everyTypeAndStorageEqualsTheLibrary(index: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("made.nc").path
        let (shape, storage) = storages[index]
        try await makeEveryType(path, shape: shape, storage)
        let direct = try await compare(path, seed: UInt64(index))
        let one = storage.isBigEndian ? 2 : storage.chunks == nil && storage.layout == NC_COMPACT ? 0 : 10
        #expect(direct == one)
    }

    /// Files of one folder have one layout, so that each reads a part of the variables and all together read them all.
    struct RealFile: Sendable, CustomStringConvertible {
        let path: String
        let part: Int
        let parts: Int
        var description: String { URL(filePath: path).lastPathComponent }
    }

    static let realFiles: [RealFile] = {
        let kinds: Set = ["nc", "nc4", "h5"]
        let folders = [
            Places.shared("satellite"), Places.fixtures, Places.deploy.appending(path: "soundings"),
        ]
        let files = folders.compactMap(\.self).flatMap { folder in
            (FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? [])
                .compactMap { ($0 as? URL) }.filter { kinds.contains($0.pathExtension) }
        }
        let groups = Dictionary(grouping: files) { $0.deletingLastPathComponent().path }
        return groups.sorted { $0.key < $1.key }.flatMap { _, files in
            files.map(\.path).sorted().enumerated().map {
                areOfOneLayout(files)
                    ? RealFile(path: $1, part: $0, parts: files.count) : RealFile(path: $1, part: 0, parts: 1)
            }
        }
    }()

    private static func areOfOneLayout(_ files: [URL]) -> Bool {
        Set(files.map { $0.lastPathComponent.prefix(4) }).count == 1
    }

    @Test(arguments: realFiles) func realFilesEqualTheLibrary(file: RealFile) async throws {
        let direct = try await compare(file.path, part: file.part, of: file.parts)
        #expect(direct > 0)
    }

    /// HDF5 looks for its signature at 0, 512, 1024 and so on, and calls what stands before it a user block.
    @Test(arguments: [true, false]) func aFileBehindAUserBlockIsReadByTheLibrary(isChunked: Bool) async throws
    {
        let folder = try TemporaryFolder()
        let made = folder.file("made.nc")
        try await makeEveryType(made.path, shape: [30, 2], .init(chunks: isChunked ? [8, 2] : nil))
        let moved = folder.file("moved.nc")
        try (Data(count: 512) + Data(contentsOf: made)).write(to: moved)
        #expect(try await compare(moved.path) == 0)
        let expected = try await LibraryValues(made.path).variables.map(\.doubles.count)
        #expect(try await LibraryValues(moved.path).variables.map(\.doubles.count) == expected)
    }

    /// `1 x lines x pixels`, in chunks along every dimension, contiguous and big-endian, which the library reads.
    @Test(arguments: [
        MadeFile.Storage(chunks: [1, 7, 3], isShuffled: true, deflate: 1), MadeFile.Storage(),
        MadeFile.Storage(isBigEndian: true),
    ])
    func linesBelowALeadingOneAreReadByThemselves(storage: MadeFile.Storage) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("made.nc").path
        try await makeEveryType(path, shape: [1, 30, 5], storage)
        let expected = try await LibraryValues(path).variables
        let names = expected.map(\.name)
        let file = try await ChunkedFile(path, variables: names, dropsLeadingOne: true)
        try await onOwnThread(named: "compare") {
            for variable in expected where variable.shape == [1, 30, 5] {
                #expect(try file.shape(of: variable.name) == [30, 5])
                for rows in [0..<30, 4..<11, 29..<30, 7..<7] {
                    let values = try file.doubles(variable.name, rows: rows).map(\.bitPattern)
                    let part = variable.doubles[(rows.lowerBound * 5)..<(rows.upperBound * 5)]
                    #expect(values == part.map(\.bitPattern), "\(variable.name) \(rows)")
                }
            }
        }
    }

    @Test func chunksNeverWrittenHoldTheFillValue() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("part.nc").path
        try await makeSparse(path)
        #expect(try await compare(path) == 5)
        let file = try await ChunkedFile(path, variables: ["plain", "filled", "never"])
        let (plain, filled, never) = try await onOwnThread(named: "read") {
            (
                try file.doubles("plain", rows: 0..<40), try file.integers("filled", rows: 0..<40),
                try file.doubles("never", rows: 3..<5)
            )
        }
        #expect(plain[20] == 1.5 && plain[0].isNaN && plain[39].isNaN)
        #expect(filled[20] == 2 && filled[0] == -7)
        #expect(never.allSatisfy { $0.isNaN } && never.count == 2)
    }

    @NetCDFThread
    private func makeSparse(_ path: String) throws {
        let file = try MadeFile(path)
        try file.dimension("n", 40)
        let deflated = MadeFile.Storage(chunks: [10], isShuffled: true, deflate: 4)
        try file.variable("plain", NC_FLOAT, ["n"], deflated)
        try file.variable("filled", NC_SHORT, ["n"], deflated, attributes: [("_FillValue", NC_SHORT, [-7])])
        try file.variable("never", NC_DOUBLE, ["n"], deflated)
        try file.variable("neverWhole", NC_INT, ["n"], deflated)
        try file.variable("neverContiguous", NC_FLOAT, ["n"])
        try file.write([1.5], to: "plain", start: [20], shape: [1])
        try file.write([2], to: "filled", start: [20], shape: [1])
        try file.close()
    }

    @Test func scalarsEmptyDimensionsAndShorterVariablesEqualTheLibrary() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("odd.nc").path
        try await makeOdd(path)
        #expect(try await compare(path) >= 3)
        let file = try await ChunkedFile(path, variables: ["scalar", "none", "d"])
        let read = try await onOwnThread(named: "read") {
            (try file.doubles("scalar", rows: 0..<1), try file.doubles("none", rows: 0..<0))
        }
        #expect(read.0 == [4] && read.1 == [])
    }

    /// `d` has the name of a dimension and spans another, and `short` is shorter than its dimension has become.
    @NetCDFThread
    private func makeOdd(_ path: String) throws {
        let file = try MadeFile(path)
        try file.dimension("d", 5)
        try file.dimension("n", 0)
        try file.dimension("e", 0)
        try file.variable("scalar", NC_DOUBLE, [])
        try file.variable("d", NC_DOUBLE, ["n"], .init(chunks: [4], deflate: 1))
        try file.variable("short", NC_FLOAT, ["n"], .init(chunks: [4], deflate: 1))
        try file.variable("none", NC_FLOAT, ["e", "d"], .init(chunks: [4, 5], deflate: 1))
        try file.write([4], to: "scalar", start: [], shape: [])
        try file.write([1, 2, 3, 4, 5, 6, 7], to: "d", start: [0], shape: [7])
        try file.write([1, 2], to: "short", start: [0], shape: [2])
        try file.close()
    }

    @Test(arguments: [Int32(0), NC_64BIT_OFFSET]) func netCDF3IsReadByTheLibrary(flags: Int32) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("classic.nc").path
        try await makeClassic(path, flags)
        #expect(try await compare(path) == 0)
    }

    @NetCDFThread
    private func makeClassic(_ path: String, _ flags: Int32) throws {
        let file = try MadeFile(path, flags: flags)
        try file.dimension("n", 6)
        try file.variable("a", NC_SHORT, ["n"], nil, attributes: [("missing_value", NC_SHORT, [3])])
        try file.endDefinitions()
        try file.write([1, 2, 3, 4, 5, 6], to: "a", start: [0], shape: [6])
        try file.close()
    }

    @Test func identifiersAbove2To53AreExactAndWhatDoesNotFitIsSaid() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("wide.nc").path
        let wide: [UInt64] = [.max, 1 << 63, (1 << 53) + 1, 0]
        try await makeWide(path, wide)
        let file = try await ChunkedFile(path, variables: ["u", "s", "x"])
        try await onOwnThread(named: "read") { try expectExact(file, wide) }
    }

    private func expectExact(_ file: ChunkedFile, _ wide: [UInt64]) throws {
        #expect(try file.unsignedIntegers("u", rows: 0..<4) == wide)
        #expect(try file.integers("u", rows: 2..<4) == [(1 << 53) + 1, 0])
        #expect(try file.integers("s", rows: 0..<2) == [-1, 1])
        let misfits: [() throws -> Void] = [
            { _ = try file.integers("u", rows: 0..<4) }, { _ = try file.unsignedIntegers("s", rows: 0..<2) },
            { _ = try file.integers("x", rows: 0..<4) }, { _ = try file.doubles("y", rows: 0..<1) },
        ]
        for misfit in misfits { #expect(throws: NetCDFError.self) { try misfit() } }
    }

    @NetCDFThread
    private func makeWide(_ path: String, _ wide: [UInt64]) throws {
        let file = try MadeFile(path)
        try file.dimension("n", 4)
        let storage = MadeFile.Storage(chunks: [4], isShuffled: true, deflate: 4)
        try file.variable("u", NC_UINT64, ["n"], storage)
        try file.variable("s", NC_INT64, ["n"], storage)
        try file.variable("x", NC_FLOAT, ["n"], storage)
        try file.text("missing_value", "none", of: "x")
        try file.write(identifiers: wide, to: "u", start: [0], shape: [4])
        try file.write([-1, 1, 2, 3], to: "s", start: [0], shape: [4])
        try file.write([1, 2, 3, 4], to: "x", start: [0], shape: [4])
        try file.close()
    }

    @Test func absentAndTextVariablesAreRefusedAtOpening() async throws {
        let path = Places.deploy.appending(
            path: "soundings/acos_LtCO2_090901_v205205_B9213A_200310212449s.nc4"
        ).path
        for name in ["nothing", "Retrieval/nothing", "source_files", ""] {
            let error = await #expect(throws: NetCDFError.self) {
                _ = try await ChunkedFile(path, variables: ["xco2", name])
            }
            #expect(error?.variable == name)
        }
        await #expect(throws: NetCDFError.self) { _ = try await ChunkedFile("/no/file.nc", variables: []) }
    }

    /// Both kinds of variables from more tasks than the pool has threads, which all block it.
    @Test func eightTasksReadTheSameAsOne() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("made.nc").path
        try await makeEveryType(
            path,
            shape: [5000, 3],
            .init(chunks: [64, 3], isShuffled: true, deflate: 1)
        )
        let bigEndian = folder.file("big.nc").path
        try await makeEveryType(bigEndian, shape: [500, 3], .init(chunks: [64, 3], isBigEndian: true))
        for path in [path, bigEndian] {
            let expected = try await LibraryValues(path).variables
            let file = try await ChunkedFile(path, variables: expected.map(\.name))
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for task in 0..<8 {
                    group.addTask {
                        try expected.indices.allSatisfy { index in
                            let variable = expected[(index + task) % expected.count]
                            let rows = task * 10..<variable.shape[0]
                            return try file.doubles(variable.name, rows: rows).map(\.bitPattern)
                                == variable.doubles[(rows.lowerBound * 3)...].map(\.bitPattern)
                        }
                    }
                }
                for try await same in group { #expect(same) }
            }
        }
    }
}
