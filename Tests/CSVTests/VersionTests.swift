import CSV
import Testing

@Test func theLibraryTellsItsVersion() {
    #expect(LibCSV.version.split(separator: ".").count == 3)
}
