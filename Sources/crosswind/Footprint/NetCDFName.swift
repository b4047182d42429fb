import Foundation

/// Names of files of footprints and problems: another ending would promise another format.
enum NetCDFName {
    /// - Throws: ``UsageError`` for a name with an ending that is not of netCDF.
    static func check(_ path: String, option: String, verb: String) throws(UsageError) {
        let ending = (path as NSString).pathExtension.lowercased()
        guard ending.isEmpty || ["nc", "nc4"].contains(ending) else {
            throw UsageError.badValue(option, path, expected: "a name that ends in .nc or .nc4", verb: verb)
        }
    }
}
