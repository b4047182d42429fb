import Concurrent
import Foundation
import Geo
import Quantities
import Transport

/// ARL packed files of one model, read hour by hour.
struct ARLSource: MeteorologySource {
    let grid: CellGrid
    let times: [Instant]
    let sources: [String]
    let stepSeconds: Double?
    private let files: [ARLFile]
    /// In the rows and columns of the records.
    private let subset: GridSubset
    private let places: [Instant: [Place]]

    struct Place: Sendable {
        let file: Int
        let index: Int
    }

    init(_ paths: [String], _ selection: MeteorologySelection) async throws(MeteorologyError) {
        files = try await Self.onThread { () throws(MeteorologyError) -> [ARLFile] in
            var files: [ARLFile] = []
            for path in paths { files.append(try ARLFile(path)) }
            return files
        }
        sources = paths
        let first = files[0].indices[0]
        var places: [Instant: [Place]] = [:]
        for (number, file) in files.enumerated() {
            for (index, entry) in file.indices.enumerated() {
                guard entry.geometry == first.geometry, entry.vertical == first.vertical,
                    entry.levels.map(\.value) == first.levels.map(\.value)
                else {
                    throw .differentGrids(files[0].path, file.path, why: "grid or levels at \(entry.time)")
                }
                places[entry.time, default: []].append(Place(file: number, index: index))
            }
        }
        self.places = places
        let all = places.keys.sorted()
        times = selection.times(all)
        stepSeconds = MeteorologyGap.usualStepSeconds(all)
        guard !times.isEmpty else { throw .noTimes(paths: paths, why: "none within the window") }
        let (whole, below) = try Self.grid(first, files[0].path)
        let part = try selection.subset(whole, paths: paths)
        grid = part.cut(whole)
        subset = part.shifted(rows: below)
    }

    private static func grid(_ index: ARLIndex, _ path: String) throws(MeteorologyError) -> (CellGrid, Int) {
        do throws(ARLGeometry.Refusal) {
            return try index.geometry.grid()
        } catch { throw .unsupported(path: path, what: error.what, remedy: error.remedy) }
    }

    /// Files are read on a thread that may block.
    private static func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws(MeteorologyError) -> Value
    ) async throws(MeteorologyError) -> Value {
        do {
            return try await onOwnThread(named: "meteorology") { try body() }
        } catch let error as MeteorologyError {
            throw error
        } catch {
            throw .inputOutput(path: "", reason: "\(error)")
        }
    }

    func hour(at index: Int) async throws -> MeteorologyHour {
        let time = times[index]
        return try await Self.onThread { () throws(MeteorologyError) in try state(time) }
    }

    private func state(_ time: Instant) throws(MeteorologyError) -> MeteorologyHour {
        var first: (state: ARLState, path: String)?
        for place in places[time] ?? [] {
            let file = files[place.file]
            let state = try ARLState(file.path, file.indices[place.index], subset)
            guard let known = first else {
                first = (state, file.path)
                continue
            }
            if let variable = known.state.difference(from: state) {
                throw .contradiction(variable: variable, time: time, known.path, file.path)
            }
        }
        guard let first else { throw .noTimes(paths: sources, why: "\(time)") }
        do throws(MeteorologyProblem) {
            return try MeteorologyHour(
                time: time,
                levels: first.state.levelFields(),
                surface: first.state.surface()
            )
        } catch { throw .fields(error, paths: [first.path], time: time) }
    }
}

extension GridSubset {
    /// The same in a grid with more rows in the south.
    func shifted(rows below: Int) -> GridSubset {
        GridSubset(rows: (rows.lowerBound + below)..<(rows.upperBound + below), columns: columns)
    }
}
