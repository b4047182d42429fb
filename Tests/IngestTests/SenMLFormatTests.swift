import Formats
import Geo
import Observations
import Quantities
import TestSupport
import Testing

@testable import Ingest

private let noon2025 = Instant(CivilTime(year: 2025, month: 3, day: 1, hour: 12))

private let format = SenMLFormat(
    isCBOR: false,
    channels: [
        "urn:dev:mac:1:co2": PayloadChannel(.gas(.co2, unit: nil)),
        "ch4": PayloadChannel(.gas(.ch4, unit: nil)), "t": PayloadChannel(.condition("t")),
        "p": PayloadChannel(.condition("p")),
        "rh": PayloadChannel(.condition("rh")), "alt": PayloadChannel(.altitude),
        "cell": PayloadChannel(.condition("cell")),
    ]
)

private func items(_ text: String) throws -> [Result<Observation, ObservationProblem>] {
    try format.decode(Array(text.utf8).span.bytes, received: noon2025).items.map(\.content)
}

@Suite struct SenMLFormatTests {
    @Test func recordsOfOneMomentAreOneObservation() throws {
        let items = try items(
            """
            [{"bn":"urn:dev:mac:1:","bt":1740830400,"n":"co2","u":"ppm","v":428.5},
             {"n":"t","u":"K","v":285.15},{"n":"p","u":"Pa","v":101322},{"n":"rh","u":"%RH","v":43.5},
             {"n":"x","u":"lon","v":116.4},{"n":"x","u":"lat","v":39.9},{"n":"alt","u":"m","v":44},
             {"n":"cell","v":45},{"n":"unknown","vs":"?"},
             {"n":"co2","u":"ppm","v":429.5,"t":1},{"n":"ch4","u":"ppb","v":1987.5,"t":1}]
            """
        )
        let first = try items[0].get()
        let second = try items[1].get()
        #expect(items.count == 2)
        #expect(first.time == noon2025 && second.time == noon2025.advanced(bySeconds: 1))
        #expect(first.values == [MeasuredValue(gas: .co2, value: 428.5, unit: .partsPerMillion)])
        #expect(second.values.map(\.unit) == [.partsPerMillion, .partsPerBillion])
        #expect(first.conditions["t"] == 12 && first.conditions["cell"] == 45)
        #expect(first.conditions["p"] == 1013.22 && first.conditions["rh"] == 43.5)
        guard case .at(let place) = first.position else { return #expect(Bool(false), "no position") }
        #expect(place.longitude == 116.4 && place.latitude == 39.9 && place.altitudeMetres == 44)
        #expect(second.position == .absent)
    }

    @Test func ratiosArePartsOfOne() throws {
        let value = try items(#"[{"n":"ch4","u":"/","v":0.0000019}]"#)[0].get().values[0]
        #expect(value.unit == .molesPerMole && value.value == 0.0000019)
    }

    @Test(arguments: [
        (#"[{"n":"ch4","v":1.9}]"#, Reason.missingUnit),
        (#"[{"n":"ch4","u":"kg","v":1.9}]"#, .unknownUnit),
        (#"[{"n":"ch4","u":"ppm","vs":"1.9"}]"#, .notANumber),
    ])
    func aValueThatCannotBeReadIsSaidOfItsGas(text: String, reason: Reason) throws {
        #expect(try items(text)[0].get().values[0].problem?.reason == reason)
    }

    @Test(arguments: [
        (#"[{"n":"ch4","u":"ppm","v":1.9},{"n":"t","u":"m","v":1}]"#, Reason.unknownUnit),
        (#"[{"n":"ch4","u":"ppm","v":1.9},{"n":"x","u":"lon","v":1}]"#, .halfPosition),
        (#"[{"n":"ch4","u":"ppm","v":1.9},{"n":"alt","v":1}]"#, .missingUnit),
    ])
    func anObservationWithADoubtfulPartIsRefused(text: String, reason: Reason) throws {
        #expect(throws: ObservationProblem.self) { try items(text)[0].get() }
        if case .failure(let problem) = try items(text)[0] { #expect(problem.reason == reason) }
    }

    @Test func aPackOfStrangersIsRefusedAsAWhole() {
        let problem = #expect(throws: ObservationProblem.self) {
            try items(#"[{"n":"z","u":"ppm","v":1.9}]"#)
        }
        #expect(problem?.reason == .noKnownGas && problem?.detail.contains("z") == true)
        #expect(throws: ObservationProblem(.emptyBatch)) { try items("[]") }
    }

    @Test func binaryPacksAreRead() throws {
        // [{-2: "d:", -3: 1740830400, 0: "ch4", 1: "ppb", 2: 4([-1, 19875])}, {0: "t", 1: "Cel", 2: half 12.5}]
        let pack: [UInt8] =
            [
                0x82, 0xA5, 0x21, 0x62, 0x64, 0x3A, 0x22, 0x1A, 0x67, 0xC2, 0xF6, 0xC0, 0x00, 0x63, 0x63,
                0x68, 0x34,
            ]
            + [0x01, 0x63, 0x70, 0x70, 0x62, 0x02, 0xC4, 0x82, 0x20, 0x19, 0x4D, 0xA3]
            + [0xA3, 0x00, 0x61, 0x74, 0x01, 0x63, 0x43, 0x65, 0x6C, 0x02, 0xF9, 0x4A, 0x40]
        let format = SenMLFormat(
            isCBOR: true,
            channels: ["ch4": PayloadChannel(.gas(.ch4, unit: nil)), "t": PayloadChannel(.condition("t"))]
        )
        let decoded = try format.decode(pack.span.bytes, received: noon2025)
        let observation = try decoded.items[0].content.get()
        #expect(decoded.items.count == 1 && observation.time == noon2025)
        #expect(observation.values == [MeasuredValue(gas: .ch4, value: 1987.5, unit: .partsPerBillion)])
        #expect(observation.conditions["t"] == 12.5)
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func noBytesTrapTheDecoder(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let good = Array(
            #"[{"bn":"a:","bt":1740830400,"n":"ch4","u":"ppb","v":1987.5},{"n":"t","v":1e300}]"#.utf8
        )
        for isCBOR in [false, true] {
            let format = SenMLFormat(
                isCBOR: isCBOR,
                channels: [
                    "a:ch4": PayloadChannel(.gas(.ch4, unit: nil)), "t": PayloadChannel(.condition("t")),
                ]
            )
            for _ in 0..<50 {
                var bytes = isCBOR ? (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) } : good
                bytes[0] = isCBOR ? 0x82 : bytes[0]
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
                _ = try? format.decode(bytes.span.bytes, received: noon2025)
            }
        }
    }
}
