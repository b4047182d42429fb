import Compression
import TestSupport
import Testing

@Suite struct ZstandardTests {
    @Test func contentOfAnySizeComesBack() throws {
        var random = SeededGenerator(seed: 1)
        let zstandard = try Zstandard()
        for size in [0, 1, 100, 70_000] {
            let content = (0..<size).map { _ in UInt8.random(in: 0...7, using: &random) }
            let frame = try zstandard.compress(content.span.bytes)
            #expect(try zstandard.decompress(frame.span.bytes, byteLimit: size) == content)
            #expect(size < 70_000 || frame.count < size / 2)
        }
    }

    @Test func aFrameThatClaimsTooMuchIsRefused() throws {
        let zstandard = try Zstandard()
        let frame = try zstandard.compress([UInt8](repeating: 0, count: 1_000_000).span.bytes)
        #expect(frame.count < 100)
        #expect(throws: CompressionError.tooLarge(limit: 999_999)) {
            try zstandard.decompress(frame.span.bytes, byteLimit: 999_999)
        }
    }

    @Test func damagedFramesAreErrors() throws {
        let zstandard = try Zstandard()
        let content = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * $0) }
        let frame = try zstandard.compress(content.span.bytes)
        #expect(throws: CompressionError.notAFrame) {
            try zstandard.decompress(Array("no frame at all".utf8).span.bytes, byteLimit: 100)
        }
        #expect(throws: CompressionError.notAFrame) {
            try zstandard.decompress([UInt8]().span.bytes, byteLimit: 100)
        }
        for count in [6, 20, frame.count - 1] {
            #expect(throws: CompressionError.self) {
                try zstandard.decompress(Array(frame.prefix(count)).span.bytes, byteLimit: 5000)
            }
        }
        // The contexts are as good as new after a failure.
        #expect(try zstandard.decompress(frame.span.bytes, byteLimit: 5000) == content)
    }
}
