import Foundation
import TestSupport
import Testing

@Suite struct VerifyVerbTests {
    private static let header =
        "region,unit,inventory,inventory_sigma,prior,prior_sigma,posterior,posterior_sigma"

    private func verify(_ table: String, _ options: String...) async throws -> ProgramRun {
        let folder = try TemporaryFolder()
        let file = folder.file("totals.csv")
        try table.write(to: file, atomically: true, encoding: .utf8)
        return try await ProgramRun.run(Places.crosswind, ["verify", file.path] + options)
    }

    @Test func independentFiguresGiveTheClosedForm() async throws {
        // difference 30, sigma sqrt(10^2 + 5^2), z = 30 / sqrt(125) = 2.683
        let run = try await verify("\(Self.header)\nPark,t,100,10,100,50,130,5\n", "--independent")
        #expect(run.status == 0)
        #expect(run.standardOutput.contains("z 2.68"))
        #expect(run.standardOutput.contains("inconsistent"))
    }

    @Test func anInventoryThatIsThePriorIsCorrelated() async throws {
        // r = 1 - 0.9 = 0.1; sigma^2 = 125 - 2 * 0.1 * 50 = 115
        let run = try await verify("\(Self.header)\nPark,t,100,10,100,50,130,5\n", "--json")
        let root = try JSONDecoder().decode(Summary.self, from: Data(run.standardOutput.utf8))
        #expect(abs(root.comparisons[0].z - 30 / 115.0.squareRoot()) < 1e-12)
        #expect(root.comparisons[0].verdict == "inconsistent")
        #expect(root.adjusted_p_values.count == 1)
    }

    private struct Summary: Decodable {
        struct Row: Decodable {
            let z: Double
            let verdict: String
        }
        let comparisons: [Row]
        let adjusted_p_values: [Double?]
    }

    @Test func littleInformationGivesNoVerdict() async throws {
        let run = try await verify("\(Self.header)\nPark,t,100,10,100,50,130,45\n")
        #expect(run.standardOutput.contains("not constrained"))
    }

    @Test func theTableOfARunCanBeGivenAgain() async throws {
        let folder = try TemporaryFolder()
        let output = folder.file("out")
        let definition = Places.deploy.appending(path: "cases/berlin/case.json5").path
        let run = try await ProgramRun.crosswind("run", definition, "--output", output.path)
        #expect(run.status == 0)
        let table = output.appending(path: "comparisons.csv").path
        let copy = folder.file("again.csv").path
        let again = try await ProgramRun.crosswind("verify", table, "--output", copy)
        #expect(again.status == 0)
        #expect(try Data(contentsOf: URL(filePath: copy)) == Data(contentsOf: URL(filePath: table)))
    }

    @Test(arguments: [
        ("region,unit\n", "no column `inventory`"),
        ("\(header)\n", "no rows"),
        ("\(header)\nPark,t,100,10,100,50,x,5\n", "line 2"),
        ("\(header)\nPark,t,100,10,100,50,130,-5\n", "posterior_sigma"),
        ("\(header)\nPark,t,100\n", "3 fields"),
        ("", "the table is empty"),
    ])
    func badTablesAreOneLine(table: String, expected: String) async throws {
        let run = try await verify(table)
        #expect(run.status == 65)
        #expect(run.standardError.contains(expected))
        #expect(run.standardError.split(separator: "\n").count == 1)
    }

    @Test func aMissingTableIsMissingInput() async throws {
        #expect(try await ProgramRun.crosswind("verify", "no.csv").status == 66)
    }
}
