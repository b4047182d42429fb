import CSV
import TestSupport
import Testing

/// What a scanner makes of a text given in pieces of some size.
private func scan(
    _ text: [UInt8],
    _ dialect: CSVDialect = .commas,
    limits: CSVLimits = CSVLimits(),
    piece: Int = 1 << 16
) -> [String] {
    var scanner = CSVScanner(dialect, limits: limits)
    var found: [String] = []
    var position = 0
    while true {
        switch scanner.next() {
        case .record:
            let fields = (0..<scanner.fieldCount).map { scanner.text($0) }
            found.append("\(scanner.line):\(fields.joined(separator: "¦"))")
        case .malformed(let problem):
            let bytes = String(decoding: scanner.bytes[scanner.record], as: UTF8.self)
            found.append("\(scanner.line)! \(problem) [\(bytes)]")
        case .starved:
            let end = min(position + piece, text.count)
            if position == end {
                scanner.finish()
            } else {
                scanner.append(text.span.bytes.extracting(position..<end))
            }
            position = end
        case .end: return found
        }
    }
}

private func scan(_ text: String, _ dialect: CSVDialect = .commas, piece: Int = 1 << 16) -> [String] {
    scan(Array(text.utf8), dialect, piece: piece)
}

@Suite struct CSVScannerTests {
    @Test(
        arguments: [
            ("", []),
            ("a,b\r\nc,d\r\n", ["1:a¦b", "2:c¦d"]),
            ("a,b\nc,d", ["1:a¦b", "2:c¦d"]),
            ("\u{FEFF}a,\n,\n", ["1:a¦", "2:¦"]),
            ("a\n\nb\n", ["1:a", "2:", "3:b"]),
            ("\"a,b\",\"c\r\nd\"\ne\n", ["1:a,b¦c\r\nd", "3:e"]),
            ("\"say \"\"so\"\"\",\"\"\r\nx", ["1:say \"so\"¦", "2:x"]),
            (" a , b \n", ["1: a ¦ b "]),
            ("a\rb,c\n", ["1:a\rb¦c"]),
        ] as [(String, [String])]
    )
    func recordsAreThoseOfTheStandard(text: String, records: [String]) {
        for piece in [1, 2, 3, 7, 1000] { #expect(scan(text, piece: piece) == records) }
    }

    @Test(
        arguments: [
            ("a,b\"c\nd\n", ["1! a quote within an unquoted field [a,b\"c]", "2:d"]),
            ("\"a\"b,c\nd\n", ["1! text after a closing quote [\"a\"b,c]", "2:d"]),
            ("\"a,b\nc,d\ne\n", ["1! a quoted field has no end [\"a,b]", "2:c¦d", "3:e"]),
            ("x\n\"a", ["1:x", "2! a quoted field has no end [\"a]"]),
        ] as [(String, [String])]
    )
    func aBadQuoteCostsOneLine(text: String, records: [String]) {
        for piece in [1, 2, 5, 1000] { #expect(scan(text, piece: piece) == records) }
    }

    @Test func otherSeparatorsAndBlanks() {
        let semicolons = CSVDialect(separator: .byte(UInt8(ascii: ";")))
        #expect(scan("1,5;\"a;b\"\n", semicolons) == ["1:1,5¦a;b"])
        let blanks = "  date   time \r\n 1\t2 \"x\n\n3 4"
        for piece in [1, 4, 1000] {
            #expect(scan(blanks, .blanks, piece: piece) == ["1:date¦time", "2:1¦2¦\"x", "3:", "4:3¦4"])
        }
    }

    @Test func nothingMayGrowWithoutBound() {
        let limits = CSVLimits(recordBytes: 20, fieldBytes: 8, fields: 4)
        let lines = ["a,b", String(repeating: "x", count: 500), "123456789,b", "1,2,3,4,5", "c,d"]
        for piece in [1, 16, 1000] {
            let found = scan(Array(lines.joined(separator: "\n").utf8), limits: limits, piece: piece)
            #expect(found.count == 5)
            #expect(found[0] == "1:a¦b" && found[4] == "5:c¦d")
            #expect(found[1].hasPrefix("2! longer than 20 bytes"))
            #expect(found[2] == "3! a field longer than 8 bytes [123456789,b]")
            #expect(found[3] == "4! more than 4 fields [1,2,3,4,5]")
        }
        var scanner = CSVScanner(limits: limits)
        let piece = [UInt8](repeating: UInt8(ascii: "\""), count: 64)
        for _ in 0..<1000 {
            scanner.append(piece.span.bytes)
            while scanner.next() != .starved {}
        }
        #expect(scanner.bytes.count < 1000)
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func whatIsWrittenIsReadBack(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("ab,\"\r\n; é".unicodeScalars)
        var records: [[String]] = []
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            records.append(
                (0..<Int.random(in: 2...5, using: &random)).map { _ in
                    var text = String.UnicodeScalarView()
                    for _ in 0..<Int.random(in: 0...6, using: &random) {
                        text.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
                    }
                    return String(text)
                }
            )
        }
        let text = records.map { record in
            record.map {
                "\"" + $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                    + "\""
            }
            .joined(separator: ",")
        }.joined(separator: "\r\n")
        var scanner = CSVScanner()
        var found: [[String]] = []
        var rest = Array(text.utf8)[...]
        loop: while true {
            switch scanner.next() {
            case .record: found.append((0..<scanner.fieldCount).map { scanner.text($0) })
            case .malformed(let problem):
                Issue.record("\(problem)")
                break loop
            case .starved:
                let piece = Array(rest.prefix(Int.random(in: 1...9, using: &random)))
                rest = rest.dropFirst(piece.count)
                if piece.isEmpty { scanner.finish() } else { scanner.append(piece.span.bytes) }
            case .end: break loop
            }
        }
        #expect(found == records)
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func noBytesTrapTheScanner(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array(",\"\n\r; x".utf8)
        let text = (0..<300).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
        let limits = CSVLimits(recordBytes: 40, fieldBytes: 10, fields: 6)
        // However the stream is cut, as long as no record comes near the limit.
        #expect(scan(text, piece: 1) == scan(text, piece: 1000))
        _ = scan(text, limits: limits, piece: 3)
        _ = scan(text, .blanks, limits: limits, piece: 3)
    }
}
