/// How much each sounding counts in the mean of its cell.
public enum SoundingWeighting: String, CaseIterable, Codable, Sendable {
    /// 1 / σ² with the reported uncertainty σ: the mean of least noise. The default. The part of the error
    /// that soundings of a cell share is the same for any weights, so it does not enter them.
    case inverseVariance = "inverse-variance"
    /// Every sounding counts the same.
    case equal
}

/// The standard error of a cell mean: `error² = a² + b² Σ(wσ)² / (Σw)²`.
///
/// The reported uncertainty σ of a column is retrieval noise alone, and soundings near each other share
/// errors of spectroscopy, aerosol and surface, so σ / √n is far too small. Kulawik et al. (2016, AMT 9,
/// 683) validate ACOS-GOSAT against TCCON in the form a² + b²/n, where `a` does not average out, and find a
/// scatter of 1.7 ppm and single soundings 1.9 times as uncertain as reported.
public struct ErrorModel: Equatable, Codable, Sendable {
    /// `a`: standard deviation of the error that the soundings of a cell share, ppm.
    public let sharedPartsPerMillion: Double
    /// `b`: how many times larger the unshared error of a sounding is than its reported uncertainty.
    public let noiseFactor: Double

    /// Nil unless both are finite and not negative.
    public init?(sharedPartsPerMillion: Double, noiseFactor: Double) {
        guard (0...1e3).contains(sharedPartsPerMillion), (0...1e3).contains(noiseFactor) else { return nil }
        self.init(shared: sharedPartsPerMillion, noiseFactor: noiseFactor)
    }

    private init(shared: Double, noiseFactor: Double) {
        sharedPartsPerMillion = shared
        self.noiseFactor = noiseFactor
    }

    /// 0.8 ppm shared and 1.6 times the reported noise: an assumption that gives a single sounding of 1 ppm
    /// reported noise 1.8 ppm, between the two figures of Kulawik et al. (2016).
    public static let acosCarbonDioxide = ErrorModel(shared: 0.8, noiseFactor: 1.6)
}
