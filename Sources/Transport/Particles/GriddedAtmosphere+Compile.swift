import Foundation
public import Geo
public import Quantities

extension GriddedAtmosphere {
    /// How meteorology is made ready.
    public struct Design: Hashable, Sendable {
        /// Nothing is kept above, and up to it the last wind is held where the meteorology ends below; memory is 16
        /// bytes for each hour, node and level, of which there are about `sqrt(top / 5 m)`.
        public var topMetres = 12_000.0
        /// Where the meteorology has none; without it 0.1 m, or 0.2 m as HYSPLIT's for its columns.
        public var roughnessMetres: Double?
        /// Where the depth of the mixed layer comes from.
        public var mixedLayer = MixedLayerSource.meteorology
        /// How columns are made of the levels of the meteorology.
        public var columns = Columns.similarity

        public init() {}

        var isLayered: Bool { columns == .hysplit }
        var roughness: Double { roughnessMetres ?? (isLayered ? 0.2 : 0.1) }
        var levels: Int {
            let top = isLayered ? HysplitLevels.metres(HysplitLevels.count - 1) : Float(max(100, topMetres))
            return CommonHeights.count(below: top)
        }
    }

    /// Brings meteorology to common heights.
    ///
    /// Friction velocity and flux of heat come from the fields, or from ``DiagnosedFluxes`` where they are empty.
    /// Parameters are those of ``Design``.
    /// - Throws: ``DispersionError`` for a field that lacks or does not fit.
    public init(
        _ meteorology: Meteorology,
        topMetres: Double = 12_000,
        roughnessMetres: Double? = nil,
        mixedLayer: MixedLayerSource = .meteorology,
        columns scheme: Columns = .similarity
    ) throws(DispersionError) {
        var design = Design()
        (design.topMetres, design.roughnessMetres) = (topMetres, roughnessMetres)
        (design.mixedLayer, design.columns) = (mixedLayer, scheme)
        guard let first = meteorology.hours.first else { throw .emptyMeteorology }
        try self.init(grid: meteorology.grid, times: meteorology.times, first: first, design)
        reserve(hours: meteorology.hours.count)
        for hour in meteorology.hours { append(try compiled(hour)) }
    }

    /// Air of many times of which none is held yet. What comes of it is the same whichever are held at once.
    ///
    /// - Parameters:
    ///   - times: of the whole run, ascending.
    ///   - first: the state at the first of them, for what hours have in common.
    /// - Throws: ``DispersionError/emptyMeteorology`` for less than two times, rows, columns or levels.
    public init(grid: CellGrid, times: [Instant], first: MeteorologyHour, _ design: Design)
        throws(DispersionError)
    {
        guard times.count > 1, grid.rows > 1, grid.columns > 1,
            first.heightMetres.count / grid.cellCount > 1
        else { throw .emptyMeteorology }
        nativeLevels = first.heightMetres.count / grid.cellCount
        self.grid = grid
        self.design = design
        scales =
            design.isLayered
            ? first.surface.terrainMetres.map { HysplitLevels.scale(terrainMetres: $0) } : []
        levels = design.levels
        columns = grid.columns
        rows = grid.rows
        reference = times[0]
        topMetres = CommonHeights.metres(levels - 1)
        self.times = MeteorologyTimes(times)
        held = 0..<0
        stepsPerMetre = Self.stepsPerMetre(grid)
        let circle = grid.longitudeLatitude.map { Double($0.columns) * $0.longitude.step } ?? 0
        closesCircle = circle > 360 - 1e-6
        nearGround =
            design.isLayered ? Self.noSlip : Self.nearGround(roughnessMetres: design.roughness)
    }

    /// Linear to no wind at the ground.
    private static var noSlip: [Float] {
        (0...nearGroundIntervals).map { Float($0) / Float(nearGroundIntervals) }
    }

    private static func nearGround(roughnessMetres: Double) -> [Float] {
        (0...nearGroundIntervals).map { index in
            let height = Double(lowestMetres) * Double(index) / Double(nearGroundIntervals)
            return Float(log(1 + height / roughnessMetres) / log(1 + Double(lowestMetres) / roughnessMetres))
        }
    }

    /// Columns and rows in a metre at each node, from distances on the sphere between neighbours.
    static func stepsPerMetre(_ grid: CellGrid) -> [SIMD2<Float>] {
        let radians = Double.pi / 180
        if let grid = grid.longitudeLatitude {
            let degree = Earth.meanRadiusMetres * radians
            return (0..<grid.cellCount).map { cell in
                let latitude = grid.latitude.centre(cell / grid.columns)
                let parallel = degree * max(0.01, cos(latitude * radians))
                return SIMD2(
                    Float(1 / (parallel * grid.longitude.step)),
                    Float(1 / (degree * grid.latitude.step))
                )
            }
        }
        let (rows, columns) = (grid.rows, grid.columns)
        let places = grid.centres(of: Array(0..<grid.cellCount))
        let distance = { (a: Int, b: Int) -> Double in
            let (south, north) = (places.latitudes[a] * radians, places.latitudes[b] * radians)
            let across = sin((places.longitudes[b] - places.longitudes[a]) * radians / 2)
            let along = sin((north - south) / 2)
            let chord = along * along + cos(south) * cos(north) * across * across
            return 2 * Earth.meanRadiusMetres * asin(min(1, chord.squareRoot()))
        }
        return (0..<grid.cellCount).map { cell in
            let (row, column) = (cell / columns, cell % columns)
            let (west, east) = (max(0, column - 1), min(columns - 1, column + 1))
            let (south, north) = (max(0, row - 1), min(rows - 1, row + 1))
            let across = distance(row * columns + west, row * columns + east) / Double(east - west)
            let along = distance(south * columns + column, north * columns + column) / Double(north - south)
            return SIMD2(Float(1 / across), Float(1 / along))
        }
    }
}

/// Brings one hour to common heights, node by node.
struct HourCompiler {
    let hour: MeteorologyHour
    let rows: Int
    let columns: Int
    let levels: Int
    let common: Int
    let stepsPerMetre: [SIMD2<Float>]
    let roughness: Float
    /// Diagnosed, and used instead of those of the meteorology; empty where these are used.
    let depths: [Float]
    let mixedLayer: MixedLayerSource

    static let gasConstant: Float = 287.04
    /// m, of the density of isothermal air at 270 K.
    static let scaleHeight: Float = 7900

    init(
        hour: MeteorologyHour,
        rows: Int,
        columns: Int,
        levels: Int,
        common: Int,
        stepsPerMetre: [SIMD2<Float>],
        roughness: Float,
        mixedLayer: MixedLayerSource
    ) throws(DispersionError) {
        let nodes = rows * columns
        let surface = hour.surface
        let deep: [(String, [Float], Bool)] = [
            ("height", hour.heightMetres, true), ("wind along columns", hour.alongColumns, true),
            ("wind along rows", hour.alongRows, true), ("upward wind", hour.upward, false),
            ("temperature", hour.temperatureKelvin, true), ("pressure", hour.pressurePascal, true),
            ("humidity", hour.specificHumidity, false),
        ]
        let flat: [(String, [Float], Bool)] = [
            ("surface pressure", surface.pressurePascal, true), ("terrain", surface.terrainMetres, true),
            ("2 m temperature", surface.temperatureKelvin, false), ("10 m wind", surface.alongColumns, false),
            ("10 m wind", surface.alongRows, false),
            ("boundary-layer height", surface.boundaryLayerMetres, true),
            ("friction velocity", surface.frictionVelocity, false),
            ("heat flux", surface.sensibleHeatFlux, false), ("roughness", surface.roughnessMetres, false),
        ]
        for (fields, count) in [(deep, nodes * levels), (flat, nodes)] {
            for (name, values, isNeeded) in fields where isNeeded || !values.isEmpty {
                guard !values.isEmpty else { throw .missingField(name, at: hour.time) }
                guard values.count == count, values.allSatisfy(\.isFinite) else {
                    throw .unfitting(name, at: hour.time)
                }
            }
        }
        guard surface.alongColumns.count == surface.alongRows.count else {
            throw .unfitting("10 m wind", at: hour.time)
        }
        self.hour = hour
        self.rows = rows
        self.columns = columns
        self.levels = levels
        self.common = common
        self.stepsPerMetre = stepsPerMetre
        self.roughness = roughness
        self.mixedLayer = mixedLayer
        depths = mixedLayer == .richardson ? BoundaryLayer.metres(of: hour) : []
    }

    /// A value of the profile of one node.
    private struct Level {
        var height: Float
        var air: SIMD4<Float>
    }

    func compile(_ node: Int, _ fields: inout [SIMD4<Float>], _ surfaces: inout [SIMD4<Float>]) {
        let profile = self.profile(node)
        var below = 0
        for index in 0..<common {
            let height = CommonHeights.metres(index)
            while below + 2 < profile.count, profile[below + 1].height <= height { below += 1 }
            let (low, high) = (profile[below], profile[below + 1])
            let part = max(0, min(1, (height - low.height) / (high.height - low.height)))
            var air = low.air + part * (high.air - low.air)
            if height > high.height {
                // Above the meteorology: air of the same temperature, which does not rise.
                air.z = 0
                air.w *= exp((high.height - height) / Self.scaleHeight)
            }
            fields.append(air)
        }
        surfaces.append(surface(node))
    }

    /// From 10 m upward. Levels under the ground, and those that the wind at 10 m stands for, are left out.
    private func profile(_ node: Int) -> [Level] {
        let nodes = rows * columns
        let hasSurfaceWind = !hour.surface.alongColumns.isEmpty
        let lowest = GriddedAtmosphere.lowestMetres
        let used = (0..<levels).map { $0 * nodes + node }
            .filter { hour.heightMetres[$0] > (hasSurfaceWind ? lowest + 2 : 0.5) }
        let slope = terrainSlope(node)
        var result = used.map { index in
            let wind = SIMD2(hour.alongColumns[index], hour.alongRows[index])
            // Height above ground changes with the ground beneath, too.
            let upward = hour.upward.isEmpty ? 0 : hour.upward[index] - (wind * slope).sum()
            return Level(height: hour.heightMetres[index], air: SIMD4(wind.x, wind.y, upward, density(index)))
        }
        let ground = groundDensity(node, dry: false)
        if hasSurfaceWind {
            let (x, y) = (hour.surface.alongColumns[node], hour.surface.alongRows[node])
            result.insert(Level(height: lowest, air: SIMD4(x, y, 0, ground)), at: 0)
        } else if let first = result.first, first.height > lowest {
            let rough = self.rough(node)
            let factor = log(1 + lowest / rough) / log(1 + first.height / rough)
            let air = first.air * SIMD4(factor, factor, lowest / first.height, 1)
            result.insert(Level(height: lowest, air: SIMD4(air.x, air.y, air.z, ground)), at: 0)
        }
        if result.count < 2, let only = result.first {
            result.append(Level(height: only.height + 1e4, air: only.air))
        }
        return result.isEmpty
            ? [
                Level(height: 0, air: SIMD4(0, 0, 0, ground)),
                Level(height: 1e4, air: SIMD4(0, 0, 0, ground)),
            ]
            : result
    }

    private func density(_ index: Int) -> Float {
        let humidity = hour.specificHumidity.isEmpty ? 0 : hour.specificHumidity[index]
        return hour.pressurePascal[index]
            / (Self.gasConstant * hour.temperatureKelvin[index] * (1 + 0.608 * humidity))
    }

    /// The lowest level above the ground.
    private func lowestLevel(_ node: Int) -> Int {
        let nodes = rows * columns
        let level = (0..<levels).first { hour.heightMetres[$0 * nodes + node] > 1 } ?? levels - 1
        return level * nodes + node
    }

    func groundDensity(_ node: Int, dry: Bool) -> Float {
        let lowest = lowestLevel(node)
        let humidity = hour.specificHumidity.isEmpty ? 0 : hour.specificHumidity[lowest]
        let temperature =
            hour.surface.temperatureKelvin.isEmpty
            ? hour.temperatureKelvin[lowest] + 0.0065 * max(0, hour.heightMetres[lowest])
            : hour.surface.temperatureKelvin[node]
        let density =
            hour.surface.pressurePascal[node] / (Self.gasConstant * temperature * (1 + 0.608 * humidity))
        return dry ? density * (1 - humidity) : density
    }

    func rough(_ node: Int) -> Float {
        let given = hour.surface.roughnessMetres
        return given.isEmpty ? roughness : max(1e-4, min(2, given[node]))
    }

    /// Rise of the ground along columns and rows.
    private func terrainSlope(_ node: Int) -> SIMD2<Float> {
        let terrain = hour.surface.terrainMetres
        let (row, column) = (node / columns, node % columns)
        let (west, east) = (max(0, column - 1), min(columns - 1, column + 1))
        let (south, north) = (max(0, row - 1), min(rows - 1, row + 1))
        let across = (terrain[row * columns + east] - terrain[row * columns + west]) / Float(east - west)
        let along =
            (terrain[north * columns + column] - terrain[south * columns + column]) / Float(north - south)
        return SIMD2(across, along) * stepsPerMetre[node]
    }

    /// Depth of the mixed layer, friction velocity, flux of buoyancy and density of dry air.
    private func surface(_ node: Int) -> SIMD4<Float> {
        let depth = max(1, depths.isEmpty ? hour.surface.boundaryLayerMetres[node] : depths[node])
        let density = groundDensity(node, dry: true)
        let diagnosed = layer(node)
        let friction =
            hour.surface.frictionVelocity.isEmpty
            ? diagnosed.frictionVelocity : max(0.01, hour.surface.frictionVelocity[node])
        let buoyancy: Float
        if hour.surface.sensibleHeatFlux.isEmpty {
            buoyancy = diagnosed.buoyancyFlux
        } else {
            let lowest = lowestLevel(node)
            buoyancy =
                9.80665 * hour.surface.sensibleHeatFlux[node]
                / (density * 1005 * hour.temperatureKelvin[lowest])
        }
        return SIMD4(depth, friction, buoyancy, density)
    }

    private func layer(_ node: Int) -> DiagnosedFluxes {
        let lowest = lowestLevel(node)
        let height = hour.heightMetres[lowest]
        let hasWind = !hour.surface.alongColumns.isEmpty
        let wind =
            hasWind
            ? SIMD2(hour.surface.alongColumns[node], hour.surface.alongRows[node])
            : SIMD2(hour.alongColumns[lowest], hour.alongRows[lowest])
        let pressure = hour.surface.pressurePascal[node]
        let ratio = pow(pressure / hour.pressurePascal[lowest], 0.286)
        return DiagnosedFluxes(
            speed: (wind * wind).sum().squareRoot(),
            speedHeight: hasWind ? 10 : max(2, height),
            temperature: hour.surface.temperatureKelvin.isEmpty ? nil : hour.surface.temperatureKelvin[node],
            potentialTemperatureAbove: hour.temperatureKelvin[lowest] * ratio,
            heightAbove: max(3, height),
            roughness: rough(node)
        )
    }
}
