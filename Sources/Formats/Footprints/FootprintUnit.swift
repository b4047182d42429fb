import Foundation

/// The spellings of a footprint's unit met in files.
enum FootprintUnit {
    /// Brings a value to ppm per umol m-2 s-1, which is (mol/mol)/(mol m-2 s-1) in number; nil for a unit that is
    /// none of a footprint.
    static func factor(_ spelling: String) -> Double? {
        var text = spelling.lowercased().filter { !" ()^*.".contains($0) }
        for (long, short) in [
            ("micromoles", "umol"), ("micromol", "umol"), ("µmol", "umol"), ("μmol", "umol"),
        ] {
            text = text.replacingOccurrences(of: long, with: short)
        }
        switch text {
        case "mol/mol/mol/m2/s", "molmol-1/molm-2s-1", "m2smol-1", "sm2mol-1", "molmol-1m2smol-1",
            "molmol-1mol-1m2s":
            return 1
        case "ppmumol-1m2s", "ppmm2sumol-1", "ppm/umol/m2/s", "ppm/umolm-2s-1", "ppmperumolm-2s-1",
            "1e-6umol-1m2s":
            return 1
        case "ppb/nmol/m2/s", "ppbnmol-1m2s": return 1
        case "ppbumol-1m2s", "ppb/umol/m2/s": return 1e-3
        default: return nil
        }
    }

    /// FLEXPART's residence time over the density of air.
    static func isFLEXPART(_ spelling: String) -> Bool { spelling.filter { $0 != " " } == "sm3kg-1" }

    /// kg of dry air in a mole, as LUMIA takes it: 0.0002897 for a lowest layer of 100 m.
    static let kilogramsPerMole = 0.02897

    /// Brings s m3 kg-1 of a surface layer to ppm per umol m-2 s-1: a flux into a layer of that height changes the mass
    /// mixing ratio by flux / (density x height).
    static func factorFLEXPART(layerMetres height: Double) -> Double { kilogramsPerMole / height }
}
