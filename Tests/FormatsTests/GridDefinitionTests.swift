import Formats
import Foundation
import Quantities
import TestSupport
import Testing

@Suite struct GridDefinitionTests {
    private let catalogue = GridCatalogue(folders: [Places.repository.appending(path: "grids").path])

    @Test func everyGridOfTheRepositoryIsValidInBothLanguages() throws {
        #expect(catalogue.names.contains("global-2deg"))
        for name in catalogue.names {
            let definition = try catalogue.definition(name)
            #expect(definition.id == name)
            #expect(!definition.names[.english].isEmpty)
            #expect(definition.names[.chinese] != definition.names[.english])
        }
    }

    @Test func anUnknownNameListsTheKnownOnes() {
        let error = #expect(throws: GridCatalogueError.self) { try catalogue.definition("mars-1deg") }
        #expect(error?.exitStatus == .usage)
        #expect(error?.remedy.contains("global-2deg") == true)
    }

    @Test(arguments: ["../deploy/x", "/etc/passwd", ""]) func namesAreNoPaths(name: String) {
        #expect(throws: GridCatalogueError.self) { try catalogue.definition(name) }
    }

    @Test(arguments: [
        #"{name: "x", box: {west: 0, south: 0, east: 10, north: 10}, step_degrees: 3}"#,
        #"{name: "x", box: {west: 0, south: 0, east: 10, north: 10}, step_degrees: 1e-5}"#,
        #"{name: "x", box: {west: 0, south: 10, east: 10, north: 0}, step_degrees: 1}"#,
        #"{name: "x", box: {west: 0, south: 0, east: 10}, step_degrees: 1}"#,
        #"{name: "x", box: {west: 0, south: 0, east: 10, north: 10}, stepdegrees: 1}"#,
        #"{name: "x", box: {west: 0, south: 0, east: 10, north: 10}, step_degrees: "1"}"#, "[1]", "{", "",
    ])
    func badDefinitionsAreBadData(text: String) throws {
        let folder = try TemporaryFolder()
        let file = folder.file("grid.json")
        try Data(text.utf8).write(to: file)
        let error = #expect(throws: ConfigurationError.self) { try catalogue.definition(file.path) }
        #expect(error?.exitStatus == .badData)
        #expect(error?.place.hasPrefix(file.path) == true)
    }

    @Test func aMissingDefinitionIsMissingInput() {
        let error = #expect(throws: ConfigurationError.self) {
            try catalogue.definition("/no/such/grid.json")
        }
        #expect(error?.exitStatus == .missingInput)
    }

    @Test func gridsLieBesideTheProgramOrTheWorkingFolder() throws {
        let found = GridCatalogue.standard(workingDirectory: "/", executable: Places.crosswind.path)
        #expect(found.names.contains("china-0.5deg"))
        let here = GridCatalogue.standard(
            workingDirectory: Places.repository.path,
            executable: "/usr/bin/crosswind"
        )
        #expect(here.names.contains("china-0.5deg"))
    }
}
