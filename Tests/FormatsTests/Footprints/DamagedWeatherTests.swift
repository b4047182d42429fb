import Foundation
import TestSupport
import Testing

/// Damaged copies of meteorology, footprints and curtains through the program. Whatever the C libraries make of one,
/// the operator gets a result or one line, and nothing is left behind.
///
/// `CROSSWIND_DAMAGED_FILES` sets how many copies are tried; the default keeps the tests short.
@Suite struct DamagedWeatherTests {
    static let copies =
        ProcessInfo.processInfo.environment["CROSSWIND_DAMAGED_FILES"].flatMap { Int($0) } ?? 18

    /// A file that is damaged, and the run that reads it.
    private struct Case {
        let original: URL
        let words: String
        let files: [String]
    }

    private func cases(_ program: FootprintProgram) async throws -> [Case] {
        let run = "--box 27,-24.5,28.5,-23.2 --step 0.1 --hours 1 --particles 8 --output o.nc"
        let (levels, surface) = (FootprintProgram.weather[0], FootprintProgram.weather[1])
        let made = try await program("WEATHER \(FootprintProgram.place) \(FootprintProgram.run)")
        try #require(made.status == 0, "\(made.standardError)")
        try await program.writeCurtain("c.nc", sides: [1, 2, 3, 4])
        try await program.writeFlux("flux.nc")
        let meteorology = "\(FootprintProgram.place) \(run) --meteorology"
        let footprint = URL(filePath: program.path("f.nc"))
        var cases = [
            Case(original: URL(filePath: levels), words: meteorology, files: ["DAMAGED", surface]),
            Case(original: URL(filePath: surface), words: meteorology, files: ["DAMAGED", levels]),
            Case(original: footprint, words: "--inspect", files: ["DAMAGED"]),
            Case(original: footprint, words: "--flux flux.nc --footprints", files: ["DAMAGED"]),
            Case(original: footprint, words: "--convert --output o.nc", files: ["DAMAGED"]),
            Case(
                original: URL(filePath: program.path("c.nc")),
                words: "--flux flux.nc --footprints f.nc --background",
                files: ["DAMAGED"]
            ),
        ]
        if let arl = Places.shared("met/arl/era5_matimba_20210725_00.arl") {
            cases.append(Case(original: arl, words: meteorology, files: ["DAMAGED"]))
        }
        if let name = Places.shared("footprints/name/RGL-90magl_UKV_co2_TEST_201401.nc") {
            cases.append(Case(original: name, words: "--inspect", files: ["DAMAGED"]))
        }
        return cases
    }

    @Test func everyDamagedFileIsUsedOrRefusedInOneLine() async throws {
        let program = try FootprintProgram()
        let cases = try await cases(program)
        let before = try FileManager.default.contentsOfDirectory(atPath: program.folder.url.path)
        var refused = 0
        for seed in 0..<Self.copies {
            let chosen = cases[seed % cases.count]
            let damaged = try Damage(seed: UInt64(seed)).applied(to: Data(contentsOf: chosen.original))
            try damaged.write(to: program.folder.file("damaged"))
            let run = try await program(
                chosen.words,
                chosen.files.map { $0 == "DAMAGED" ? "damaged" : $0 }
            )
            // The C library may have put a line of its own before ours.
            let lines = run.standardError.split(separator: "\n").filter { $0.hasPrefix("crosswind: ") }
            let name = chosen.original.lastPathComponent
            let story: Comment = "seed \(seed), \(name), \(chosen.words): \(run.standardError)"
            #expect([0, 65, 66].contains(run.status), story)
            #expect(lines.count == (run.status == 0 ? 0 : 1), story)
            refused += run.status == 0 ? 0 : 1
            for left in ["o.nc", "damaged"] {
                try? FileManager.default.removeItem(at: program.folder.file(left))
            }
        }
        #expect(refused > 0)
        let after = try FileManager.default.contentsOfDirectory(atPath: program.folder.url.path)
        #expect(after.sorted() == before.sorted())
    }
}
