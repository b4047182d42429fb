import Formats
import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

@Suite struct FootprintWriterTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @discardableResult
    @NetCDFThread
    private func write(
        _ footprints: [ReceptorFootprint],
        _ name: String,
        _ storage: FootprintFileOptions.Storage = .automatic,
        isDouble: Bool = false,
        hasAreas: Bool = false
    ) throws -> FootprintFileSummary {
        var options = FootprintFileOptions()
        (options.storage, options.isDouble, options.hasAreas) = (storage, isDouble, hasAreas)
        let source = try #require(FootprintSource(footprints))
        return try FootprintWriter.write(
            source,
            to: folder.file(name).path,
            options: options,
            provenance: FootprintExamples.provenance
        )
    }

    private func expectSame(_ footprints: [ReceptorFootprint], _ name: String) async throws {
        let read = try await FootprintData.footprints(folder.file(name).path)
        try #require(read.count == footprints.count)
        for (a, b) in zip(read, footprints) { #expect(isSame(a, b), "\(name), \(a.receptor)") }
    }

    @Test(arguments: FootprintFileOptions.Storage.allCases, [1, 2, 3] as [UInt64])
    func whatIsWrittenIsReadBackToTheLastDigit(
        _ storage: FootprintFileOptions.Storage,
        _ seed: UInt64
    ) async throws {
        let footprints = FootprintExamples.hourly(seed: seed, fill: seed == 3 ? 0.8 : 0.1)
        let summary = try await write(footprints, "a.nc", storage, hasAreas: true)
        try await expectSame(footprints, "a.nc")
        #expect(summary.layers == 18 && summary.receptors == 3)
        if storage == .automatic { #expect(summary.isSparse == (seed != 3)) }
    }

    @Test(arguments: [FootprintFileOptions.Storage.dense, .sparse])
    func doublesKeepAllDigits(_ storage: FootprintFileOptions.Storage) async throws {
        let time = FootprintExamples.start
        let layer = FootprintLayer(emission: nil, cells: [3, 100], values: [.pi, 1e-300])
        let footprint = ReceptorFootprint(
            receptor: "π",
            time: time,
            averagingSeconds: 0,
            place: nil,
            grid: FootprintExamples.grid,
            layers: [layer]
        )
        try await write([footprint], "double.nc", storage, isDouble: true)
        try await expectSame([footprint], "double.nc")
    }

    @Test(arguments: FootprintFileOptions.Storage.allCases)
    func integratedEmptyAndPlacelessFootprintsKeepWhatTheyAre(
        _ storage: FootprintFileOptions.Storage
    ) async throws {
        let bare = ReceptorFootprint(
            receptor: "nothing",
            time: FootprintExamples.start,
            averagingSeconds: 3600,
            place: nil,
            grid: FootprintExamples.grid,
            layers: []
        )
        let empty = ReceptorFootprint(
            receptor: "empty",
            time: FootprintExamples.start,
            averagingSeconds: 0,
            place: nil,
            grid: FootprintExamples.grid,
            layers: [FootprintLayer(emission: nil, cells: [], values: [])]
        )
        let column = FootprintExamples.integrated(seed: 4, place: nil)
        for footprints in [
            [bare], [empty], [bare, column, empty], FootprintExamples.hourly(seed: 1) + [column],
        ] {
            try await write(footprints, "b.nc", storage)
            try await expectSame(footprints, "b.nc")
        }
    }

    @Test func aReceptorAloneHasAnAxisOfTimes() async throws {
        let forward = FootprintExamples.hourly(seed: 6, receptors: 1, hasResidual: false)[0]
        let ordered = ReceptorFootprint(
            receptor: forward.receptor,
            time: forward.time,
            averagingSeconds: forward.averagingSeconds,
            place: forward.place,
            grid: forward.grid,
            layers: forward.layers.reversed()
        )
        try await write([ordered], "time.nc", .dense)
        try await expectSame([ordered], "time.nc")
        let path = folder.file("time.nc").path
        let names = try await Task { @NetCDFThread in
            try NetCDFFile(reading: path).dimensionNames(of: "foot")
        }.value
        #expect(names == ["time", "latitude", "longitude"])
    }

    @Test func edgeParticlesComeBack() async throws {
        let footprints = FootprintExamples.hourly(seed: 9)
        let boundaries = try (0..<3).map { try FootprintExamples.boundary(seed: UInt64($0)) }
        let path = folder.file("edges.nc").path
        try await Task { @NetCDFThread in
            let source = FootprintSource(
                grid: FootprintExamples.grid,
                count: 3,
                footprint: { footprints[$0] },
                boundary: { boundaries[$0] }
            )
            try FootprintWriter.write(source, to: path, provenance: FootprintExamples.provenance)
        }.value
        #expect(try await FootprintData.boundaries(path).map(\.faces) == boundaries.map(\.faces))
        try await expectSame(footprints, "edges.nc")
    }

    @Test func whatASpoolKeptIsWrittenAsItCame() async throws {
        let footprints = FootprintExamples.hourly(seed: 11)
        let boundaries = try (0..<3).map { try FootprintExamples.boundary(seed: UInt64($0)) }
        let path = folder.file("spool.nc").path
        let spool = try FootprintSpool(beside: path)
        #expect(spool.source() == nil)
        for (footprint, boundary) in zip(footprints, boundaries) { try spool.add(footprint, boundary) }
        let heights = ReceptorVariable(name: "extra", longName: "more", unit: "1", values: [1, .nan, 3])
        try await Task { @NetCDFThread in
            let source = try #require(spool.source(variables: [heights]))
            try FootprintWriter.write(source, to: path, provenance: FootprintExamples.provenance)
        }.value
        #expect(try await FootprintData.boundaries(path).map(\.faces) == boundaries.map(\.faces))
        try await expectSame(footprints, "spool.nc")
        let (extra, closure) = try await Task { @NetCDFThread in
            let file = try NetCDFFile(reading: path)
            return (try file.doubles("extra"), try file.doubles("boundary_closure"))
        }.value
        #expect(extra[0] == 1 && extra[1].isNaN && extra[2] == 3)
        for (value, boundary) in zip(closure, boundaries) { #expect(abs(value - boundary.closure) < 1e-12) }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(!left.contains { $0.contains("spool-") || $0.contains(".partial") })
    }

    @Test func footprintsOfAnotherGridAndCellsOutsideAreRefusedAndNothingIsLeft() async throws {
        let other = try #require(
            LatitudeLongitudeGrid(
                latitude: UniformAxis(origin: 0, step: 1, count: 9)!,
                longitude: UniformAxis(origin: 0, step: 1, count: 14)!
            )
        )
        let good = FootprintExamples.hourly(seed: 1)
        #expect(
            FootprintSource(good + FootprintExamples.hourly(seed: 1, grid: .longitudeLatitude(other))) == nil
        )
        for (cells, value) in [([5, 5], 1.0), ([-1, 2], 1), ([1, 126], 1), ([1, 2], .nan)]
            as [([Int32], Double)]
        {
            let bad = ReceptorFootprint(
                receptor: "bad",
                time: FootprintExamples.start,
                averagingSeconds: 0,
                place: nil,
                grid: FootprintExamples.grid,
                layers: [FootprintLayer(emission: nil, cells: cells, values: [value, 1])]
            )
            let error = await #expect(throws: NetCDFError.self) { try await write(good + [bad], "c.nc") }
            #expect(error?.what.hasPrefix("the footprint of bad") == true)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test func fewValuesTakeLessRoomSparse() async throws {
        let grid = CellGrid.longitudeLatitude(
            LatitudeLongitudeGrid(
                latitude: UniformAxis(origin: 30, step: 0.1, count: 150)!,
                longitude: UniformAxis(origin: 100, step: 0.1, count: 200)!
            )!
        )
        var sizes: [Double: (dense: Int, sparse: Int)] = [:]
        for fill in [0.02, 0.1, 0.3, 0.6, 1] {
            let footprints = FootprintExamples.hourly(seed: 5, grid: grid, receptors: 2, hours: 6, fill: fill)
            try await write(footprints, "dense.nc", .dense)
            try await write(footprints, "sparse.nc", .sparse)
            func size(_ name: String) throws -> Int {
                try FileManager.default.attributesOfItem(atPath: folder.file(name).path)[.size] as? Int ?? 0
            }
            sizes[fill] = (try size("dense.nc"), try size("sparse.nc"))
        }
        let few = try #require(sizes[0.02])
        let all = try #require(sizes[1])
        #expect(Double(few.sparse) < 0.7 * Double(few.dense), "\(sizes)")
        #expect(abs(Double(all.sparse) / Double(all.dense) - 1) < 0.05)
        if ProcessInfo.processInfo.environment["CROSSWIND_MEASURE"] != nil { print(sizes) }
    }
}
