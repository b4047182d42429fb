public import Observations
public import Quantities

/// What a file of soundings is, by its content.
public struct SoundingProduct: Equatable, Sendable {
    /// Platform, title and build as far as the file gives them; says so when the scale was converted.
    public var name: String
    /// Which of the known layouts it has: `OCO-2, OCO-3 or ACOS Lite`.
    public let family: String
    /// `OCO-2`, `GOSAT`; empty where the file does not tell.
    public let platform: String
    /// The producer's version; empty where the file does not tell.
    public let build: String
    public let gas: Gas
    /// ``CalibrationScale/unstated`` where neither the file nor its documentation tells.
    public var scale: CalibrationScale
    /// Elements of a profile; 0 for products without kernels.
    public let levels: Int
    public let profileSupport: ProfileSupport
    /// Diameter of a round field of view, km; nil where corners are given or nothing is known.
    public let fieldOfViewKilometres: Double?
    public let hasCorners: Bool
    public let hasQualityFlag: Bool
}
