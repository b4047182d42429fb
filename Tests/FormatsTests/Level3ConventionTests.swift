import Formats
import Foundation
import Quantities
import TestSupport
import Testing

/// `compliance-checker` of IOOS, where it is installed.
private enum ComplianceChecker {
    static let program: URL? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { URL(filePath: String($0)).appending(path: "compliance-checker") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()
}

@Suite struct Level3ConventionTests {
    /// What the checker says of high and medium priority, by convention.
    private func findings(_ path: String, in folder: TemporaryFolder) async throws -> [String] {
        let program = try #require(ComplianceChecker.program)
        let report = folder.file("report.json")
        let run = try await ProgramRun.run(
            program,
            ["--test=cf:1.8", "--test=acdd:1.3", "--format=json_new", "--output=\(report.path)", path]
        )
        let data = try #require(try? Data(contentsOf: report), "\(run.standardError)")
        let files = try #require(try JSONSerialization.jsonObject(with: data) as? [String: [String: Any]])
        var findings: [String] = []
        for (convention, result) in try #require(files.values.first) {
            let result = try #require(result as? [String: Any])
            for priority in ["high_priorities", "medium_priorities"] {
                for check in result[priority] as? [[String: Any]] ?? [] {
                    for message in check["msgs"] as? [String] ?? [] {
                        findings.append("\(convention) \(check["name"] ?? ""): \(message)")
                    }
                }
            }
        }
        return findings.sorted()
    }

    /// The checker asks for standard names that the CF table does not hold; for a time coordinate at the very first
    /// sounding, where it stands in the middle of its window; and for a vertical reference system, which levels of
    /// pressure do not have.
    private static func isFounded(_ finding: String) -> Bool {
        let nameless = ["weight", "xco2_neff", "level", "averaging_kernel", "pressure_weight"]
        let obs4MIPs = ["pre", "column_averaging_kernel"]
        let isNameless = (nameless + obs4MIPs).contains { name in
            finding.contains("variable \"\(name)\" missing") && finding.hasSuffix(": standard_name")
        }
        return isNameless || finding.contains("Date time mismatch between time_coverage_")
            || finding.hasSuffix("geospatial_bounds_vertical_crs not present")
    }

    @Test(.enabled(if: ComplianceChecker.program != nil), arguments: Level3Layout.allCases)
    func theCheckersHaveNothingImportantToSay(_ layout: Level3Layout) async throws {
        let created = Instant(CivilTime(year: 2026, month: 1, day: 1))
        let product = try await Level3Products.realDays(created: created)
        let folder = try TemporaryFolder()
        let path = folder.file("level3.nc").path
        try await Level3Writer.write(product, layout: layout, to: path)
        let remaining = try await findings(path, in: folder).filter { !Self.isFounded($0) }
        #expect(remaining == [])
    }

    /// With the attributes of a projection that CF knows, with a pole within, and with well-known text alone.
    @Test(
        .enabled(if: ComplianceChecker.program != nil),
        arguments: ["EPSG:32654", "EPSG:6931", "+proj=moll +lon_0=140 +datum=WGS84"]
    )
    func theCheckersHaveNothingImportantToSayOfProjectedGrids(_ projection: String) async throws {
        let grid = try ProjectedGridTests.grid(
            projection,
            x: -3_000_000...3_000_000,
            y: -2_000_000...4_000_000,
            step: 100_000
        )
        let product = try await ProjectedGridTests.product(grid, withProfiles: true)
        let folder = try TemporaryFolder()
        let path = folder.file("level3.nc").path
        try await Level3Writer.write(product, to: path)
        // CF has no name for Mollweide's projection; its well-known text stands alone.
        let nameless = "None is not a valid grid_mapping_name"
        let remaining = try await findings(path, in: folder).filter {
            !Self.isFounded($0) && !(projection.contains("moll") && $0.contains(nameless))
        }
        #expect(remaining == [])
    }
}
