import Concurrent
import Foundation
public import Geo
import NetCDF
public import Quantities
public import Transport

/// Meteorology in files: ERA5 from the Copernicus store in the old and the new layout, wrfout, and ARL packed files.
///
/// Files are told apart by what they hold, never by name. Any number of files of one model may be given in any order:
/// several days, pressure levels and the surface apart, instantaneous and accumulated fields apart.
public enum MeteorologyFiles {
    /// Looks at files without reading fields.
    ///
    /// - Parameters:
    ///   - window: times to offer, with the last before its start and the first after its end; all where nil.
    ///   - box: the area to offer; all where nil.
    ///   - marginCells: cells to offer beyond each side of the box.
    /// - Returns: a source that reads one hour at a time. It offers only times at which everything is there that any
    ///   time has, so that ``MeteorologySource/requireCoverage(of:stepSeconds:)`` names what is missing.
    /// - Throws: ``MeteorologyError``
    public static func open(
        _ paths: [String],
        window: Period? = nil,
        box: BoundingBox? = nil,
        marginCells: Int = 2
    ) async throws(MeteorologyError) -> any MeteorologySource {
        let selection = MeteorologySelection(window: window, box: box, marginCells: max(0, marginCells))
        var models: [String: MeteorologyModel] = [:]
        for path in paths { models[path] = try await MeteorologyModel.recognised(path) }
        guard let model = paths.first.flatMap({ models[$0] }) else {
            throw .noTimes(paths: [], why: "no file is given")
        }
        guard Set(models.values).count == 1 else {
            throw .mixedModels(paths.map { "\($0) (\(models[$0]?.name ?? ""))" })
        }
        return switch model {
        case .era5: try await ERA5Source(paths, selection)
        case .wrf: try await WRFSource(paths, selection)
        case .arl: try await ARLSource(paths, selection)
        }
    }

    /// Reads everything within the window and the box. See ``open(_:window:box:marginCells:)``.
    ///
    /// - Throws: ``MeteorologyError``, and ``MeteorologyGap`` where the times do not span the window.
    public static func read(
        _ paths: [String],
        window: Period? = nil,
        box: BoundingBox? = nil,
        marginCells: Int = 2
    ) async throws -> Meteorology {
        let source = try await open(paths, window: window, box: box, marginCells: marginCells)
        if let window { try source.requireCoverage(of: window) }
        return try await source.read()
    }
}

/// What part of the files a run needs.
struct MeteorologySelection: Sendable {
    var window: Period?
    var box: BoundingBox?
    var marginCells = 2

    /// Times within the window, the last before and the first after it.
    func times(_ times: [Instant]) -> [Instant] {
        guard let window else { return times }
        let first = times.last { $0 <= window.start } ?? window.start
        let last = times.first { $0 >= window.end } ?? window.end
        return times.filter { $0 >= first && $0 <= last }
    }

    func subset(_ grid: CellGrid, paths: [String]) throws(MeteorologyError) -> GridSubset {
        guard let box else { return GridSubset(grid) }
        guard let subset = GridSubset.around(box, of: grid, margin: marginCells) else {
            throw .outsideGrid(paths: paths)
        }
        return subset
    }
}

/// The models whose files are read.
enum MeteorologyModel: Sendable {
    case era5
    case wrf
    case arl

    var name: String {
        switch self {
        case .era5: "ERA5"
        case .wrf: "WRF"
        case .arl: "ARL packed"
        }
    }

    static func recognised(_ path: String) async throws(MeteorologyError) -> MeteorologyModel {
        let start = try await startOfFile(path)
        if start.count >= 18, start[14..<18].elementsEqual("INDX".utf8) { return .arl }
        guard start.starts(with: "CDF".utf8) || start.starts(with: [0x89, 0x48, 0x44, 0x46]) else {
            let isGRIB = start.starts(with: "GRIB".utf8)
            let isZip = start.starts(with: [0x50, 0x4B, 3, 4])
            let why =
                isGRIB
                ? "GRIB; fetch it as NetCDF"
                : isZip ? "a zip archive; unpack it first" : "neither NetCDF nor ARL"
            throw .unrecognised(path: path, why: why)
        }
        return try await netCDFModel(path)
    }

    private static func startOfFile(_ path: String) async throws(MeteorologyError) -> [UInt8] {
        do {
            return try await onOwnThread(named: "meteorology") {
                let handle = try FileHandle(forReadingFrom: URL(filePath: path))
                defer { try? handle.close() }
                return Array(try handle.read(upToCount: 64) ?? Data())
            }
        } catch {
            guard FileManager.default.fileExists(atPath: path) else { throw .missingFile(path: path) }
            throw .inputOutput(path: path, reason: "cannot be read")
        }
    }

    @NetCDFThread
    private static func netCDFModel(_ path: String) throws(MeteorologyError) -> MeteorologyModel {
        do throws(NetCDFError) {
            let file = try NetCDFFile(reading: path)
            if file.hasVariable("XLAT"), file.hasVariable("Times"),
                file.hasVariable("PHB") || file.hasVariable("U")
            {
                return .wrf
            }
            if ERA5File.latitudeNames.contains(where: { file.hasVariable($0) }) { return .era5 }
        } catch { throw .netCDF(error) }
        throw .unrecognised(path: path, why: "NetCDF without latitude and longitude, and no wrfout")
    }
}
