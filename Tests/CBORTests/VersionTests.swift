import CBOR
import Testing

@Test func theLibraryTellsItsVersion() {
    #expect(CBORLibrary.version.split(separator: ".").count == 3)
}
