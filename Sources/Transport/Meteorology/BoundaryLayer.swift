import Foundation

/// Height of the boundary layer by a bulk Richardson number, where a model does not say.
///
/// The lowest height at which
/// `Ri = (g / thetas) (theta(z) - thetas) (z - zs) / (u^2 + v^2 + 100 ustar^2)` reaches 0.25 (Vogelezang and Holtslag
/// 1996, Boundary-Layer Meteorol. 81, 245, eq. 3). Wind is taken from the ground, where it is zero, and thetas, the
/// virtual potential temperature, at 2 m (Seidel et al. 2012, JGR 117, D17106). Of heat rising from the ground the
/// excess of a thermal, 8.5 H / (density cp ws), is added to thetas.
public enum BoundaryLayer {
    public static let criticalRichardsonNumber = 0.25
    /// No layer is thinner, m.
    public static let lowestMetres = 10.0

    /// One column, ascending from the ground.
    public struct Column: Sendable {
        public var heightMetres: [Double] = []
        /// Virtual potential temperature, K.
        public var temperature: [Double] = []
        /// m s-1.
        public var alongColumns: [Double] = []
        public var alongRows: [Double] = []
        /// At the ground, or 2 m above.
        public var groundTemperature = 0.0
        /// m s-1.
        public var frictionVelocity: Double?
        /// Of potential temperature, K m s-1, positive upward.
        public var heatFlux: Double?

        public init() {}
    }

    /// m above ground; the top of the column where the air is stirred all the way.
    public static func metres(_ column: Column) -> Double {
        var height = crossing(column, excess: 0)
        guard let flux = column.heatFlux, flux > 0 else { return height }
        // The scale of the thermals depends on the height that is sought.
        for _ in 0..<3 {
            let convective = cbrt(MoistAir.gravity / column.groundTemperature * flux * height)
            let friction = column.frictionVelocity ?? 0
            let scale = cbrt(friction * friction * friction + 0.6 * convective * convective * convective)
            guard scale > 0 else { return height }
            height = crossing(column, excess: min(8.5 * flux / scale, 3))
        }
        return height
    }

    private static func crossing(_ column: Column, excess: Double) -> Double {
        let ground = column.groundTemperature + excess
        let friction = 100 * (column.frictionVelocity ?? 0) * (column.frictionVelocity ?? 0)
        var (lowerHeight, lower) = (2.0, 0.0)
        for (level, height) in column.heightMetres.enumerated() where height > 2 {
            let (u, v) = (column.alongColumns[level], column.alongRows[level])
            // Still air would make the number of any stratification infinite.
            let shear = max(u * u + v * v + friction, 1e-2)
            let number =
                MoistAir.gravity / ground * (column.temperature[level] - ground) * (height - 2) / shear
            if number >= criticalRichardsonNumber {
                let share = (criticalRichardsonNumber - lower) / (number - lower)
                return max(lowestMetres, lowerHeight + (height - lowerHeight) * share)
            }
            (lowerHeight, lower) = (height, number)
        }
        return max(lowestMetres, lowerHeight)
    }

    /// m above ground in all columns of an hour.
    public static func metres(of hour: MeteorologyHour) -> [Float] {
        hour.surface.pressurePascal.indices.map { Float(metres(column($0, of: hour))) }
    }

    private static func column(_ cell: Int, of hour: MeteorologyHour) -> Column {
        let cells = hour.surface.pressurePascal.count
        var column = Column()
        for index in stride(from: cell, to: hour.heightMetres.count, by: cells) {
            column.heightMetres.append(Double(hour.heightMetres[index]))
            column.alongColumns.append(Double(hour.alongColumns[index]))
            column.alongRows.append(Double(hour.alongRows[index]))
            column.temperature.append(
                virtualPotential(
                    hour.temperatureKelvin[index],
                    hour.pressurePascal[index],
                    hour.specificHumidity.isEmpty ? 0 : hour.specificHumidity[index]
                )
            )
        }
        let (surface, humidity) = (
            hour.surface, hour.specificHumidity.isEmpty ? 0 : hour.specificHumidity[cell]
        )
        column.groundTemperature =
            surface.temperatureKelvin.isEmpty
            ? column.temperature.first ?? 288
            : virtualPotential(surface.temperatureKelvin[cell], surface.pressurePascal[cell], humidity)
        if !surface.frictionVelocity.isEmpty {
            column.frictionVelocity = Double(surface.frictionVelocity[cell])
        }
        if !surface.sensibleHeatFlux.isEmpty, !surface.temperatureKelvin.isEmpty {
            let density = MoistAir.density(
                pascal: Double(surface.pressurePascal[cell]),
                kelvin: Double(surface.temperatureKelvin[cell]),
                specificHumidity: Double(humidity)
            )
            column.heatFlux = Double(surface.sensibleHeatFlux[cell]) / (density * MoistAir.heatCapacity)
        }
        return column
    }

    private static func virtualPotential(_ kelvin: Float, _ pascal: Float, _ humidity: Float) -> Double {
        MoistAir.potentialTemperature(
            kelvin: MoistAir.virtualTemperature(kelvin: Double(kelvin), specificHumidity: Double(humidity)),
            pascal: Double(pascal)
        )
    }
}
