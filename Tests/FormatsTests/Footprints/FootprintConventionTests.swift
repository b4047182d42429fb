import Formats
import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

/// What `compliance-checker` of IOOS says of our files, where it is installed.
@Suite struct FootprintConventionTests {
    private static let checker: URL? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { URL(filePath: String($0)).appending(path: "compliance-checker") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    private func findings(_ path: String, in folder: TemporaryFolder) async throws -> [String] {
        let program = try #require(Self.checker)
        let report = folder.file("report.json")
        let run = try await ProgramRun.run(
            program,
            ["--test=cf:1.8", "--format=json_new", "--output=\(report.path)", path]
        )
        let data = try #require(try? Data(contentsOf: report), "\(run.standardError)")
        let files = try #require(try JSONSerialization.jsonObject(with: data) as? [String: [String: Any]])
        var findings: [String] = []
        for (_, result) in try #require(files.values.first) {
            let result = try #require(result as? [String: Any])
            for priority in ["high_priorities", "medium_priorities", "low_priorities"] {
                for check in result[priority] as? [[String: Any]] ?? [] {
                    for message in check["msgs"] as? [String] ?? [] {
                        findings.append("\(check["name"] ?? ""): \(message)")
                    }
                }
            }
        }
        return findings.sorted()
    }

    /// A layout to be checked.
    enum Case: CaseIterable {
        case denseOfMany, denseOfOne, sparse, projected
    }

    @Test(.enabled(if: checker != nil), arguments: Case.allCases)
    func ourFilesFollowTheConventions(_ shape: Case) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("footprints.nc").path
        let projected = try await FootprintLayouts.projectedGrid(in: folder)
        let grid = shape == .projected ? projected : FootprintExamples.grid
        let footprints = FootprintExamples.hourly(
            seed: 2,
            grid: grid,
            receptors: shape == .denseOfOne ? 1 : 3
        )
        try await Task { @NetCDFThread in
            var options = FootprintFileOptions()
            options.storage = shape == .sparse ? .sparse : .dense
            options.hasAreas = shape != .denseOfOne
            let boundary = try FootprintExamples.boundary(seed: 3, grid: grid)
            let source = FootprintSource(
                grid: grid,
                count: footprints.count,
                footprint: { footprints[$0] },
                boundary: { _ in boundary }
            )
            try FootprintWriter.write(
                source,
                to: path,
                options: options,
                provenance: FootprintExamples.provenance
            )
        }.value
        let found = try await findings(path, in: folder)
        #expect(found.isEmpty, "\(found)")
    }
}
