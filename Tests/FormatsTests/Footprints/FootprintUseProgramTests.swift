import Foundation
import NetCDF
import TestSupport
import Testing
import Transport

@testable import Formats

/// What `crosswind footprint` does with files that are named twice, hold less than they seem to, or are named oddly.
@Suite struct FootprintUseProgramTests {
    private static let run = "WEATHER \(FootprintProgram.place) \(FootprintProgram.run)"

    @Test func footprintsAndWeatherNamedTwiceAreReadOnce() async throws {
        let program = try FootprintProgram()
        let weather = FootprintProgram.weather[0]
        let run = try await program(Self.run, ["--meteorology", weather])
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardOutput.contains("named more than once and read once"), "\(run.standardOutput)")
        try await program.writeFlux("flux.nc")
        let twice = try await program.summary("--flux flux.nc --footprints f.nc ./f.nc")
        #expect(try program.rows(twice, "enhancements").count == 1)
        #expect((twice["warnings"] as? [String])?.contains { $0.contains("read once") } == true)
        // A copy gives the same again.
        try FileManager.default.copyItem(atPath: program.path("f.nc"), toPath: program.path("copy.nc"))
        let copy = try await program.summary("--flux flux.nc --footprints f.nc copy.nc")
        #expect(try program.rows(copy, "enhancements").count == 1)
        #expect((copy["warnings"] as? [String])?.contains { $0.contains("told once") } == true)
    }

    @Test func anEndingOfAnotherFormatIsRefused() async throws {
        let program = try FootprintProgram()
        for name in ["x.csv", "x.json", "x.2021"] {
            let run = try await program(Self.run.replacing("f.nc", with: name))
            #expect(run.status == 64 && run.standardError.contains("ends in .nc"), "\(run.standardError)")
        }
        let run = try await program(Self.run.replacing("f.nc", with: "x.NC"))
        #expect(run.status == 0, "\(run.standardError)")
    }

    private func write(_ footprints: [Int: Bool], to path: String) async throws {
        let all = FootprintExamples.hourly(seed: 3)
        let chosen = all.enumerated().map { index, footprint in
            guard footprints[index] == true else { return footprint }
            var empty = footprint.layers.map { FootprintLayer(emission: $0.emission, cells: [], values: []) }
            empty = empty.isEmpty ? [] : empty
            return ReceptorFootprint(
                receptor: footprint.receptor,
                time: footprint.time,
                averagingSeconds: footprint.averagingSeconds,
                place: footprint.place,
                grid: footprint.grid,
                layers: empty,
                residual: footprint.residual
            )
        }
        try await Task { @NetCDFThread in
            let source = FootprintSource(grid: chosen[0].grid, count: chosen.count) {
                index throws(NetCDFError) in chosen[index]
            }
            try FootprintWriter.write(source, to: path, provenance: FootprintExamples.provenance)
        }.value
    }

    @Test func whatStiltHasNoPlaceForIsToldAndNeverAll() async throws {
        let program = try FootprintProgram()
        try await write([0: true], to: program.path("some.nc"))
        let some = try await program("--convert some.nc --to stilt --output some")
        #expect(some.status == 0, "\(some.standardError)")
        #expect(some.standardOutput.contains("% of the sums of all"), "\(some.standardOutput)")
        try await write([0: true, 1: true, 2: true], to: program.path("none.nc"))
        let none = try await program("--convert none.nc --to stilt --output none")
        #expect(none.status == 65 && none.standardError.contains("--integrated"), "\(none.standardError)")
        let whole = try await program("--convert none.nc --to stilt --output whole --integrated")
        #expect(whole.status == 0, "\(whole.standardError)")
    }
}
