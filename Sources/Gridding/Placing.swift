import Geo
public import Observations

/// Finds the cells of every usable sounding of a block; the others are counted by reason.
///
/// A function of its arguments alone, so that blocks can be placed on any thread. In the plane of longitude and
/// latitude soundings whose corners go round a pole are refused as polar footprints: they have no shape there. For a
/// projected grid the corners are brought to its plane first, and are joined by straight lines there.
public func place(_ batch: SoundingBatch, _ plan: GriddingPlan) -> PlacedBlock {
    var placer = Placer(batch, plan)
    placer.placeAll()
    return placer.block
}

/// Cells and fractions of them, in the order of the soundings.
private struct Contributions {
    var cells: [Int32] = []
    var overlaps: [Double] = []

    mutating func append(_ cell: Int, _ overlap: Double) {
        cells.append(Int32(truncatingIfNeeded: cell))
        overlaps.append(overlap)
    }
}

private struct Placer {
    var block: PlacedBlock
    private let batch: SoundingBatch
    private let plan: GriddingPlan
    private let hasCorners: Bool
    /// Nil for a projected grid.
    private let centres: CentreCells?
    /// Nil for a grid of longitude and latitude.
    private let projected: ProjectedBlock?
    private var windows: WindowFinder
    private let response: ResponseTable?

    init(_ batch: SoundingBatch, _ plan: GriddingPlan) {
        self.batch = batch
        self.plan = plan
        block = PlacedBlock(batch: batch, plan: plan)
        let hasCorners =
            batch.cornerLongitudes.count == 4 * batch.count && batch.cornerLatitudes.count == 4 * batch.count
        self.hasCorners = hasCorners
        centres = plan.grid.longitudeLatitude.map(CentreCells.init)
        projected = plan.grid.projected.map { ProjectedBlock(batch, $0, plan.method, hasCorners: hasCorners) }
        windows = WindowFinder(plan.window)
        response = plan.method == .response ? ResponseTable(plan.response) : nil
    }

    mutating func placeAll() {
        if plan.method == .centre, let centres { return placeCentres(centres) }
        // Locals of their own: the buffers of the cuts change while the contributions grow.
        var footprint = Footprint()
        var overlaps = CellOverlaps(plan.grid.plane)
        var contributions = Contributions()
        block.soundings.reserveCapacity(batch.count)
        block.ends.reserveCapacity(batch.count)
        block.windows.reserveCapacity(batch.count)
        contributions.cells.reserveCapacity(2 * batch.count)
        contributions.overlaps.reserveCapacity(2 * batch.count)
        for index in 0..<batch.count {
            if let reason = place(index, &footprint, &overlaps, &contributions) {
                block.tally.reject(reason)
            }
        }
        block.cells = contributions.cells
        block.overlaps = contributions.overlaps
    }

    /// Nil when the sounding has a place, otherwise why it has none.
    private mutating func place(
        _ index: Int,
        _ footprint: inout Footprint,
        _ overlaps: inout CellOverlaps,
        _ contributions: inout Contributions
    ) -> RejectionReason? {
        if let reason = SoundingRow.rejection(batch, index, withProfiles: plan.withProfiles) { return reason }
        guard let window = windows.index(of: batch.times[index]) else { return .missingValue }
        let earlier = contributions.cells.count
        if plan.method == .centre {
            if let cell = projected?.cell(ofCentre: index) { contributions.append(cell, 1) }
        } else {
            let shape = set(&footprint, index)
            if shape == .invalid { return isPolar(index) ? .polarFootprint : .invalidFootprint }
            if shape == .reordered { block.tally.reordered += 1 }
            if let response {
                ResponseKernel(footprint, response).forEachCell(of: plan.grid.plane) {
                    contributions.append($0, $1)
                }
            } else {
                overlaps.forEachCell(under: footprint) { contributions.append($0, $1) }
            }
        }
        guard contributions.cells.count > earlier else { return .outsideGrid }
        block.soundings.append(Int32(truncatingIfNeeded: index))
        block.ends.append(Int32(truncatingIfNeeded: contributions.cells.count))
        block.windows.append(window)
        return nil
    }

    /// By centres on a grid of longitude and latitude: one cell each. Column by column, as the work for each
    /// sounding is little.
    private mutating func placeCentres(_ centres: CentreCells) {
        let cells = centres.cells(longitudes: batch.longitudes, latitudes: batch.latitudes)
        let hasProfiles = plan.withProfiles && batch.levels > 0
        let bounds = SoundingBounds(batch, withProfiles: plan.withProfiles)
        if !hasProfiles, bounds.holdAll(of: batch), let window = onlyWindow() {
            let strays = cells.count { $0 < 0 }
            if strays > 0 { block.tally.reject(.outsideGrid, count: strays) }
            block.soundings = cells.indices.map { Int32(truncatingIfNeeded: $0) }
            if strays > 0 { block.soundings.removeAll { cells[Int($0)] < 0 } }
            block.windows = Array(repeating: window, count: block.soundings.count)
        } else {
            placeOneByOne(cells)
        }
        let count = block.soundings.count
        block.cells = count == cells.count ? cells : block.soundings.map { cells[Int($0)] }
        block.ends = (0..<count).map { Int32(truncatingIfNeeded: $0 + 1) }
        block.overlaps = Array(repeating: 1, count: count)
    }

    /// - Parameter cells: of all soundings, -1 for those outside.
    private mutating func placeOneByOne(_ cells: [Int32]) {
        block.soundings.reserveCapacity(cells.count)
        block.windows.reserveCapacity(cells.count)
        for index in cells.indices {
            if let reason = SoundingRow.rejection(batch, index, withProfiles: plan.withProfiles) {
                block.tally.reject(reason)
            } else if let window = windows.index(of: batch.times[index]) {
                guard cells[index] >= 0 else {
                    block.tally.reject(.outsideGrid)
                    continue
                }
                block.soundings.append(Int32(truncatingIfNeeded: index))
                block.windows.append(window)
            } else {
                block.tally.reject(.missingValue)
            }
        }
    }

    /// The window that holds all soundings; nil where there are several, or a time that is in none.
    private mutating func onlyWindow() -> Int32? {
        guard let first = batch.times.min(), let last = batch.times.max(),
            let window = windows.index(of: first), window == windows.index(of: last)
        else { return nil }
        return window
    }

    /// Whether the corners, or the rim of a round field of view, go round a pole on a grid of longitude and latitude.
    @inline(never)  // Rare, and in the way of the loop that asks.
    private func isPolar(_ index: Int) -> Bool {
        guard projected == nil else { return false }
        guard hasCorners else {
            guard let diameter = batch.fieldOfViewKilometres else { return false }
            let radiansToPole = (90 - abs(batch.latitudes[index])) * .pi / 180
            return radiansToPole * Earth.authalicRadiusMetres <= diameter * 500
        }
        let corners = batch.cornerLongitudes[(4 * index)..<(4 * index + 4)]
        guard corners.allSatisfy({ abs($0) <= 720 }) else { return false }
        // Each step the shorter way round: whole turns are left where they do not cancel.
        let turn = zip(corners, corners.dropFirst() + corners.prefix(1)).reduce(0) { sum, pair in
            let step = pair.1 - pair.0
            return sum + step - 360 * (step / 360).rounded()
        }
        return abs(turn) > 180
    }

    private func set(_ footprint: inout Footprint, _ index: Int) -> FootprintShape {
        if let projected { return projected.set(&footprint, index) }
        if hasCorners {
            let corner = 4 * index
            return footprint.setQuadrilateral(
                longitudes: (
                    batch.cornerLongitudes[corner], batch.cornerLongitudes[corner + 1],
                    batch.cornerLongitudes[corner + 2], batch.cornerLongitudes[corner + 3]
                ),
                latitudes: (
                    batch.cornerLatitudes[corner], batch.cornerLatitudes[corner + 1],
                    batch.cornerLatitudes[corner + 2], batch.cornerLatitudes[corner + 3]
                )
            )
        }
        guard let diameter = batch.fieldOfViewKilometres else { return .invalid }
        return footprint.setCircle(
            longitude: batch.longitudes[index],
            latitude: batch.latitudes[index],
            diameterKilometres: diameter
        )
    }
}
