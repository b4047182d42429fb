import Archive
import Foundation
import Quantities
import TestSupport
import Testing

extension ArchiveWriter {
    /// Refuses a message in the open transaction.
    @discardableResult
    fileprivate mutating func refuse(
        _ payload: String,
        topic: String = "t",
        item: Int? = nil,
        reason: String = "not_json",
        detail: String = "byte 0",
        decoder: String = "native-1"
    ) throws -> StoreOutcome {
        try reject(
            Rejection(reason: reason, detail: detail, item: item),
            topic: topic.utf8.span.bytes,
            payload: Array(payload.utf8).span.bytes,
            decoder: decoder
        )
    }
}

@Suite struct DeadLetterTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("store.sqlite").path
    }

    @Test func theSameLetterAgainIsCounted() throws {
        var writer = try ArchiveWriter(path: path)
        let first = try writer.transact(at: seconds(1)) { try $0.refuse("[") }
        let again = try writer.transact(at: seconds(2)) { try $0.refuse("[", detail: "in other words") }
        #expect(first == .stored && again == .duplicated)
        var other = try ArchiveWriter(path: path)
        #expect(try other.transact(at: seconds(3)) { try $0.refuse("[") } == .duplicated)
        let letters = try ArchiveReader(path: path).deadLetters()
        #expect(letters.map(\.repeats) == [2])
        #expect(letters.map(\.received) == [seconds(1)] && letters.map(\.lastReceived) == [seconds(3)])
        #expect(letters.map(\.rejection.detail) == ["byte 0"])
    }

    @Test func everyPartTellsLettersApart() throws {
        var writer = try ArchiveWriter(path: path)
        try writer.transact { writer in
            for _ in 0..<2 {
                try writer.refuse("[")
                try writer.refuse("[]")
                try writer.refuse("[", topic: "u")
                try writer.refuse("[", item: 0)
                try writer.refuse("[", item: 1)
                try writer.refuse("[", reason: "malformed")
                try writer.refuse("[", decoder: "native-2")
                try writer.refuse("", topic: "t[")
            }
        }
        let letters = try ArchiveReader(path: path).deadLetters()
        #expect(letters.map(\.repeats) == Array(repeating: 1, count: 8))
    }

    @Test func anUndoneRefusalIsNew() throws {
        var writer = try ArchiveWriter(path: path)
        try writer.begin(received: seconds(1))
        try writer.refuse("[")
        writer.rollBack()
        #expect(try writer.transact { try $0.refuse("[") } == .stored)
    }

    /// In whatever order the one who replays says so.
    @Test(arguments: [true, false]) func whatIsRefusedAgainWaitsOn(marksFirst: Bool) throws {
        var writer = try ArchiveWriter(path: path)
        try writer.transact {
            try $0.refuse("[")
            try $0.refuse("]")
        }
        let waiting = try ArchiveReader(path: path).deadLettersToReplay(limit: 5)
        try writer.transact { writer in
            if marksFirst { for letter in waiting { try writer.markReplayed(letter.id) } }
            try writer.refuse("]")
            if !marksFirst { for letter in waiting { try writer.markReplayed(letter.id) } }
        }
        let left = try ArchiveReader(path: path).deadLettersToReplay(limit: 5)
        #expect(left.map { String(decoding: $0.payload, as: UTF8.self) } == ["]"])
    }
}
