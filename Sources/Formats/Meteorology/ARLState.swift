import Foundation
import Quantities
import Transport

/// The fields of one time of an ARL packed file, in SI units.
struct ARLState: Sendable {
    private let index: ARLIndex
    /// Numbers of the levels that have wind and temperature, from the ground upward.
    private let order: [Int]
    private let cells: Int
    private var ground: [String: [Float]] = [:]
    /// By name, all levels one after the other.
    private var aloft: [String: [Float]] = [:]

    private static let groundNames: [String: [String]] = [
        "PRSS": ["PRSS"], "SHGT": ["SHGT", "HGTS"], "T02M": ["T02M", "TMPS"], "U10M": ["U10M"],
        "V10M": ["V10M"], "PBLH": ["PBLH", "HPBL", "MIXD"], "USTR": ["USTR"], "SHTF": ["SHTF", "HFLX"],
        "RGHS": ["RGHS"],
    ]
    private static let aloftNames: [String: [String]] = [
        "HGTS": ["HGTS"], "PRES": ["PRES"], "TEMP": ["TEMP"], "UWND": ["UWND"], "VWND": ["VWND"],
        "WWND": ["WWND"], "DZDT": ["DZDT"], "SPHU": ["SPHU"], "RELH": ["RELH"],
    ]
    /// What some models give up to some level only, and is taken as zero above.
    private static let partial = ["WWND", "DZDT", "SPHU", "RELH"]

    init(_ path: String, _ index: ARLIndex, _ subset: GridSubset) throws(MeteorologyError) {
        let reader = try ARLRecordReader(path)
        self.index = index
        cells = subset.rows.count * subset.columnCount
        order = Self.order(index)
        guard order.count >= 2 else {
            throw .unsupported(
                path: path,
                what: "fewer than two levels have UWND, VWND and TEMP at \(index.time)",
                remedy: "use a file with fields on levels"
            )
        }
        for (key, names) in Self.groundNames {
            guard let field = index.levels[0].field(names) else { continue }
            ground[key] = try reader.values(field, index, level: 0, subset: subset)
        }
        for (key, names) in Self.aloftNames {
            aloft[key] = try Self.levels(key, names, order, reader, index, subset)
        }
    }

    /// Nil for a variable that is not on all levels, or on none of them.
    private static func levels(
        _ key: String,
        _ names: [String],
        _ order: [Int],
        _ reader: ARLRecordReader,
        _ index: ARLIndex,
        _ subset: GridSubset
    ) throws(MeteorologyError) -> [Float]? {
        let fields = order.map { index.levels[$0].field(names) }
        let known = fields.count { $0 != nil }
        guard known == fields.count || (known > 0 && partial.contains(key)) else { return nil }
        var values: [Float] = []
        for (level, field) in zip(order, fields) {
            if let field {
                values += try reader.values(field, index, level: level, subset: subset)
            } else {
                values += [Float](repeating: 0, count: subset.rows.count * subset.columnCount)
            }
        }
        return values
    }

    private static func order(_ index: ARLIndex) -> [Int] {
        let numbers = index.levels.indices.dropFirst().filter { level in
            ["UWND", "VWND", "TEMP"].allSatisfy { index.levels[level].field([$0]) != nil }
        }
        // Heights grow upward, pressures and shares of it fall.
        let sign = index.vertical == .height ? 1.0 : -1.0
        return numbers.sorted { a, b in
            sign * rank(index, a) < sign * rank(index, b)
        }
    }

    private static func rank(_ index: ARLIndex, _ level: Int) -> Double {
        let value = index.levels[level].value
        guard index.vertical == .hybrid else { return value }
        return value.rounded(.down) + (value - value.rounded(.down)) * 1013.25
    }

    /// The first variable in which another state of the same time differs.
    func difference(from other: ARLState) -> String? {
        for (name, values) in ground.merging(aloft, uniquingKeysWith: { a, _ in a }).sorted(by: {
            $0.key < $1.key
        }) {
            let others = other.ground[name] ?? other.aloft[name]
            if let others, others != values { return name }
        }
        return nil
    }

    // MARK: - In SI units

    func surface() -> SurfaceFields {
        var surface = SurfaceFields()
        surface.pressurePascal = (ground["PRSS"] ?? []).map { $0 * 100 }
        surface.terrainMetres = ground["SHGT"] ?? []
        surface.temperatureKelvin = ground["T02M"] ?? []
        surface.alongColumns = ground["U10M"] ?? []
        surface.alongRows = ground["V10M"] ?? []
        surface.boundaryLayerMetres = ground["PBLH"] ?? []
        surface.frictionVelocity = ground["USTR"] ?? []
        surface.sensibleHeatFlux = ground["SHTF"] ?? []
        surface.roughnessMetres = ground["RGHS"] ?? []
        // Models without heights on levels need no terrain for heights above ground.
        if surface.terrainMetres.isEmpty, aloft["HGTS"] == nil || index.vertical != .pressure {
            surface.terrainMetres = [Float](repeating: 0, count: cells)
        }
        return surface
    }

    func levelFields() throws(MeteorologyProblem) -> LevelFields {
        let isFree = index.vertical == .pressure
        var fields = LevelFields(kind: isFree ? .free : .terrainFollowing, levels: order.count)
        fields.temperatureKelvin = aloft["TEMP"] ?? []
        fields.alongColumns = aloft["UWND"] ?? []
        fields.alongRows = aloft["VWND"] ?? []
        if isFree { fields.altitudeMetres = aloft["HGTS"] ?? [] }
        fields.upward = aloft["DZDT"] ?? []
        // hPa s-1.
        if fields.upward.isEmpty { fields.omega = (aloft["WWND"] ?? []).map { $0 * 100 } }
        fields.specificHumidity = aloft["SPHU"] ?? []
        if fields.specificHumidity.isEmpty { fields.relativeHumidity = aloft["RELH"] ?? [] }
        fields.pressurePascal = try pressure()
        if index.vertical == .height { fields.altitudeMetres = altitudes() }
        return fields
    }

    private func pressure() throws(MeteorologyProblem) -> [Float] {
        if index.vertical != .pressure, let pressure = aloft["PRES"] { return pressure.map { $0 * 100 } }
        let surface = ground["PRSS"] ?? []
        if surface.isEmpty, index.vertical != .pressure { throw .noSurfacePressure }
        if index.vertical == .weatherResearch { throw .absent("pressure of the levels (PRES)") }
        if index.vertical == .height { return barometric(surface) }
        return order.flatMap { level in
            (0..<cells).map { cell in
                100 * pressure(index.levels[level].value, surface.isEmpty ? 0 : surface[cell])
            }
        }
    }

    /// hPa of a level over a surface at some hPa.
    private func pressure(_ value: Double, _ surface: Float) -> Float {
        let surface = Double(surface)
        return switch index.vertical {
        case .sigma: Float(index.pressureOffset + (surface - index.pressureOffset) * value)
        case .hybrid:
            Float(value.rounded(.down) + (value - value.rounded(.down)) * surface)
        case .pressure, .height, .weatherResearch: Float(value)
        }
    }

    /// Pa on levels of height, from the ground upward through the temperatures between.
    private func barometric(_ surface: [Float]) -> [Float] {
        var pressure = [Float](repeating: 0, count: order.count * cells)
        let temperature = aloft["TEMP"] ?? []
        for cell in 0..<cells {
            var (below, height) = (Double(surface[cell]) * 100, 0.0)
            for (number, level) in order.enumerated() {
                let here = temperature[number * cells + cell]
                let under = number > 0 ? temperature[(number - 1) * cells + cell] : here
                let kelvin = Double(here + under) / 2
                let thickness = index.levels[level].value - height
                below *= exp(-MoistAir.gravity * thickness / (MoistAir.dryGasConstant * kelvin))
                height = index.levels[level].value
                pressure[number * cells + cell] = Float(below)
            }
        }
        return pressure
    }

    /// m above sea level on levels of height above ground.
    private func altitudes() -> [Float] {
        let terrain = ground["SHGT"] ?? [Float](repeating: 0, count: cells)
        return order.flatMap { level in terrain.map { $0 + Float(index.levels[level].value) } }
    }
}
