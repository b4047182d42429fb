import Foundation
import JSON
import TestSupport
import Testing

/// The document written anew by walking it; nil when it is refused.
private func written(_ text: String, _ limits: JSONParser.Limits = .init()) -> String? {
    try? JSONParser(limits: limits).read(Array(text.utf8).span.bytes) { write($0) }
}

private func write(_ element: JSONElement) -> String {
    switch element.kind {
    case .null: "null"
    case .falseLiteral: "false"
    case .trueLiteral: "true"
    case .number: element.wholeNumber.map { "\($0)" } ?? element.number.map { "\($0)" } ?? "?"
    case .unreadableNumber: "unreadable"
    case .string: "\"\(element.text ?? "?")\""
    case .array: "[\(element.children.map { write($0) }.joined(separator: ","))]"
    case .object: "{\(element.children.map { "\($0.name):\(write($0))" }.joined(separator: ","))}"
    }
}

private func refusal(_ text: String, _ limits: JSONParser.Limits = .init()) -> JSONSyntaxError? {
    refusal(Array(text.utf8), limits)
}

private func refusal(_ bytes: [UInt8], _ limits: JSONParser.Limits = .init()) -> JSONSyntaxError? {
    do {
        try JSONParser(limits: limits).read(bytes.span.bytes) { _ in }
        return nil
    } catch {
        return error
    }
}

@Suite struct JSONParserTests {
    @Test(arguments: [
        ("[]", "[]"), ("{}", "{}"), (" 7 ", "7"), ("-0.5e1", "-5.0"), ("true", "true"), ("null", "null"),
        (#"{"a":[1,{"b":null},[[]]],"c":false}"#, "{a:[1,{b:null},[[]]],c:false}"),
        (#"{"\u0063o2":"\ud83d\ude97\n"}"#, "{co2:\"\u{1F697}\n\"}"),
        (#"{"a":1,"a":2}"#, "{a:1,a:2}"), ("\u{FEFF}{\"a\":1}", "{a:1}"), (#""a\u0000b""#, "\"a\u{0}b\""),
        ("[9223372036854775807,9223372036854775808]", "[9223372036854775807,9.223372036854776e+18]"),
        ("[1e999,042,42.,-,1.5]", "[unreadable,unreadable,unreadable,unreadable,1.5]"),
    ])
    func whatStandsThereIsFound(text: String, expected: String) {
        #expect(written(text) == expected)
    }

    @Test(
        arguments: [
            ("", .empty, nil), (" \n", .empty, nil), (#"{"co2" 420}"#, .badGrammar, 7),
            ("[1 2]", .badGrammar, 3),
            ("[1] 2", .badGrammar, 4), ("1],[2", .badGrammar, 2), ("1,2", .badGrammar, 2),
            ("[1,]", .badGrammar, 3),
            (#"{"a":1,}"#, .badGrammar, 7), (#"{"a":1]"#, .badGrammar, 6), ("{", .badGrammar, 1),
            ("}", .badGrammar, 0), ("]", .badGrammar, nil), ("nul", .badGrammar, 0), ("'a'", .badGrammar, 0),
            (#"{"x":tru}"#, .badGrammar, 5), ("\"", .unclosedString, nil), (#"["\x"]"#, .badEscape, 1),
            (#"["\ud800"]"#, .badEscape, 1), ("[\"\u{1}\"]", .controlCharacter, nil),
            ("[1,NaN]", .notFinite, 3),
            ("[-Infinity]", .notFinite, 1), ("\u{FEFF}[nan]", .notFinite, 4),
        ] as [(String, JSONSyntaxError.Kind, Int?)]
    )
    func whatIsNoJSONIsRefused(text: String, kind: JSONSyntaxError.Kind, position: Int?) {
        let error = refusal(text)
        #expect(error?.kind == kind)
        if let position { #expect(error?.position == position) }
        #expect(error?.words.isEmpty == false)
    }

    @Test func onlyUTF8IsText() {
        for bytes in [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]]
            as [[UInt8]]
        {
            #expect(refusal(bytes)?.kind == .notUTF8)
        }
    }

    @Test func sizeNumberAndDepthAreBounded() {
        let limits = JSONParser.Limits(bytes: 20, values: 5, depth: 3)
        #expect(written("[[[1]]]", limits) == "[[[1]]]")
        #expect(refusal("[[[[1]]]]", limits)?.kind == .tooDeep)
        #expect(written("[1,2,3,4]", limits) != nil)
        #expect(refusal("[1,2,3,4,5]", limits)?.kind == .tooManyValues)
        #expect(written("\"\(String(repeating: "a", count: 18))\"", limits) != nil)
        #expect(refusal("\"\(String(repeating: "a", count: 19))\"", limits)?.kind == .tooLong)
        #expect(refusal(String(repeating: "[", count: 1 << 20))?.kind == .tooDeep)
    }

    /// The memory of one document serves the next, a small one after a large one included.
    @Test func aParserReadsOneDocumentAfterTheOther() throws {
        let parser = JSONParser()
        let large = "[\(Array(repeating: #"{"a":"b"}"#, count: 200_000).joined(separator: ","))]"
        for _ in 0..<3 {
            #expect(
                try parser.read(Array(large.utf8).span.bytes) { $0.children.map { _ in 1 }.count } == 200_000
            )
            #expect(throws: JSONSyntaxError.self) { try parser.read(Array("[".utf8).span.bytes) { _ in } }
            #expect(try parser.read(Array(#"{"a":7}"#.utf8).span.bytes) { $0["a"]?.number } == 7)
        }
    }

    @Test func membersAreFoundByName() throws {
        let text = #"{"a":1,"long-name-one":2,"long-name-two":3,"a":4,"":5,"12345678":6,"123456789":7}"#
        let expected = [
            "a": 1.0, "long-name-one": 2, "long-name-two": 3, "": 5, "12345678": 6, "123456789": 7,
        ]
        for (name, value) in expected {
            let found = try JSONParser().read(Array(text.utf8).span.bytes) { $0[JSONName(name)]?.number }
            #expect(found == value)
        }
        let absent = try JSONParser().read(Array(text.utf8).span.bytes) { $0["long-name-six"] == nil }
        #expect(absent)
    }

    /// What Foundation takes, ours takes too, but for commas before a closing bracket; and the other way round.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func damagedDocumentsAreJudgedAsFoundationDoes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let document = Array(#"{"v":1,"a":[1.5e3,null,true],"gps":{"lat":39.9,"x":"y\n"},"b":[[],{}]}"#.utf8)
        let parser = JSONParser()
        for _ in 0..<100 {
            var bytes = document
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.remove(at: index)
                case 1: bytes[index] = UInt8.random(in: 0x20..<0x7F, using: &random)
                default: bytes.insert(bytes[Int.random(in: bytes.indices, using: &random)], at: index)
                }
            }
            let read = try? parser.read(bytes.span.bytes) { write($0) }
            let options = JSONSerialization.ReadingOptions.fragmentsAllowed
            let isJSON = (try? JSONSerialization.jsonObject(with: Data(bytes), options: options)) != nil
            let words = String(decoding: bytes, as: UTF8.self)
            // Only numbers are taken more leniently, and marked.
            if let read { #expect(isJSON || read.contains("unreadable"), "\(words)") }
            let hasIdleComma = words.contains(/,[ ]*[\]}]/)
            if isJSON, !hasIdleComma { #expect(read != nil, "\(words)") }
        }
    }
}

@Suite struct JSONPointerTests {
    /// The examples of RFC 6901 (5).
    @Test(arguments: [
        ("/foo/0", "\"bar\""), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"),
        ("/i\\j", "5"), ("/k\"l", "6"), ("/ ", "7"), ("/m~0n", "8"), ("/foo", "[\"bar\",\"baz\"]"),
    ])
    func theExamplesOfTheStandardResolve(pointer: String, expected: String) throws {
        let document = #"""
            {"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}
            """#
        let path = try #require(JSONPointer(pointer))
        let found = try JSONParser().read(Array(document.utf8).span.bytes) {
            path.find(in: $0).map { write($0) }
        }
        #expect(found == expected)
    }

    @Test(arguments: [
        "/foo/2", "/foo/-", "/foo/00", "/foo/x", "/foo/0/x", "/bar", "/foo/99999999999999999999",
    ])
    func whatIsNotThereIsNotFound(pointer: String) throws {
        let path = try #require(JSONPointer(pointer))
        let isFound = try JSONParser().read(Array(#"{"foo":[1,2]}"#.utf8).span.bytes) {
            path.find(in: $0) != nil
        }
        #expect(!isFound)
    }

    @Test(arguments: ["foo", "/~", "/a~2", "~0"])
    func whatIsNoPointerIsRefused(text: String) {
        #expect(JSONPointer(text) == nil)
    }
}
