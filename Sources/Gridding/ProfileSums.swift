import Observations

/// Where the sums over profiles of a cell lie: for each element Σ w h, Σ w h a and Σ w h a xa, with pressure weight h,
/// averaging kernel a and prior xa, then Σ w p for each pressure.
struct ProfileLayout: Equatable, Sendable {
    let levels: Int
    let pressures: Int

    static let sumsOfLevel = 3

    var stride: Int { Self.sumsOfLevel * levels + pressures }

    func element(_ level: Int) -> Int { Self.sumsOfLevel * level }
    func pressure(_ index: Int) -> Int { Self.sumsOfLevel * levels + index }
}

extension WindowSums {
    /// Adds the operator of a sounding to a cell.
    mutating func addProfile(
        _ batch: borrowing SoundingBatch,
        _ index: Int,
        weight w: Double,
        slot: Int,
        layout: ProfileLayout
    ) {
        changeProfile(slot) { page, base in
            for level in 0..<layout.levels {
                let element = index * layout.levels + level
                let weighted = w * batch.pressureWeights[element]
                let kernel = weighted * batch.averagingKernels[element]
                let place = base + layout.element(level)
                page[place].add(weighted)
                page[place + 1].add(kernel)
                page[place + 2].add(kernel * batch.priorProfiles[element])
            }
            for pressure in 0..<layout.pressures {
                page[base + layout.pressure(pressure)]
                    .add(w * batch.pressures[index * layout.pressures + pressure])
            }
        }
    }
}
