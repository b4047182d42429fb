import Geo
import Observations
import Quantities
import TestSupport
import Testing

private func reading(
    _ value: Double?,
    _ scale: CalibrationScale,
    gas: Gas = .co2,
    uncertainty: Double? = 0.1
) -> Reading {
    Reading(
        station: "s",
        instrument: "i",
        gas: gas,
        time: Instant(microseconds: 0),
        valuePartsPerMillion: value,
        scale: scale,
        position: nil,
        standardUncertaintyPartsPerMillion: uncertainty,
        flag: .good
    )
}

/// Worked by hand from the relation of Hall et al. 2021; the last digit is exact.
private let vectors = [
    (x2007: 250.0, x2019: 250.0555), (280, 280.0792), (400, 400.1740), (420, 420.1898), (520, 520.2688),
]

@Test(arguments: vectors)
func theVectorsOfTheTwoScalesAreMet(x2007: Double, x2019: Double) throws {
    let there = try reading(x2007, .co2X2007).converted(to: .co2X2019)
    let back = try reading(x2019, .co2X2019).converted(to: .co2X2007)

    #expect(abs((there.valuePartsPerMillion ?? 0) - x2019) < 1e-10)
    #expect(there.scale == .co2X2019)
    #expect(there.flag == .good)
    #expect(abs((back.valuePartsPerMillion ?? 0) - x2007) < 1e-10)
    #expect(back.scale == .co2X2007)
}

@Test func theUncertaintyIsMultipliedByTheSlope() throws {
    let there = try reading(400, .co2X2007, uncertainty: 0.5).converted(to: .co2X2019)

    #expect(abs((there.standardUncertaintyPartsPerMillion ?? 0) - 0.500395) < 1e-12)
    #expect(
        try reading(400, .co2X2007, uncertainty: nil).converted(to: .co2X2019)
            .standardUncertaintyPartsPerMillion == nil
    )
}

@Test(arguments: 0..<50 as Range<UInt64>)
func thereAndBackIsTheSame(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let value = 250 + 270 * random.uniform()

    let back = try reading(value, .co2X2007).converted(to: .co2X2019).converted(to: .co2X2007)

    #expect(abs((back.valuePartsPerMillion ?? 0) - value) < 1e-10)
}

@Test func aReadingOnTheWantedScaleIsLeftAlone() throws {
    #expect(try reading(900, .co2X2019).converted(to: .co2X2019) == reading(900, .co2X2019))
    #expect(try reading(2, .unstated, gas: .ch4).converted(to: .unstated).scale == .unstated)
}

@Test func aMissingValueOnlyChangesItsLabel() throws {
    let converted = try reading(nil, .co2X2007).converted(to: .co2X2019)

    #expect(converted.valuePartsPerMillion == nil)
    #expect(converted.scale == .co2X2019)
}

@Test(arguments: [CalibrationScale.uncalibrated, .unstated])
func whatIsTiedToNoScaleIsRefused(scale: CalibrationScale) {
    #expect(throws: ScaleConversionError.noScale(scale, target: .co2X2019)) {
        try reading(400, scale).converted(to: .co2X2019)
    }
    #expect(throws: ScaleConversionError.unknown(.co2, source: .co2X2007, target: scale)) {
        try reading(400, .co2X2007).converted(to: scale)
    }
}

@Test func otherGasesAndScalesAreRefused() {
    #expect(throws: ScaleConversionError.unknown(.ch4, source: .co2X2007, target: .co2X2019)) {
        try reading(2, .co2X2007, gas: .ch4).converted(to: .co2X2019)
    }
    #expect(throws: ScaleConversionError.unknown(.ch4, source: .ch4X2004A, target: .co2X2019)) {
        try reading(2, .ch4X2004A, gas: .ch4).converted(to: .co2X2019)
    }
}

@Test(arguments: [249.9, 520.1, 0, -1, .nan, .infinity])
func valuesOutsideTheRelationAreRefused(value: Double) {
    #expect(throws: ScaleConversionError.self) { try reading(value, .co2X2007).converted(to: .co2X2019) }
}

@Test func theEndsOfTheRangeBelongToIt() throws {
    for value in [250.0555, 520.2688] {
        _ = try reading(value, .co2X2019).converted(to: .co2X2007)
    }
    #expect(throws: ScaleConversionError.self) { try reading(250.05, .co2X2019).converted(to: .co2X2007) }
}
