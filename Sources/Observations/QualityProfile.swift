/// The tests that the readings of an instrument undergo among their neighbours, with their thresholds.
public struct QualityProfile: Equatable, Sendable {
    public init() {}
}
