import Observations
import Testing

/// Wagner and Pruss 2002, table 8 (IAPWS-95 along the saturation line), kelvin and hPa; the equation that is
/// used differs from the full formulation by less than 0.01 %.
@Test(arguments: [
    (273.16, 6.11655), (300.0, 35.368), (320.0, 105.46), (373.1243, 1013.25), (647.096, 220_640.0),
])
func saturationPressureIsThatOfTheTables(kelvin: Double, hectopascals: Double) throws {
    let pressure = try #require(WaterVapour.saturationPressureHectopascals(atCelsius: kelvin - 273.15))
    #expect(abs(pressure / hectopascals - 1) < 2e-4)
}

@Test func temperaturesThatAirNeverHasGiveNoPressure() {
    #expect(WaterVapour.saturationPressureHectopascals(atCelsius: -41) == nil)
    #expect(WaterVapour.saturationPressureHectopascals(atCelsius: 400) == nil)
    #expect(WaterVapour.saturationPressureHectopascals(atCelsius: .nan) == nil)
}

@Test func dilutionTakesTheWaterOut() {
    let correction = DryAirCorrection.dilution(from: .reported)
    #expect(correction.dry(400, ["h2o": 2]) == 400 / 0.98)
    #expect(correction.dry(400, [:]) == nil)
    #expect(correction.dry(400, ["h2o": -1]) == nil)
    #expect(correction.dry(400, ["h2o": 99]) == nil)
    #expect(correction.name == "dilution (h2o)")
}

@Test func aHumidityWithoutPressureTellsNothing() {
    let correction = DryAirCorrection.dilution(from: .humidity)
    #expect(correction.dry(400, ["rh": 50, "t": 20]) == nil)
    #expect(correction.dry(400, ["rh": 50, "t": 20, "p": 0]) == nil)
    // 50 % of 23.39 hPa at 1000 hPa.
    let percent = correction.waterVapourPercent(["rh": 50, "t": 20, "p": 1000]) ?? 0
    #expect(abs(percent - 1.1696) < 1e-3)
}

@Test func anAnalyserHasItsOwnRelation() {
    // The G2301 of the Hamburg log: wet 421.43 at 0.83 %.
    let correction = DryAirCorrection(source: .reported, linear: -0.01548, quadratic: 0)
    let dry = correction.dry(400 * (1 - 0.01548 * 1.5), ["h2o": 1.5]) ?? 0
    #expect(abs(dry - 400) < 1e-9)
    #expect(correction.name == "1 + -0.01548 h + 0.0 h2 (h2o)")
}
