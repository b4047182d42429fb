/// A profile that is linear in pressure between its levels and constant beyond them.
struct PressureProfile {
    /// Ascending, hPa.
    let pressures: ArraySlice<Double>
    let values: ArraySlice<Double>

    /// At a pressure.
    func value(at pressure: Double) -> Double {
        let (first, last) = (pressures.startIndex, pressures.endIndex - 1)
        guard pressure > pressures[first] else { return values[values.startIndex] }
        guard pressure < pressures[last] else { return values[values.endIndex - 1] }
        let upper = level(above: pressure)
        let (low, high) = (pressures[upper - 1], pressures[upper])
        let share = high > low ? (pressure - low) / (high - low) : 0
        let offset = values.startIndex - first
        return values[upper - 1 + offset] + share * (values[upper + offset] - values[upper - 1 + offset])
    }

    /// The mean between two pressures: exact for a profile linear between levels.
    func mean(from top: Double, to bottom: Double) -> Double {
        let (low, high) = (min(top, bottom), max(top, bottom))
        guard high > low else { return value(at: low) }
        var integral = 0.0
        var pressure = low
        var current = value(at: low)
        for level in pressures where level > low && level < high {
            let next = value(at: level)
            integral += (level - pressure) * (current + next) / 2
            (pressure, current) = (level, next)
        }
        integral += (high - pressure) * (current + value(at: high)) / 2
        return integral / (high - low)
    }

    /// The first level at or below the pressure, counted downwards; not the topmost.
    private func level(above pressure: Double) -> Int {
        var (low, high) = (pressures.startIndex, pressures.endIndex - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if pressures[middle] <= pressure { low = middle } else { high = middle }
        }
        return high
    }
}
