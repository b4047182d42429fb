import Foundation

/// How turbulent the air near the ground is, by Pasquill (1961): A very unstable to D neutral to F stable.
public enum StabilityClass: Int, CaseIterable, Comparable, Sendable {
    case a, b, c, d, e, f

    public static func < (one: StabilityClass, other: StabilityClass) -> Bool {
        one.rawValue < other.rawValue
    }

    /// By day from wind and sun: the solar-radiation and delta-T method, EPA-454/R-99-005 (2000), table 6-7.
    ///
    /// - Parameters:
    ///   - windSpeed: m s-1 at 10 m.
    ///   - solarRadiation: global radiation on the ground, W m-2.
    public init(dayWindSpeed windSpeed: Double, solarRadiation: Double) {
        let sun = solarRadiation >= 925 ? 0 : solarRadiation >= 675 ? 1 : solarRadiation >= 175 ? 2 : 3
        let table: [[StabilityClass]] = [
            [.a, .a, .b, .d], [.a, .b, .c, .d], [.b, .b, .c, .d], [.c, .c, .d, .d], [.c, .d, .d, .d],
        ]
        self = table[[2, 3, 5, 6].firstIndex { windSpeed < $0 } ?? 4][sun]
    }

    /// By night from wind and the gradient of temperature: the same table.
    ///
    /// - Parameters:
    ///   - windSpeed: m s-1 at 10 m.
    ///   - isInversion: whether the temperature between about 2 and 10 m rises with height or stays.
    public init(nightWindSpeed windSpeed: Double, isInversion: Bool) {
        switch (windSpeed, isInversion) {
        case (..<2, true): self = .f
        case (..<2.5, true): self = .e
        case (..<2, false): self = .e
        default: self = .d
        }
    }

    /// By night from wind and clouds: Pasquill (1961) as Turner (1970), workbook of atmospheric dispersion estimates,
    /// table 3-1. Below 2 m s-1, where that table is empty, F under a clear sky and E under clouds.
    ///
    /// - Parameters:
    ///   - windSpeed: m s-1 at 10 m.
    ///   - cloudShare: 0...1 of the sky; overcast is neutral.
    public init(nightWindSpeed windSpeed: Double, cloudShare: Double) {
        let isClear = cloudShare <= 3.0 / 8
        if cloudShare >= 1 || windSpeed >= 5 {
            self = .d
        } else if windSpeed < 3 {
            self = isClear ? .f : .e
        } else {
            self = isClear ? .e : .d
        }
    }

    /// The class whose line in the nomogram of Golder (1972), Boundary-Layer Meteorology 3, 47, is the nearest in 1/L.
    ///
    /// The lines are 1/L = a + b lg z0 as Seinfeld and Pandis (2006), chapter 16, give them; beyond the roughness of
    /// 1 mm to 0.5 m, where classes would change order, the end of that range holds.
    ///
    /// - Parameters:
    ///   - obukhov: length of Obukhov, m; infinite in neutral air.
    ///   - roughness: m.
    public init(obukhovMetres obukhov: Double, roughnessMetres roughness: Double) {
        let inverse = obukhov == 0 ? 0 : 1 / obukhov
        var best = StabilityClass.d
        for candidate in StabilityClass.allCases
        where abs(candidate.inverseObukhov(roughnessMetres: roughness) - inverse)
            < abs(best.inverseObukhov(roughnessMetres: roughness) - inverse)
        {
            best = candidate
        }
        self = best
    }

    /// 1/L in m-1 that the class stands for over a roughness in m: Golder (1972).
    public func inverseObukhov(roughnessMetres roughness: Double) -> Double {
        let lines = [
            (-0.096, 0.029), (-0.037, 0.029), (-0.002, 0.018), (0, 0), (0.004, -0.018), (0.035, -0.036),
        ]
        let (a, b) = lines[rawValue]
        return a + b * log10(min(max(roughness, 1e-3), 0.5))
    }
}

/// The ground that a plume goes over, for curves that know two kinds of it.
public enum PlumeTerrain: Sendable {
    /// Open country.
    case rural
    /// Built-up: rougher and warmer, so that plumes are wider and never so stable.
    case urban
}
