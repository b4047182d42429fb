import Foundation
import SQLite
import TestSupport
import Testing

/// The superuser may write everywhere, so that nothing is read-only to it.
@Suite(.enabled(if: getuid() != 0))
struct ReadOnlyPlaceTests {
    @Test func aFileOnAReadOnlyMediumIsReadAndLeavesNothing() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("store 1?.sqlite").path
        do {
            let connection = try Connection(path: path)
            try connection.useDurableWriteAheadLog()
            try connection.execute("CREATE TABLE t(x); INSERT INTO t VALUES (7)")
        }
        let manager = FileManager.default
        try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.url.path)
        defer { try? manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path) }
        let reader = try Connection(path: path, access: .readOnly)
        #expect(try reader.integer("SELECT x FROM t") == 7)
        #expect(try manager.contentsOfDirectory(atPath: folder.url.path) == ["store 1?.sqlite"])
    }
}
