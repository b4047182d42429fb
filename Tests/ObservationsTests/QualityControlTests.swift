import Geo
import Observations
import Quantities
import TestSupport
import Testing

private let range = GrossRange(failBelow: 350, suspectBelow: 380, suspectAbove: 1500, failAbove: 3000)
private let pressure = StateLimit(quantity: "cp", minimum: 139, maximum: 141)

private func station(_ kind: PlatformKind, at position: Position? = nil) -> Station {
    let instrument = Instrument(
        id: "g2301",
        gas: .co2,
        unit: .partsPerMillion,
        scale: .co2X2007,
        inletHeightMetres: nil,
        grossRange: range,
        standardUncertaintyPartsPerMillion: nil,
        stateLimits: [pressure]
    )
    return Station(
        id: "s",
        names: LocalizedName(english: "s"),
        kind: kind,
        position: position,
        instruments: [instrument]
    )
}

@Suite struct QualityControlTests {
    @Test(arguments: [
        (349.999, QualityFlag.fail), (350, .suspect), (379.999, .suspect), (380, .good), (1500, .good),
        (1500.001, .suspect), (3000, .suspect), (3000.001, .fail), (0, .fail), (-5, .fail), (1e300, .fail),
    ])
    func grossRangeHasClosedBounds(value: Double, flag: QualityFlag) {
        let verdict = QualityControl.grossRange(value, within: range)
        #expect(verdict.flag == flag)
        #expect(verdict.tests == (flag == .good ? [] : .grossRange))
    }

    @Test func aMissingValueIsMissingWhateverElsePasses() throws {
        let place = try #require(Position(longitude: 10, latitude: 53.5))
        let verdict = QualityControl.assess(
            valuePartsPerMillion: nil,
            standardUncertaintyPartsPerMillion: 0.1,
            position: .at(place),
            state: { _ in 140 },
            station: station(.vehicle),
            instrument: station(.vehicle).instruments[0]
        )
        #expect(verdict == QualityVerdict(flag: .missing, tests: .missingValue))
    }

    @Test func theWorstFlagWinsAndEveryTestIsKept() {
        let vehicle = station(.vehicle)
        let verdict = QualityControl.assess(
            valuePartsPerMillion: 0,
            standardUncertaintyPartsPerMillion: nil,
            position: .absent,
            state: { _ in 0 },
            station: vehicle,
            instrument: vehicle.instruments[0]
        )
        #expect(verdict.flag == .fail)
        #expect(verdict.tests == [.grossRange, .location, .instrumentState, .uncertainty])
    }

    @Test func placesAreJudgedByTheKindOfStation() throws {
        let place = try #require(Position(longitude: 10, latitude: 53.5))
        let near = try #require(Position(longitude: 10.001, latitude: 53.5))
        let far = try #require(Position(longitude: 11, latitude: 53.5))
        let fixed = station(.fixed, at: place)
        let vehicle = station(.vehicle)
        #expect(QualityControl.location(.absent, of: fixed).flag == .good)
        #expect(QualityControl.location(.at(near), of: fixed).flag == .good)
        #expect(QualityControl.location(.at(far), of: fixed).flag == .suspect)
        #expect(QualityControl.location(.impossible, of: fixed).flag == .fail)
        #expect(QualityControl.location(.absent, of: vehicle).flag == .suspect)
        #expect(QualityControl.location(.at(far), of: vehicle).flag == .good)
        #expect(QualityControl.location(.impossible, of: vehicle).flag == .fail)
    }

    @Test func instrumentStateFailsOutsideAndDoubtsSilence() {
        func flag(_ value: Double?) -> QualityFlag {
            QualityControl.instrumentState({ $0 == "cp" ? value : nil }, within: [pressure]).flag
        }
        #expect(flag(140) == .good)
        #expect(flag(139) == .good)
        #expect(flag(0) == .fail)
        #expect(flag(141.1) == .fail)
        #expect(flag(nil) == .suspect)
        #expect(QualityControl.instrumentState({ _ in nil }, within: []).flag == .good)
    }

    @Test(arguments: [(0.0, QualityFlag.good), (0.3, .good), (-0.1, .suspect), (.infinity, .suspect)])
    func uncertaintyMustBeANumber(value: Double, flag: QualityFlag) {
        #expect(QualityControl.uncertainty(value).flag == flag)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func combiningVerdictsDoesNotDependOnTheirOrder(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let verdicts = (0..<4).map { _ in
            QualityVerdict(
                flag: QualityFlag.allCases.randomElement(using: &random) ?? .good,
                tests: QualityTests(rawValue: UInt32.random(in: 0..<32, using: &random))
            )
        }
        let first = try #require(verdicts.first)
        let forwards = verdicts.dropFirst().reduce(first) { $0.combined(with: $1) }
        let shuffled = verdicts.shuffled(using: &random)
        let other = try #require(shuffled.first)
        #expect(shuffled.dropFirst().reduce(other) { $0.combined(with: $1) } == forwards)
        #expect(forwards.flag == .missing || !verdicts.contains { $0.flag == .missing })
    }
}
