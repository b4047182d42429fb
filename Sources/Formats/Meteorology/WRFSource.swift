import Foundation
import Geo
import NetCDF
import Quantities
import Transport

/// A domain of WRF from any number of wrfout files, read hour by hour.
struct WRFSource: MeteorologySource {
    let grid: CellGrid
    let times: [Instant]
    let sources: [String]
    let stepSeconds: Double?
    private let files: [WRFFile]
    private let subset: GridSubset
    private let places: [Instant: [Place]]

    struct Place: Sendable {
        let file: Int
        let time: Int
    }

    init(_ paths: [String], _ selection: MeteorologySelection) async throws(MeteorologyError) {
        var files: [WRFFile] = []
        for path in paths { files.append(try await WRFFile(path)) }
        self.files = files
        sources = paths
        let first = files[0]
        for file in files.dropFirst()
        where file.map != first.map
            || (file.rows, file.columns, file.levels) != (first.rows, first.columns, first.levels)
        {
            throw .differentGrids(first.path, file.path, why: "map or size")
        }
        var places: [Instant: [Place]] = [:]
        for (number, file) in files.enumerated() {
            for (index, time) in file.times.enumerated() {
                places[time, default: []].append(Place(file: number, time: index))
            }
        }
        self.places = places
        let all = places.keys.sorted()
        times = selection.times(all)
        stepSeconds = MeteorologyGap.usualStepSeconds(all)
        guard !times.isEmpty else { throw .noTimes(paths: paths, why: "none within the window") }
        let whole = try await Self.commonGrid(files, times, places)
        let part = try selection.subset(whole, paths: paths)
        // A box across the seam of a domain round the Earth gets all columns.
        subset = part.columns.count == 1 ? part : GridSubset(rows: part.rows, columns: [0..<whole.columns])
        grid = subset.cut(whole)
    }

    private static func commonGrid(
        _ files: [WRFFile],
        _ times: [Instant],
        _ places: [Instant: [Place]]
    ) async throws(MeteorologyError) -> CellGrid {
        var first: (places: GeographicPoints, time: Instant, file: WRFFile)?
        for time in times {
            for place in places[time] ?? [] {
                let file = files[place.file]
                let cells = try await Self.cells(file, place.time)
                guard let known = first else {
                    first = (cells, time, file)
                    continue
                }
                // Also two files of the same time may be of two nests.
                guard isSame(cells, known.places) else {
                    throw .movingNest(path: file.path, from: known.time, to: time)
                }
            }
        }
        guard let first else { throw .noTimes(paths: files.map(\.path), why: "none at all") }
        return try WRFGrid(file: first.file, places: first.places).grid()
    }

    @NetCDFThread
    private static func cells(_ file: WRFFile, _ time: Int) throws(MeteorologyError) -> GeographicPoints {
        do throws(NetCDFError) { return try file.places(at: time) } catch { throw .netCDF(error) }
    }

    /// Within the last digits of single precision.
    private static func isSame(_ a: GeographicPoints, _ b: GeographicPoints) -> Bool {
        zip(a.longitudes, b.longitudes).allSatisfy { abs($0 - $1) < 1e-4 }
            && zip(a.latitudes, b.latitudes).allSatisfy { abs($0 - $1) < 1e-4 }
    }

    // MARK: - Reading

    func hour(at index: Int) async throws -> MeteorologyHour {
        let time = times[index]
        var first: (state: WRFState, path: String)?
        for place in places[time] ?? [] {
            let file = files[place.file]
            let state = try await WRFState(file, place.time, subset)
            guard let known = first else {
                first = (state, file.path)
                continue
            }
            guard known.state == state else {
                throw MeteorologyError.contradiction(
                    variable: "the fields",
                    time: time,
                    known.path,
                    file.path
                )
            }
        }
        guard let first else { throw MeteorologyError.noTimes(paths: sources, why: "\(time)") }
        do throws(MeteorologyProblem) {
            return try MeteorologyHour(
                time: time,
                levels: first.state.levelFields(),
                surface: first.state.surface()
            )
        } catch { throw MeteorologyError.fields(error, paths: [first.path], time: time) }
    }
}
