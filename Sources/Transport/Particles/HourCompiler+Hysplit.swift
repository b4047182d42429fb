import Foundation

extension HourCompiler {
    /// HYSPLIT's least depth of a mixed layer, m, for which turbulence is made (KMIX0).
    static let shallowestMetres: Float = 150

    /// One node as HYSPLIT has it.
    func compile(
        _ node: Int,
        _ fields: inout [SIMD4<Float>],
        _ surfaces: inout [SIMD4<Float>],
        _ layers: inout [SIMD2<Float>]
    ) {
        let scale = HysplitLevels.scale(terrainMetres: hour.surface.terrainMetres[node])
        let column = HysplitColumn(points(node), scale: scale)
        for index in 0..<common {
            fields.append(column.air(atMetres: CommonHeights.metres(index)))
        }
        let surface = hysplitSurface(node, column)
        let depth =
            mixedLayer == .richardson
            ? column.mixedLayerMetres(surface) : hour.surface.boundaryLayerMetres[node]
        let least = max(Self.shallowestMetres, depth)
        let friction = surface.frictionVelocity
        let buoyancy = -surface.inverseLength * friction * friction * friction / 0.4
        surfaces.append(SIMD4(least, friction, buoyancy, groundDensity(node, dry: true)))
        layers += column.turbulence(depthMetres: least, surface)
    }

    private func hysplitSurface(_ node: Int, _ column: HysplitColumn) -> HysplitSurface {
        let surface = hour.surface
        guard !surface.frictionVelocity.isEmpty, !surface.sensibleHeatFlux.isEmpty else {
            return HysplitSurface(column, roughness: rough(node))
        }
        return HysplitSurface(
            column,
            frictionVelocity: surface.frictionVelocity[node],
            heatFlux: surface.sensibleHeatFlux[node],
            roughness: rough(node)
        )
    }

    /// From the ground through the levels of the model above it.
    private func points(_ node: Int) -> [HysplitColumn.Point] {
        let nodes = rows * columns
        let filled = hour.filledLevels.isEmpty ? 0 : Int(hour.filledLevels[node])
        var points = (filled..<levels).map { $0 * nodes + node }
            .filter { hour.heightMetres[$0] > 1 }
            .map { index in
                HysplitColumn.Point(
                    height: hour.heightMetres[index],
                    logPressure: log(hour.pressurePascal[index]),
                    temperature: hour.temperatureKelvin[index],
                    wind: SIMD3(
                        hour.alongColumns[index],
                        hour.alongRows[index],
                        hour.upward.isEmpty ? 0 : hour.upward[index]
                    )
                )
            }
        let ground = ground(node, below: points.first)
        if let first = points.first, points.count < 2 {
            points.append(first)
            points[1].height += 1e4
        }
        points.insert(ground, at: 0)
        if points.count < 2 { points.append(ground) }
        return points
    }

    /// What HYSPLIT takes for the ground: wind at 10 m and temperature at 2 m, or the law of the wall at its first
    /// level and the adiabat.
    private func ground(_ node: Int, below first: HysplitColumn.Point?) -> HysplitColumn.Point {
        let surface = hour.surface
        let logPressure = log(surface.pressurePascal[node])
        var wind = SIMD3<Float>(0, 0, 0)
        if !surface.alongColumns.isEmpty {
            wind = SIMD3(surface.alongColumns[node], surface.alongRows[node], 0)
        } else if let first, first.height > 10 {
            wind = first.wind * log(10 / rough(node)) / log(first.height / rough(node))
            wind.z = 0
        }
        var temperature = first?.temperature ?? 288
        if !surface.temperatureKelvin.isEmpty {
            temperature = surface.temperatureKelvin[node]
        } else if let first {
            temperature *= exp(HysplitColumn.exponent * (logPressure - first.logPressure))
        }
        return .init(height: 0, logPressure: logPressure, temperature: temperature, wind: wind)
    }
}
