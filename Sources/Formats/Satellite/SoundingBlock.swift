import Geo
import Observations
import Quantities

/// The numbers of some rows of a file, before and while the good ones are picked.
struct SoundingBlock {
    let file: SoundingFile
    let rows: Range<Int>
    let fields: SoundingFields
    private var times: [Double] = []
    private var ids: [UInt64] = []
    private var latitudes: [Double] = []
    private var longitudes: [Double] = []
    private var columns: [Double] = []
    private var uncertainties: [Double] = []
    private var priorColumns: [Double]?
    private var flags: [Int64] = []
    private var qualities: [Double] = []
    /// Rows whose time is not that of their identifier.
    private var contradictory: Set<Int> = []
    private var limits: [(values: [Double], range: ClosedRange<Double>)] = []
    // Of the product, taken out of it once and not for each sounding.
    private let isAlwaysGood: Bool
    private var goodFlags: [Int64] = []
    private var missingFlags: [Double] = []
    private var qualityLimit = -Double.infinity
    /// Places in a swath begin with 0; as the identifier of a product it stands for none.
    private let acceptsZero: Bool

    private var resolved: ResolvedProduct { file.resolved }

    init(_ file: SoundingFile, _ rows: Range<Int>, _ fields: SoundingFields) throws {
        self.file = file
        self.rows = rows
        self.fields = fields
        if case .none = file.resolved.quality { isAlwaysGood = true } else { isAlwaysGood = false }
        if case .position = file.resolved.identifier { acceptsZero = true } else { acceptsZero = false }
        latitudes = try doubles(.latitude) ?? []
        longitudes = try doubles(.longitude) ?? []
        columns = try file.columns(rows)
        uncertainties = try file.uncertainties(rows)
        convertScale()
        priorColumns = try doubles(.priorColumn)
        switch file.resolved.quality {
        case .flag(let good):
            goodFlags = good.sorted()
            guard let variable = file.resolved.variables[.flag] else { break }
            missingFlags = variable.declaredMissing + variable.missing
            flags = try file.reader.integers(variable, rows)
        case .above(let limit):
            qualityLimit = limit
            qualities = try doubles(.flag) ?? []
        case .none: break
        }
        try readLimits()
        ids = try file.identifiers(
            rows,
            fields,
            latitudes: latitudes,
            longitudes: longitudes,
            columns: columns
        )
        times = try file.times(rows, ids)
        contradictory = file.contradictoryTimes(times, ids)
        dateIdentifiers()
    }

    /// A place in a file tells soundings of other files apart only together with the time: seconds since 1970 in
    /// the upper half, the place in the lower. What a table row holds is another sounding at another time.
    private mutating func dateIdentifiers() {
        switch resolved.identifier {
        case .position:
            for index in ids.indices where (0..<0x1p32).contains(times[index]) {
                ids[index] = UInt64(times[index]) << 32 | ids[index] & 0xFFFF_FFFF
            }
        case .content:
            for index in ids.indices {
                ids[index] = IdentifierText.hash([ids[index], times[index].bitPattern])
            }
        case .variable, .known: break
        }
    }

    private func doubles(_ quantity: Quantity) throws -> [Double]? {
        try resolved.variables[quantity].map { try file.reader.doubles($0, rows) }
    }

    private mutating func convertScale() {
        guard let conversion = resolved.conversion else { return }
        for index in columns.indices where columns[index].isFinite {
            let column = columns[index]
            // The relation is a line, so that its slope over one ppm is that of an uncertainty.
            guard let converted = try? conversion(column),
                let next = try? conversion(column > 400 ? column - 1 : column + 1)
            else {
                columns[index] = .nan
                continue
            }
            columns[index] = converted
            uncertainties[index] *= abs(next - converted)
        }
    }

    private mutating func readLimits() throws {
        for (variable, largest) in resolved.ceilings {
            limits.append((try file.reader.doubles(variable, rows), -Double.infinity...largest))
        }
        for (target, range) in resolved.thresholds {
            switch target {
            case .column: limits.append((columns, range))
            case .uncertainty: limits.append((uncertainties, range))
            case .variable(let variable): limits.append((try file.reader.doubles(variable, rows), range))
            }
        }
    }

    /// Why a sounding is not used; nil when it is.
    private func rejection(_ index: Int) -> RejectionReason? {
        if let reason = qualityRejection(index) { return reason }
        guard columns[index].isFinite, priorColumns?[index].isFinite ?? true,
            !times[index].isNaN, ids.isEmpty || ids[index] != 0 || acceptsZero
        else { return .missingValue }
        guard Self.datable.contains(times[index]) else { return .invalidTime }
        guard contradictory.isEmpty || !contradictory.contains(index) else { return .contradictoryTime }
        guard Position(longitude: longitudes[index], latitude: latitudes[index]) != nil else {
            return .invalidPosition
        }
        guard uncertainties[index] > 0, uncertainties[index].isFinite else { return .invalidUncertainty }
        for limit in limits where !limit.range.contains(limit.values[index]) { return .failedFilter }
        return nil
    }

    /// Seconds since 1970 that an `Instant` can stand for, the years 1 to 9999.
    private static let datable = -62_135_596_800.0..<253_402_300_800

    private func qualityRejection(_ index: Int) -> RejectionReason? {
        if isAlwaysGood { return nil }
        guard qualities.isEmpty else {
            guard qualities[index].isFinite else { return .missingValue }
            return qualities[index] > qualityLimit ? nil : .qualityFlag
        }
        let flag = flags[index]
        if goodFlags.contains(flag) { return nil }
        return missingFlags.contains(Double(flag)) ? .missingValue : .qualityFlag
    }

    mutating func batch() throws -> SoundingBatch {
        let product = resolved.product
        var batch = SoundingBatch(
            product: product.name,
            gas: product.gas,
            scale: product.scale,
            levels: fields.contains(.profiles) ? product.levels : 0,
            profileSupport: product.profileSupport
        )
        (batch.platform, batch.build) = (product.platform, product.build)
        batch.fieldOfViewKilometres = product.fieldOfViewKilometres
        var (accepted, rejected) = judged()
        batch.rejected = rejected
        let corners = try accepted.isEmpty ? nil : acceptedCorners(&accepted, &batch)
        guard !accepted.isEmpty else { return batch }
        let profiles = try ProfileBlock(file, rows, accepted, fields, priorColumns: priorColumns)
        for reason in profiles.rejections { batch.rejected[reason, default: 0] += 1 }
        try fill(&batch, profiles.accepted, corners)
        profiles.fill(&batch)
        return batch
    }

    /// The corners where they are wanted; soundings whose corners are not theirs are left out.
    private func acceptedCorners(
        _ accepted: inout [Int],
        _ batch: inout SoundingBatch
    ) throws -> FootprintCorners? {
        guard fields.contains(.corners), let corners = try FootprintCorners(file, rows, accepted) else {
            return nil
        }
        let before = accepted.count
        accepted = accepted.enumerated().compactMap { place, row in
            corners.areDisplaced(place, longitude: longitudes[row], latitude: latitudes[row]) ? nil : row
        }
        if accepted.count < before { batch.rejected[.displacedFootprint] = before - accepted.count }
        return corners
    }

    /// The places of good soundings, and the reasons of the others, counted while they repeat each other.
    private func judged() -> (accepted: [Int], rejected: [RejectionReason: Int]) {
        var accepted: [Int] = []
        accepted.reserveCapacity(rows.count)
        var rejected: [RejectionReason: Int] = [:]
        var current = RejectionReason.qualityFlag
        var count = 0
        for index in 0..<rows.count {
            guard let reason = rejection(index) else {
                accepted.append(index)
                continue
            }
            if reason != current {
                if count > 0 { rejected[current, default: 0] += count }
                (current, count) = (reason, 0)
            }
            count += 1
        }
        if count > 0 { rejected[current, default: 0] += count }
        return (accepted, rejected)
    }

    private static func picked<Value>(_ values: [Value], _ accepted: [Int]) -> [Value] {
        accepted.count == values.count ? values : accepted.map { values[$0] }
    }

    private func fill(
        _ batch: inout SoundingBatch,
        _ accepted: [Int],
        _ corners: FootprintCorners?
    ) throws {
        if fields.contains(.identity) { batch.ids = Self.picked(ids, accepted) }
        let seconds = times
        batch.times = accepted.compactMap { Instant(secondsSince1970: seconds[$0]) }
        batch.longitudes = Self.picked(longitudes, accepted)
        batch.latitudes = Self.picked(latitudes, accepted)
        batch.columns = Self.picked(columns, accepted)
        batch.uncertainties = Self.picked(uncertainties, accepted)
        if let corners { (batch.cornerLongitudes, batch.cornerLatitudes) = corners.picked(accepted) }
        if fields.contains(.surface) {
            batch.footprints = try file.footprints(rows, accepted)
            batch.surfaces = try file.surfaces(rows, accepted)
            batch.modes = try file.modes(rows, accepted)
        }
    }
}
