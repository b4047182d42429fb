/// How the readings of an instrument become calibrated values.
public struct CalibrationPlan: Equatable, Sendable {
    public init() {}
}
