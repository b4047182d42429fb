import Foundation
public import Quantities

extension MeteorologyHour {
    /// Makes heights above ground, upward wind and specific humidity of fields on the levels of a model.
    ///
    /// Levels of constant pressure that lie below the ground, or less than ``lowestLevelMetres`` above it, hold what
    /// the producer extrapolated. In such a column as many levels are put between the ground and the first true
    /// level instead, in equal steps of the logarithm of height from 10 m: wind from that at 10 m to the first level
    /// (the neutral law of the wall), temperature linear from that at 2 m, pressure hydrostatic, humidity of the
    /// first level, upward wind linear from zero at the ground.
    ///
    /// Where not given, surface pressure follows from terrain and heights of levels, terrain from surface pressure and
    /// heights of levels, and boundary-layer height from ``BoundaryLayer``.
    /// - Throws: ``MeteorologyProblem``
    public init(time: Instant, levels fields: LevelFields, surface: SurfaceFields) throws(MeteorologyProblem)
    {
        var assembly = ColumnAssembly(fields, surface)
        try assembly.check()
        try assembly.completeSurface()
        try assembly.finish()
        self = assembly.hour(time).withBoundaryLayer
    }

    /// The same with other fields at the ground.
    public func with(_ surface: SurfaceFields) -> MeteorologyHour {
        MeteorologyHour(
            time: time,
            heightMetres: heightMetres,
            alongColumns: alongColumns,
            alongRows: alongRows,
            upward: upward,
            temperatureKelvin: temperatureKelvin,
            pressurePascal: pressurePascal,
            specificHumidity: specificHumidity,
            surface: surface,
            filledLevels: filledLevels
        )
    }

    /// Levels of constant pressure nearer to the ground are not used: the wind at 10 m says more, and what is put
    /// between would be too thin.
    public static let lowestLevelMetres = 20.0
}

/// Works on the columns of one time in place.
struct ColumnAssembly {
    private var fields: LevelFields
    private var surface: SurfaceFields
    private var heights: [Float]
    private var filled: [Int32] = []
    let cells: Int
    private let levels: Int

    init(_ fields: LevelFields, _ surface: SurfaceFields) {
        self.fields = fields
        self.surface = surface
        levels = fields.levels
        cells = levels > 0 ? fields.temperatureKelvin.count / levels : 0
        heights = [Float](repeating: 0, count: cells * levels)
    }

    func check() throws(MeteorologyProblem) {
        let needed = ["pressure", "temperature", "wind along columns", "wind along rows"]
        for (name, values) in fields.named {
            if values.isEmpty {
                if needed.contains(name) { throw .absent(name) }
            } else if values.count != cells * levels {
                throw .size(name, count: values.count, expected: cells * levels)
            }
        }
        for (name, values) in surface.named where !values.isEmpty && values.count != cells {
            throw .size(name, count: values.count, expected: cells)
        }
    }

    // MARK: - Surface

    mutating func completeSurface() throws(MeteorologyProblem) {
        let hasPressure = !surface.pressurePascal.isEmpty
        let hasTerrain = !surface.terrainMetres.isEmpty
        let hasAltitudes = !fields.altitudeMetres.isEmpty
        if !hasPressure {
            guard hasTerrain, hasAltitudes else { throw .noSurfacePressure }
            surface.pressurePascal = (0..<cells).map { surfacePressure($0) }
        }
        if !hasTerrain {
            // Heights above ground do not need it where they follow from pressure.
            guard hasAltitudes else { throw .noTerrain }
            surface.terrainMetres = (0..<cells).map { terrain($0) }
        }
        for (name, values) in surface.named {
            if let cell = values.firstIndex(where: { !$0.isFinite }) {
                throw .missingValue(name, level: 0, cell: cell)
            }
        }
        try surface.requirePossible()
    }

    /// Pressure where the height of the levels is that of the terrain: its logarithm is linear in height.
    private func surfacePressure(_ cell: Int) -> Float {
        let (lower, upper) = bracket { altitude($0, cell) <= Double(surface.terrainMetres[cell]) }
        let (a, b) = (altitude(lower, cell), altitude(upper, cell))
        let share = (Double(surface.terrainMetres[cell]) - a) / (b - a)
        return Float(exp(logPressure(lower, cell) * (1 - share) + logPressure(upper, cell) * share))
    }

    /// Height of the levels where their pressure is that at the surface.
    private func terrain(_ cell: Int) -> Float {
        let pressure = log(Double(surface.pressurePascal[cell]))
        let (lower, upper) = bracket { logPressure($0, cell) >= pressure }
        let share =
            (logPressure(lower, cell) - pressure) / (logPressure(lower, cell) - logPressure(upper, cell))
        return Float(altitude(lower, cell) * (1 - share) + altitude(upper, cell) * share)
    }

    /// The last two levels of which the lower one is still below; the lowest two where none is.
    private func bracket(_ isBelow: (Int) -> Bool) -> (Int, Int) {
        var lower = 0
        while lower + 2 < levels, isBelow(lower + 1) { lower += 1 }
        return (lower, min(lower + 1, levels - 1))
    }

    private func altitude(_ level: Int, _ cell: Int) -> Double {
        Double(fields.altitudeMetres[level * cells + cell])
    }

    private func logPressure(_ level: Int, _ cell: Int) -> Double {
        log(Double(fields.pressurePascal[level * cells + cell]))
    }

    // MARK: - Columns

    mutating func finish() throws(MeteorologyProblem) {
        let first = (0..<cells).map { firstLevel($0) }
        if let cell = first.firstIndex(of: levels) { throw .noLevelAboveGround(cell: cell) }
        if first.contains(where: { $0 > 0 }) { filled = first.map { Int32(truncatingIfNeeded: $0) } }
        try requireValues(from: first)
        for cell in 0..<cells {
            setHumidity(cell, from: first[cell])
            setHeights(cell, from: first[cell])
            setUpward(cell, from: first[cell])
            if first[cell] > 0 { replaceLevels(below: first[cell], cell) }
            guard heights[cell] > 0 else { throw .heightsDoNotAscend(cell: cell, level: 0) }
            for level in 1..<max(levels, 1)
            where !(heights[level * cells + cell] > heights[(level - 1) * cells + cell]) {
                throw .heightsDoNotAscend(cell: cell, level: level)
            }
        }
    }

    private func requireValues(from first: [Int]) throws(MeteorologyProblem) {
        for (name, values) in fields.named where !values.isEmpty {
            for level in 0..<levels {
                for cell in 0..<cells where level >= first[cell] && !values[level * cells + cell].isFinite {
                    throw .missingValue(name, level: level, cell: cell)
                }
            }
        }
        for (name, values, range) in fields.limited where !values.isEmpty {
            for level in 0..<levels {
                for cell in 0..<cells where level >= first[cell] {
                    let value = Double(values[level * cells + cell])
                    guard !range.values.contains(value) else { continue }
                    throw .impossible(
                        name,
                        value: value,
                        allowed: range.text,
                        level: level,
                        cell: cell
                    )
                }
            }
        }
    }

    /// The first level above the ground.
    private func firstLevel(_ cell: Int) -> Int {
        guard fields.kind == .free else { return 0 }
        let (pressure, terrain) = (surface.pressurePascal[cell], Double(surface.terrainMetres[cell]))
        // That much air, by its scale height.
        let thinnest = pressure * Float(1 - MeteorologyHour.lowestLevelMetres / 8400)
        return (0..<levels).first { level in
            let isAbove = fields.pressurePascal[level * cells + cell] < pressure
            guard !fields.altitudeMetres.isEmpty else {
                return fields.pressurePascal[level * cells + cell] < thinnest
            }
            return isAbove && altitude(level, cell) > terrain + MeteorologyHour.lowestLevelMetres
        } ?? levels
    }

    private mutating func setHumidity(_ cell: Int, from first: Int) {
        guard !fields.relativeHumidity.isEmpty else { return }
        if fields.specificHumidity.count != cells * levels {
            fields.specificHumidity = [Float](repeating: 0, count: cells * levels)
        }
        for level in first..<levels {
            let index = level * cells + cell
            fields.specificHumidity[index] = Float(
                MoistAir.specificHumidity(
                    relativePercent: Double(fields.relativeHumidity[index]),
                    kelvin: Double(fields.temperatureKelvin[index]),
                    pascal: Double(fields.pressurePascal[index])
                )
            )
        }
    }

    private func humidity(_ index: Int) -> Double {
        fields.specificHumidity.isEmpty ? 0 : Double(fields.specificHumidity[index])
    }

    private func virtualKelvin(_ index: Int) -> Double {
        MoistAir.virtualTemperature(
            kelvin: Double(fields.temperatureKelvin[index]),
            specificHumidity: humidity(index)
        )
    }

    private mutating func setHeights(_ cell: Int, from first: Int) {
        guard fields.altitudeMetres.isEmpty else {
            let terrain = surface.terrainMetres[cell]
            for level in first..<levels {
                heights[level * cells + cell] = fields.altitudeMetres[level * cells + cell] - terrain
            }
            return
        }
        var height = 0.0
        var below = Double(surface.pressurePascal[cell])
        var belowKelvin = groundVirtualKelvin(cell, first)
        for level in first..<levels {
            let index = level * cells + cell
            let (pressure, kelvin) = (Double(fields.pressurePascal[index]), virtualKelvin(index))
            height += MoistAir.thicknessMetres(
                fromPascal: below,
                toPascal: pressure,
                virtualKelvin: (belowKelvin + kelvin) / 2
            )
            heights[index] = Float(height)
            (below, belowKelvin) = (pressure, kelvin)
        }
    }

    private func groundVirtualKelvin(_ cell: Int, _ first: Int) -> Double {
        let index = first * cells + cell
        guard !surface.temperatureKelvin.isEmpty else { return virtualKelvin(index) }
        return MoistAir.virtualTemperature(
            kelvin: Double(surface.temperatureKelvin[cell]),
            specificHumidity: humidity(index)
        )
    }

    private mutating func setUpward(_ cell: Int, from first: Int) {
        guard !fields.omega.isEmpty else { return }
        if fields.upward.isEmpty { fields.upward = [Float](repeating: 0, count: cells * levels) }
        for level in first..<levels {
            let index = level * cells + cell
            fields.upward[index] = Float(
                MoistAir.upward(
                    omega: Double(fields.omega[index]),
                    pascal: Double(fields.pressurePascal[index]),
                    kelvin: Double(fields.temperatureKelvin[index]),
                    specificHumidity: humidity(index)
                )
            )
        }
    }

    /// Puts levels between 10 m and the first true one in the place of those below the ground.
    private mutating func replaceLevels(below first: Int, _ cell: Int) {
        let top = first * cells + cell
        let highest = Double(heights[top])
        let (lowest, pressure) = (10.0, Double(surface.pressurePascal[cell]))
        let pressureRatio = Double(fields.pressurePascal[top]) / pressure
        for level in 0..<first {
            let index = level * cells + cell
            let share = Double(level) / Double(first)
            let height = lowest * pow(highest / lowest, share)
            heights[index] = Float(height)
            fields.pressurePascal[index] = Float(pressure * pow(pressureRatio, height / highest))
            fields.alongColumns[index] = mix(surface.alongColumns, fields.alongColumns[top], cell, share)
            fields.alongRows[index] = mix(surface.alongRows, fields.alongRows[top], cell, share)
            let warmth = max(0, (height - 2) / max(highest - 2, 1))
            fields.temperatureKelvin[index] =
                mix(surface.temperatureKelvin, fields.temperatureKelvin[top], cell, warmth)
            if !fields.specificHumidity.isEmpty {
                fields.specificHumidity[index] = fields.specificHumidity[top]
            }
            if !fields.upward.isEmpty { fields.upward[index] = fields.upward[top] * Float(height / highest) }
        }
    }

    /// From the value at the ground to that at the first level; the latter alone without one at the ground.
    private func mix(_ ground: [Float], _ top: Float, _ cell: Int, _ share: Double) -> Float {
        guard !ground.isEmpty else { return top }
        return ground[cell] + (top - ground[cell]) * Float(share)
    }

    func hour(_ time: Instant) -> MeteorologyHour {
        MeteorologyHour(
            time: time,
            heightMetres: heights,
            alongColumns: fields.alongColumns,
            alongRows: fields.alongRows,
            upward: fields.upward,
            temperatureKelvin: fields.temperatureKelvin,
            pressurePascal: fields.pressurePascal,
            specificHumidity: fields.specificHumidity,
            surface: surface,
            filledLevels: filled
        )
    }
}

extension SurfaceFields {
    var named: [(name: String, values: [Float])] {
        [
            ("surface pressure", pressurePascal), ("terrain", terrainMetres),
            ("temperature at 2 m", temperatureKelvin), ("wind along columns at 10 m", alongColumns),
            ("wind along rows at 10 m", alongRows), ("boundary-layer height", boundaryLayerMetres),
            ("friction velocity", frictionVelocity), ("sensible heat flux", sensibleHeatFlux),
            ("roughness", roughnessMetres),
        ]
    }
}
