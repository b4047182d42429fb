/// Reads the profiles of accepted soundings, `accepted x levels`, and brings them to one vocabulary.
struct ProfileReader {
    let file: SoundingFile
    let rows: Range<Int>
    let accepted: [Int]

    private var levels: Int { file.product.levels }
    private var resolved: ResolvedProduct { file.resolved }

    /// Pressure weights, prior profiles in ppm and prior columns in ppm, the last as given or from the others.
    func operators(_ given: [Double]?) throws -> (weights: [Double], priors: [Double], columns: [Double]) {
        var (weights, priors): ([Double], [Double])
        if case .subcolumns = resolved.profiles {
            (weights, priors) = try subcolumns()
        } else {
            (weights, priors) = (try profile(.weight), try profile(.prior))
        }
        if resolved.family.hasEmptyLevels {
            // Weights of empty levels are zero or missing.
            for index in weights.indices where !weights[index].isFinite { weights[index] = 0 }
        }
        if let given { return (weights, priors, given) }
        let columns = accepted.indices.map { sounding in
            var sum = 0.0
            for element in (sounding * levels)..<((sounding + 1) * levels) {
                sum += weights[element] * priors[element]
            }
            return sum
        }
        return (weights, priors, columns)
    }

    /// Weights are shares of the dry air; priors follow from amounts, mol m-2, over dry air, mol m-2.
    private func subcolumns() throws -> ([Double], [Double]) {
        var weights = try profile(.dryAir)
        var priors = try profile(.priorAmount)
        for sounding in accepted.indices {
            let layers = (sounding * levels)..<((sounding + 1) * levels)
            var air = 0.0
            for layer in layers { air += weights[layer] }
            for layer in layers {
                priors[layer] = priors[layer] / weights[layer] * 1e6
                weights[layer] /= air
            }
        }
        return (weights, priors)
    }

    /// hPa, at levels or at the boundaries of layers.
    func pressures() throws -> [Double] {
        guard case .subcolumns = resolved.profiles else { return try profile(.pressure) }
        let surface = try profile(.surfacePressure)
        let interval = try profile(.pressureInterval)
        var pressures: [Double] = []
        pressures.reserveCapacity(accepted.count * (levels + 1))
        for sounding in accepted.indices {
            for boundary in 0...levels {
                pressures.append(max(0, surface[sounding] - Double(levels - boundary) * interval[sounding]))
            }
        }
        return pressures
    }

    /// Normalised kernels; those that carry the pressure weight are divided by it.
    func kernels(_ weights: [Double]) throws -> [Double] {
        let isNormalised = resolved.variables[.kernel] != nil
        var kernels = try profile(isNormalised ? .kernel : .weightedKernel)
        guard !isNormalised || resolved.family.hasKernelsOfEitherKind else { return kernels }
        for sounding in accepted.indices {
            let profile = (sounding * levels)..<((sounding + 1) * levels)
            var sum = 0.0
            for element in profile { sum += kernels[element] }
            // A normalised kernel sums to about the number of levels, a weighted one to about one.
            guard !isNormalised || abs(sum) < Double(levels).squareRoot() else { continue }
            for element in profile where weights[element] != 0 { kernels[element] /= weights[element] }
        }
        return kernels
    }

    /// Brings the top of the atmosphere to the front and fills what lies below the surface.
    func order(
        _ pressures: inout [Double],
        _ weights: inout [Double],
        _ priors: inout [Double],
        _ kernels: inout [Double]
    ) throws {
        let boundaries = accepted.isEmpty ? 0 : pressures.count / accepted.count
        for sounding in accepted.indices {
            let pressure = (sounding * boundaries)..<((sounding + 1) * boundaries)
            let profile = (sounding * levels)..<((sounding + 1) * levels)
            if Self.isFromSurface(pressures[pressure]) {
                pressures[pressure].reverse()
                weights[profile].reverse()
                priors[profile].reverse()
                kernels[profile].reverse()
            }
            guard resolved.family.hasEmptyLevels else { continue }
            Self.extendDown(&pressures, pressure) { $0.isFinite && $0 > 0 }
            Self.extendDown(&priors, profile) { $0.isFinite && $0 > 0 }
            Self.extendDown(&kernels, profile) { $0.isFinite }
        }
    }

    static func isFromSurface(_ pressures: ArraySlice<Double>) -> Bool {
        guard let first = pressures.first(where: \.isFinite), let last = pressures.last(where: \.isFinite)
        else {
            return false
        }
        return first > last
    }

    /// Repeats the last value above where there is none. Levels below the surface have no weight; where the prior
    /// surface lies above the retrieved one, the last prior level is missing and has.
    private static func extendDown(
        _ values: inout [Double],
        _ profile: Range<Int>,
        _ isValue: (Double) -> Bool
    ) {
        for index in profile.dropFirst() where !isValue(values[index]) { values[index] = values[index - 1] }
    }

    private func profile(_ quantity: Quantity) throws -> [Double] {
        guard let variable = resolved.variables[quantity] else {
            throw SatelliteError.unexpected(
                path: file.path,
                variable: quantity.rawValue,
                reason: "not resolved"
            )
        }
        guard variable.spread != .shared else {
            let values = try file.reader.doubles(variable, rows)
            return accepted.flatMap { _ in values }
        }
        return try file.reader.doubles(variable, rows, at: accepted)
    }
}
