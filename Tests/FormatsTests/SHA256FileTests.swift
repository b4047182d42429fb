import Formats
import Foundation
import Quantities
import TestSupport
import Testing

@Suite struct SHA256FileTests {
    @Test func aMillionTimesA() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("a")
        try Data(repeating: 0x61, count: 1_000_000).write(to: file)
        let digest = try SHA256.hexDigest(ofFile: file.path)
        #expect(digest == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func aMissingFileIsMissingInput() {
        let error = #expect(throws: FileAccessError.self) { try SHA256.hexDigest(ofFile: "/no/such/file") }
        #expect(error?.exitStatus.rawValue == 66)
    }
}
