import Foundation
import TestSupport
import Testing

/// Damaged copies of real files. Whatever the C libraries make of one, the operator gets a result or one line.
///
/// `CROSSWIND_DAMAGED_FILES` sets how many copies are tried; the default keeps the tests short.
@Suite(.enabled(if: DamagedFiles.originals != nil))
struct DamagedFileTests {
    static let copies =
        ProcessInfo.processInfo.environment["CROSSWIND_DAMAGED_FILES"].flatMap { Int($0) } ?? 24

    @Test func everyDamagedFileIsGriddedOrRefusedInOneLine() async throws {
        let originals = try #require(DamagedFiles.originals)
        let folder = try TemporaryFolder()
        var refused = 0
        for seed in 0..<Self.copies {
            let original = originals[seed % originals.count]
            let file = folder.file("damaged.nc")
            let damage = Damage(seed: UInt64(seed))
            try damage.applied(to: try Data(contentsOf: original)).write(to: file)
            let run = try await ProgramRun.run(
                Places.crosswind,
                ["grid", file.path, "--grid", "global-2deg", "--output", "l3.nc"],
                environment: ["SWIFT_BACKTRACE": "enable=no"],
                directory: folder.url
            )
            // The C library may have put a line of its own before ours.
            let lines = run.standardError.split(separator: "\n").filter { $0.hasPrefix("crosswind: ") }
            let story: Comment = "seed \(seed), \(original.lastPathComponent): \(run.standardError)"
            #expect(run.status == 0 || run.status == 65, story)
            #expect(lines.count == (run.status == 0 ? 0 : 1), story)
            refused += run.status == 0 ? 0 : 1
            try? FileManager.default.removeItem(at: folder.file("l3.nc"))
        }
        #expect(refused > 0)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(left == ["damaged.nc"])
    }
}

/// The files that are damaged: each of another product and layout; nil where the larger data are absent.
private enum DamagedFiles {
    static let originals: [URL]? = {
        let names = [
            "satellite/acos-gosat-lite/acos_LtCO2_090901_v205205_B9213A_200310212449s.nc4",
            "satellite/acos-l2s/acos_L2s_100102_04_Production_v050050_L2s2800_r01_PolB_110302063541.h5",
            "satellite/oco2-column/hw20230402_20230402.public.qc.nc",
            "satellite/s5p-ch4/S5P_OFFL_L2__CH4____20190311T101655_20190311T115825_07293_01_010202_20190317T121015.SUB.nc4",
            "satellite/tropomi-blended/S5P_BLND_L2__CH4____20180506T000734_20180506T014904_02903_03_020400_20230614T000959.nc",
            "inversion/smartcarb/Sentinel_7_CO2_2015042311_o1670_l0483.nc",
        ]
        let files = names.compactMap { Places.shared($0) }
        return files.count == names.count ? files : nil
    }()
}

/// One way to damage a file, told by a seed.
struct Damage {
    let seed: UInt64

    func applied(to original: Data) -> Data {
        var generator = SeededGenerator(seed: seed)
        var bytes = [UInt8](original)
        switch generator.next() % 7 {
        case 0: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
        case 1: flipBits(of: &bytes, in: 0..<bytes.count, &generator)
        // Heads of objects and tables of chunks lie among the first bytes of these files.
        case 2: flipBits(of: &bytes, in: 0..<min(bytes.count, 65_536), &generator)
        case 3: fill(&bytes, with: 0, &generator)
        case 4: fill(&bytes, with: 0xFF, &generator)
        case 5: renameVariable(in: &bytes, &generator)
        default: enlargeNumber(in: &bytes, &generator)
        }
        return Data(bytes)
    }

    private func flipBits(of bytes: inout [UInt8], in range: Range<Int>, _ generator: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...64, using: &generator) {
            bytes[Int.random(in: range, using: &generator)] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        }
    }

    private func fill(_ bytes: inout [UInt8], with value: UInt8, _ generator: inout SeededGenerator) {
        let start = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(bytes.count, start + Int.random(in: 1...4096, using: &generator))
        for index in start..<end { bytes[index] = value }
    }

    /// Changes a letter in every place where a variable's name stands.
    private func renameVariable(in bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let names = ["latitude", "xco2", "pressure", "time", "quality", "kernel", "apriori", "methane"]
        let name = Array(names[Int.random(in: 0..<names.count, using: &generator)].utf8)
        var index = 0
        while index + name.count <= bytes.count {
            if bytes[index..<(index + name.count)].elementsEqual(name) { bytes[index] = UInt8(ascii: "Z") }
            index += 1
        }
    }

    /// Puts a huge number where eight bytes hold a small one, as sizes of dimensions do.
    private func enlargeNumber(in bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        for _ in 0..<100_000 {
            let index = Int.random(in: 0..<(bytes.count - 8), using: &generator)
            let isSmall = bytes[(index + 2)..<(index + 8)].allSatisfy { $0 == 0 }
            guard isSmall, bytes[index] != 0 else { continue }
            bytes[index + Int.random(in: 2...6, using: &generator)] = 0x7F
            return
        }
    }
}
