import Geo
public import Observations
import Quantities

/// Which soundings are compared with which spectra.
public struct Collocation: Codable, Hashable, Sendable {
    public enum Area: Codable, Hashable, Sendable {
        case radius(kilometres: Double)
        /// Half the sides of a box about the site, degrees.
        case box(longitude: Double, latitude: Double)
    }

    public var area: Area
    /// Spectra that long before or after a sounding are averaged.
    public var minutes: Double

    /// 2.5 degrees of latitude and 5 of longitude to either side as Wunch et al. (2017, AMT 10, 2209) take for OCO-2,
    /// and an hour either way.
    public init(area: Area = .box(longitude: 5, latitude: 2.5), minutes: Double = 60) {
        self.area = area
        self.minutes = minutes
    }

    func holds(longitude: Double, latitude: Double, site: Position) -> Bool {
        switch area {
        case .radius(let kilometres):
            let place = SpherePoint.vector(longitude: longitude, latitude: latitude)
            let center = SpherePoint.vector(longitude: site.longitude, latitude: site.latitude)
            let chord = place.squaredDistance(to: center)
            return SpherePoint.kilometres(squaredChord: chord) <= kilometres
        case .box(let x, let y):
            let offset = longitude - site.longitude
            let turned = offset - 360 * ((offset + 180) / 360).rounded(.down)
            return abs(turned) <= x && abs(latitude - site.latitude) <= y
        }
    }
}

/// Compares soundings with columns from the ground after exchanging kernels and priors.
///
/// The two retrievals saw the air with other kernels and other priors (Rodgers and Connor 2003, JGR 108, 4116). The
/// best profile that the ground knows is its prior scaled to its column; a perfect satellite over it would report
/// `c = c_a + Σ h a (γ x - x_a)` with the pressure weights `h`, kernel `a` and prior `x_a` of the sounding and
/// `γ = column / prior column` of the ground (Wunch et al. 2011, ACP 11, 12317). Sounding minus `c` is the same as
/// after bringing both to the prior of the ground, `Σ h (1 - a)(x - x_a)` added to the sounding.
public struct ColumnComparison: Sendable {
    public let ground: GroundColumns
    public let collocation: Collocation
    private var days: [Int: DaySums] = [:]
    private var products: Set<String> = []
    private var isScaleStated = true

    public init(_ ground: GroundColumns, collocation: Collocation = Collocation()) {
        self.ground = ground
        self.collocation = collocation
    }

    /// Adds the soundings near the site; in any order and any blocks, the result has the same bits.
    ///
    /// - Parameter excluded: identifiers of soundings that another file gave already.
    /// - Throws: ``AnalysisError`` for another gas or scale, and for soundings without profiles.
    public mutating func add(
        _ batch: SoundingBatch,
        excluding excluded: Set<UInt64> = []
    ) throws(AnalysisError) {
        guard batch.gas == ground.gas else { throw .differentGas(batch.gas, other: ground.gas) }
        // No product of methane states a scale, and the ground knows one only.
        let isUnstated = batch.scale == .unstated && batch.gas == .ch4
        guard batch.scale == ground.scale || isUnstated else {
            throw .differentScale(batch.scale, other: ground.scale)
        }
        guard batch.levels > 0 else { throw .noProfiles(product: batch.product) }
        var finder = WindowFinder(.day)
        for index in 0..<batch.count {
            guard
                collocation.holds(
                    longitude: batch.longitudes[index],
                    latitude: batch.latitudes[index],
                    site: ground.position
                ), SoundingRow.rejection(batch, index, withProfiles: true) == nil,
                let day = finder.index(of: batch.times[index]),
                let smoothed = smoothed(batch, index)
            else { continue }
            if !excluded.isEmpty, excluded.contains(batch.ids[index]) { continue }
            products.insert(batch.product)
            if isUnstated { isScaleStated = false }
            let reference = ground.gas.referencePartsPerMillion
            days[Int(day), default: DaySums()].add(
                satellite: batch.columns[index] - reference,
                ground: smoothed.column - reference,
                raw: smoothed.raw - reference,
                uncertainty: smoothed.uncertainty
            )
        }
    }

    /// - Precondition: both compare with the same site by the same collocation.
    public mutating func merge(_ other: ColumnComparison) {
        precondition(
            other.ground.site == ground.site && other.collocation == collocation,
            "another comparison"
        )
        products.formUnion(other.products)
        isScaleStated = isScaleStated && other.isScaleStated
        for (day, sums) in other.days { days[day, default: DaySums()].merge(sums) }
    }

    public var result: ComparisonResult {
        let reference = ground.gas.referencePartsPerMillion
        return ComparisonResult(
            site: ground.site,
            gas: ground.gas,
            scale: ground.scale,
            isScaleStated: isScaleStated,
            products: products.sorted(),
            sums: days.sorted { $0.key < $1.key },
            reference: reference
        )
    }

    /// What the sounding would report over the air that the ground saw, the mean over the spectra in time; nil without
    /// any.
    func smoothed(_ batch: SoundingBatch, _ index: Int) -> SmoothedColumn? {
        let time = batch.times[index]
        let reach = collocation.minutes * 60
        let found = ground.spectra(
            from: time.advanced(bySeconds: -reach),
            to: time.advanced(bySeconds: reach)
        )
        guard !found.isEmpty else { return nil }
        var sum = 0.0
        var raw = 0.0
        var uncertainty = 0.0
        for spectrum in found {
            sum += exchanged(batch, index, spectrum)
            raw += ground.columns[spectrum]
            uncertainty += ground.uncertainties[spectrum]
        }
        let count = Double(found.count)
        return SmoothedColumn(column: sum / count, raw: raw / count, uncertainty: uncertainty / count)
    }

    /// `c_a + Σ h a (γ x - x_a)`.
    private func exchanged(_ batch: SoundingBatch, _ index: Int, _ spectrum: Int) -> Double {
        let profile = ground.prior(spectrum)
        let scaling = ground.scaling(spectrum)
        let pressures = index * batch.pressureCount
        var column = batch.priorColumns[index]
        for level in 0..<batch.levels {
            let element = index * batch.levels + level
            let pressure = batch.pressures[pressures + level]
            let value =
                batch.profileSupport == .levels
                ? profile.value(at: pressure)
                : profile.mean(from: pressure, to: batch.pressures[pressures + level + 1])
            let seen = batch.pressureWeights[element] * batch.averagingKernels[element]
            // A level that the kernel does not see has no part, whatever its prior.
            if seen != 0 { column += seen * (scaling * value - batch.priorProfiles[element]) }
        }
        return column
    }
}

/// A column of the ground as a satellite would see it, and as it is, ppm.
struct SmoothedColumn {
    let column: Double
    let raw: Double
    let uncertainty: Double
}
