/// Profiles are worked out when they are asked for: all at once they would take as much memory as the sums.
extension GriddedColumns {
    /// Weighted mean of the pressure weights, 1.
    public var pressureWeights: [Double] { gathered(levels, pressureWeight) }
    /// `Σ w h a / Σ w h`, 1.
    public var averagingKernels: [Double] { gathered(levels, averagingKernel) }
    /// `Σ w h a xa / Σ w h a`, ppm: the prior profile as the kernel sees it.
    public var priorProfiles: [Double] { gathered(levels, priorProfile) }
    /// Weighted mean of the pressures of the levels, or of the boundaries of the layers, hPa.
    public var pressures: [Double] {
        gathered(pressureCount) { index, place in
            sum(index, profiles.layout.pressure(place)) / weightSum(index)
        }
    }

    /// The column that the operator of a cell gives for a profile on its levels, ppm.
    ///
    /// - Precondition: `profile` has one mole fraction in ppm for each level.
    public func column(at index: Int, for profile: [Double]) -> Double {
        precondition(profile.count == levels, "one value for each level")
        var column = priorColumns[index]
        for level in 0..<levels {
            column +=
                pressureWeight(index, level) * averagingKernel(index, level)
                * (profile[level] - priorProfile(index, level))
        }
        return column
    }

    private func gathered(_ depth: Int, _ value: (_ index: Int, _ place: Int) -> Double) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(cells.count * depth)
        for index in cells.indices {
            for place in 0..<depth { values.append(value(index, place)) }
        }
        return values
    }

    private func pressureWeight(_ index: Int, _ level: Int) -> Double {
        sum(index, profiles.layout.weight(level)) / weightSum(index)
    }

    private func averagingKernel(_ index: Int, _ level: Int) -> Double {
        let kernel = sum(index, profiles.layout.kernel(level))
        guard isSeen(index, kernel) else { return 0 }
        let weight = sum(index, profiles.layout.weight(level))
        return weight == 0 ? 0 : kernel / weight
    }

    private func priorProfile(_ index: Int, _ level: Int) -> Double {
        let kernel = sum(index, profiles.layout.kernel(level))
        guard isSeen(index, kernel) else { return priorColumns[index] }
        return sum(index, profiles.layout.prior(level)) / kernel
    }

    /// A level that the kernel does not see has no part in the operator, whatever its prior.
    private func isSeen(_ index: Int, _ kernel: Double) -> Bool { abs(kernel) > 1e-12 * weightSum(index) }

    private func sum(_ index: Int, _ place: Int) -> Double { profiles[slots[index], place].value }

    /// Σ w as the sums have it; the unit is a power of two, so that nothing is rounded.
    private func weightSum(_ index: Int) -> Double {
        let unit = gas.unitUncertainty
        return weighting.usesPrecision ? weights[index] * (unit * unit) : weights[index]
    }
}
