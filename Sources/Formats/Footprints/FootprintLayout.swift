import Geo
import NetCDF
import Quantities
import Transport

/// What is known of a file before its footprints are read.
struct FootprintHead {
    let kind: FootprintFileKind
    /// The program that made the footprints, where the file tells.
    var source = ""
    let cells: FootprintCells
    let receptors: [FootprintReceptor]
    /// Whether there are layers by time of emission.
    var isResolved: Bool
    /// Whether the file holds integrated footprints beside those by time of emission.
    var hasBoth = false
    var hasBoundary = false
    var warnings: [String] = []
}

/// A footprint as read, with what was amiss.
struct ReadFootprint {
    let footprint: ReceptorFootprint
    /// Cells without a value, taken as zero.
    let missing: Int
    /// Whether layers by time of emission were wanted and are not there for this receptor.
    var fellBack = false
}

/// A family of files. Its readers keep what they last read, so that there is one for each open file.
@NetCDFThread
protocol FootprintLayout {
    var head: FootprintHead { get }

    /// - Parameter resolved: by time of emission where the file has that.
    func read(
        _ index: Int,
        resolved: Bool,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> ReadFootprint

    func boundary(_ index: Int, _ file: borrowing NetCDFFile) throws(NetCDFError) -> BoundarySensitivity?
}

extension FootprintLayout {
    func boundary(_ index: Int, _ file: borrowing NetCDFFile) throws(NetCDFError) -> BoundarySensitivity? {
        nil
    }

    /// A footprint of the receptor of that index.
    func footprint(
        _ index: Int,
        layers: [FootprintLayer],
        residual: FootprintLayer? = nil
    ) -> ReceptorFootprint {
        let receptor = head.receptors[index]
        return ReceptorFootprint(
            receptor: receptor.name,
            time: receptor.time,
            averagingSeconds: receptor.averagingSeconds,
            place: receptor.place,
            grid: head.cells.grid,
            layers: layers,
            residual: residual
        )
    }
}

extension NetCDFFile {
    /// The factor of a variable's unit, or of another's where it states none.
    @NetCDFThread
    func footprintFactor(of variable: String, orOf other: String? = nil) throws(NetCDFError) -> Double {
        let own = text("units", of: variable) ?? ""
        let spelling = own.isEmpty ? other.flatMap { text("units", of: $0) } ?? "" : own
        guard let factor = FootprintUnit.factor(spelling) else {
            throw unexpected("unit `\(spelling)` is not one of a footprint", variable)
        }
        return factor
    }

    /// No cell of a footprint has a value: that hour was not computed.
    @NetCDFThread
    func missingFootprint(_ receptor: FootprintReceptor, _ variable: String) -> NetCDFError {
        NetCDFError(
            .unfit(
                "the footprint of \(receptor.name) at \(receptor.time) has no values",
                remedy: "leave that receptor out"
            ),
            path: path,
            variable: variable
        )
    }
}
