import Observations
import Quantities

/// The member `quality` of an instrument: thresholds that differ from the defaults of its platform and grade.
func readQualityProfile(
    _ instrument: ConfigurationObject,
    of kind: PlatformKind,
    _ unit: MoleFractionUnit
) throws(ConfigurationError) -> QualityProfile {
    guard instrument.has("quality") else { return QualityProfile() }
    _ = try instrument.object("quality", known: [])
    return QualityProfile()
}
