public import Quantities

/// How much each sounding counts in the mean of its cell.
///
/// "Area" is the fraction of the cell that the footprint covers or, with ``FootprintMethod/response``, the mean
/// response over the cell; with ``FootprintMethod/centre`` it is 1.
public enum SoundingWeighting: String, CaseIterable, Codable, Sendable {
    /// 1 / σ² with the reported uncertainty σ: the mean of least noise. The default. The part of the error
    /// that soundings of a cell share is the same for any weights, so it does not enter them.
    case inverseVariance = "inverse-variance"
    /// Every sounding that touches the cell counts the same.
    case equal
    case area
    /// Area / σ².
    case areaAndPrecision = "area-and-precision"

    var usesArea: Bool { self == .area || self == .areaAndPrecision }
    var usesPrecision: Bool { self == .inverseVariance || self == .areaAndPrecision }
}

/// The standard error of a cell mean:
/// `error² = a² + b² Σ(wσ)² / (Σw)² + c² Σᵢⱼ wᵢ wⱼ ρᵢⱼ / (Σw)² + r²`, the last two with an ``ErrorCorrelation``.
///
/// The reported uncertainty σ of a column is retrieval noise alone, and soundings near each other share
/// errors of spectroscopy, aerosol and surface, so σ / √n is far too small. Kulawik et al. (2016, AMT 9,
/// 683) validate ACOS-GOSAT against TCCON in the form a² + b²/n, where `a` does not average out, and find a
/// scatter of 1.7 ppm and single soundings 1.9 times as uncertain as reported.
public struct ErrorModel: Hashable, Codable, Sendable {
    /// `a`: standard deviation of the error that the soundings of a cell share, ppm.
    public let sharedPartsPerMillion: Double
    /// `b`: how many times larger the unshared error of a sounding is than its reported uncertainty.
    public let noiseFactor: Double
    /// `c` and `r`: the error that near soundings share, and what the uncovered part of the cell may hide.
    public let correlation: ErrorCorrelation?

    /// Nil unless both are finite and not negative.
    public init?(
        sharedPartsPerMillion: Double,
        noiseFactor: Double,
        correlation: ErrorCorrelation? = nil
    ) {
        guard (0...1e3).contains(sharedPartsPerMillion), (0...1e3).contains(noiseFactor) else { return nil }
        self.init(shared: sharedPartsPerMillion, noiseFactor: noiseFactor, correlation: correlation)
    }

    private init(shared: Double, noiseFactor: Double, correlation: ErrorCorrelation? = nil) {
        sharedPartsPerMillion = shared
        self.noiseFactor = noiseFactor
        self.correlation = correlation
    }

    /// 0.8 ppm shared and 1.6 times the reported noise: an assumption that gives a single sounding of 1 ppm
    /// reported noise 1.8 ppm, between the two figures of Kulawik et al. (2016).
    public static let acosCarbonDioxide = ErrorModel(shared: 0.8, noiseFactor: 1.6)

    /// 6 ppb shared, as TROPOMI differs between TCCON stations (5.6 ppb: Lorente et al. 2021, AMT 14, 665), and twice
    /// the reported noise: an assumption.
    public static let sentinelMethane = ErrorModel(shared: 0.006, noiseFactor: 2)

    /// The model of soundings of a gas for which none is chosen: reported noise alone where nothing is known.
    public static func standard(of gas: Gas) -> ErrorModel {
        switch gas {
        case .co2: acosCarbonDioxide
        case .ch4: sentinelMethane
        case .n2o, .co: ErrorModel(shared: 0, noiseFactor: 1)
        }
    }

    /// As ``standard(of:)`` with errors that near soundings share; for methane a hundredth of those of CO2.
    public static func correlated(of gas: Gas) -> ErrorModel {
        gas == .co2
            ? orbitingCarbonObservatory
            : ErrorModel(shared: 0.003, noiseFactor: 1, correlation: .methane)
    }

    /// Reported noise as it is, 0.6 ppm that decays over 15 km along the track and four footprints across it
    /// (Baker et al. 2022, GMD 15, 649, find 10 to 20 km for OCO-2), and 0.3 ppm common to all: an assumption.
    public static let orbitingCarbonObservatory = ErrorModel(
        shared: 0.3,
        noiseFactor: 1,
        correlation: .orbitingCarbonObservatory
    )
}

/// An error that near soundings of one overpass share, and the error of a cell that is covered in part.
///
/// Two soundings of a cell and overpass correlate by `ρ = exp(-d / L) exp(-|f - g| / F)`, with the distance `d`
/// that the satellite went between them over ground and their footprint numbers `f` and `g`. Soundings of different
/// overpasses are independent here; what they share is `a` of the ``ErrorModel``.
///
/// The representation error is `r² = s² (1 - coverage) / n_eff`, after sampling without replacement as Rijsdijk et
/// al. (2025, GMD 18, 483) take it: `s²` is the variance of the soundings about their mean beyond their noise, or
/// ``variabilityPartsPerMillion`` squared below three soundings.
public struct ErrorCorrelation: Hashable, Codable, Sendable {
    /// `c`: standard deviation of the error, ppm.
    public let partsPerMillion: Double
    /// `L`, km.
    public let alongTrackKilometres: Double
    /// `F`, in footprints.
    public let acrossTrackFootprints: Double
    /// Variation of the column within a cell where too few soundings show it, ppm.
    public let variabilityPartsPerMillion: Double

    /// Nil unless all are finite, the lengths positive and the others not negative.
    public init?(
        partsPerMillion: Double,
        alongTrackKilometres: Double,
        acrossTrackFootprints: Double,
        variabilityPartsPerMillion: Double
    ) {
        guard (0...1e3).contains(partsPerMillion), (1e-3...1e5).contains(alongTrackKilometres),
            (1e-3...1e5).contains(acrossTrackFootprints), (0...1e3).contains(variabilityPartsPerMillion)
        else { return nil }
        self.init(partsPerMillion, alongTrackKilometres, acrossTrackFootprints, variabilityPartsPerMillion)
    }

    private init(_ error: Double, _ along: Double, _ across: Double, _ variability: Double) {
        partsPerMillion = error
        alongTrackKilometres = along
        acrossTrackFootprints = across
        variabilityPartsPerMillion = variability
    }

    static let orbitingCarbonObservatory = ErrorCorrelation(0.6, 15, 4, 0.5)
    static let methane = ErrorCorrelation(0.006, 15, 4, 0.01)

    /// Speed over ground of a satellite at 700 km: 2.25 km in the third of a second between frames of OCO-2.
    static let groundSpeedKilometresPerSecond = 6.75
    /// A cell is not seen for longer within one overpass; the next comes after an orbit of 90 minutes at least.
    static let overpassGapMicroseconds: Int64 = 600_000_000
}
