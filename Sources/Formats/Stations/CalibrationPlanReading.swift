import Observations
import Quantities

/// The member `calibration` of an instrument; nil where there is none.
func readCalibrationPlan(
    _ instrument: ConfigurationObject,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> CalibrationPlan? {
    guard instrument.has("calibration") else { return nil }
    _ = try instrument.object("calibration", known: [])
    return CalibrationPlan()
}
