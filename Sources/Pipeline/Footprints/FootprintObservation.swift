public import Formats
import Geo
public import Quantities

/// An observation that wants a footprint, with what a report tells of it.
public struct FootprintObservation: Sendable {
    public var measured: ReceptorObservation
    /// What of a column the particles do not carry; nil for air at a place.
    public var column: ColumnAir?
    /// Station and instrument, or product.
    public var source: LocalizedName
    /// m above ground of an inlet; nil for others.
    public var intakeHeightMetres: Double?
    public var scale: CalibrationScale?
    public var rawMessage: Int64?
    /// Why it cannot be used, whatever its footprint.
    public var exclusion: Exclusion?

    public init(_ measured: ReceptorObservation) {
        self.measured = measured
        source = LocalizedName(english: measured.group.isEmpty ? measured.name : measured.group)
    }

    /// Station, vehicle or product.
    var group: String { measured.group.isEmpty ? measured.name : measured.group }
}
