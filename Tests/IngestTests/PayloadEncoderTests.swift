import Formats
import Foundation
import Geo
import Observations
import Quantities
import TestSupport
import Testing

@testable import Ingest

/// Decodes what the encoder writes.
private func roundTrip(_ row: RecordedRow, boot: String = "b") throws -> (Observation, SequenceNumber?) {
    let bytes = PayloadEncoder(boot: boot).encode(row, sequence: 7)
    let item = try #require(try NativeFormat().decode(bytes.span.bytes).items.first)
    return (try item.content.get(), item.sequence)
}

private func row(_ conditions: Conditions, fix: RecordedRow.Fix? = nil, bottle: String? = nil) -> RecordedRow
{
    RecordedRow(
        station: "a",
        time: noon,
        values: [.init(gas: .co2, value: 420, standardUncertainty: nil)],
        fix: fix,
        state: [],
        conditions: conditions,
        bottle: bottle
    )
}

@Suite struct PayloadEncoderTests {
    @Test func weatherIsSentWhereMessagesHaveIt() throws {
        let bytes = PayloadEncoder(boot: "b").encode(row(["t": 12.5, "hdg": 90, "cell": 45]), sequence: 1)
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                {"v":1,"boot":"b","seq":1,"ts":"2025-03-01T12:00:00Z","co2":420,"t":12.5,"gps":{"hdg":90},\
                "inst":{"cell":45}}
                """
        )
    }

    @Test(arguments: ["95", "a\"b\\", "\u{1}\n", "瓶子"])
    func namesOfAnyKindSurvive(name: String) throws {
        let (observation, sequence) = try roundTrip(row([name: 1], bottle: name), boot: name)
        #expect(observation.bottle == name && observation.conditions[name] == 1)
        #expect(sequence == SequenceNumber(boot: name, number: 7))
    }

    @Test func halfAPositionIsNone() throws {
        let fix = RecordedRow.Fix(
            longitude: 116,
            latitude: nil,
            altitudeMetres: 44,
            accuracyMetres: 3,
            satellites: nil,
            speedMetresPerSecond: nil
        )
        let (observation, _) = try roundTrip(row([:], fix: fix))
        #expect(observation.position == .absent && observation.conditions == ["acc": 3])
    }

    /// Whatever a row holds comes back, in the same numbers to the last bit.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func everythingComesBack(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func number() -> Double {
            Bool.random(using: &random)
                ? Double.random(in: -1e6...1e6, using: &random)
                : Double(Int.random(in: -9999...9999, using: &random))
        }
        let names = (Conditions.commonNames + ["cp", "ct"]).shuffled(using: &random)
        let conditions = Conditions(
            names.prefix(Int.random(in: 0...names.count, using: &random)).map {
                .init(name: $0, value: number())
            }
        )
        let values = Gas.allCases.map {
            RecordedRow.Value(
                gas: $0,
                value: Bool.random(using: &random) ? number() : nil,
                standardUncertainty: Bool.random(using: &random) ? number() : nil
            )
        }
        let (observation, _) = try roundTrip(
            RecordedRow(station: "a", time: noon, values: values, fix: nil, state: [], conditions: conditions)
        )
        #expect(observation.values.map(\.value) == values.map(\.value))
        #expect(observation.values.map(\.standardUncertainty) == values.map(\.standardUncertainty))
        let byName = { (entries: [Conditions.Entry]) in entries.sorted { $0.name < $1.name } }
        #expect(byName(observation.conditions.entries) == byName(conditions.entries))
    }
}
