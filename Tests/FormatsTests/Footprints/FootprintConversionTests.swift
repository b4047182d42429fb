import Formats
import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

@Suite struct FootprintConversionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { folder.file(name).path }

    @NetCDFThread
    private func ours(_ footprints: [ReceptorFootprint], _ name: String) throws -> String {
        let source = try #require(FootprintSource(footprints))
        let path = folder.file(name).path
        try FootprintWriter.write(source, to: path, provenance: FootprintExamples.provenance)
        return path
    }

    @NetCDFThread
    private func convert(
        _ paths: [String],
        _ target: FootprintConversion.Target,
        _ output: String,
        resolved: Bool = true
    ) throws -> FootprintConversion.Outcome {
        try FootprintConversion.convert(
            paths,
            to: target,
            output: output,
            resolved: resolved,
            provenance: FootprintExamples.provenance
        )
    }

    @Test func parisKeepsHoursAndResidual() async throws {
        let footprints = FootprintExamples.hourly(seed: 11, receptors: 4, name: "HTM")
        let source = try await ours(footprints, "ours.nc")
        let paris = path("paris.nc")
        let outcome = try await convert([source], .paris, paris)
        #expect(outcome.files == [paris] && outcome.footprints == 4 && outcome.losses.isEmpty)
        let back = try await FootprintData.footprints(paris)
        for (a, b) in zip(back, footprints) {
            #expect(a.receptor == b.receptor && a.time == b.time && a.averagingSeconds == b.averagingSeconds)
            #expect(a.layers == b.layers && a.residual == b.residual)
            // The layout tells centres alone, which are no whole numbers.
            #expect(abs(a.grid.plane.across.origin - b.grid.plane.across.origin) < 1e-9)
            #expect(a.place?.heightMetres == 10 && a.place?.longitude == b.place?.longitude)
        }
        let closure = try #require(try await FootprintInspection.inspect(paris).closure)
        #expect(closure.holds && closure.compared == 4)
    }

    @Test func stiltKeepsHoursAndSaysWhatItLoses() async throws {
        let footprints = FootprintExamples.hourly(seed: 12)
        let source = try await ours(footprints, "ours.nc")
        let outcome = try await convert([source], .stilt, folder.url.path)
        #expect(outcome.files.count == 3 && outcome.losses.count == 2)
        for (file, original) in zip(outcome.files, footprints) {
            #expect(file.hasSuffix("_10_foot.nc"))
            let back = try await FootprintData.footprints(file)[0]
            #expect(back.time == original.time && back.place?.longitude == original.place?.longitude)
            #expect(back.layers == original.layers.reversed())
        }
        let whole = try await convert([source], .stilt, folder.url.path, resolved: false)
        let back = try await FootprintData.footprints(whole.files[0])[0]
        #expect(back.layers.map(\.emission) == [nil])
        #expect(abs(back.sum / footprints[0].sum - 1) < 1e-6)
    }

    @Test func whatALayoutCannotTellIsRefused() async throws {
        let several = try await ours(FootprintExamples.hourly(seed: 13), "several.nc")
        let paris = path("paris.nc")
        let one = await #expect(throws: NetCDFError.self) { try await convert([several], .paris, paris) }
        #expect(one?.what == "a PARIS file is of one receptor, and these are several or none")
        let nowhere = try await ours([FootprintExamples.integrated(seed: 1, place: nil)], "nowhere.nc")
        let two = await #expect(throws: NetCDFError.self) {
            try await convert([nowhere], .stilt, folder.url.path)
        }
        #expect(two?.what.hasPrefix("column has no place") == true)
        #expect(!FileManager.default.fileExists(atPath: paris))
    }

    @Test func filesFollowEachOtherInTheOrderOfTime() async throws {
        let footprints = FootprintExamples.hourly(seed: 14, receptors: 6, name: "HTM")
        let late = try await ours(Array(footprints[4...]), "a-late.nc")
        let early = try await ours(Array(footprints[..<4]), "b-early.nc")
        let all = path("all.nc")
        let outcome = try await convert([late, early], .crosswind, all)
        #expect(outcome.footprints == 6)
        let back = try await FootprintData.footprints(all)
        for (a, b) in zip(back, footprints) { #expect(isSame(a, b)) }
        let warnings = try await Task { @NetCDFThread in
            try FootprintSequence([early, late, early]).warnings
        }.value
        #expect(warnings == ["4 footprints are of a receptor and time that came before"])
    }

    @Test func filesOfAnotherGridAreRefused() async throws {
        let other = CellGrid.longitudeLatitude(
            LatitudeLongitudeGrid(
                latitude: UniformAxis(origin: 0, step: 1, count: 3)!,
                longitude: UniformAxis(origin: 0, step: 1, count: 3)!
            )!
        )
        let one = try await ours(FootprintExamples.hourly(seed: 1), "one.nc")
        let two = try await ours(FootprintExamples.hourly(seed: 1, grid: other), "two.nc")
        let error = await #expect(throws: NetCDFError.self) {
            try await convert([one, two], .crosswind, path("three.nc"))
        }
        #expect(error?.what.hasPrefix("the grid is not that of") == true)
    }

    @Test(.enabled(if: Places.shared("footprints/name") != nil), arguments: FootprintData.names)
    func everyRealFileComesBackTheSame(_ name: String) async throws {
        let original = try #require(FootprintData.path(name))
        for storage in [FootprintFileOptions.Storage.sparse, .dense] {
            let copy = path("\(storage.rawValue).nc")
            try await Task { @NetCDFThread in
                var options = FootprintFileOptions()
                // Those of STILT and of the CO2 file are doubles.
                (options.storage, options.isDouble) = (
                    storage, name.contains("stilt") || name.contains("TAC")
                )
                _ = try FootprintConversion.convert(
                    [original],
                    to: .crosswind,
                    output: copy,
                    options: options,
                    provenance: FootprintExamples.provenance
                )
            }.value
            let (before, after) = (
                try await FootprintData.footprints(original), try await FootprintData.footprints(copy)
            )
            #expect(before.count == after.count)
            for (a, b) in zip(before, after) { #expect(isSame(a, b), "\(name) \(a.receptor) \(a.time)") }
            let edges = (
                try await FootprintData.boundaries(original), try await FootprintData.boundaries(copy)
            )
            #expect(edges.0 == edges.1)
            if ProcessInfo.processInfo.environment["CROSSWIND_MEASURE"] != nil {
                let sizes = try [original, copy].map {
                    try FileManager.default.attributesOfItem(atPath: $0)[.size] as? Int ?? 0
                }
                print("size \(name) \(storage.rawValue): \(sizes[0]) -> \(sizes[1])")
            }
        }
    }
}
