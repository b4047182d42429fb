import Foundation
import Quantities
import TestSupport
import Testing

@testable import Formats

/// What Foundation makes of a text, to compare with.
private struct Oracle: Decodable {
    let value: JSONValue

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .null
        } else if let bool = try? container.decode(Bool.self) {
            value = .bool(bool)
        } else if let number = try? container.decode(Double.self) {
            value = .number(number)
        } else if let text = try? container.decode(String.self) {
            // Foundation leaves the end of a line that goes on in the string, against the specification.
            value = .string(text.replacing("\n", with: ""))
        } else if let values = try? container.decode([Oracle].self) {
            value = .array(values.map(\.value))
        } else {
            value = .object(try container.decode([String: Oracle].self).mapValues(\.value))
        }
    }

    static func parse(_ data: Data) -> JSONValue? {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        return (try? decoder.decode(Oracle.self, from: data))?.value
    }
}

private func parse(_ text: String) throws -> JSONValue {
    try JSONValue.parse(json5: Data(text.utf8), file: "f")
}

private func message(_ text: String) -> String? {
    let error = #expect(throws: ConfigurationError.self, "\(text)") { try parse(text) }
    return error.map { "\($0.place): \($0.what)" }
}

@Suite struct JSON5ParserTests {
    @Test(arguments: [
        "{a: 1, 'b': [true, false, null,], \"c\": {},}", " [] ",
        "[1, -2.5e3, +1, .5, 5., 0x1F, 1E2, 0, -0.0]",
        "// c\n{/* d */ $a_1: '\\u00e9\\uD83D\\uDE00\\x41\\'\\/', 中: \"文\"} // e",
        "\"\\b\\f\\r\\t\"",
        "\u{FEFF}{ }", "[Infinity, -Infinity]", "[1,]", "{a:{b:{c:[[[1]]]}}}",
        "\"\u{7F}\"", "[1e-320]",
    ])
    func allOfJSON5IsRead(text: String) throws {
        let expected = Oracle.parse(Data(text.utf8))
        #expect(try parse(text) == expected ?? .null)
    }

    /// Of the specification what Foundation does not read.
    @Test func whatEditorsAndInputMethodsMakeIsRead() throws {
        #expect(try parse("'a\\\nb\\\r\nc'") == .string("abc"))
        #expect(try parse("'\\v\\0\\q'") == .string("\u{0B}\0q"))
        #expect(try parse("\u{3000}{\u{A0}a:\u{2003}1}\u{2028}") == .object(["a": .number(1)]))
        #expect(try parse("'\\n'") == .string("\n"))
    }

    @Test func theFilesOfTheRepositoryReadAsFoundationReadsThem() throws {
        var count = 0
        for folder in ["stations", "grids", "deploy"] {
            let walk = FileManager.default.enumerator(
                at: Places.repository.appending(path: folder),
                includingPropertiesForKeys: nil
            )
            while let file = walk?.nextObject() as? URL {
                guard ["json", "json5"].contains(file.pathExtension) else { continue }
                #expect(
                    try JSONValue.read(json5File: file.path) == Oracle.parse(Data(contentsOf: file)),
                    "\(file)"
                )
                count += 1
            }
        }
        #expect(count >= 5)
    }

    @Test(arguments: [
        ("{\n a: 1,\n b: [1,,2]\n}", "f, line 3, column 8: not JSON5: expected a value, found `,`"),
        ("{\r\n a: 1\r\n b: 2\r\n}", "f, line 3, column 2: not JSON5: expected `,` or `}`, found `b`"),
        ("{\n\"甲\": 'x\n}", "f, line 2, column 6: not JSON5: the string has no end on its line"),
        ("{a: 1", "f, line 1, column 6: not JSON5: expected `,` or `}`, found the end of the file"),
        ("{a 1}", "f, line 1, column 4: not JSON5: expected `:` after the key `a`, found `1`"),
        ("{} {}", "f, line 1, column 4: not JSON5: found `{` behind the end"),
        ("[tru]", "f, line 1, column 2: not JSON5: expected a value, found `tru`"),
        ("[01]", "f, line 1, column 2: not JSON5: expected a value, found `01`"),
        ("/* a\n", "f, line 1, column 1: not JSON5: the comment has no end"),
        ("", "f, line 1, column 1: not JSON5: expected a value, found the end of the file"),
        ("{,}", "f, line 1, column 2: not JSON5: expected a key or `}`, found `,`"),
        ("'\\uD800'", "f, line 1, column 2: not JSON5: half a character"),
        ("'\\u12'", "f, line 1, column 4: not JSON5: expected 4 hexadecimal digits, found `1`"),
        ("{a: “x”}", "f, line 1, column 5: not JSON5: expected a value, found `“x”`"),
    ])
    func anErrorSaysWhereItIs(text: String, expected: String) {
        #expect(message(text) == expected)
    }

    @Test func bytesThatAreNoTextHaveAPlace() {
        for count in 0..<9 {
            let text = Array(repeating: UInt8(ascii: "\n"), count: count) + Array("é中".utf8) + [0xFF, 0x20]
            let error = #expect(throws: ConfigurationError.self) {
                try JSONValue.parse(json5: Data(text), file: "f")
            }
            #expect(error?.place == "f, line \(count + 1), column 3", "\(count)")
        }
    }

    @Test func aKeyThatStandsTwiceIsRefusedWithItsPath() {
        let text = "{\n stations: [{id: 'a'},\n {id: 'b', \"names\": {en: 1,\n 'en': 2}}]}"
        #expect(message(text) == "f, stations[1].names.en: key `en` appears twice in one object")
        let error = #expect(throws: ConfigurationError.self) { try parse(text) }
        #expect(error?.remedy == "take one of them out; the second is in line 4")
        #expect(error?.exitStatus == .badData)
        #expect(message("{a: 1, a: 1}") == "f, a: key `a` appears twice in one object")
    }

    @Test func depthIsBounded() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(message(deep)?.contains("nested more than 200 deep") == true)
    }

    /// Whatever becomes of a file: both accept and refuse alike, apart from what only one of them refuses.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func damagedFilesAreReadAsFoundationReadsThem(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let file = Places.repository.appending(path: "stations/hamburg-vehicle.json")
        let whole = Array(try Data(contentsOf: file).prefix(1500))
        let bytes = Array("{}[],:'\"\\/*0-1ex u\n".utf8)
        for _ in 0..<300 {
            var text = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<text.count, using: &random)
                text[place] = bytes[Int.random(in: 0..<bytes.count, using: &random)]
            }
            let data = Data(text + Array("]}]}".utf8))
            do {
                let value = try JSONValue.parse(json5: data, file: "f")
                #expect(Oracle.parse(data) == value)
            } catch {
                guard case .syntax = error.kind else { continue }
                #expect(Oracle.parse(data) == nil, "\(error)")
            }
        }
    }
}

@Suite struct NetworkFilesTests {
    @Test func aNetworkThatIsGivenTwiceIsRefused() throws {
        let folder = try TemporaryFolder()
        let original = Places.repository.appending(path: "stations/tacolneston.json")
        let (file, copy, link) = (folder.file("a.json"), folder.file("b.json"), folder.file("c.json"))
        try FileManager.default.copyItem(at: original, to: file)
        try FileManager.default.copyItem(at: original, to: copy)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
        func problem(_ paths: URL...) -> String? {
            let error = #expect(throws: ConfigurationError.self) {
                try NetworkFile.read(paths: paths.map(\.path))
            }
            #expect(error?.exitStatus == .usage)
            return error?.what
        }
        #expect(problem(file, file) == "the network file is given twice")
        #expect(problem(file, link) == "the network file, first as `\(file.path)`, is given twice")
        let network = "the network `tacolneston`, first by `\(file.path)`, is given twice"
        #expect(problem(file, copy) == network)
        #expect(try NetworkFile.read(paths: [file.path]).count == 1)
    }
}
