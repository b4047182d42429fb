import Concurrent

/// How well kriging foretells values that it was not given (Cressie 1993, section 2.6.4): every value of the moment
/// mapped is left out in turn and estimated from the others.
public struct CrossValidation: Sendable {
    /// Indices in the field of the values left out.
    public let indices: [Int]
    /// Value minus estimate, ppm.
    public let residuals: [Double]
    /// Residuals over their expected standard deviation, of kriging and of the noise of the value together.
    public let standardisedResiduals: [Double]

    public var count: Int { residuals.count }
    /// Near 0 for an unbiased map, ppm.
    public var meanError: Double { mean(residuals) }
    /// ppm
    public var rootMeanSquareError: Double { mean(residuals.map { $0 * $0 }).squareRoot() }
    /// Near 1 when the standard deviations of the map are right; above when they are too small.
    public var standardisedRootMeanSquare: Double {
        mean(standardisedResiduals.map { $0 * $0 }).squareRoot()
    }

    init(_ kriging: OrdinaryKriging, days: Double, settings: KrigingSettings) async throws {
        let field = kriging.field
        let moment = field.values.indices.filter { field.days[$0] == days }
        let all = moment.isEmpty ? Array(field.values.indices) : moment
        let most = max(1, settings.crossValidated)
        let chosen = all.count <= most ? all : (0..<most).map { all[$0 * all.count / most] }
        let core = settings.crossValidationCoreKilometres
        let parts = try await parallelMap(count: chosen.count, chunks: chunks(chosen.count)) { range in
            range.compactMap { Residual(kriging, chosen[$0], core) }
        }
        let found = Array(parts.joined())
        indices = found.map(\.index)
        residuals = found.map(\.value)
        standardisedResiduals = found.map(\.standardised)
    }

    private func mean(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }
}

private struct Residual: Sendable {
    let index: Int
    let value: Double
    let standardised: Double

    init?(_ kriging: OrdinaryKriging, _ index: Int, _ coreKilometres: Double) {
        let field = kriging.field
        let estimate = kriging.estimate(
            longitude: field.longitudes[index],
            latitude: field.latitudes[index],
            days: field.days[index],
            leavingOut: index,
            coreKilometres: coreKilometres
        )
        guard let estimate else { return nil }
        self.index = index
        value = field.values[index] - estimate.value
        let error = field.standardErrors[index]
        let deviation = (estimate.standardDeviation * estimate.standardDeviation + error * error).squareRoot()
        standardised = deviation > 0 ? value / deviation : 0
    }
}
