public import Geo
public import Quantities

/// Columns measured from the ground at one site (TCCON, COCCON), with the prior profiles that were scaled to them.
///
/// Profiles are flat, `spectra x levels`, level 0 at the top of the atmosphere, dry-air mole fractions.
public struct GroundColumns: Sendable {
    public let site: String
    public let position: Position
    public let gas: Gas
    public let scale: CalibrationScale
    public let levels: Int
    /// Ascending.
    public let times: [Instant]
    /// ppm
    public let columns: [Double]
    /// Standard uncertainties, ppm.
    public let uncertainties: [Double]
    /// Dry prior profiles, ppm.
    public let priorProfiles: [Double]
    /// Dry-air columns of these profiles, ppm.
    public let priorColumns: [Double]
    /// Of the levels, ascending for each spectrum, hPa.
    public let pressures: [Double]

    /// Puts the spectra in the order of time; those without a finite column and positive prior are left out.
    ///
    /// - Throws: ``AnalysisError/unevenArrays(_:)``
    public init(
        site: String,
        position: Position,
        gas: Gas = .co2,
        scale: CalibrationScale,
        levels: Int,
        times: [Instant],
        columns: [Double],
        uncertainties: [Double],
        priorProfiles: [Double],
        priorColumns: [Double],
        pressures: [Double]
    ) throws(AnalysisError) {
        let count = times.count
        guard levels >= 2, columns.count == count, uncertainties.count == count, priorColumns.count == count,
            priorProfiles.count == count * levels, pressures.count == count * levels
        else { throw .unevenArrays("spectra of \(site)") }
        let order = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }.filter { spectrum in
            let profile = (spectrum * levels)..<((spectrum + 1) * levels)
            let isAscending = zip(pressures[profile], pressures[profile].dropFirst()).allSatisfy { $0 <= $1 }
            return columns[spectrum].isFinite && uncertainties[spectrum] >= 0 && priorColumns[spectrum] > 0
                && isAscending && priorProfiles[profile].allSatisfy(\.isFinite)
        }
        func ordered(_ profiles: [Double]) -> [Double] {
            order.flatMap { profiles[($0 * levels)..<(($0 + 1) * levels)] }
        }
        self.site = site
        self.position = position
        self.gas = gas
        self.scale = scale
        self.levels = levels
        self.times = order.map { times[$0] }
        self.columns = order.map { columns[$0] }
        self.uncertainties = order.map { uncertainties[$0] }
        self.priorProfiles = ordered(priorProfiles)
        self.priorColumns = order.map { priorColumns[$0] }
        self.pressures = ordered(pressures)
    }

    /// How much a scaling retrieval scaled the prior of a spectrum.
    func scaling(_ spectrum: Int) -> Double { columns[spectrum] / priorColumns[spectrum] }

    func prior(_ spectrum: Int) -> PressureProfile {
        let profile = (spectrum * levels)..<((spectrum + 1) * levels)
        return PressureProfile(pressures: pressures[profile], values: priorProfiles[profile])
    }

    /// The spectra of a closed stretch of time.
    func spectra(from start: Instant, to end: Instant) -> Range<Int> {
        let first = lowest { times[$0] >= start }
        return first..<max(first, lowest { times[$0] > end })
    }

    private func lowest(where holds: (Int) -> Bool) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
