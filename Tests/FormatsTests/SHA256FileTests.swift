import Concurrent
import Digests
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

    /// Of several pieces and stretches, the last of them short; with and without reading ahead.
    @Test(arguments: [false, true]) func aLargeFileIsHashedAsAWholeAndCanBeGivenUp(readsAhead: Bool)
        async throws
    {
        let folder = try TemporaryFolder()
        let file = folder.file("large").path
        var random = SeededGenerator(seed: 7)
        let bytes = (0..<1_200_003).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
        try Data(bytes).write(to: URL(filePath: file))
        var expected = SHA256()
        expected.update(bytes)
        let known = expected.hexDigest()
        let found = try await onOwnThread(named: "digest") {
            try SHA256.hexDigest(ofFile: file, readsAhead: readsAhead)
        }
        #expect(found == known)
        await #expect(throws: CancellationError.self) {
            try await onOwnThread(named: "digest") {
                try SHA256.hexDigest(ofFile: file, readsAhead: readsAhead) { true }
            }
        }
    }

    @Test(arguments: [false, true]) func anEmptyFileHasTheDigestOfNothing(readsAhead: Bool) async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("empty")
        try Data().write(to: file)
        let found = try await onOwnThread(named: "digest") {
            try SHA256.hexDigest(ofFile: file.path, readsAhead: readsAhead)
        }
        #expect(found == SHA256().hexDigest())
    }

    @Test func aMissingFileIsMissingInput() {
        let error = #expect(throws: FileAccessError.self) { try SHA256.hexDigest(ofFile: "/no/such/file") }
        #expect(error?.exitStatus.rawValue == 66)
    }
}
