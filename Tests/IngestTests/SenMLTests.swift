import Foundation
import JSON
import Observations
import Quantities
import TestSupport
import Testing

@testable import Ingest

/// Observations has one of its own.
typealias Reason = Ingest.RejectionReason
private let noon2025 = Instant(CivilTime(year: 2025, month: 3, day: 1, hour: 12))

private func resolved(_ text: String, received: Instant = noon2025) throws -> [SenMLRecord] {
    try resolveSenML(senMLFields(json: Array(text.utf8).span.bytes, with: JSONParser()), received: received)
}

private func problem(_ text: String) -> ObservationProblem? {
    do {
        _ = try resolved(text)
        return nil
    } catch { return error as? ObservationProblem }
}

/// The records of a pack in its resolved form, where time and name stand in each.
private func stated(_ file: URL) throws -> [SenMLRecord] {
    try JSONDecoder().decode([ResolvedRecord].self, from: Data(contentsOf: file)).map { record in
        let value: SenMLRecord.Value? =
            record.v.map { .number($0) } ?? record.vs.map { .text($0) } ?? record.vb.map { .bool($0) }
        let time = try #require(Instant(secondsSince1970: record.t))
        return SenMLRecord(name: record.n, localName: "", unit: record.u, time: time, value: value)
    }
}

private struct ResolvedRecord: Decodable {
    let n: String
    let u: String?
    let t: Double
    let v: Double?
    let vs: String?
    let vb: Bool?
}

private func isData(_ record: SenMLRecord) -> Bool {
    if case .data? = record.value { return true }
    return false
}

@Suite struct SenMLTests {
    /// Times without base are those of the moment at which the resolved forms were made.
    private static let received = [
        1: 1_498_780_179.0, 2: 1_498_780_179, 7: 1_499_109_309, 9: 1_498_780_179,
    ]

    @Test(.enabled(if: Places.shared("senml") != nil), arguments: 1...12, ["gen.json", "json", "gen.cbor"])
    func theExamplesOfTheStandardResolveAsTheyShould(number: Int, kind: String) throws {
        guard let file = Places.shared("senml/ex\(number).\(kind)") else {
            // Only two of the packs come in CBOR.
            return try #require(kind == "gen.cbor" && ![3, 5].contains(number) ? () : nil)
        }
        let bytes = Array(try Data(contentsOf: file))
        let fields =
            try kind == "gen.cbor"
            ? senMLFields(cbor: bytes.span.bytes) : senMLFields(json: bytes.span.bytes, with: JSONParser())
        let received = Instant(secondsSince1970: Self.received[number] ?? 1_400_000_000)
        var records = try resolveSenML(fields, received: try #require(received))
        // The tool that made the resolved forms knows no data values.
        records.removeAll(where: isData)
        for index in records.indices { records[index].localName = "" }
        let wanted = try stated(try #require(Places.shared("senml/ex\(number).gen.resolved.json")))
        #expect(records == wanted)
    }

    @Test func theBaseHoldsForWhatFollows() throws {
        let records = try resolved(
            """
            [{"bn":"a:","bt":1700000000,"bu":"Cel","bv":20,"bs":100,"n":"x","v":0.5},
             {"n":"y","u":"K","t":-5.5,"v":1,"s":2,"ut":60},
             {"bn":"b:","bt":1700000100,"n":"z","vs":"on"},
             {"n":"d","vd":"aGkgCg"}]
            """
        )
        #expect(records.map(\.name) == ["a:x", "a:y", "b:z", "b:d"])
        #expect(records.map(\.unit) == ["Cel", "K", "Cel", "Cel"])
        #expect(
            records.map(\.value) == [.number(20.5), .number(21), .text("on"), .data(Array("hi \n".utf8))]
        )
        #expect(records.map(\.sum) == [100, 102, 100, 100])
        #expect(records.map { $0.time.secondsSince1970 } == [1.7e9, 1.7e9 - 5.5, 1.7e9 + 100, 1.7e9 + 100])
        #expect(records[1].updateTime == 60)
    }

    @Test func smallTimesAreRelativeToTheReceipt() throws {
        let records = try resolved(
            #"[{"n":"a","v":1},{"n":"a","v":1,"t":-30},{"n":"a","v":1,"bt":268435456},{"n":"a","v":1,"bt":268435455}]"#
        )
        let seconds = records.map { $0.time.seconds(since: noon2025) }
        #expect(seconds[0] == 0 && seconds[1] == -30 && seconds[3] == 268_435_455)
        #expect(records[2].time.secondsSince1970 == 268_435_456)
    }

    @Test(
        arguments: [
            (#"[{"n":"a","v":1,"must_":1}]"#, Reason.unsupportedVersion, "must_"),
            (#"[{"bver":11,"n":"a","v":1}]"#, .unsupportedVersion, "11"),
            (#"[{"bver":1.5,"n":"a","v":1}]"#, .malformed, "bver"),
            (#"[{"n":"a","v":"1"}]"#, .malformed, "v is no number"),
            (#"[{"n":"a","v":1},{"n":7,"v":1}]"#, .malformed, "record 1: n is no text"),
            (#"[{"n":"a","v":1,"vs":"x"}]"#, .malformed, "more than one value"),
            (#"[{"n":"a","vd":"a"}]"#, .malformed, "base64url"),
            (#"[{"n":"_a","v":1}]"#, .malformed, "_a"),
            (#"[{"v":1}]"#, .malformed, "name"),
            (#"[{"n":"a","v":1,"t":1e300}]"#, .unreadableTime, "1e+300"),
            (#"{"n":"a","v":1}"#, .malformed, "array"),
            (#"[1]"#, .malformed, "record 0"), (#"[{"n":"a","v":1,"v":2}]"#, .malformed, "two fields `v`"),
            (#"[{"n":"a","v":1e999}]"#, .notFinite, "v"),
            ("[{", .notJSON, ""),
        ] as [(String, Reason, String)]
    )
    func packsThatMayMeanSomethingElseAreRefused(text: String, reason: Reason, words: String) {
        let found = problem(text)
        #expect(found?.reason == reason)
        #expect(words.isEmpty || found?.detail.contains(words) == true, "\(found?.detail ?? "")")
    }

    @Test func unknownFieldsAreIgnored() throws {
        #expect(try resolved(#"[{"n":"a","v":1,"l":"[]","x":{"y":1}}]"#).count == 1)
    }
}
