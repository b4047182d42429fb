import Archive
import Foundation
import Observations
import TestSupport
import Testing

@testable import Ingest

/// An observation of the tower with more members.
private func observation(_ members: String) -> String { #"{"ts":"2025-03-01T11:00:00Z",\#(members)}"# }

@Suite struct PayloadSyntaxTests {
    @Test(arguments: [
        "{", "}", #"{"co2":420"#, #"{"co2" 420}"#, "{co2:420}", "[1 2]", "[1] 2", #"{"co2":}"#, "'a'", "nul",
        #"{"co2":420,"x":tru}"#, #"{"\x":1}"#, #"{"a":1]"#, " ", "\"", #"{"co2":[1,2}"#,
    ])
    func whatIsNoJSONIsRefusedWithWords(payload: String) {
        let refused = rejections(of: decode(payload))
        #expect(refused.map(\.reason) == ["not_json"])
        #expect(refused.first?.detail.isEmpty == false)
    }

    @Test func theDetailSaysWhere() {
        #expect(rejections(of: decode(#"{"co2" 420}"#)).first?.detail.contains("character 7") == true)
    }

    @Test(arguments: [
        observation(#""co2":NaN"#), observation(#""co2":Infinity"#), observation(#""co2":-Infinity"#),
        observation(#""co2":420,"t":NaN"#), "[\(observation(#""co2":NaN"#))]",
        observation(#""co2":1e999"#), observation(#""co2":-1e999"#),
        observation(#""co2":420,"u":{"co2":1e999}"#),
        observation(#""co2":420,"gps":{"lat":1e999,"lon":0}"#), observation(#""co2":042"#),
        observation(#""co2":42."#),
    ])
    func numbersThatAreNoneAreNamed(payload: String) {
        #expect(reasons(payload) == ["not_finite"])
        #expect(readings(payload).isEmpty)
    }

    @Test func oneBadObjectOfABatchIsRefusedAlone() {
        let elements = [
            observation(#""co2":420"#), observation(#""co2":"420""#), observation(#""co2":1e999"#), "null",
            "[1,[2]]", #"{"ts":7,"co2":1}"#, #"{"ts":null,"co2":1}"#, observation(#""co2":421"#),
        ]
        let items = decode("[\(elements.joined(separator: ","))]")
        #expect(items.count == elements.count)
        let refused = rejections(of: items)
        #expect(refused.map(\.item) == [1, 2, 3, 4, 5, 6])
        let expected = [
            "not_a_number", "not_finite", "not_an_object", "not_an_object", "unreadable_time",
            "unreadable_time",
        ]
        #expect(refused.map(\.reason) == expected)
        #expect(refused.first?.detail == "co2")
    }

    @Test(arguments: [
        #""co2":420,"gps":null,"u":null,"inst":null,"v":1.0"#, #""co2":420,"gps":{},"u":{},"inst":{}"#,
        #""co2":420,"inst":{"cp":"high","ct":null}"#, #""co2":420,"u":{"ch4":"x"},"ch4x":{"deep":[{}]}"#,
        #""\u0063o2":420"#, #""co2":420,"gps":{"lat":0,"lon":0}"#, #""co2":4.2E+2,"n2o":"none","big":1e999"#,
    ])
    func membersThatDoNotMatterDoNotDisturb(members: String) {
        let found = readings(observation(members))
        #expect(found.map(\.valuePartsPerMillion) == [420])
        #expect(found.map(\.flag) == [.good])
    }

    @Test(arguments: [#""v":null"#, #""v":"1""#, #""v":true"#, #""v":1.5"#])
    func otherVersionsAreRefused(version: String) {
        #expect(reasons(observation(#"\#(version),"co2":420"#)) == ["unsupported_version"])
    }

    @Test(arguments: ["null", "true", "\"text\"", "7"])
    func otherValuesAreNoObject(payload: String) {
        #expect(reasons(payload) == ["not_an_object"])
    }

    @Test func depthAndSizeAreBounded() {
        for opening in ["[", #"{"co2":"#, #"{"gps":["#] {
            #expect(reasons(String(repeating: opening, count: 100_000)) == ["not_json"])
        }
        let nested = String(repeating: "[", count: 30) + String(repeating: "]", count: 30)
        #expect(readings(observation(#""co2":420,"x":\#(nested)"#)).count == 1)
        let blanks = [UInt8](repeating: 0x20, count: PayloadDecoder.payloadByteLimit + 1)
        #expect(rejections(of: decode(bytes: blanks)).map(\.reason) == ["too_large"])
    }

    @Test func onlyUTF8IsText() throws {
        let broken: [UInt8] = Array(#"{"a":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)
        #expect(decode(bytes: broken) == [.rejection(Rejection(reason: "not_utf8", detail: ""))])
        let wide = try #require(observation(#""co2":420"#).data(using: .utf16LittleEndian))
        #expect(rejections(of: decode(bytes: Array(wide))).map(\.reason) == ["not_json"])
    }

    /// Against the correctly rounding reader of the standard library.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func numbersAreTheNearestDoubles(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let value = Double.random(in: 300...600, using: &random)
            let digits = "\(random.next())\(random.next())"
            for text in ["\(value)", "4\(digits.prefix(2)).\(digits)", "4\(digits)e-\(digits.count - 2)"] {
                let found = readings(observation(#""co2":\#(text)"#)).first?.valuePartsPerMillion
                #expect(found == Double(text), "\(text)")
            }
        }
    }

    /// Nothing traps, every message leaves something, and no JSON is called none.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func damagedMessagesAreJudgedAsJSONIs(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let message = Array(observation(#""v":1,"co2":428.37,"gps":{"lat":39.9},"a":[1,null]"#).utf8)
        for _ in 0..<50 {
            var bytes = message
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.remove(at: index)
                case 1: bytes[index] = UInt8.random(in: 0x20..<0x7F, using: &random)
                default: bytes.insert(bytes[Int.random(in: bytes.indices, using: &random)], at: index)
                }
            }
            let items = decode(bytes: bytes)
            #expect(!items.isEmpty)
            let isJSON =
                (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
            let isCalledNone = rejections(of: items).contains { $0.reason == "not_json" }
            #expect(!(isJSON && isCalledNone), "\(String(decoding: bytes, as: UTF8.self))")
        }
    }
}
