import Formats
import Foundation
import Pipeline
import Quantities
import TestSupport
import Testing

@Suite struct CaseFileTests {
    @Test(arguments: ["uk-methane", "berlin"])
    func shippedCasesAreRead(name: String) throws {
        let file = Places.deploy.appending(path: "cases/\(name)/case.json5").path
        let value = try CaseFile.read(file)
        #expect(value.name == name)
        #expect(!value.summary.chinese.contains("\\"))
        #expect(value.title.chinese != value.title.english)
    }

    @Test func pathsAreRelativeToTheFile() throws {
        let file = Places.deploy.appending(path: "cases/uk-methane/case.json5").path
        let value = try CaseFile.read(file)
        guard case .footprints(let plan) = value.inversion else {
            Issue.record("expected footprints")
            return
        }
        #expect(plan.file.hasSuffix("cases/uk-methane/standard_rhime_outs.nc"))
        #expect(FileManager.default.fileExists(atPath: plan.file))
    }

    private func error(_ replace: String, by new: String) throws -> ConfigurationError? {
        let original = Places.deploy.appending(path: "cases/uk-methane/case.json5")
        let text = try String(contentsOf: original, encoding: .utf8)
        try #require(text.contains(replace))
        let folderOfCase = original.deletingLastPathComponent().path
        let folder = try TemporaryFolder()
        let edited = text.replacing(replace, with: new)
            .replacing("\"../../../stations", with: "\"\(Places.repository.path)/stations")
            .replacing("\"standard_rhime", with: "\"\(folderOfCase)/standard_rhime")
        try edited.write(
            to: folder.file("case.json5"),
            atomically: true,
            encoding: .utf8
        )
        do {
            _ = try CaseFile.read(folder.file("case.json5").path)
            return nil
        } catch let error as ConfigurationError {
            return error
        }
    }

    @Test func anUnknownKeyIsRefusedAndTheNearestIsNamed() throws {
        let error = try #require(try error("prior_sigma_flux:", by: "prior_sigma_flx:"))
        #expect(
            error.kind
                == .unknownKey(
                    "prior_sigma_flx",
                    nearest: "prior_sigma_flux",
                    known: [
                        "prior_sigma_flux", "prior_sigma_boundary", "model_error", "problems", "solvers",
                        "seed", "draws", "non_negative", "basis", "state", "least_sigma_flux",
                        "prior_sigma_bias",
                    ]
                )
        )
        #expect(error.exitStatus == .badData)
        #expect(error.line.contains("did you mean `prior_sigma_flux`?"))
    }

    @Test(arguments: [
        ("gas: \"ch4\"", "gas: \"ch5\""),
        ("minimum_boundary_closure: 0.9", "minimum_boundary_closure: 1.9"),
        ("prior_sigma_boundary: 0.1", "prior_sigma_boundary: 0"),
        ("end: \"2019-01-02T00:00:00Z\"", "end: \"2018-01-02T00:00:00Z\""),
        ("end: \"2019-01-02T00:00:00Z\"", "end: \"2019-01-02T00:00:00\""),
        ("box: [-12, 44, 16, 61]", "box: [-12, 44, 16]"),
        ("model_error: \"from_innovations\"", "model_error: \"guess\""),
    ])
    func impossibleValuesAreBadData(old: String, new: String) throws {
        let error = try #require(try error(old, by: new))
        #expect(error.exitStatus == .badData)
        #expect(!error.path.isEmpty)
    }

    /// A slip of the decimal point must not ask for all the memory of the machine.
    @Test(arguments: ["1e-7", "0.001", "0"])
    func theCellsOfTheMapAreBounded(step: String) throws {
        let original = Places.deploy.appending(path: "cases/berlin/case.json5")
        let folder = try TemporaryFolder()
        let text = try String(contentsOf: original, encoding: .utf8)
            .replacing("sounding_step: 0.1", with: "sounding_step: \(step)")
            .replacing("\"osse_", with: "\"\(original.deletingLastPathComponent().path)/osse_")
        try text.write(to: folder.file("case.json5"), atomically: true, encoding: .utf8)
        let error = #expect(throws: ConfigurationError.self) {
            try CaseFile.read(folder.file("case.json5").path)
        }
        #expect(error?.path == "map.sounding_step")
    }

    @Test func aFileThatIsNotThereIsNamedWithItsKey() throws {
        let folder = try TemporaryFolder()
        let copy = folder.file("case.json5")
        try FileManager.default.copyItem(
            at: Places.deploy.appending(path: "cases/uk-methane/case.json5"),
            to: copy
        )
        let error = #expect(throws: ConfigurationError.self) { try CaseFile.read(copy.path) }
        #expect(error?.exitStatus == .missingInput)
        #expect(error?.path == "stations.networks")
    }

    @Test func aMissingFileAndBrokenSyntaxAreTold() throws {
        #expect(throws: ConfigurationError(.noSuchFile, file: "no.json5", path: "")) {
            try CaseFile.read("no.json5")
        }
        let folder = try TemporaryFolder()
        try "{ name: ".write(to: folder.file("case.json5"), atomically: true, encoding: .utf8)
        let error = #expect(throws: ConfigurationError.self) {
            try CaseFile.read(folder.file("case.json5").path)
        }
        #expect(error?.exitStatus == .badData)
    }
}
