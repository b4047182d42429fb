import Compression
import Testing

@Test func theLibraryTellsItsVersion() {
    #expect(ZstandardLibrary.version.split(separator: ".").count == 3)
}
