import CBOR
import TestSupport
import Testing

/// Bytes from hexadecimal digits; blanks are passed over.
private func bytes(_ digits: String) -> [UInt8] {
    let figures = digits.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
    return stride(from: 0, to: figures.count, by: 2).map { UInt8(figures[$0] * 16 + figures[$0 + 1]) }
}

private func decode(_ digits: String, limits: CBORLimits = CBORLimits()) throws(CBORError) -> CBORValue {
    try CBORValue(bytes(digits).span.bytes, limits: limits)
}

@Suite struct CBORValueTests {
    /// RFC 8949, appendix A.
    @Test(
        arguments: [
            ("00", .unsigned(0)), ("17", .unsigned(23)), ("1818", .unsigned(24)), ("1903e8", .unsigned(1000)),
            ("1bffffffffffffffff", .unsigned(.max)), ("3bffffffffffffffff", .negative(.max)),
            ("20", .negative(0)),
            ("3903e7", .negative(999)), ("f90000", .float(0)), ("f93c00", .float(1)),
            ("f97bff", .float(65504)),
            ("f90001", .float(5.960464477539063e-8)), ("f9c400", .float(-4)), ("fa47c35000", .float(100_000)),
            ("fb3ff199999999999a", .float(1.1)), ("f97c00", .float(.infinity)), ("f4", .bool(false)),
            ("f5", .bool(true)),
            ("f6", .null), ("f7", .undefined), ("4401020304", .bytes([1, 2, 3, 4])),
            ("6449455446", .text("IETF")),
            ("62c3bc", .text("ü")), ("80", .array([])),
            ("83010203", .array([.unsigned(1), .unsigned(2), .unsigned(3)])),
            ("a0", .map([])), ("a16161f5", .map([CBORPair(key: .text("a"), value: .bool(true))])),
            ("c11a514b67b0", .tagged(1, .unsigned(1_363_896_240))),
            ("5f42010243030405ff", .bytes([1, 2, 3, 4, 5])),
            ("7f657374726561646d696e67ff", .text("streaming")), ("9fff", .array([])),
            (
                "9f018202039f0405ffff",
                .array([
                    .unsigned(1), .array([.unsigned(2), .unsigned(3)]), .array([.unsigned(4), .unsigned(5)]),
                ])
            ),
            (
                "bf6161019fff80ff",
                .map([
                    CBORPair(key: .text("a"), value: .unsigned(1)),
                    CBORPair(key: .array([]), value: .array([])),
                ])
            ),
        ] as [(String, CBORValue)]
    )
    func theExamplesOfTheStandardAreRead(digits: String, value: CBORValue) throws {
        #expect(try decode(digits) == value)
    }

    @Test func numbersOfAllKindsAreDoubles() throws {
        #expect(try decode("c48221196ab3").number == 273.15)
        #expect(try decode("c4822019 4da3").number == 1987.5)
        #expect(try decode("3903e7").number == -1000)
        #expect(try decode("f93e00").number == 1.5)
        #expect(try decode("c249010000000000000000").number == nil)
        #expect(try decode("c48220f93e00").number == nil)
        #expect(try decode("6131").number == nil)
    }

    @Test(
        arguments: [
            ("", .truncated), ("18", .truncated), ("8201", .truncated), ("62c3", .truncated),
            ("9f01", .truncated),
            ("1c", .malformed(offset: 0)), ("82011f", .malformed(offset: 2)), ("f8ff", .malformed(offset: 0)),
            ("ff", .strayBreak(offset: 0)), ("8201ff", .strayBreak(offset: 2)),
            ("bf01ff", .strayBreak(offset: 2)),
            ("62c328", .notUTF8(offset: 0)), ("5f6161ff", .malformed(offset: 1)),
            ("7f7f6161ffff", .malformed(offset: 1)),
            ("0000", .trailingBytes(offset: 1)), ("c1ff", .strayBreak(offset: 1)),
        ] as [(String, CBORError)]
    )
    func faultsAreNamed(digits: String, error: CBORError) {
        #expect(throws: error) { try decode(digits) }
    }

    /// What a document declares is no reason to ask for memory.
    @Test func declaredLengthsAreNotBelieved() {
        let limits = CBORLimits()
        for huge in ["9b0000010000000000", "bb0000010000000000", "9bffffffffffffffff", "bb8000000000000001"] {
            #expect(throws: CBORError.tooManyItems(limit: limits.items)) { try decode(huge) }
        }
        for huge in ["9a00010000", "ba00010000", "5b0000010000000000", "7bffffffffffffffff"] {
            #expect(throws: CBORError.truncated) { try decode(huge) }
        }
    }

    @Test func depthItemsAndBytesAreBounded() throws {
        let nested = String(repeating: "81", count: 10_000) + "00"
        #expect(throws: CBORError.tooDeep(limit: 32)) { try decode(nested) }
        #expect(throws: CBORError.tooDeep(limit: 32)) {
            try decode(String(repeating: "c1", count: 64) + "00")
        }
        _ = try decode(String(repeating: "81", count: 32) + "00")
        let many = "9f" + String(repeating: "80", count: 200) + "ff"
        #expect(throws: CBORError.tooManyItems(limit: 100)) {
            try decode(many, limits: CBORLimits(items: 100))
        }
        #expect(throws: CBORError.tooLarge(limit: 3)) { try decode("83010203", limits: CBORLimits(bytes: 3)) }
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func noBytesTrapTheDecoder(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var document = (0..<Int.random(in: 1...60, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            document[0] = [0x9F, 0xBF, 0x84, 0xA2, 0xC4].randomElement(using: &random) ?? 0
            _ = try? CBORValue(document.span.bytes)
        }
    }
}
