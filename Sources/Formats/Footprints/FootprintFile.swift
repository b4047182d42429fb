public import Geo
public import NetCDF
import Quantities
public import Transport

/// A file of footprints of any known family, whose footprints are read one by one.
///
/// All values come in ppm per umol m-2 s-1 on a grid with rows northward and columns eastward, whatever the file has.
/// Known are STILT-R, PYSTILT, ICOS and sparse STILT, LUMIA, NAME (acrg_org), PARIS, FLEXPART `grid_time` and our own.
@NetCDFThread
public struct FootprintFile: ~Copyable {
    private let file: NetCDFFile
    private let layout: any FootprintLayout

    /// Opens a file and recognises it by its content.
    ///
    /// - Throws: ``NetCDFError`` for files that are absent, damaged, of no known layout, on an irregular grid, in
    ///   an unknown unit, or without a footprint.
    public init(_ path: String) throws(NetCDFError) {
        let file = try NetCDFFile(reading: path)
        let layout = try Self.layout(of: file)
        self.file = file
        self.layout = layout
    }

    private static func layout(
        of file: borrowing NetCDFFile
    ) throws(NetCDFError) -> any FootprintLayout {
        let names = try file.variableNames()
        if file.text(FootprintLayoutNames.marker) != nil { return try CrosswindLayout(file) }
        if names.contains("srr") || names.contains("fp") { return try NAMELayout(file) }
        if names.contains(where: FLEXPARTLayout.isSpecies) { return try FLEXPARTLayout(file) }
        if names.contains(where: { $0.hasPrefix("ftp_") && $0.hasSuffix("_indptr") }) {
            return try SparseSTILTLayout(file)
        }
        if names.contains("latitudes"), names.contains("longitudes"), file.text("origin") != nil {
            return try LumiaLayout(file)
        }
        let isEmptySTILT = file.text("stilt_receptor") != nil || file.text("stilt_footprint") != nil
        if names.contains("foot") || isEmptySTILT { return try STILTLayout(file) }
        throw NetCDFError(
            .unexpected("not a known layout of footprints (no `foot`, `fp`, `srr`, `ftp_*` or `spec001_mr`)"),
            path: file.path
        )
    }

    public var path: String { file.path }
    public var kind: FootprintFileKind { layout.head.kind }
    /// The program that made the footprints, where the file tells; may be empty.
    public var source: String { layout.head.source }
    public var grid: CellGrid { layout.head.cells.grid }
    /// In the order of the file.
    public var receptors: [FootprintReceptor] { layout.head.receptors }
    public var count: Int { layout.head.receptors.count }
    /// Whether footprints come by time of emission.
    public var isResolved: Bool { layout.head.isResolved }
    /// Whether the file has integrated footprints of its own beside those by time of emission.
    public var hasBoth: Bool { layout.head.hasBoth }
    /// Whether ``boundary(at:)`` gives something.
    public var hasBoundary: Bool { layout.head.hasBoundary }
    public var warnings: [String] { layout.head.warnings }

    /// One footprint.
    ///
    /// - Parameters:
    ///   - index: below ``count``.
    ///   - resolved: by time of emission where the file has that for this receptor; else integrated over time.
    /// - Throws: ``NetCDFError``; of kind `unfit` for a footprint that the file leaves empty.
    /// - Complexity: reads the receptor's values; where the time axis is the last one, those of some that follow too.
    public func footprint(at index: Int, resolved: Bool = true) throws(NetCDFError) -> ReceptorFootprint {
        try read(index, resolved: resolved).footprint
    }

    /// Where the particles of a receptor left the domain; nil where the file does not tell.
    ///
    /// - Throws: ``NetCDFError``, also for missing values.
    public func boundary(at index: Int) throws(NetCDFError) -> BoundarySensitivity? {
        precondition(receptors.indices.contains(index), "no such footprint")
        return try layout.boundary(index, file)
    }

    func read(_ index: Int, resolved: Bool) throws(NetCDFError) -> ReadFootprint {
        precondition(receptors.indices.contains(index), "no such footprint")
        return try layout.read(index, resolved: resolved, file)
    }
}

@available(*, unavailable)
extension FootprintFile: Sendable {}
