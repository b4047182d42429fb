public import Geo
public import Observations
import Quantities

/// Counts of what became of the soundings of a run; `read` is `used` plus all that were rejected.
public struct SoundingTally: Equatable, Sendable {
    public var read = 0
    public var used = 0
    public var rejected: [RejectionReason: Int] = [:]

    public init() {}

    mutating func reject(_ reason: RejectionReason, count: Int = 1) {
        rejected[reason, default: 0] += count
    }
}

/// Gathers soundings in the cells that hold their centres.
///
/// Batches may be added in any order: the result has the same bits. Memory grows with the number of cells
/// that hold soundings and, by 72 bytes or so, with the number of soundings, whose identities are kept so
/// that none counts twice.
public struct SoundingGridder: Sendable {
    public let grid: LatitudeLongitudeGrid
    public let weighting: SoundingWeighting
    public let errorModel: ErrorModel
    public private(set) var tally = SoundingTally()

    private var kind: SoundingKind?
    private var cells: [Int: CellSums] = [:]
    private var seen: [SoundingIdentity: SoundingContent] = [:]
    private var first: Instant?
    private var last: Instant?
    private var products: Set<String> = []

    public init(
        grid: LatitudeLongitudeGrid,
        weighting: SoundingWeighting = .inverseVariance,
        errorModel: ErrorModel = .acosCarbonDioxide
    ) {
        self.grid = grid
        self.weighting = weighting
        self.errorModel = errorModel
    }

    /// Adds every usable sounding of a batch to its cell and counts the others by reason.
    ///
    /// - Throws: ``GriddingError`` when the batch must not be averaged with those before it; some of its
    ///   soundings may then have been added, and the gridder is of no further use.
    public mutating func add(_ batch: SoundingBatch) throws(GriddingError) {
        let kind = try compatibleKind(batch)
        self.kind = kind
        products.insert(batch.product)
        tally.read += batch.count
        for (reason, count) in batch.rejected {
            tally.read += count
            tally.reject(reason, count: count)
        }
        for index in 0..<batch.count {
            if let reason = try place(SoundingRow(batch: batch, index: index), kind) {
                tally.reject(reason)
            } else {
                tally.used += 1
            }
        }
    }

    private func compatibleKind(_ batch: SoundingBatch) throws(GriddingError) -> SoundingKind {
        let new = SoundingKind(gas: batch.gas, scale: batch.scale, levels: batch.levels)
        guard let kind else { return new }
        guard kind.gas == new.gas else { throw .differentGas(new.gas.rawValue, product: batch.product) }
        guard kind.scale == new.scale else {
            throw .differentScale(new.scale.rawValue, product: batch.product)
        }
        guard kind.levels == new.levels else { throw .differentLevels(new.levels, product: batch.product) }
        return kind
    }

    /// Nil when the sounding was added, otherwise why it was not.
    private mutating func place(
        _ sounding: SoundingRow,
        _ kind: SoundingKind
    ) throws(GriddingError) -> RejectionReason? {
        if let reason = sounding.rejection() { return reason }
        let content = sounding.content
        guard let cell = grid.cell(longitude: content.longitude, latitude: content.latitude) else {
            return .outsideGrid
        }
        if let earlier = seen.updateValue(content, forKey: sounding.identity) {
            guard earlier == content else {
                throw .conflictingSounding(sounding.identity.id, product: sounding.batch.product)
            }
            return .duplicate
        }
        let time = sounding.identity.time
        first = first.map { min($0, time) } ?? time
        last = last.map { max($0, time) } ?? time
        cells[cell, default: CellSums(levels: kind.levels)]
            .add(sounding, weight: sounding.weight(weighting), reference: kind.referencePartsPerMillion)
        return nil
    }

    /// The cells that hold soundings, in the order of the grid; nil when there are none.
    public func columns() -> GriddedColumns? {
        guard let kind, let first, let last else { return nil }
        var columns = GriddedColumns(
            grid: grid,
            gas: kind.gas,
            scale: kind.scale,
            levels: kind.levels,
            firstSounding: first,
            lastSounding: last,
            products: products.sorted(),
            weighting: weighting,
            errorModel: errorModel
        )
        for (cell, sums) in cells.sorted(by: { $0.key < $1.key }) {
            columns.append(cell: cell, sums, reference: kind.referencePartsPerMillion)
        }
        return columns
    }
}

/// What all soundings of one product of gridding must share.
struct SoundingKind: Sendable {
    let gas: Gas
    let scale: CalibrationScale
    let levels: Int

    /// A round number near the columns of the gas, ppm.
    var referencePartsPerMillion: Double {
        switch gas {
        case .co2: 400
        case .ch4: 1.8
        case .n2o: 0.3
        case .co: 0.1
        }
    }
}
