import Foundation

/// The variance of the correlated error of one cell while an overpass lasts.
///
/// With the correlation `exp(-d / L) exp(-|f - g| / F)` the double sum `Σᵢⱼ wᵢ wⱼ ρᵢⱼ` follows from one number for
/// each footprint, the sum of its earlier weights that decays as the satellite goes on: exact at a cost of one step
/// for each sounding and footprint instead of one for each pair.
struct Overpass: Sendable {
    private(set) var lastMicroseconds: Int64
    /// Fraction of the cell that the footprints cover, which hardly overlap within an overpass.
    private(set) var coverage = 0.0
    private(set) var correlated = 0.0
    private var footprints: [UInt16] = []
    private var earlier: [Double] = []

    init(start: Int64) { lastMicroseconds = start }

    mutating func add(
        weight: Double,
        coverage part: Double,
        time: Int64,
        footprint: UInt16,
        _ model: ErrorCorrelation
    ) {
        decay(to: time, model)
        var cross = 0.0
        var place: Int?
        for index in footprints.indices {
            let apart = abs(Double(footprints[index]) - Double(footprint))
            cross += earlier[index] * (apart == 0 ? 1 : exp(-apart / model.acrossTrackFootprints))
            if apart == 0 { place = index }
        }
        correlated += weight * (weight + 2 * cross)
        coverage += part
        if let place {
            earlier[place] += weight
        } else {
            footprints.append(footprint)
            earlier.append(weight)
        }
    }

    /// Soundings out of the order of time count as at the latest time before.
    private mutating func decay(to time: Int64, _ model: ErrorCorrelation) {
        guard time > lastMicroseconds else { return }
        let kilometres =
            Double(time - lastMicroseconds) * 1e-6 * ErrorCorrelation.groundSpeedKilometresPerSecond
        let factor = exp(-kilometres / model.alongTrackKilometres)
        for index in earlier.indices { earlier[index] *= factor }
        lastMicroseconds = time
    }

    /// Puts what the overpass gave into the sums of its cell, as integers: from there on order is of no matter.
    func close(into sums: inout CellSums) {
        sums.overpasses &+= 1
        sums.correlated.add(correlated)
        sums.exposure.add(-log1p(-min(coverage, Self.fullCoverage)))
    }

    /// The nearest to 1 that has a finite logarithm worth the name.
    static let fullCoverage = 1 - 0x1p-40
}

/// The overpasses of the cells of one window that still last.
struct Overpasses: Sendable {
    private var states: [Overpass] = []
    /// The slot of each state and the state of each slot, -1 for none.
    private var slots: [Int32] = []
    private var stateOfSlot: [Int32] = []
    private var sweepAfter = Int64.min

    mutating func add(
        weight: Double,
        coverage: Double,
        slot: Int,
        time: Int64,
        footprint: UInt16,
        _ model: ErrorCorrelation,
        _ sums: inout PagedCellSums
    ) {
        if time > sweepAfter { sweep(time, &sums) }
        while stateOfSlot.count <= slot { stateOfSlot.append(-1) }
        var state = Int(stateOfSlot[slot])
        if state < 0 {
            state = states.count
            states.append(Overpass(start: time))
            slots.append(Int32(slot))
            stateOfSlot[slot] = Int32(state)
        } else if time - states[state].lastMicroseconds > ErrorCorrelation.overpassGapMicroseconds {
            let over = states[state]
            sums.change(slot) { over.close(into: &$0) }
            states[state] = Overpass(start: time)
        }
        states[state].add(weight: weight, coverage: coverage, time: time, footprint: footprint, model)
    }

    /// Closes what ended more than a gap ago, so that memory holds the overpasses of one gap alone. When, follows
    /// from the times of the soundings and not from the blocks they come in.
    private mutating func sweep(_ time: Int64, _ sums: inout PagedCellSums) {
        sweepAfter = time + ErrorCorrelation.overpassGapMicroseconds
        closeAll(&sums) { time - $0.lastMicroseconds > ErrorCorrelation.overpassGapMicroseconds }
    }

    mutating func closeAll(_ sums: inout PagedCellSums, where isOver: (Overpass) -> Bool = { _ in true }) {
        var kept = 0
        for state in states.indices {
            let slot = Int(slots[state])
            if isOver(states[state]) {
                let over = states[state]
                sums.change(slot) { over.close(into: &$0) }
                stateOfSlot[slot] = -1
            } else {
                stateOfSlot[slot] = Int32(kept)
                slots[kept] = slots[state]
                if kept != state { states.swapAt(kept, state) }
                kept += 1
            }
        }
        states.removeLast(states.count - kept)
        slots.removeLast(slots.count - kept)
    }

    var isEmpty: Bool { states.isEmpty }
}
