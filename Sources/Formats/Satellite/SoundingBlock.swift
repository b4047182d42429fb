import Geo
import NetCDF
import Observations
import Quantities

/// The numbers of those rows of a stretch of a file that may be used: from those that their producer calls good on,
/// fewer with each reason to leave one out.
struct SoundingBlock {
    let file: SoundingFile
    let rows: Range<Int>
    let fields: SoundingFields
    /// Places of the rows among all of the stretch; of each of the other columns one element belongs to each.
    private var places: [Int]
    private var times: [Double] = []
    private var ids: [UInt64] = []
    private var latitudes: [Double] = []
    private var longitudes: [Double] = []
    private var columns: [Double] = []
    private var uncertainties: [Double] = []
    private var priorColumns: [Double]?
    private var limits: [(values: [Double], range: ClosedRange<Double>)] = []
    private var rejected: [RejectionReason: Int]
    /// Those whose time is not that of their identifier, before any was left out.
    private var contradictory: Set<Int> = []
    /// Places in a swath begin with 0; as the identifier of a product it stands for none.
    private let acceptsZero: Bool

    private var resolved: ResolvedProduct { file.resolved }

    init(_ file: SoundingFile, _ rows: Range<Int>, _ fields: SoundingFields) throws {
        self.file = file
        self.rows = rows
        self.fields = fields
        if case .position = file.resolved.identifier { acceptsZero = true } else { acceptsZero = false }
        let screen = try QualityScreen(file, rows)
        let good = screen.good
        (places, rejected) = (good.places, screen.rejected)
        latitudes = try doubles(.latitude, good) ?? []
        longitudes = try doubles(.longitude, good) ?? []
        columns = try file.columns(rows, at: good)
        uncertainties = try file.uncertainties(rows, at: good)
        convertScale()
        priorColumns = try doubles(.priorColumn, good)
        try readLimits(good)
        ids = try file.identifiers(
            rows,
            at: good,
            fields,
            latitudes: latitudes,
            longitudes: longitudes,
            columns: columns
        )
        times = try file.times(rows, at: good, ids)
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

    private func doubles(_ quantity: Quantity, _ selection: RowSelection) throws -> [Double]? {
        try resolved.variables[quantity].map { try file.reader.doubles($0, rows, at: selection) }
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

    private mutating func readLimits(_ selection: RowSelection) throws {
        for (variable, largest) in resolved.ceilings {
            let values = try file.reader.doubles(variable, rows, at: selection)
            limits.append((values, -Double.infinity...largest))
        }
        for (target, range) in resolved.thresholds {
            switch target {
            case .column: limits.append((columns, range))
            case .uncertainty: limits.append((uncertainties, range))
            case .variable(let variable):
                limits.append((try file.reader.doubles(variable, rows, at: selection), range))
            }
        }
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
        dropUnusable()
        let corners = try places.isEmpty ? nil : cornersInPlace()
        if !places.isEmpty {
            let profiles = try ProfileBlock(file, rows, places, fields, priorColumns: priorColumns)
            for reason in profiles.rejections { rejected[reason, default: 0] += 1 }
            keep(places: profiles.accepted)
            try fill(&batch, corners)
            profiles.fill(&batch)
        }
        batch.rejected = rejected
        return batch
    }

    /// The corners where they are wanted; soundings whose corners are not theirs are left out.
    private mutating func cornersInPlace() throws -> FootprintCorners? {
        guard fields.contains(.corners), let corners = try FootprintCorners(file, rows, places) else {
            return nil
        }
        let kept = places.indices.filter {
            !corners.areDisplaced($0, longitude: longitudes[$0], latitude: latitudes[$0])
        }
        if kept.count < places.count { rejected[.displacedFootprint] = places.count - kept.count }
        keep(kept)
        return corners
    }

    private func fill(_ batch: inout SoundingBatch, _ corners: FootprintCorners?) throws {
        if fields.contains(.identity) { batch.ids = ids }
        // None is nil, as all that are left are datable.
        batch.times = times.map { Instant(secondsSince1970: $0) ?? Instant(microseconds: 0) }
        batch.longitudes = longitudes
        batch.latitudes = latitudes
        batch.columns = columns
        batch.uncertainties = uncertainties
        if let corners { (batch.cornerLongitudes, batch.cornerLatitudes) = corners.picked(places) }
        if fields.contains(.surface) {
            batch.footprints = try file.footprints(rows, places)
            batch.surfaces = try file.surfaces(rows, places)
            batch.modes = try file.modes(rows, places)
        }
    }
}

// MARK: - Leaving out

extension SoundingBlock {
    /// Seconds since 1970 that an `Instant` can stand for, the years 1 to 9999.
    private static let datable = -62_135_596_800.0..<253_402_300_800

    /// Leaves out what cannot be used, counted by the first reason.
    private mutating func dropUnusable() {
        if areAllUsable { return }
        var kept: [Int] = []
        kept.reserveCapacity(places.count)
        for index in places.indices {
            if let reason = rejection(index) { rejected[reason, default: 0] += 1 } else { kept.append(index) }
        }
        keep(kept)
    }

    /// Whether none has a reason to be left out, as in most blocks: one column after the other, which takes a fraction
    /// of the time that row after row does.
    private var areAllUsable: Bool {
        let finite = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
        let positive = Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude
        let datable = Self.datable.lowerBound...Self.datable.upperBound.nextDown
        return contradictory.isEmpty && Self.all(columns, in: finite)
            && priorColumns.map({ Self.all($0, in: finite) }) ?? true && Self.all(times, in: datable)
            && (acceptsZero || !ids.contains(0)) && Self.all(latitudes, in: -90...90)
            && Self.all(longitudes, in: -180...360) && Self.all(uncertainties, in: positive)
            && limits.allSatisfy { Self.all($0.values, in: $0.range) }
    }

    /// NaN lies in no range.
    private static func all(_ values: [Double], in range: ClosedRange<Double>) -> Bool {
        let (lower, upper) = (range.lowerBound, range.upperBound)
        var outside: UInt64 = 0
        // No branch, so that two are compared at once.
        for value in values { outside |= (value >= lower ? 0 : 1) | (value <= upper ? 0 : 1) }
        return outside == 0
    }

    /// Why a sounding is not used; nil when it is.
    private func rejection(_ index: Int) -> RejectionReason? {
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

    /// Keeps the rows at these places of the stretch, some of those that are left.
    private mutating func keep(places wanted: [Int]) {
        guard wanted.count < places.count else { return }
        let set = Set(wanted)
        keep(places.indices.filter { set.contains(places[$0]) })
    }

    /// - Parameter indices: of those that are left, ascending. Limits and contradictions are of no more use then.
    private mutating func keep(_ indices: [Int]) {
        guard indices.count < places.count else { return }
        places = indices.map { places[$0] }
        times = indices.map { times[$0] }
        if !ids.isEmpty { ids = indices.map { ids[$0] } }
        latitudes = indices.map { latitudes[$0] }
        longitudes = indices.map { longitudes[$0] }
        columns = indices.map { columns[$0] }
        uncertainties = indices.map { uncertainties[$0] }
        if let priors = priorColumns { priorColumns = indices.map { priors[$0] } }
    }
}
