import Foundation
import TestSupport
import Testing

@testable import Pipeline

@Suite struct OutputFolderTests {
    private func names(_ folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    }

    @Test func aFolderHasAName() {
        for name in ["", " "] { #expect(throws: PipelineError.self) { try OutputFolder(creating: name) } }
    }

    @Test func nothingIsSeenBeforeAllIsPublished() throws {
        let folder = try TemporaryFolder()
        let output = try OutputFolder(creating: folder.url.path)
        try output.write("new", to: "a.csv")
        #expect(!FileManager.default.fileExists(atPath: output.file("a.csv")))
        output.discard()
        #expect(try names(folder).isEmpty)
    }

    @Test func resultsOfAFormerRunWithMoreProblemsGo() throws {
        let folder = try TemporaryFolder()
        for name in ["posterior-2.nc", "observations-2.csv", "notes.txt", "posterior-final.nc"] {
            try Data("old".utf8).write(to: folder.file(name))
        }
        let output = try OutputFolder(creating: folder.url.path)
        try output.write("new", to: "observations.csv")
        #expect(try output.publish(["observations.csv"]) == [folder.file("observations.csv").path])
        #expect(try names(folder) == ["notes.txt", "observations.csv", "posterior-final.nc"])
    }

    @Test func aMissingFileLeavesTheFormerResults() throws {
        let folder = try TemporaryFolder()
        try Data("old".utf8).write(to: folder.file("b.csv"))
        let output = try OutputFolder(creating: folder.url.path)
        #expect(throws: PipelineError.self) { try output.publish(["b.csv"]) }
        #expect(try String(contentsOf: folder.file("b.csv"), encoding: .utf8) == "old")
    }
}
