import Foundation
import Quantities
import SQLite
import TestSupport
import Testing

@Suite struct ConnectionTests {
    @Test func valuesComeBackAsTheyWereBound() throws {
        let connection = try Connection(path: ":memory:")
        try connection.execute("CREATE TABLE t(a INTEGER, b REAL, c TEXT, d BLOB)")
        let insert = try connection.prepare("INSERT INTO t VALUES(?, ?, ?, ?)")
        let blob: [UInt8] = [0, 255, 7]
        try insert.bind(1, Int64.min)
        try insert.bind(2, 0.1)
        try insert.bind(3, "二氧化碳\u{0}x")
        try insert.bind(4, bytes: blob.span.bytes)
        try insert.run()
        try insert.bind(1, nil as Int64?)
        try insert.bind(2, nil as Double?)
        try insert.bind(3, "")
        try insert.bind(4, bytes: [UInt8]().span.bytes)
        try insert.run()
        let select = try connection.prepare("SELECT a, b, length(CAST(c AS BLOB)), d, typeof(d) FROM t")
        #expect(try select.step())
        #expect(select.integer(0) == Int64.min)
        #expect(select.double(1) == 0.1)
        #expect(select.integer(2) == 14)
        #expect(select.bytes(3) == blob)
        #expect(try select.step())
        #expect(select.isNull(0) && select.double(1) == nil)
        #expect(!select.isNull(2) && select.text(4) == "blob")
        #expect(try !select.step())
    }

    @Test func aThrowingTransactionLeavesNothing() throws {
        let connection = try Connection(path: ":memory:")
        try connection.execute("CREATE TABLE t(a INTEGER PRIMARY KEY)")
        #expect(throws: SQLiteError.self) {
            try connection.transaction { () throws(SQLiteError) in
                try connection.execute("INSERT INTO t VALUES(1)")
                try connection.execute("INSERT INTO t VALUES(1)")
            }
        }
        #expect(try connection.integer("SELECT count(*) FROM t") == 0)
        let isInAutocommit = connection.isInAutocommit
        #expect(isInAutocommit)
    }

    @Test func commitsAreSynchronisedToTheLog() throws {
        let folder = try TemporaryFolder()
        let connection = try Connection(path: folder.file("a.sqlite").path)
        try connection.useDurableWriteAheadLog()
        #expect(try connection.text("PRAGMA journal_mode") == "wal")
        #expect(try connection.integer("PRAGMA synchronous") == 2)
    }

    @Test func aFullStoreIsToldApart() throws {
        let folder = try TemporaryFolder()
        let connection = try Connection(path: folder.file("a.sqlite").path)
        try connection.execute("CREATE TABLE t(a BLOB)")
        try connection.limitSize(bytes: 16_384)
        let error = #expect(throws: SQLiteError.self) {
            try connection.execute("INSERT INTO t VALUES(zeroblob(100000))")
        }
        #expect(error?.kind == .full)
        #expect(error?.exitStatus == .inputOutput)
    }

    @Test func damageAndOtherFilesAreToldApart() throws {
        let folder = try TemporaryFolder()
        let text = folder.file("text.sqlite")
        try Data("this is a longer text, but by no means an SQLite file at all".utf8).write(to: text)
        let other = #expect(throws: SQLiteError.self) {
            try Connection(path: text.path).execute("CREATE TABLE t(a)")
        }
        #expect(other?.kind == .notADatabase)
        #expect(other?.exitStatus == .badData)

        let absent = #expect(throws: SQLiteError.self) {
            _ = try Connection(path: folder.file("absent").path, access: .readOnly)
        }
        #expect(absent?.kind == .noSuchFile)
        #expect(absent?.exitStatus == .missingInput)

        let folderless = #expect(throws: SQLiteError.self) {
            _ = try Connection(path: folder.file("no/such/folder.sqlite").path)
        }
        #expect(folderless?.kind == .cannotOpen)
        #expect(folderless?.exitStatus == .inputOutput)
    }

    @Test func readOnlyConnectionsRefuseToWrite() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sqlite").path
        try Connection(path: path).execute("CREATE TABLE t(a)")
        let reader = try Connection(path: path, access: .readOnly)
        let error = #expect(throws: SQLiteError.self) { try reader.execute("INSERT INTO t VALUES(1)") }
        #expect(error?.kind == .readOnly)
        #expect(error?.sql == "INSERT INTO t VALUES(1)")
    }

    @Test func aLockHeldElsewhereIsBusy() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sqlite").path
        let first = try Connection(path: path)
        try first.execute("CREATE TABLE t(a)")
        try first.beginImmediate()
        let second = try Connection(path: path, busyTimeoutMilliseconds: 1)
        let error = #expect(throws: SQLiteError.self) { try second.beginImmediate() }
        #expect(error?.kind == .busy)
    }
}
