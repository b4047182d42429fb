import Foundation
import TestSupport
import Testing

/// The published example, through the program as a person runs it.
@Suite struct AccountVerbTests {
    private static let activity = Places.deploy.appending(path: "cases/qingdao-2019/activity.csv").path
    private static let given = [
        "inventory", "--account", activity, "--factors", "derived-gases-low,gbt-2589-style", "--grid-factor",
        "0.5810",
        "--grid-source", "national average, MEE 2022",
    ]

    private struct Summary: Decodable {
        struct Total: Decodable {
            let dimension: String
            let name: String
            let tonnes: Double
            let percent95: Double?
        }

        struct MonteCarlo: Decodable {
            struct Sum: Decodable {
                let stated_tonnes: Double
                let lower95: Double
                let upper95: Double
            }

            let seed: Int
            let total: Sum
        }

        let year: Int
        let scope: String
        let boundary: String
        let total: Total
        let totals: [Total]
        let naive_sum_tonnes: Double
        let monte_carlo: MonteCarlo?
        let outputs: [String]

        /// 1e4 t.
        func total(_ dimension: String, _ name: String) -> Double {
            (totals.first { $0.dimension == dimension && $0.name == name }?.tonnes ?? .nan) / 1e4
        }
    }

    private func run(_ arguments: [String]) async throws -> ProgramRun {
        try await ProgramRun.run(Places.crosswind, arguments, directory: Places.repository)
    }

    private func summary(_ arguments: [String]) async throws -> Summary {
        let run = try await run(Self.given + arguments + ["--json"])
        #expect(run.status == 0, "\(run.standardError)")
        return try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
    }

    @Test func notesOfGridFactorsAreInTheLanguageOfTheReader() async throws {
        let given = [
            "inventory", "--account", Self.activity, "--factors", "derived-gases-low,gbt-2589-style",
            "--grid-factor", "2021", "--grid-region", "山东", "--lang",
        ]
        let chinese = try await run(given + ["zh"])
        #expect(chinese.status == 0, "\(chinese.standardError)")
        #expect(chinese.standardOutput.contains("第三方转录") && !chinese.standardOutput.contains("verify"))
        #expect(try await run(given + ["en"]).standardOutput.contains("verify against MEE PDF"))
    }

    @Test func thePublishedNumbersComeOut() async throws {
        let summary = try await summary([])
        #expect(
            summary.year == 2019 && summary.scope == "above_scale_industry" && summary.boundary == "scope1"
        )
        #expect(abs(summary.total.tonnes / 1e4 - 3184) <= 0.5)
        #expect(abs(summary.naive_sum_tonnes / 1e4 - 6869) <= 0.5)
        #expect(abs(summary.total("category", "imported_electricity") - 1073) <= 0.5)
        #expect(abs(summary.total("category", "imported_heat") - 277) <= 0.5)
        #expect(abs(summary.total("category", "feedstock") - 3685.1) <= 0.1)
        #expect((summary.total.percent95 ?? 0) > 1)
    }

    @Test func drawsAgreeWithTierOneAndRepeat() async throws {
        let first = try await summary([
            "--boundary", "scope1+imports", "--monte-carlo", "20000", "--seed", "7",
        ])
        let again = try await summary([
            "--boundary", "scope1+imports", "--monte-carlo", "20000", "--seed", "7",
        ])
        let drawn = try #require(first.monte_carlo?.total)
        #expect(drawn.lower95 == again.monte_carlo?.total.lower95)
        #expect(abs(drawn.stated_tonnes - first.total.tonnes) < 1)
        let half = 50 * (drawn.upper95 - drawn.lower95) / drawn.stated_tonnes
        #expect(abs(half / (first.total.percent95 ?? 0) - 1) < 0.05)
    }

    @Test func bothLanguagesTellTheSameNumbers() async throws {
        let english = try await run(Self.given)
        #expect(english.status == 0)
        #expect(english.standardOutput.contains("industry above designated size (规上工业)"))
        #expect(
            english.standardOutput.contains("Everything called fuel, feedstock and transformation included")
        )
        #expect(
            english.standardOutput.contains("A category") && english.standardOutput.contains("key categories")
        )
        let chinese = try await run(Self.given + ["--lang", "zh"])
        #expect(chinese.standardOutput.contains("口径为规上工业"))
        #expect(chinese.standardOutput.contains("得6869万吨"))
        #expect(chinese.standardOutput.contains("3184 ± "))
        #expect(!chinese.standardOutput.contains("direct (scope 1)"))
    }

    @Test func allTablesAreWrittenWithStableKeys() async throws {
        let folder = try TemporaryFolder()
        let place = folder.file("out/qingdao")
        let summary = try await summary(["--output", place.path])
        #expect(
            summary.outputs == [
                "totals.csv", "lines.csv", "table-3-2.csv", "key-categories.csv", "warnings.csv",
                "account.json",
                "account-en.txt", "account-zh.txt",
            ]
        )
        func text(_ name: String) throws -> String {
            try String(contentsOf: place.appending(path: name), encoding: .utf8)
        }
        let totals = try text("totals.csv")
        #expect(
            totals.hasPrefix("dimension,name,emission_t,emission_half95_t,u_percent\nboundary,scope1,318")
        )
        #expect(try text("lines.csv").split(separator: "\n").count == 14)
        #expect(try text("account-zh.txt").contains("口径为规上工业"))
        let former = try text("account.json")
        _ = try await self.summary(["--output", place.path])
        #expect(try text("account.json") == former)
    }

    /// 山东, 2021: 0.6838 kg/kWh.
    @Test func theFactorOfAnotherYearAndGridIsTaken() async throws {
        let run = try await run([
            "inventory", "--account", Self.activity, "--factors", "gbt-2589-style", "--grid-factor", "2021",
            "--grid-region", "山东省", "--json",
        ])
        #expect(run.status == 0, "\(run.standardError)")
        let summary = try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
        #expect(abs(summary.total("category", "imported_electricity") - 1263) <= 0.5)
    }
}
