import Observations
import TestSupport
import Testing

@testable import Archive

@Suite struct CodecTests {
    private let names = ["t", "rh", "a name of an instrument"]

    private func encode(_ conditions: Conditions) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in conditions.entries {
            let name = try #require(names.firstIndex(of: entry.name))
            ConditionCodec.append(entry.value, name: Int64(name * 100 + 1), to: &bytes)
        }
        return bytes
    }

    private func decode(_ bytes: [UInt8]) -> Conditions? {
        ConditionCodec.decode(bytes) { number in
            (number - 1) % 100 == 0 && (0..<3).contains((number - 1) / 100)
                ? names[Int(number - 1) / 100] : nil
        }
    }

    /// The store compares codes, so that the same value must always have the same one.
    @Test func aNumberIsWrittenWithTheFewestDecimalsThatGiveItBack() throws {
        var random = SeededGenerator(seed: 8)
        let powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5]
        for _ in 0..<20_000 {
            let integer = Double(Int64(bitPattern: random.next()) >> Int64(random.next() % 64))
            var value = integer / powers[Int(random.next() % 6)]
            if random.next() % 4 == 0 { value = value.nextUp }
            let decimals = powers.firstIndex { power in
                let whole = (value * power).rounded()
                return abs(whole) < 0x1p40 && (whole + 0.0) / power == value
            }
            let code = try #require(try encode(["t": value]).first)
            #expect(code & 7 == UInt8(decimals ?? 7), "\(value)")
        }
    }

    @Test func everyNumberComesBackBitByBit() throws {
        var random = SeededGenerator(seed: 5)
        var values = [
            0, -0.0, 1, -1, 12.1, -12.1, 1013.25, 0.1 + 0.2, 1e300, -1e-300, .leastNonzeroMagnitude,
            .greatestFiniteMagnitude, 1_099_511_627_775, 1_099_511_627_776, 99_999.99999,
        ]
        for _ in 0..<2000 {
            values.append(Double(Int64.random(in: -10_000_000...10_000_000, using: &random)) / 1000)
            values.append(random.normal() * 1e3)
        }
        for value in values {
            let conditions: Conditions = ["rh": value]
            let back = try #require(decode(try encode(conditions)))
            #expect(back["rh"]?.bitPattern == value.bitPattern)
        }
    }

    @Test func fewDecimalsTakeFewBytes() throws {
        #expect(try encode(["t": 12.1]).count == 3)
        #expect(try encode(["t": 1013.25]).count == 4)
        #expect(try encode(["t": Double.pi]).count == 9)
    }

    @Test func orderAndRepetitionAreKept() throws {
        let conditions: Conditions = ["rh": 40, "t": 1.5, "a name of an instrument": -3, "t": 7]
        #expect(decode(try encode(conditions)) == conditions)
    }

    @Test func agreementDoesNotDependOnTheOrder() throws {
        let one = try encode(["rh": 40, "t": 1.5])
        #expect(ConditionCodec.agree(one, try encode(["t": 1.5, "rh": 40])))
        #expect(!ConditionCodec.agree(one, try encode(["t": 40, "rh": 1.5])))
        #expect(!ConditionCodec.agree(one, try encode(["rh": 40])))
    }

    /// Whatever stands in a damaged file is refused or read, but never trapped over.
    @Test func randomBytesAreReadOrRefused() {
        var random = SeededGenerator(seed: 6)
        var refused = 0
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 1...24, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if decode(bytes) == nil { refused += 1 }
            _ = RawBatch.message(Int64.random(in: 0...3, using: &random), in: bytes)
        }
        #expect(refused > 19_000)
    }

    @Test func truncatedConditionsAreRefused() throws {
        let bytes = try encode(["t": 12.1, "rh": Double.pi])
        for count in [1, 2, 4, bytes.count - 1] { #expect(decode(Array(bytes.prefix(count))) == nil) }
    }
}

@Suite struct RangeTests {
    @Test(arguments: 0..<20)
    func sequenceRangesAreTheSetOfTheirNumbers(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var ranges = SequenceRanges()
        var numbers: Set<Int64> = []
        for _ in 0..<200 {
            let number = Int64.random(in: -50...100, using: &random)
            #expect(ranges.insert(number) == numbers.insert(number).inserted)
        }
        var expected: [ClosedRange<Int64>] = []
        for number in numbers.sorted() {
            if let last = expected.last, last.upperBound == number - 1 {
                expected[expected.count - 1] = last.lowerBound...number
            } else {
                expected.append(number...number)
            }
        }
        #expect(ranges.ranges == expected)
        #expect(SequenceRanges(expected.shuffled(using: &random)) == ranges)
    }

    @Test func theLargestNumbersHaveNoNeighbour() {
        var ranges = SequenceRanges()
        for number in [Int64.max, .min, .max - 1, 0] { ranges.insert(number) }
        #expect(ranges.ranges == [.min ... .min, 0...0, .max - 1 ... .max])
    }

    @Test(arguments: 0..<20)
    func dirtySpansCoverTheirMomentsInAnyOrder(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let hour = DirtySpans.largestGap
        let times = (0..<60).map { _ in Int64.random(in: 0...80 * hour, using: &random) }
        var expected: [DirtySpans.Span] = []
        for time in times.sorted() {
            if let last = expected.last, time - last.last <= hour {
                expected[expected.count - 1].last = time
            } else {
                expected.append(.init(first: time, last: time))
            }
        }
        var spans: [DirtySpans.Span] = []
        for time in times { DirtySpans.insert(time, into: &spans) }
        #expect(spans == expected)
    }

    @Test func spansOfAllOfTimeDoNotOverflow() {
        var spans: [DirtySpans.Span] = []
        for time in [Int64.max, .min, 0] { DirtySpans.insert(time, into: &spans) }
        #expect(spans.map(\.first) == [.min, 0, .max])
    }
}
