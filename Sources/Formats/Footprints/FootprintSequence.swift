public import Geo
public import NetCDF
import Quantities
public import Transport

/// Files of footprints on one grid as if they were one, a month or a receptor each; one is open at a time.
@NetCDFThread
public final class FootprintSequence {
    /// By the time of their first receptors, whatever the order in which they were given.
    public let paths: [String]
    public let kinds: [FootprintFileKind]
    public let grid: CellGrid
    /// Those of the files, one file after the other.
    public let receptors: [FootprintReceptor]
    /// Whether all files tell where the particles left the domain.
    public let hasBoundary: Bool
    /// Those of the files, with the names of the files, and receptors that are there more than once.
    public let warnings: [String]
    /// Number of footprints before each file, and all of them.
    private let firsts: [Int]
    private var open: Opened?

    private struct Opened: ~Copyable {
        let number: Int
        let file: FootprintFile
    }

    private struct Entry {
        let path: String
        let kind: FootprintFileKind
        let grid: CellGrid
        let receptors: [FootprintReceptor]
        let hasBoundary: Bool
        let warnings: [String]
    }

    /// Opens each file once for what it holds.
    ///
    /// - Throws: ``NetCDFError`` as ``FootprintFile``, for files without a footprint, and for one on another grid.
    public init(_ paths: [String]) throws(NetCDFError) {
        var entries: [Entry] = []
        for path in paths { entries.append(try Self.entry(path)) }
        entries.sort { first, second in
            let times = (first.receptors.first?.time, second.receptors.first?.time)
            guard let one = times.0, let other = times.1, one != other else {
                return first.path < second.path
            }
            return one < other
        }
        guard let first = entries.first else { throw NetCDFError(.noSuchFile, path: "") }
        for entry in entries where entry.grid != first.grid {
            throw NetCDFError(
                .unfit(
                    "the grid is not that of \(FileProvenance.Input.name(ofFile: first.path))",
                    remedy: "give files of one grid at a time"
                ),
                path: entry.path
            )
        }
        self.paths = entries.map(\.path)
        kinds = entries.map(\.kind)
        grid = first.grid
        receptors = entries.flatMap(\.receptors)
        hasBoundary = entries.allSatisfy(\.hasBoundary)
        firsts = entries.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.receptors.count) }
        warnings = entries.flatMap(\.warnings) + Self.repeated(receptors)
    }

    isolated deinit {}

    private static func entry(_ path: String) throws(NetCDFError) -> Entry {
        let file = try FootprintFile(path)
        guard file.count > 0 else {
            throw NetCDFError(.unexpected("there is no footprint in the file"), path: path)
        }
        let name = FileProvenance.Input.name(ofFile: path)
        return Entry(
            path: path,
            kind: file.kind,
            grid: file.grid,
            receptors: file.receptors,
            hasBoundary: file.hasBoundary,
            warnings: file.warnings.map { "\(name): \($0)" }
        )
    }

    private static func repeated(_ receptors: [FootprintReceptor]) -> [String] {
        struct Key: Hashable {
            let name: String
            let time: Instant
        }
        let again = receptors.count - Set(receptors.map { Key(name: $0.name, time: $0.time) }).count
        return again > 0 ? ["\(again) footprints are of a receptor and time that came before"] : []
    }

    public var count: Int { receptors.count }

    /// Closes the file that is open; the next footprint opens it anew.
    ///
    /// To be called where a sequence is kept: HDF5 1.10 loses its place in a file that is open twice once either is
    /// closed.
    public func close() { open = nil }

    /// The file that holds a footprint.
    public func path(of index: Int) -> String {
        paths[(firsts.firstIndex { $0 > index } ?? firsts.count) - 1]
    }

    /// One footprint; as ``FootprintFile/footprint(at:resolved:)``.
    public func footprint(at index: Int, resolved: Bool = true) throws(NetCDFError) -> ReceptorFootprint {
        let (number, place) = try turn(to: index)
        guard open?.number == number, let footprint = try open?.file.footprint(at: place, resolved: resolved)
        else { throw NetCDFError(.noSuchFile, path: paths[number]) }
        return footprint
    }

    /// As ``FootprintFile/boundary(at:)``.
    public func boundary(at index: Int) throws(NetCDFError) -> BoundarySensitivity? {
        let (_, place) = try turn(to: index)
        return try open?.file.boundary(at: place) ?? nil
    }

    /// Opens the file of a footprint unless it is the one that is open.
    private func turn(to index: Int) throws(NetCDFError) -> (number: Int, place: Int) {
        precondition(receptors.indices.contains(index), "no such footprint")
        let number = (firsts.firstIndex { $0 > index } ?? firsts.count) - 1
        if open?.number != number {
            open = nil
            let file = try FootprintFile(paths[number])
            let isSame = file.count == firsts[number + 1] - firsts[number] && file.grid == grid
            guard isSame else {
                throw NetCDFError(.unexpected("the file changed while it was read"), path: paths[number])
            }
            open = Opened(number: number, file: file)
        }
        return (number, index - firsts[number])
    }

    /// For a writer.
    public func source(resolved: Bool = true) -> FootprintSource {
        let boundary: @NetCDFThread (Int) throws(NetCDFError) -> BoundarySensitivity? = {
            index throws(NetCDFError) in try self.boundary(at: index)
        }
        let footprint: @NetCDFThread (Int) throws(NetCDFError) -> ReceptorFootprint = {
            index throws(NetCDFError) in try self.footprint(at: index, resolved: resolved)
        }
        return FootprintSource(
            grid: grid,
            count: count,
            footprint: footprint,
            boundary: hasBoundary ? boundary : nil
        )
    }
}
