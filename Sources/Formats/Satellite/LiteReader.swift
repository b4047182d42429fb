public import Observations
public import Quantities

/// Reads the Level 2 Lite files of OCO-2 and OCO-3 (builds 9 to 11) and of ACOS-GOSAT (build 9): one day of
/// bias-corrected columns with kernels on 20 levels. They are known by their variables, not their names.
public enum LiteReader {
    /// Reads one file and keeps the soundings flagged good, with the others counted by reason.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - scale: X2007 for `xco2`, X2019 for `xco2_x2019`, which stands beside it from build 11.
    /// - Throws: `NetCDFError` for files that are absent or damaged, ``SatelliteError`` for other products
    ///   and for columns that are not on the scale asked for.
    public static func read(
        _ path: String,
        scale: CalibrationScale = .co2X2007
    ) async throws -> SoundingBatch {
        let column = try columnName(scale, path)
        let content = try await LiteContent.read(path, column: column)
        try content.checkLevelOrder()
        return content.batch(scale: scale)
    }

    private static func columnName(
        _ scale: CalibrationScale,
        _ path: String
    ) throws(SatelliteError) -> String {
        switch scale {
        case .co2X2007: return "xco2"
        case .co2X2019: return "xco2_x2019"
        default:
            let reason = "Lite columns are on X2007 or X2019, not on \(scale)"
            throw .unexpected(path: path, variable: "xco2", reason: reason)
        }
    }
}
