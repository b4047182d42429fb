import JSON
import Testing

@Test func theLibraryTellsItsVersion() {
    #expect(SimdJSONLibrary.version.split(separator: ".").count == 3)
}
