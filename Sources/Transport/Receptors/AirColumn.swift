import Foundation

/// Pressure by height above ground at one place: what brings the levels of a retrieval to heights.
public struct AirColumn: Equatable, Sendable {
    /// m above ground, ascending from 0.
    public let heightMetres: [Double]
    /// Pa, descending.
    public let pressurePascal: [Double]

    /// - Parameters:
    ///   - heightMetres: above ground, ascending; the ground itself need not be among them.
    ///   - pressurePascal: at these heights.
    ///   - surfacePascal: at the ground.
    ///
    /// Nil unless pressures fall strictly from the ground upward and are positive.
    public init?(heightMetres: [Double], pressurePascal: [Double], surfacePascal: Double) {
        guard heightMetres.count == pressurePascal.count else { return nil }
        var (heights, pressures) = ([0.0], [surfacePascal])
        for (height, pressure) in zip(heightMetres, pressurePascal) where height > 0 {
            heights.append(height)
            pressures.append(pressure)
        }
        let ascends = zip(heights, heights.dropFirst()).allSatisfy { $0 < $1 }
        let falls = zip(pressures, pressures.dropFirst()).allSatisfy { $0 > $1 }
        guard heights.count > 1, ascends, falls, let top = pressures.last, top > 0, surfacePascal.isFinite
        else {
            return nil
        }
        self.heightMetres = heights
        self.pressurePascal = pressures
    }

    /// The standard atmosphere (ISO 2533:1975) above a ground of any pressure: 6.5 K per km from 288.15 K up to 11
    /// km, then one temperature. Heights of the lowest kilometres are wrong by the ratio of the temperatures, some
    /// per cent.
    public init?(standardAbovePascal surface: Double) {
        let (gravity, gas, ground, lapse) = (9.80665, 287.05287, 288.15, 0.0065)
        let tropopause = 11_000.0
        let exponent = gravity / (gas * lapse)
        func pressure(_ height: Double) -> Double {
            let share = pow(1 - lapse * min(height, tropopause) / ground, exponent)
            let above = max(0, height - tropopause)
            return surface * share * exp(-gravity * above / (gas * (ground - lapse * tropopause)))
        }
        let heights = (1...120).map { Double($0) * 250 } + (1...30).map { 30_000 + Double($0) * 1000 }
        self.init(heightMetres: heights, pressurePascal: heights.map(pressure), surfacePascal: surface)
    }

    /// Pa at a height above ground; the logarithm is linear between the heights and goes on above the last.
    public func pressure(atMetres height: Double) -> Double {
        guard height > 0 else { return pressurePascal[0] }
        let upper = min(max(1, firstIndex { heightMetres[$0] >= height }), heightMetres.count - 1)
        let share = (height - heightMetres[upper - 1]) / (heightMetres[upper] - heightMetres[upper - 1])
        return pressurePascal[upper - 1] * pow(pressurePascal[upper] / pressurePascal[upper - 1], share)
    }

    /// m above ground; 0 for pressures at or above that of the ground.
    public func height(atPascal pressure: Double) -> Double {
        guard pressure < pressurePascal[0] else { return 0 }
        let upper = min(max(1, firstIndex { pressurePascal[$0] <= pressure }), pressurePascal.count - 1)
        let share =
            log(pressure / pressurePascal[upper - 1]) / log(pressurePascal[upper] / pressurePascal[upper - 1])
        return heightMetres[upper - 1] + share * (heightMetres[upper] - heightMetres[upper - 1])
    }

    /// The first index from which on a condition holds; the count where it never does.
    private func firstIndex(_ holds: (Int) -> Bool) -> Int {
        var (low, high) = (0, heightMetres.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
