import Foundation
import NetCDF
import TestSupport
import Testing

/// Boundary conditions that meet nothing of a run of the program.
@Suite struct FootprintCompanionProgramTests {
    private static let run = "WEATHER \(FootprintProgram.place) \(FootprintProgram.run)"

    @Test func mixingRatiosOfOtherTimesAreRefusedBeforeTheRun() async throws {
        let program = try FootprintProgram()
        try await program.writeCurtain("bc.nc", sides: [0, 0, 0, 0], days: [0, 1])
        let run = try await program(Self.run + " --background bc.nc")
        #expect(run.status == 65, "\(run.standardOutput)")
        #expect(
            run.standardError.contains(
                "are of 2021-07-01T00:00:00Z to 2021-07-03T00:00:00Z, the particles meet those of 2021-07-25T09:00:00Z"
            ),
            "\(run.standardError)"
        )
        #expect(!FileManager.default.fileExists(atPath: program.path("f.nc")))
    }

    @Test func withoutAParticleAtTheBoundaryTheRunFailsAndKeepsTheFootprints() async throws {
        let program = try FootprintProgram()
        try await program.writeCurtain("bc.nc", sides: [0, 0, 0, 0])
        let short = Self.run.replacing("--hours 6", with: "--hours 0.2")
        let run = try await program(short + " --background bc.nc")
        #expect(run.status == 65, "\(run.standardOutput)")
        #expect(run.standardError.contains("no particle left the grid"), "\(run.standardError)")
        #expect(run.standardError.contains("the footprints themselves are in f.nc"), "\(run.standardError)")
        #expect(try await program("--inspect f.nc").status == 0)
    }

    @Test func aCurtainOfAnotherBoxIsNamed() async throws {
        let program = try FootprintProgram()
        try await program.writeCurtain("bc.nc", sides: [0, 0, 0, 0])
        #expect(
            try await program(Self.run + " --background bc.nc").standardOutput.contains("not of the grid")
                == false
        )
        let apart = Self.run.replacing("27,-24.5,28.5,-23.2", with: "27.4,-24,27.7,-23.4")
        let run = try await program(apart + " --background bc.nc")
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardOutput.contains("not of the grid 27.4,-24,27.7,-23.4"), "\(run.standardOutput)")
    }

    @Test func gasesOfFluxAndCurtainAreTheSame() async throws {
        let program = try FootprintProgram()
        try await program.writeCurtain("bc.nc", sides: [0, 0, 0, 0], attributes: [("species", "n2o")])
        try await program.writeFlux("flux.nc")
        let run = try await program(Self.run + " --background bc.nc --flux flux.nc")
        #expect(run.status == 65, "\(run.standardOutput)")
        #expect(run.standardError.contains("are of N₂O, the fluxes of"), "\(run.standardError)")
    }
}
