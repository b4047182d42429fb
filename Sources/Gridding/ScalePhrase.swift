public import Quantities

extension CalibrationScale {
    /// `on WMO-CO2-X2007`, to follow "columns".
    public var phrase: String { self == .unstated ? "on a scale that is not stated" : "on \(self)" }
}
