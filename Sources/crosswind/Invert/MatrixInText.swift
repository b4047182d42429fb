import LinearAlgebra

/// A square matrix as rows of numbers in JSON, where it is not too large for a text.
enum MatrixInText {
    /// 40,000 numbers, less than a megabyte.
    static let mostElements = 200

    /// Nil above ``mostElements``; elements that are not known are null.
    static func rows(_ matrix: Matrix) -> [[Double?]]? {
        guard matrix.rows <= mostElements else { return nil }
        return (0..<matrix.rows).map { matrix.rows($0..<($0 + 1)).storage.map(known) }
    }

    /// Null in JSON where a number is not known.
    static func known(_ value: Double) -> Double? { value.isNaN ? nil : value }

    /// Where the posterior covariance is instead; nil where the text has it.
    ///
    /// - Parameter file: the netCDF file that is written, if any.
    static func whereabouts(states: Int, file: String?) -> String? {
        guard states > mostElements else { return nil }
        let place = file.map { "`\($0)`" } ?? "the file that --output FILE.nc writes"
        return
            "\(states) x \(states) numbers: posterior_covariance of \(place); deviations are in posterior_sigma, the "
            + "covariance of regions and sectors is in totals"
    }
}
