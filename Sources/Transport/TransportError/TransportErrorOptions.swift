/// What is wrong with the weather, as statistics: the winds and the mixing height differ from the truth by errors that
/// are correlated in space and time.
public struct TransportErrorOptions: Equatable, Sendable {
    /// Standard deviation of the error of either component of the wind, m s-1; 0 for none.
    public var windMetresPerSecond = 0.0
    public var windScales: ErrorScales
    /// Standard deviation of the logarithm of the factor on the boundary-layer height; 0.2 is about 20 %; 0 for none.
    public var mixingHeightLogarithm = 0.0
    /// Its vertical scale has no meaning.
    public var mixingHeightScales: ErrorScales
    public var seed: UInt64 = 0

    public init(windScales: ErrorScales, mixingHeightScales: ErrorScales) {
        self.windScales = windScales
        self.mixingHeightScales = mixingHeightScales
    }

    public var isNone: Bool { windMetresPerSecond == 0 && mixingHeightLogarithm == 0 }
}
