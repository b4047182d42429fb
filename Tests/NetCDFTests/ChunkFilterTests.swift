import TestSupport
import Testing

@testable import NetCDF

/// What HDF5 does when it writes, from the definitions.
private enum Written {
    /// RFC 1950 and 1951, one stored block.
    static func deflate(_ bytes: [UInt8]) -> [UInt8] {
        let count = UInt16(bytes.count)
        var (first, second): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            first = (first + UInt32(byte)) % 65521
            second = (second + first) % 65521
        }
        return [0x78, 0x01, 0x01] + little(count) + little(~count) + bytes
            + little((second << 16 | first).byteSwapped)
    }

    static func shuffle(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
        let count = bytes.count / size
        var result: [UInt8] = []
        for byte in 0..<size { for element in 0..<count { result.append(bytes[element * size + byte]) } }
        return result + bytes[(count * size)...]
    }

    /// Each word added and each sum reduced by itself.
    static func fletcher32(_ bytes: [UInt8]) -> UInt32 {
        var (first, second): (UInt32, UInt32) = (0, 0)
        for index in stride(from: 0, to: bytes.count, by: 2) {
            let low = index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0
            first += UInt32(bytes[index]) << 8 | low
            first = (first & 0xFFFF) + (first >> 16)
            second += first
            second = (second & 0xFFFF) + (second >> 16)
        }
        return second << 16 | first
    }

    static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    static func apply(_ filters: [ChunkFilter], _ bytes: [UInt8], skipped: UInt32) -> [UInt8] {
        var bytes = bytes
        for (index, filter) in filters.enumerated() where skipped & (1 << UInt32(index)) == 0 {
            switch filter {
            case .deflate: bytes = deflate(bytes)
            case .shuffle(let size): bytes = shuffle(bytes, size)
            case .fletcher32: bytes += little(fletcher32(bytes))
            }
        }
        return bytes
    }
}

@Suite struct ChunkFilterTests {
    private func random(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    private func decode(
        _ stored: [UInt8],
        _ filters: [ChunkFilter],
        size: Int,
        skipped: UInt32 = 0,
        in workspace: ChunkWorkspace = ChunkWorkspace()
    ) -> [UInt8]? {
        let grid = ChunkGrid(
            chunkShape: [size],
            counts: [1],
            places: [],
            filters: filters,
            chunkByteCount: size
        )
        let place = ChunkPlace(offset: 0, byteCount: UInt32(stored.count), skippedFilters: skipped)
        workspace.first(stored.count).copyBytes(from: stored)
        return workspace.decoded(place, of: grid).map { Array($0) }
    }

    private static let kinds: [ChunkFilter] = [.deflate, .shuffle(elementSize: 4), .fletcher32]

    private static let orders: [[ChunkFilter]] = {
        var orders: [[ChunkFilter]] = [[]]
        for first in kinds {
            orders.append([first])
            for second in kinds where second != first {
                orders.append([first, second])
                for third in kinds where third != first && third != second {
                    orders.append([first, second, third])
                }
            }
        }
        return orders
    }()

    @Test func everyOrderAndEverySkippedFilterIsTakenBack() {
        let workspace = ChunkWorkspace()
        for filters in Self.orders {
            for skipped in 0..<UInt32(1 << filters.count) {
                for size in [4, 40, 41, 999] {
                    let bytes = random(size, seed: UInt64(size))
                    let stored = Written.apply(filters, bytes, skipped: skipped)
                    let decoded = decode(stored, filters, size: size, skipped: skipped, in: workspace)
                    #expect(decoded == bytes, "\(filters) \(skipped) \(size)")
                }
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4, 7, 8, 16]) func elementsOfEverySizeAreUnshuffled(size: Int) {
        for count in [0, 1, size, 5 * size + size / 2, 1000] {
            let bytes = random(count, seed: 3)
            let stored = Written.shuffle(bytes, size)
            #expect(decode(stored, [.shuffle(elementSize: size)], size: count) == bytes, "\(count)")
        }
    }

    @Test func aChunkOfAnotherSizeThanDeclaredIsDamaged() {
        let bytes = random(400, seed: 5)
        for filters in Self.orders {
            let stored = Written.apply(filters, bytes, skipped: 0)
            for size in [0, 399, 401, 1 << 40] { #expect(decode(stored, filters, size: size) == nil) }
            for length in [0, 1, 3, stored.count - 1] {
                #expect(
                    decode(Array(stored.prefix(length)), filters, size: 400) == nil,
                    "\(filters) \(length)"
                )
            }
        }
    }

    @Test func everyFlippedBitOfACheckSumIsSeen() {
        let bytes = random(101, seed: 6)
        let stored = Written.apply([.fletcher32], bytes, skipped: 0)
        for bit in 0..<(8 * stored.count) {
            var flipped = stored
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(decode(flipped, [.fletcher32], size: 101) == nil)
        }
    }

    /// Sums that are multiples of 65535, and so many words that they are reduced on the way.
    @Test func theCheckSumIsThatOfItsDefinition() {
        let inputs = [
            [], [0], [255, 255], [255, 255, 255], [UInt8](repeating: 0, count: 10),
            [UInt8](repeating: 255, count: 300_000), random(300_001, seed: 8),
        ]
        for bytes in inputs { #expect(bytes.withUnsafeBytes(fletcher32) == Written.fletcher32(bytes)) }
    }

    @Test func twoDeflatesAreLeftToTheLibrary() {
        #expect(ChunkFilter.sizes(before: [.deflate, .deflate], skipped: 0, chunkByteCount: 8) == nil)
        #expect(ChunkFilter.sizes(before: [.deflate, .deflate], skipped: 2, chunkByteCount: 8) == [8, nil])
        #expect(ChunkFilter.sizes(before: [.fletcher32], skipped: 0, chunkByteCount: .max) == nil)
    }
}
