import Foundation
import Geo
import Gridding
import Observations
public import Quantities

/// Gridded columns as comma-separated values, one line for each filled cell and window.
///
/// Lines that begin with `#` say what was gridded and how; then comes a row of names (RFC 4180 with line feeds).
public enum Level3Table {
    /// Blocks while it writes; the file is written beside its place and renamed into it.
    ///
    /// - Throws: ``FileWriteError``; nothing is left behind then.
    public static func write(_ product: Level3Product, to path: String) throws {
        var file = try LineFile(replacing: path)
        do {
            for remark in product.tableRemarks { try file.write("# \(remark)\n") }
            try file.write(product.tableColumns.joined(separator: ",") + "\n")
            for window in product.windows { try write(window, to: &file) }
            try file.commit()
        } catch {
            file.abandon()
            throw error
        }
    }

    private static func write(_ window: GriddedColumns, to file: inout LineFile) throws(FileWriteError) {
        let stretch = window.stretch
        let times = "\(stretch.start),\(stretch.end)"
        let centres = window.grid.centres(of: window.cells)
        for (index, cell) in window.cells.enumerated() {
            let plane = planePlace(of: cell, window.grid)
            let latitude = rounded(centres.latitudes[index])
            let longitude = rounded(centres.longitudes[index])
            let numbers = [
                window.means[index], window.standardErrors[index], window.standardDeviations[index],
            ]
            let more = [
                window.effectiveCounts[index], window.weights[index], window.coverages[index],
                window.priorColumns[index],
            ]
            try file.write(
                "\(plane)\(latitude),\(longitude),\(times),\(text(numbers)),\(window.counts[index]),\(text(more))\n"
            )
        }
    }

    /// Easting and northing of the centre in a projected grid.
    private static func planePlace(of cell: Int, _ grid: CellGrid) -> String {
        guard let grid = grid.projected else { return "" }
        let (x, y) = (grid.x.centre(cell % grid.columns), grid.y.centre(cell / grid.columns))
        return "\(rounded(x)),\(rounded(y)),"
    }

    private static func text(_ numbers: [Double]) -> String {
        numbers.map { $0.isFinite ? "\($0)" : "" }.joined(separator: ",")
    }

    /// Without the noise of binary fractions: 18.15, not 18.150000000000002.
    private static func rounded(_ coordinate: Double) -> Double { (coordinate * 1e9).rounded() / 1e9 }
}

extension Level3Product {
    fileprivate var tableColumns: [String] {
        let column = ["", "_standard_error", "_stddev", "_nobs", "_neff"].map { columnName + $0 }
        let plane = common.grid.projected == nil ? [] : ["x", "y"]
        return plane + ["latitude", "longitude", "window_start", "window_end"] + column
            + ["weight", "coverage", "\(columnName)_apriori"]
    }

    fileprivate var tableRemarks: [String] {
        let rejected = tally.rejected.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value)" }
        var lines = [
            "\(provenance.software), Level 3 \(columnName)",
            "command: \(provenance.command)",
            "columns: ppm \(common.scale.phrase); weight: \(weightUnit); positions of cell centres: degrees, WGS 84; "
                + "times: UTC; empty: not known",
            "method: \(common.plan.method.rawValue), weighting \(common.weighting.rawValue)",
            "sources: \((sources + platforms + builds).joined(separator: "; "))",
            "soundings: \(tally.read) read, \(tally.used) used; rejected: "
                + (rejected.isEmpty ? "none" : rejected.joined(separator: ", ")),
        ]
        if let projection = common.grid.projected?.projection {
            let code = projection.identifier.isEmpty ? "" : ", \(projection.identifier)"
            lines.append("x, y: metres of \(projection.name)\(code); from WGS 84: \(projection.steps)")
        }
        if let created = provenance.created { lines.append("created: \(created)") }
        lines += provenance.inputs.map { "input: \($0.name) sha256 \($0.sha256)" }
        return lines.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
    }

    private var weightUnit: String {
        let isPrecision = common.weighting == .inverseVariance || common.weighting == .areaAndPrecision
        return isPrecision ? "ppm-2" : "1"
    }
}

/// A text being written beside its final place.
private struct LineFile: ~Copyable {
    private let target: String
    private let partial: String
    private let handle: FileHandle
    private var buffer = Data()

    init(replacing path: String) throws(FileWriteError) {
        let target = try Self.regularPath(path)
        let partial = target + ".partial-\(getpid())"
        guard FileManager.default.createFile(atPath: partial, contents: nil),
            let handle = FileHandle(forWritingAtPath: partial)
        else { throw FileWriteError(path: path, reason: String(cString: strerror(errno))) }
        self.target = target
        self.partial = partial
        self.handle = handle
    }

    private static func regularPath(_ path: String) throws(FileWriteError) -> String {
        do { return try OutputPath(path).path } catch { throw FileWriteError(path: path, reason: error.what) }
    }

    mutating func write(_ text: String) throws(FileWriteError) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count > 1 << 20 { try flush() }
    }

    mutating func commit() throws(FileWriteError) {
        try flush()
        try? handle.synchronize()
        guard rename(partial, target) == 0 else {
            throw FileWriteError(path: target, reason: String(cString: strerror(errno)))
        }
    }

    func abandon() { unlink(partial) }

    private mutating func flush() throws(FileWriteError) {
        do { try handle.write(contentsOf: buffer) } catch {
            throw FileWriteError(path: target, reason: (error as NSError).localizedDescription)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// A result that cannot be written.
public struct FileWriteError: Fault, Equatable {
    public let path: String
    public let reason: String

    public var exitStatus: ExitStatus { .inputOutput }
    public var what: String { "cannot write the file (\(reason))" }
    public var place: String { path }
    public var remedy: String { "check the folder, its permissions and the free space" }
}
