import Foundation
import Geo
import NetCDF
import Quantities
import Transport

/// ERA5 from any number of files, read hour by hour.
struct ERA5Source: MeteorologySource {
    let grid: CellGrid
    let times: [Instant]
    let sources: [String]
    let stepSeconds: Double?
    let incompleteTimes: [Instant: String]
    private let files: [ERA5File]
    private let levels: ERA5Levels
    private let subset: GridSubset
    /// Where each variable is found: by key and time, the numbers of files and of times in them.
    private let places: [String: [Instant: [Place]]]
    /// Variables of one time alone that hold for all.
    private let constants: [String: Place]
    private let blocks: ERA5Blocks
    /// Of each file the first to the last time that is offered.
    private let neededTimes: [Range<Int>]

    struct Place: Equatable, Sendable {
        let file: Int
        let time: Int
    }

    init(_ paths: [String], _ selection: MeteorologySelection) async throws(MeteorologyError) {
        var files: [ERA5File] = []
        for path in paths { files.append(try await ERA5File(path)) }
        self.files = files
        sources = paths
        levels = try Self.commonLevels(files)
        let whole = try Self.commonGrid(files)
        subset = try selection.subset(whole, paths: paths)
        grid = subset.cut(whole)
        let places = Self.places(files)
        (self.places, constants) = Self.splitConstants(places, files)
        let (complete, lacking) = try Self.completeTimes(self.places, paths)
        times = selection.times(complete)
        // Winds of each hour beside other fields of each third one are no three-hourly meteorology.
        stepSeconds = MeteorologyGap.usualStepSeconds((self.places["levels.t"] ?? [:]).keys.sorted())
        incompleteTimes = lacking
        guard let first = times.first, let last = times.last else {
            throw .noTimes(paths: paths, why: "none within the window")
        }
        neededTimes = files.map { file in
            let needed = file.times.indices.filter { file.times[$0] >= first && file.times[$0] <= last }
            return (needed.min() ?? 0)..<((needed.max() ?? 0) + 1)
        }
        let onLevels = files.reduce(into: Set<String>()) { $0.formUnion($1.variables.keys) }
            .count { $0.hasPrefix("levels.") }
        blocks = await ERA5Blocks(numbersPerHour: (onLevels * levels.count + 12) * grid.cellCount)
    }

    private static func commonGrid(_ files: [ERA5File]) throws(MeteorologyError) -> CellGrid {
        let first = files[0]
        for other in files.dropFirst() where !isSame(first.grid, other.grid) {
            throw .differentGrids(first.path, other.path, why: "rows, columns or corners")
        }
        return .longitudeLatitude(first.grid)
    }

    /// Files of packed and plain numbers may differ in the last digits of a coordinate.
    private static func isSame(_ a: LatitudeLongitudeGrid, _ b: LatitudeLongitudeGrid) -> Bool {
        isSame(a.latitude, b.latitude) && isSame(a.longitude, b.longitude)
    }

    private static func isSame(_ a: UniformAxis, _ b: UniformAxis) -> Bool {
        let slack = 1e-3 * a.step
        return a.count == b.count && abs(a.origin - b.origin) < slack && abs(a.end - b.end) < slack
    }

    private static func commonLevels(_ files: [ERA5File]) throws(MeteorologyError) -> ERA5Levels {
        let onLevels = files.filter { file in file.variables.values.contains(where: \.isOnLevels) }
        guard let first = onLevels.first, let levels = first.levels else {
            throw .unsupported(
                path: files.map(\.path).joined(separator: ", "),
                what: "no file has winds on levels",
                remedy: "add pressure-level files with u, v, t and z"
            )
        }
        for other in onLevels.dropFirst() where other.levels != levels {
            throw .differentGrids(first.path, other.path, why: "other levels")
        }
        return levels
    }

    private static func places(_ files: [ERA5File]) -> [String: [Instant: [Place]]] {
        var places: [String: [Instant: [Place]]] = [:]
        for (number, file) in files.enumerated() {
            for key in file.variables.keys {
                for (index, time) in file.times.enumerated() {
                    places[key, default: [:]][time, default: []].append(Place(file: number, time: index))
                }
            }
        }
        return places
    }

    /// The ground and its roughness may come once for all times.
    private static func splitConstants(
        _ places: [String: [Instant: [Place]]],
        _ files: [ERA5File]
    ) -> ([String: [Instant: [Place]]], [String: Place]) {
        var (changing, constants) = (places, [String: Place]())
        let isSeries = (places["levels.t"]?.count ?? 0) > 1
        for key in ["surface.z", "surface.fsr"] {
            if let file = files.firstIndex(where: { $0.times.isEmpty && $0.variables[key] != nil }) {
                constants[key] = Place(file: file, time: 0)
                changing[key] = nil
                continue
            }
            guard isSeries, let single = places[key], single.count == 1, let place = single.first?.value.first
            else { continue }
            constants[key] = place
            changing[key] = nil
        }
        return (changing, constants)
    }

    /// Times at which there is everything that any time has, and what the others lack.
    private static func completeTimes(
        _ places: [String: [Instant: [Place]]],
        _ paths: [String]
    ) throws(MeteorologyError) -> (times: [Instant], lacking: [Instant: String]) {
        for key in ["levels.t", "levels.u", "levels.v"] where places[key] == nil {
            throw .noTimes(paths: paths, why: "no file has `\(key.dropFirst(7))` on levels")
        }
        var lacking: [Instant: String] = [:]
        let known = places.values.reduce(into: Set<Instant>()) { $0.formUnion($1.keys) }
        for (key, times) in places.sorted(by: { $0.key < $1.key }) {
            for time in known where times[time] == nil && lacking[time] == nil { lacking[time] = name(key) }
        }
        let complete = known.filter { lacking[$0] == nil }.sorted()
        guard complete.isEmpty else { return (complete, lacking) }
        let example = lacking.min { $0.key < $1.key }.map { "\($0.key) lacks \($0.value)" }
        throw .noTimes(paths: paths, why: example ?? "none at all")
    }

    private static func name(_ key: String) -> String {
        let parts = key.split(separator: ".")
        return "`\(parts.last ?? "")` " + (parts.first == "levels" ? "on levels" : "at the surface")
    }

    // MARK: - Reading

    func hour(at index: Int) async throws -> MeteorologyHour {
        try await state(times[index])
    }

    private func state(_ time: Instant) async throws(MeteorologyError) -> MeteorologyHour {
        let fields = try await read(time)
        do throws(MeteorologyProblem) {
            return try MeteorologyHour(
                time: time,
                levels: levelFields(fields),
                surface: surfaceFields(fields)
            )
        } catch {
            throw .fields(error, paths: sources, time: time)
        }
    }

    /// All variables of a time by key, rows ascending with latitude and levels from the ground.
    @NetCDFThread
    private func read(_ time: Instant) throws(MeteorologyError) -> [String: [Float]] {
        var fields: [String: (values: [Float], file: String)] = [:]
        for (key, known) in places.sorted(by: { $0.key < $1.key }) {
            for place in known[time] ?? [] {
                let values = try read(key, place)
                guard let other = fields[key] else {
                    fields[key] = (values, files[place.file].path)
                    continue
                }
                guard Self.agree(other.values, values) else {
                    throw .contradiction(variable: key, time: time, other.file, files[place.file].path)
                }
            }
        }
        var all = fields.mapValues(\.values)
        for (key, place) in constants {
            let reader = ERA5Reader(description: files[place.file], subset: subset, order: levels.order)
            all[key] = try reader.read([key], times: place.time..<(place.time + 1))[key]
        }
        return all
    }

    @NetCDFThread
    private func read(_ key: String, _ place: Place) throws(MeteorologyError) -> [Float] {
        let file = files[place.file]
        return try blocks.field(
            key,
            place.time,
            file: place.file,
            reader: ERA5Reader(description: file, subset: subset, order: levels.order),
            keys: file.variables.keys.filter { constants[$0] == nil },
            needed: neededTimes[place.file]
        )
    }

    /// Packing of one and the same field may differ from file to file.
    private static func agree(_ a: [Float], _ b: [Float]) -> Bool {
        guard a.count == b.count else { return false }
        let finite = a.filter(\.isFinite)
        let range = (finite.max() ?? 0) - (finite.min() ?? 0)
        let slack = max(2e-4 * range, 1e-5 * (finite.map(abs).max() ?? 0))
        return zip(a, b).allSatisfy { abs($0 - $1) <= slack || ($0.isNaN && $1.isNaN) }
    }

    // MARK: - Quantities

    private func levelFields(_ fields: [String: [Float]]) -> LevelFields {
        let isFree = if case .pressurePascal = levels { true } else { false }
        var result = LevelFields(kind: isFree ? .free : .terrainFollowing, levels: levels.count)
        result.temperatureKelvin = fields["levels.t"] ?? []
        result.alongColumns = fields["levels.u"] ?? []
        result.alongRows = fields["levels.v"] ?? []
        result.omega = fields["levels.w"] ?? []
        result.altitudeMetres = heights("levels.z", fields)
        result.specificHumidity = fields["levels.q"] ?? []
        // Where both are there the one is made of the other.
        if result.specificHumidity.isEmpty { result.relativeHumidity = fields["levels.r"] ?? [] }
        let surface = surfacePressure(fields)
        let cells = grid.cellCount
        result.pressurePascal = levels.order.flatMap { level in
            (0..<cells).map { cell in
                Float(levels.pressure(level, surface: surface.isEmpty ? 0 : Double(surface[cell])))
            }
        }
        return result
    }

    private func surfacePressure(_ fields: [String: [Float]]) -> [Float] {
        fields["surface.sp"] ?? (fields["surface.lnsp"] ?? []).map { exp($0) }
    }

    /// m above sea level of a geopotential.
    private func heights(_ key: String, _ fields: [String: [Float]]) -> [Float] {
        (fields[key] ?? []).map { $0 / Float(MoistAir.gravity) }
    }

    private func surfaceFields(_ fields: [String: [Float]]) -> SurfaceFields {
        var surface = SurfaceFields()
        surface.pressurePascal = surfacePressure(fields)
        surface.terrainMetres = heights("surface.z", fields)
        surface.temperatureKelvin = fields["surface.t2m"] ?? []
        surface.alongColumns = fields["surface.u10"] ?? []
        surface.alongRows = fields["surface.v10"] ?? []
        surface.boundaryLayerMetres = fields["surface.blh"] ?? []
        surface.frictionVelocity = fields["surface.zust"] ?? []
        surface.roughnessMetres = fields["surface.fsr"] ?? []
        surface.sensibleHeatFlux = heatFlux(fields)
        return surface
    }

    /// W m-2 upward. ECMWF counts fluxes downward, and the accumulated one over the hour that ends at the time.
    private func heatFlux(_ fields: [String: [Float]]) -> [Float] {
        if let instant = fields["surface.ishf"] ?? fields["surface.msshf"] { return instant.map { -$0 } }
        return (fields["surface.sshf"] ?? []).map { -$0 / 3600 }
    }
}
