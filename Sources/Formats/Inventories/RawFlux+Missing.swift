import NetCDF
import Quantities

extension RawFlux {
    /// Values that programs write where they have none; the reader knows only those that the file declares.
    static let fillValues: [Float] = [-9999, -99999, -999, -999.9, 1e20, -1e20, 1e30, -1e30, 9.96921e36]

    /// With NaN for the value that the mapping calls missing, and none of ``fillValues`` among the others.
    ///
    /// - Throws: ``NetCDFError`` that names value, count and remedy: counted as fluxes they would be the total.
    func markingMissing() throws(NetCDFError) -> RawFlux {
        var marked = self
        if let missing = options.mapping?.missing {
            marked.layers = layers.map { $0.map { Float($0) == Float(missing) ? .nan : $0 } }
        }
        try Self.requireNoFills(marked.layers, path: path, variable: variable)
        return marked
    }

    /// Compared in single precision, as most files are: its -999.9 is not that of a double.
    private static func isFill(_ value: Double) -> Bool {
        (value < -900 || value > 1e19) && fillValues.contains(Float(value))
    }

    static func requireNoFills(
        _ layers: [[Double]],
        path: String,
        variable: String
    ) throws(NetCDFError) {
        guard let fill = layers.lazy.compactMap({ $0.first(where: isFill) }).first else { return }
        let count = layers.reduce(0) { $0 + $1.count { Float($0) == Float(fill) } }
        throw NetCDFError(
            .unexpected(
                "\(count) cells hold \(Float(fill)), which is a fill value that the file does not declare; give it as "
                    + "missing=\(Float(fill)) in --mapping, or set `_FillValue` in the file"
            ),
            path: path,
            variable: variable
        )
    }
}
