import Geo
public import Gridding
import Quantities

extension TCCONFile {
    /// The spectra as ``ColumnComparison`` takes them.
    ///
    /// The file has priors as wet mole fractions; with its prior of water vapour `w` the dry ones are `x / (1 - w)`,
    /// and their dry-air column is `Σ o x / Σ o (1 - w)` with the integration operator `o`. The operator is scaled by
    /// the oxygen column that was measured, so that `Σ o (1 - w)` is 1 only within half a percent: the ratio takes
    /// that off.
    ///
    /// - Throws: ``SatelliteError/incomplete(path:product:missing:found:)`` without a prior of water vapour,
    ///   ``AnalysisError`` when the file has no spectra.
    public func groundColumns() throws -> GroundColumns {
        guard waterPriors.count == priors.count else {
            throw SatelliteError.incomplete(
                path: path,
                product: "TCCON public",
                missing: ["prior_h2o"],
                found: []
            )
        }
        guard let longitude = longitudes.first, let latitude = latitudes.first,
            let position = Position(longitude: longitude, latitude: latitude)
        else { throw AnalysisError.tooFew(0, needed: 1, of: "spectra") }
        var priorColumns: [Double] = []
        for spectrum in times.indices {
            var (wet, dry) = (0.0, 0.0)
            for element in (spectrum * levels)..<((spectrum + 1) * levels) {
                wet += integrationOperators[element] * priors[element]
                dry += integrationOperators[element] * (1 - waterPriors[element])
            }
            priorColumns.append(wet / dry)
        }
        return try GroundColumns(
            site: site,
            position: position,
            gas: gas,
            scale: scale,
            levels: levels,
            times: times,
            columns: columns,
            uncertainties: uncertainties,
            priorProfiles: zip(priors, waterPriors).map { $0 / (1 - $1) },
            priorColumns: priorColumns,
            pressures: priorPressures
        )
    }
}
